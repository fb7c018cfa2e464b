local t = setmetatable({}, {__index = function(t, k) return k end})
print(t[1], t.x, t[true], rawget(t, 1))
local eq = {__eq = function() return 1 end}
print(setmetatable({}, eq) == setmetatable({}, eq), setmetatable({}, eq) ~= setmetatable({}, eq), setmetatable({}, eq) == 1)
local lt = {__lt = function() return nil end}
print(setmetatable({}, lt) < setmetatable({}, lt), setmetatable({}, lt) < 1, 1 < setmetatable({}, lt))
local c = setmetatable({}, {__concat = function(a, b) return (type(a) == 'table' and 'T' or a) .. '+' .. (type(b) == 'table' and 'T' or b) end})
print('a' .. c, c .. 'b', 'a' .. 'b' .. c, c .. 'a' .. 'b', 1 .. c)
local name = setmetatable({}, {__name = 'MyType'}) print((tostring(name):gsub('0x%x+', 'ADDR')))
print(pcall(tostring, setmetatable({}, {__tostring = function() return 1 end})))
