print(('hello'):upper(), ('HeLLo'):lower(), ('abc'):len(), ('abc'):reverse(), #'abc')
print(('abc'):rep(3), ('abc'):rep(3, '-'), ('abc'):rep(0), ('abc'):rep(-1) == '')
print(('hello'):sub(2, 4), ('hello'):sub(-3), ('hello'):sub(2), ('hello'):sub(0), ('hello'):sub(10) == '', ('hello'):sub(-100, 2))
print(('hello'):sub(3, 2) == '', ('hello'):sub(-3, -2), ('hello'):sub(2, -2))
print(('ABC'):byte(), ('ABC'):byte(2), ('ABC'):byte(1, -1), ('ABC'):byte(10))
print(string.char(72, 105), string.char())
print(#'a\0b', ('a\0b'):byte(2), ('\65\066\x43\u{44}'))
print('a\tb\\n\'"', "it's", [[long
string]], [==[with ]] inside]==])
print('a\z
       b')
