-- Unary metamethods get their operand twice.
local meta = {__unm = function(a, b) return rawequal(a, b) end, __bnot = function(a, b) return rawequal(a, b) end}
local t = setmetatable({}, meta)
print(-t, ~t)
