-- Yields out of metamethods, iterators, sort comparisons and protected calls.
local co = coroutine.wrap(function()
    local t = setmetatable({}, {__index = function(_, k) return coroutine.yield('index ' .. k) end, __add = function() return coroutine.yield('add') end})
    print('x', t.x)
    print('sum', t + 1)
    for v in function() return coroutine.yield('iterate') end do print('v', v) end
    print(xpcall(function() return coroutine.yield('xpcall') end, print))
    return 'end'
end)
print(co()) print(co(1)) print(co(2)) print(co('item')) print(co(nil)) print(co('last'))
local producer = coroutine.wrap(function() for _, x in ipairs({'a', 'b'}) do coroutine.yield(x) end return nil end)
local consumer = coroutine.wrap(function() while true do local x = producer() if not x then return 'empty' end coroutine.yield(x:upper()) end end)
print(consumer(), consumer(), consumer())
local function permute(a, n) n = n or #a if n <= 1 then coroutine.yield(table.concat(a)) else for i = 1, n do a[n], a[i] = a[i], a[n] permute(a, n - 1) a[n], a[i] = a[i], a[n] end end end
for p in coroutine.wrap(function() permute({'a', 'b', 'c'}) end) do print(p) end
