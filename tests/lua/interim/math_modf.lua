print(math.modf(5), math.modf(-5.25), math.modf(math.huge))
print(math.floor(1e300), math.abs(math.mininteger))
print(math.fmod(7, 3), math.fmod(-7, 3), math.fmod(7, -3))
print(math.fmod(5.5, 2), math.fmod(-5.5, 2))
