print(('hello'):gsub('', '-'))
print(('abc'):gsub('b*', 'X'))
print(('abc'):gsub('$', '!'))
