print(select(2, pcall(load('error("x")', '=name'))))
print(select(2, pcall(load('error("x")', '@file.lua'))))
print(select(2, pcall(load('\n\nerror("x")'))))
print(select(2, pcall(load('error("x")', 'some code'))))
