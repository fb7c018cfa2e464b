for i = 1, 5 do
    if i % 2 == 0 then goto continue end
    print(i)
    ::continue::
end
local n = 0
::again::
n = n + 1
if n < 4 then goto again end
print('n', n)
for i = 1, 3 do
    for j = 1, 3 do
        if i * j == 4 then goto out end
        print(i, j)
    end
end
::out::
do
    local k = 0
    ::top::
    k = k + 1
    local f = function() return k end
    if f() < 3 then goto top end
    print('k', f())
end
while true do
    goto done
end
::done::
repeat
    local x = 1
    if x == 1 then goto finish end
    print('not here')
until true
::finish::
print('end')
