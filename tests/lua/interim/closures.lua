-- Closures keep variables, not values, and share them.
local function counter()
    local n = 0
    return function() n = n + 1 return n end, function() return n end, function(x) n = x end
end
local next1, get1, set1 = counter()
local next2, get2 = counter()
print(next1(), next1(), get1(), next2(), get2())
set1(10)
print(next1(), get1(), get2())
local fs = {}
for i = 1, 3 do fs[i] = function() i = i + 10 return i end end
print(fs[1](), fs[1](), fs[2](), fs[3]())
local gs = {}
local j = 0
while j < 3 do
    j = j + 1
    local k = j
    gs[j] = function() k = k * 2 return k, j end
end
print(gs[1](), gs[2](), gs[3]())
print(gs[1](), gs[2](), gs[3]())
local function make() local a, b = 1, 2 return function() a, b = b, a + b return a end end
local fib = make()
for _ = 1, 10 do print(fib()) end
