print(type(nil), type(1), type(1.5), type('x'), type({}), type(print), type(function() end), type(coroutine.create(print)), type(true))
print(pcall(type) == false)
print(type(type), type(_G), type(string), type(math.pi))
