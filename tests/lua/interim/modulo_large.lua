print((math.maxinteger - 1) % math.maxinteger, math.maxinteger % (math.maxinteger - 1))
print(math.mininteger % 2, math.mininteger % 3, math.mininteger // 2)
print(math.maxinteger // 2, math.maxinteger % 10, math.mininteger % 10)
print(math.mininteger // math.maxinteger, math.maxinteger // math.mininteger)
