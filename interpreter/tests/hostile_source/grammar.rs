//! Proves that what is Lua 5.4 compiles, what is not is refused, and that `load` is as safe.

use lunapool_interpreter::{ErrorKind, Interpreter, Limits, NoModules, Program};

use super::{compiles, nested, refused};

#[test]
fn things_that_lua_54_has_and_others_do_not() {
    for source in [
        "local x <const> = 1",
        "local x <const>, y = 1, 2",
        "return 7 // 2 | 1 ~ 3 >> 1",
        "local t = {f = 1; 2}",
        ";;; x = 1 ;",
    ] {
        compiles(source);
    }
    for source in [
        "local x <const> = 1; x = 2",
        "local x <const> = 1; function f() x = 2 end",
        "local x <const> = 1; function x() end",
        "local x <unknown> = 1",
        "local x <const",
        "x <const> = 1",
        "return 1; x = 2",
        "x ++",
        "x += 1",
        "x != 1",
        "if x = 1 then end",
        "f() = 1",
        "(x) = 1",
        "x",
        "x.y",
        "'x'",
        "{}",
        "local function t.x() end",
        "local x.y = 1",
        "for 1 = 1, 2 do end",
        "for i = 1 do end",
        "for i = 1, 2, 3, 4 do end",
        "for i in do end",
        "function f(..., a) end",
        "function f(a, ) end",
        "f(1, )",
        "a, b",
        "a, f() = 1, 2",
        "local",
        "function",
        "return return",
        "end",
        "nil = 1",
        "true()",
        "and = 1",
        "x = }",
        "x = {1 2}",
        "x = a b",
        "x = function",
    ] {
        let error = refused(source);
        assert_eq!((error.kind(), error.line()), (ErrorKind::Syntax, Some(1)), "{source}: {error}");
    }
}

#[test]
fn load_in_a_script_is_as_safe() {
    let source = "
        function main(text)
            local f, message = load(text)
            if f then return 'compiles' end
            return message
        end
    ";
    let program = Program::compile("loader.lua", source).unwrap();
    let mut lua = Interpreter::new(&program, &NoModules, Limits::default()).unwrap();
    assert_eq!(lua.call::<String>("return 1").unwrap(), "compiles");
    for (what, text) in [
        ("too many syntax levels", format!("return {}", nested("(", "1", ")", 10_000))),
        ("levels deep", format!("return 1{}", "+1".repeat(100_000))),
        ("longer than", " ".repeat(2 << 20)),
        ("unexpected", "\0\u{1}\u{2}".into()),
    ] {
        let message: String = lua.call(text).unwrap();
        assert!(message.contains(what), "{message}");
    }
    assert_eq!(lua.call::<String>("return 1").unwrap(), "compiles");
}
