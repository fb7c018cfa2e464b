print(#'\u{7FFFFFFF}', #'\u{200000}')
