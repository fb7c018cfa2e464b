local t = setmetatable({}, {__mode = 'k'})
for i = 1, 10 do t[{}] = i end
collectgarbage() collectgarbage()
print(next(t))
