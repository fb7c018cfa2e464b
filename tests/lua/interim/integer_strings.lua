print(('5'):rep('2'), ('abc'):sub('2'), #tostring(12))
print(math.type(math.max(1, 9)), 10 == '10', '10' + 0 == 10)
print(('x'):rep(3.0), pcall(string.rep, 'x', 1.5) == false)
print(table.concat({1, 2.0, '3'}, ','))
