local function count(...) return select('#', ...) end
print(count(), count(nil), count(nil, nil), count(1, nil, 3, nil))
local function pass(...) return ... end
print(pass(1, 2, 3), pass(4, 5), (pass(6, 7)))
print((pass()))
local function pack2(...) return {n = select('#', ...), ...} end
local p = pack2(1, nil, 3)
print(p.n, p[1], p[2], p[3])
local function tail(a, ...) return ... end
print(tail(1, 2, 3))
local function mid(...) local a, b = ... return b, a end
print(mid(1, 2, 3), mid(1))
print(select(2, 'a', 'b', 'c'))
print(select(-1, 'a', 'b', 'c'), select(-2, 'a', 'b', 'c'))
print(select(4, 'a', 'b', 'c'))
local t = {pass(1, 2), pass(3, 4)}
print(#t, t[1], t[2], t[3])
local u = {pass(1, 2), (pass(3, 4))}
print(#u)
print(#{pass()}, #{pass(), 1})
local function sum(...) local s = 0 for _, v in ipairs({...}) do s = s + v end return s end
print(sum(), sum(1), sum(1, 2, 3.5))
print(math.max(pass(3, 9, 4)))
print(string.format('%d-%d', pass(1, 2)))
print(pcall(select, 0, 1) == false)
