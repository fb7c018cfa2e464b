for i, v in ipairs({'a', 'b', 'c'}) do print(i, v) end
for i, v in ipairs({1, nil, 3}) do print(i, v) end
for k, v in pairs({10, 20, 30}) do print(k, v) end
local keys = {}
for k in pairs({x = 1, y = 2, z = 3, 'first', 'second'}) do keys[#keys + 1] = tostring(k) end
table.sort(keys) print(table.concat(keys, ' '))
local t = {a = 1, b = 2, c = 3, d = 4}
for k in pairs(t) do t[k] = nil end
print((next(t)))
for i, v in ipairs(setmetatable({}, {__index = function(_, i) if i < 4 then return i * 10 end end})) do print(i, v) end
for k, v in pairs(setmetatable({}, {__pairs = function(t) return function(_, k) if not k then return 1, 'custom' end end, t, nil end})) do print(k, v) end
local function range(n) local i = 0 return function() i = i + 1 if i <= n then return i end end end
for i in range(3) do print('r', i) end
for i, v in next, {7, 8} do print(i, v) end
print(pcall(next, {}, 'nokey') == false)
print(type((pairs({}))))
for _ in pairs({}) do print('never') end
