print(xpcall(function(a, b) return a + b end, print, 1, 2))
print(xpcall(function() error('oops', 0) end, function(e) return 'handled: ' .. e end))
print(xpcall(function() error({code = 5}) end, function(e) return e.code end))
print(xpcall(error, function(e) return e, 'second' end, 'direct', 0))
print(xpcall(function() return xpcall(error, function(e) return 'inner ' .. e end, 'x', 0) end, print))
print(select('#', xpcall(function() end, print)))
local log = {}
print(xpcall(function() local t = nil; t.x = 1 end, function(e) log[#log + 1] = type(e) return 'logged' end), #log, log[1])
