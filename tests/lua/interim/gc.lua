print(type(collectgarbage('count')), collectgarbage(), collectgarbage('step') ~= nil, collectgarbage('isrunning'))
local t = setmetatable({}, {__mode = 'k'}) t[{}] = 1 print(type(t))
for i = 1, 1000 do local x = {i} end print('done')
