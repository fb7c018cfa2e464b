local a, b, c = 1, 2 print(a, b, c)
a, b = b, a print(a, b)
local t = {1, 2, 3}
local i = 1
i, t[i] = i + 1, 20 print(i, t[1], t[2])
t[1], t[2], t[3] = t[3], t[1], t[2] print(t[1], t[2], t[3])
local function three() return 1, 2, 3 end
local x, y, z, w = three() print(x, y, z, w)
x, y = three(), 10 print(x, y)
x, y, z = 0, three() print(x, y, z)
x, y = (three()) print(x, y)
local q = {three(), three()} print(#q)
local p = {n = 0, get = function(self) self.n = self.n + 1 return self end}
p:get():get().v, p.u = 5, 6 print(p.n, p.v, p.u)
local f = {g = {h = {}}} f.g.h.i, f.g['j'] = 'deep', 'j' print(f.g.h.i, f.g.j)
do local a = a print(a) a = 99 end print(a)
local function swap(...) local m, n = ... return n, m end print(swap(1, 2))
local v <const> = 7 print(v)
a = nil print(a == nil, undefined_global)
