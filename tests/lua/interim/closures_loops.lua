-- Upvalues across break, nested loops and recursion.
local out = {}
for i = 1, 10 do
    local v = i * i
    out[#out + 1] = function() v = v + 1 return v end
    if v > 20 then break end
end
for _, g in ipairs(out) do print(g(), g()) end
local function outer()
    local x = 0
    local function inner() x = x + 1 if x < 5 then return inner() end return x end
    return inner
end
print(outer()())
local repeats = {}
local n = 0
repeat
    local m = n
    repeats[#repeats + 1] = function() return m end
    n = n + 1
until m >= 3
for _, g in ipairs(repeats) do print(g()) end
local function adder(a) return function(b) return function(c) a = a + 1 return a + b + c end end end
local add1 = adder(1)
local add12 = add1(2)
print(add12(3), add12(3), add1(10)(0))
