local function loop(n, acc) if n == 0 then return acc end return loop(n - 1, acc + n) end
print(loop(100000, 0))
local function pass(...) return ... end
local function multi(n, ...) if n == 0 then return ... end return multi(n - 1, ...) end print(multi(50, 1, 2, 3))
local t = {f = function(self, n) if n == 0 then return 'method' end return self:f(n - 1) end} print(t:f(1000))
print((pass(1, 2)), pass(pass(3, 4)))
local ok, e = pcall(function() return error('tail', 0) end) print(ok, e)
return pass(1)
