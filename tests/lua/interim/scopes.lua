local x = 1
do local x = 2 print(x) do local x = x + 1 print(x) end print(x) end
print(x)
local function f(x) x = x or 'default' return x end print(f(), f(5), f(false))
local x = x + 10 print(x)
for x = 1, 2 do print(x) end print(x)
local function rec(n) if n == 0 then return 'base' end return rec(n - 1) end print(rec(1000))
local function sum(n) if n == 0 then return 0 end return n + sum(n - 1) end print(sum(500))
local even, odd
function even(n) if n == 0 then return true end return odd(n - 1) end
function odd(n) if n == 0 then return false end return even(n - 1) end
print(even(100), odd(7))
repeat local done = true until done
local a <const>, b = 1, 2 print(a + b)
local t = {} function t.f(x) return x end function t:g(x) return self == t, x end print(t.f(1), t:g(2)) function t.f2() return 'f2' end print(t.f2())
t.a = {b = {}} function t.a.b.c(x) return x end function t.a.b:d(x) return self == t.a.b, x end print(t.a.b.c(3), t.a.b:d(4))
