local ok, e = xpcall(error, function() error('again', 0) end, 'first', 0)
print(ok)
print(pcall(xpcall))
print(pcall(xpcall, print))
