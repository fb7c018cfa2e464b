local V = {}
V.__index = V
V.__add = function(a, b) return setmetatable({x = a.x + b.x}, V) end
V.__sub = function(a, b) return setmetatable({x = a.x - b.x}, V) end
V.__mul = function(a, b) if type(a) == 'number' then return setmetatable({x = a * b.x}, V) end return setmetatable({x = a.x * b}, V) end
V.__div = function(a, b) return 'div' end
V.__mod = function() return 'mod' end
V.__pow = function() return 'pow' end
V.__unm = function(a) return setmetatable({x = -a.x}, V) end
V.__idiv = function() return 'idiv' end
V.__band = function() return 'band' end
V.__bor = function() return 'bor' end
V.__bxor = function() return 'bxor' end
V.__bnot = function() return 'bnot' end
V.__shl = function() return 'shl' end
V.__shr = function() return 'shr' end
V.__concat = function(a, b) return 'concat' end
V.__len = function() return 99 end
V.__eq = function(a, b) return a.x == b.x end
V.__lt = function(a, b) return a.x < b.x end
V.__le = function(a, b) return a.x <= b.x end
V.__call = function(self, ...) return 'called', self.x, ... end
V.__tostring = function(a) return 'V(' .. a.x .. ')' end
local a, b = setmetatable({x = 1}, V), setmetatable({x = 2}, V)
print(tostring(a + b), tostring(a - b), tostring(2 * b), tostring(b * 3), a / b, a % b, a ^ b, tostring(-a), a // b)
print(a & b, a | b, a ~ b, ~a, a << b, a >> b, 1 & a, a & 1)
print(a .. b, a .. 'x', 'x' .. a, 1 .. a, #a)
print(a == b, a ~= b, a < b, a <= b, a > b, a >= b, a == setmetatable({x = 1}, V))
print(a(1, 2), a())
print(a, b)
print(rawequal(a, setmetatable({x = 1}, V)), getmetatable(a) == V)
