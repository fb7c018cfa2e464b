local co = coroutine.create(function() error('bad', 0) end)
coroutine.resume(co)
print(coroutine.close(co))
print(pcall(coroutine.close, coroutine.running()))
