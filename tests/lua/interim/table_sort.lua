local t = {5, 2, 8, 1, 9, 3}
table.sort(t) print(table.concat(t, ' '))
table.sort(t, function(a, b) return a > b end) print(table.concat(t, ' '))
local words = {'pear', 'Apple', 'fig', 'banana', ''}
table.sort(words) print(table.concat(words, ','))
table.sort(words, function(a, b) return #a < #b end) print(#words[1], #words[5])
local records = {}
for i = 1, 50 do records[i] = {key = (i * 37) % 50, id = i} end
table.sort(records, function(a, b) return a.key < b.key end)
local ok = true
for i = 2, 50 do if records[i - 1].key > records[i].key then ok = false end end
print(ok, records[1].key, records[50].key)
local mixed = {3, 1.5, 2, -1, 2.5} table.sort(mixed) print(table.concat(mixed, ' '))
table.sort({}) table.sort({1})
local big = {} for i = 1, 500 do big[i] = (i * 7919) % 1009 end
table.sort(big)
local sorted = true for i = 2, 500 do sorted = sorted and big[i - 1] <= big[i] end
print(sorted)
print(pcall(table.sort, {1, 'x', 2}) == false)
print(pcall(table.sort, {3, 2, 1}, function() error('stop', 0) end))
