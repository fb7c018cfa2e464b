local Animal = {} Animal.__index = Animal
function Animal.new(name, sound) return setmetatable({name = name, sound = sound}, Animal) end
function Animal:speak() return self.name .. ' says ' .. self.sound end
function Animal:rename(n) self.name = n return self end
local Dog = setmetatable({}, {__index = Animal}) Dog.__index = Dog
function Dog.new(name) return setmetatable(Animal.new(name, 'woof'), Dog) end
function Dog:fetch() return self.name .. ' fetches' end
function Dog:speak() return Animal.speak(self) .. '!' end
local d = Dog.new('Rex')
print(d:speak(), d:fetch(), d:rename('Max'):speak())
print(getmetatable(d) == Dog, rawget(d, 'speak'), d.nothing)
local log = {}
local proxy = setmetatable({}, {
    __index = function(_, k) log[#log + 1] = 'get ' .. k return k .. '!' end,
    __newindex = function(t, k, v) log[#log + 1] = 'set ' .. k rawset(t, k, v) end,
})
print(proxy.a, proxy.b) proxy.c = 5 proxy.c = 6 print(proxy.c)
print(table.concat(log, ', '))
local base = {}
local derived = setmetatable({}, {__newindex = base}) derived.x = 1 print(rawget(derived, 'x'), base.x)
local chain = setmetatable({}, {__index = setmetatable({}, {__index = setmetatable({deep = 'found'}, nil)})}) print(chain.deep)
local defaults = setmetatable({}, {__index = function() return 0 end}) defaults.n = defaults.n + 1 print(defaults.n, defaults.m)
local callable = setmetatable({}, {__call = setmetatable({}, {__call = function(_, self, x) return 'deep call ' .. tostring(x) end})})
print(pcall(callable, 1))
print(getmetatable(setmetatable({}, {__metatable = 'locked'})))
print(pcall(setmetatable, setmetatable({}, {__metatable = 1}), {}))
