print(_G._G == _G, _G.print == print, _VERSION)
_G.dynamic = 7 print(dynamic)
local function sandbox() local _ENV = {n = 1} n = n + 1 return n end print(sandbox(), n)
local function with(_ENV) return a + b end print(with({a = 1, b = 2}))
setmetatable(_G, {__index = function(_, k) return 'missing ' .. k end}) print(whatever) setmetatable(_G, nil) print(whatever)
for _, name in ipairs({'assert', 'error', 'ipairs', 'next', 'pairs', 'pcall', 'print', 'rawequal', 'rawget', 'rawlen', 'rawset', 'require', 'select', 'setmetatable', 'tonumber', 'tostring', 'type', 'xpcall', 'load', 'collectgarbage', 'getmetatable'}) do print(name, type(_G[name])) end
