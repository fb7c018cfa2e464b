for i = 1, 3 do print(i) end
for i = 3, 1, -1 do print(i) end
for i = 1, 0 do print('never') end
for i = 1, 2, 0.5 do print(i) end
for i = 1.0, 3 do print(i) end
for i = 10, 1, -4 do print(i) end
for i = 0.1, 0.35, 0.1 do print(i) end
for i = math.maxinteger - 1, math.maxinteger do print(i) end
for i = 1, 3 do local j = i i = i * 10 print(i, j) end
for i = -3, -1 do print(i) end
for i = 1, 3.7 do print(i) end
for i = 1, math.huge do if i > 3 then break end print(i) end
