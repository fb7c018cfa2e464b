for a in ('aaa'):gmatch('^a') do print(a) end
for a in ('abab'):gmatch('ab', 2) do print(a) end
for k in ('k1;k2;'):gmatch('(.-);') do print(k) end
for a in ('aaa'):gmatch('a-') do print('[' .. a .. ']') end
