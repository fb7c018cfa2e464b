local function a() error('two', 2) end
local function b() a() end
print(pcall(b))
local function c() error('one', 1) end
print(pcall(c))
