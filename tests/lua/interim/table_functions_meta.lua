-- The functions of `table` respect metamethods.
local log = {}
local t = setmetatable({}, {__index = function(_, i) if i <= 3 then return i * 10 end end, __len = function() return 3 end})
print(table.concat(t, ','))
print(table.unpack(t))
local p = setmetatable({}, {__newindex = function(t, k, v) log[#log + 1] = k rawset(t, k, v) end})
table.insert(p, 'a') print(log[1], #p)
