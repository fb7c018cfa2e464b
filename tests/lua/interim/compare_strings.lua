print('a' < 'b', 'a' < 'B', 'Z' < 'a', 'abc' < 'abd', 'ab' < 'abc', '' < 'a')
print('a' <= 'a', 'a\0b' < 'a\0c', 'a\0' > 'a', '10' < '9', 'a' == 'a')
print('1' == 1, 0 == '0', nil == false)
print(pcall(function() return 1 < '2' end) == false)
