math.randomseed(42)
for _ = 1, 100 do
    local a, b, c = math.random(), math.random(10), math.random(-5, 5)
    assert(a >= 0 and a < 1) assert(b >= 1 and b <= 10 and math.type(b) == 'integer') assert(c >= -5 and c <= 5)
end
print(math.random(3, 3), pcall(math.random, 2, 1) == false, math.type(math.random(0)))
