print('\a\b' == '\7\8', '\x41\x42', '\u{48}\u{20AC}\u{10FFFF}' == 'H\xE2\x82\xAC\xF4\x8F\xBF\xBF', '\065', '\10' == '\n')
print("tab\tquote\"", 'a\
b', '\\')
print([[
first newline dropped]], [=[a]]b]=], #[[

]])
print('\z   x', 'a\z
b', '\'')
print(#'\r\n', ('\r\n'):byte(1, -1))
