print(next({}))
print(select('#', next({})), select('#', pairs({})))
print(pairs({}) == next)
