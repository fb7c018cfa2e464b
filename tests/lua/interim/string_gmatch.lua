for w in ('one two  three'):gmatch('%a+') do print(w) end
for k, v in ('a=1, b=2'):gmatch('(%w+)=(%w+)') do print(k, v) end
for p in ('abc'):gmatch('()') do print(p) end
for s in ('a,b,,c'):gmatch('([^,]*)') do print('[' .. s .. ']') end
for c in ('xyz'):gmatch('.') do print(c) end
local words = {}
for w in ('the quick brown fox'):gmatch('%w+') do words[#words + 1] = w end
print(#words, table.concat(words, '|'))
