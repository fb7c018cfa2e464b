for i = math.mininteger, math.mininteger + 1 do print(i) end
for i = math.mininteger + 1, math.mininteger, -1 do print(i) end
print(pcall(function() for i = 1, 10, 0 do end end) == false)
print(pcall(function() for i = 'a', 10 do end end) == false)
for i = 3, -math.huge, -1 do if i < 1 then break end print(i) end
for i = 1, -math.huge do print('never') end
