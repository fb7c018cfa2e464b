print(nil and 1, false and 1, 0 and 1, '' and 1, 1 and nil, nil or 1, false or nil, 1 or 2, nil or false)
print(not nil, not 0, not not 1, 1 == 1 and 'yes' or 'no', nil == false and 'yes' or 'no')
local function t(x) print('called', x) return x end
print(t(false) and t(1), t(1) or t(2), t(nil) or t(false) or t('last'))
print(1 < 2 == true, 'a' .. 'b' == 'ab', not 1 == 2, -3 ^ 2, 2 * 3 % 4)
local x = nil local y = x and x.field or 'default' print(y)
if 0 then print('zero is true') end if '' then print('empty is true') end
local n = 5 print(n > 3 and n < 10, (n > 3) ~= (n < 10), n == 5 or error('not evaluated'))
while true do local z = x or true if z then break end end
