print(('THE (quick) fox'):gsub('%f[%a]%a+', string.lower))
print(('hello world'):match('%f[%w]%w+', 2), ('abc'):find('%f[%z]'))
print(('aXb'):match('%u'), ('a b'):match('%S+$'), ('0x1F'):match('^0[xX](%x+)$'), ('a,b'):match('%p'))
print(('abab'):match('(ab)%1'), ('"quoted" text'):match('(["\'])(.-)%1'))
