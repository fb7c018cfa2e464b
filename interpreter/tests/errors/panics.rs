//! Proves that after a panic the interpreter says that it is broken, and no other is.

use lunapool_interpreter::{ErrorKind, Interpreter, Limits};

use super::{Shop, shop};

#[test]
fn after_a_panic_the_interpreter_says_that_it_is_broken() {
    for (body, message) in [
        ("shop.explode('bang')", "a native function panicked: bang"),
        ("pcall(shop.explode, 'bang')", "a native function panicked: bang"),
        ("coroutine.wrap(shop.explode)('bang')", "a native function panicked: bang"),
        ("shop.explode_value()", "a native function panicked: without a message"),
    ] {
        let mut lua = shop(&format!("function main() {body} end function ok() return 1 end"));
        assert!(!lua.is_broken());
        assert_eq!(lua.call_function::<i64>("ok", ()).unwrap(), 1);
        let error = lua.run(()).unwrap_err();
        assert_eq!((error.kind(), error.message().as_str()), (ErrorKind::Native, message), "{body}");
        assert_eq!(error.chunk(), Some("shop.lua"));
        assert!(lua.is_broken());
        for _ in 0..2 {
            let error = lua.call_function::<i64>("ok", ()).unwrap_err();
            assert_eq!(error.to_string(), "shop.lua: the interpreter is broken by an earlier panic");
            assert_eq!(error.kind(), ErrorKind::Native);
        }
        assert!(!lua.has_function("ok"));
        lua.collect_garbage();
        assert!(Interpreter::new(lua.program(), &Shop, Limits::default()).is_ok());
    }
}
