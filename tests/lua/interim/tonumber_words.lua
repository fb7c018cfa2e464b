print(tonumber('inf'), tonumber('nan'), tonumber('infinity'), tonumber('-inf'), tonumber('NaN'))
print(tonumber('0xffffffffffffffff'), 0xffffffffffffffff, 0x1ffffffffffffffff)
