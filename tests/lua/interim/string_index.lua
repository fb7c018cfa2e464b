local s = 'text'
print(s:len(), s.len == string.len, (s):upper():lower())
print(('%d'):format(7), #s:rep(10))
print(s.nothing, (''):len())
print(type(string), string.upper('ä') ~= nil)
