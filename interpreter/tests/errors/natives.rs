//! Proves that an error of a native keeps its Rust value, also through Lua, and that wrong arguments and results are
//! named.

use std::error::Error as _;

use lunapool_interpreter::{Error, ErrorKind, Value};

use super::{OutOfStock, Wrapper, load, shop};

#[test]
fn an_error_of_a_native_keeps_its_rust_value() {
    let mut lua = shop("function main(item) return shop.buy(item) + 1 end");
    let error = lua.run("tea").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Native);
    assert_eq!((error.chunk(), error.line()), (Some("shop.lua"), Some(2)));
    assert_eq!(error.to_string(), "shop.lua:2: out of stock: tea");
    assert_eq!(error.source().unwrap().to_string(), "out of stock: tea");
    assert_eq!(error.downcast_ref::<OutOfStock>(), Some(&OutOfStock { item: "tea".into() }));
    assert!(error.downcast_ref::<Wrapper>().is_none());
    // The next call has an error of its own.
    assert_eq!(lua.run("milk").unwrap_err().message(), "out of stock: milk");
}

#[test]
fn sources_of_sources_are_found() {
    let error = shop("function main() local x = shop.order('tea') return x end").run(()).unwrap_err();
    assert_eq!(error.to_string(), "shop.lua:2: order failed");
    assert!(error.downcast_ref::<Wrapper>().is_some());
    assert_eq!(error.downcast_ref::<OutOfStock>().unwrap().item, "tea");
}

#[test]
fn a_native_error_survives_pcall() {
    let source = "
        function rethrow()
            local ok, e = pcall(shop.buy, 'tea')
            assert(not ok)
            error(e)
        end
        function twice()
            local ok, e = pcall(rethrow)
            error(e, 0)
        end
        function coroutines()
            local co = coroutine.create(function() return shop.buy('co') + 1 end)
            local ok, e = coroutine.resume(co)
            error(e)
        end
        function wrapped()
            local x = coroutine.wrap(function() return shop.buy('wrap') + 1 end)()
            return x
        end
        function words()
            local ok, e = pcall(shop.buy, 'tea')
            return tostring(e), 'error: ' .. e, e .. '!'
        end
        function value()
            return select(2, pcall(shop.buy, 'tea'))
        end
        function handled()
            return xpcall(shop.buy, function(e) return 'handled ' .. e end, 'x')
        end
    ";
    let mut lua = shop(source);
    for (function, item) in [("rethrow", "tea"), ("twice", "tea"), ("coroutines", "co"), ("wrapped", "wrap")] {
        let error = lua.call_function::<Value>(function, ()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Native, "{function}");
        assert_eq!(error.downcast_ref::<OutOfStock>().unwrap().item, item, "{function}");
        assert!(error.to_string().ends_with(&format!("out of stock: {item}")), "{error}");
    }
    let words: (String, String, String) = lua.call_function("words", ()).unwrap();
    assert!(words.0.ends_with("out of stock: tea"), "{words:?}");
    assert_eq!(words.1, format!("error: {}", words.0));
    assert_eq!(words.2, format!("{}!", words.0));
    let value: Value = lua.call_function("value", ()).unwrap();
    assert_eq!(value.as_str(), Some(words.0.as_str()));
    let (ok, handled): (bool, String) = lua.call_function("handled", ()).unwrap();
    assert!(!ok && handled.starts_with("handled ") && handled.ends_with("out of stock: x"), "{handled}");
}

#[test]
fn an_error_of_ours_keeps_its_kind_and_reads_like_luas() {
    let mut lua = shop(
        "function main(ok) local x = shop.check(ok) return x end function caught() return pcall(shop.check, false) end",
    );
    assert!(lua.call::<bool>(true).unwrap());
    let error = lua.run(false).unwrap_err();
    assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::Runtime, "shop.lua:2: not in order"));
    let (ok, message): (bool, String) = lua.call_function("caught", ()).unwrap();
    assert!(!ok && message.ends_with("not in order"), "{message}");
    let error = shop("function main() local x = shop.coupon('x1') return x end").run(()).unwrap_err();
    assert!(error.downcast_ref::<std::num::ParseIntError>().is_some());
}

#[test]
fn wrong_arguments_of_natives() {
    let mut lua = shop("function main(...) local x = shop.price(...) return x end");
    let message = |error: Error| {
        assert_eq!((error.kind(), error.line()), (ErrorKind::Runtime, Some(2)));
        error.message()
    };
    assert_eq!(message(lua.run(()).unwrap_err()), "bad argument #1 to 'price' (string expected, got no value)");
    assert_eq!(message(lua.run("x").unwrap_err()), "bad argument #2 to 'price' (number expected, got no value)");
    assert_eq!(message(lua.run(("x", "y")).unwrap_err()), "bad argument #2 to 'price' (number expected, got string)");
    assert_eq!(
        message(lua.run(("x", 1.5)).unwrap_err()),
        "bad argument #2 to 'price' (number has no integer representation)"
    );
    assert_eq!(message(lua.run(("x", 256)).unwrap_err()), "bad argument #2 to 'price' (256 is out of range for u8)");
    // What the native gives has to have a Lua form too.
    assert_eq!(message(lua.run(("x", 1)).unwrap_err()), "18446744073709551361 is out of range for a Lua integer");
}

#[test]
fn conversion_errors_are_about_the_chunk() {
    let error = load("function main() return {} end").call::<i64>(()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conversion);
    assert_eq!(error.to_string(), "test.lua: result #1: number expected, got table");
    assert_eq!((error.chunk(), error.line()), (Some("test.lua"), None));
}
