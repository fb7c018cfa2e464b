local t = {}
t[1.0] = 'a' t['1'] = 'b' t[true] = 'c' t[1.5] = 'd'
print(t[1], t['1'], t[true], t[1.5], t[2 / 2])
local k1, k2 = {}, {} t[k1] = 1 t[k2] = 2 print(t[k1], t[k2], t[{}])
t[print] = 'f' print(t[print])
local u = {[1] = 'x', 'y'} print(u[1])
local v = {a = 1, ['b c'] = 2, [3] = 4, 5; 6} print(v.a, v['b c'], v[3], v[1], v[2])
t = {} for i = 1, 10 do t[i] = i end for i = 1, 9 do t[i] = nil end print(t[10], next(t))
t = {x = 1} t.x = nil t.y = 2 local n = 0 for _ in pairs(t) do n = n + 1 end print(n)
for i = 1, 1000 do t['k' .. i] = i end for i = 1, 1000 do t['k' .. i] = nil end for i = 1, 1000 do t['j' .. i] = i end
local c = 0 for _ in pairs(t) do c = c + 1 end print(c)
print(t[nil], pcall(rawset, {}, nil, 1) == false)
local neg = {[-1] = 'neg', [0] = 'zero', 'one'} print(neg[-1], neg[0], neg[1], #neg)
