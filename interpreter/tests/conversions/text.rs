//! Proves that text, bytes and characters cross, and that numbers are strings where strings are asked for.

use lunapool_interpreter::LuaString;
use proptest::prelude::*;

use super::{echo, eval, load, refused};

proptest! {
    #[test]
    fn text_crosses(text in any::<String>()) {
        let mut lua = echo();
        prop_assert_eq!(&lua.call::<String>(&text).unwrap(), &text);
        prop_assert_eq!(&lua.call::<String>(text.as_str()).unwrap(), &text);
        prop_assert_eq!(&*lua.call::<Box<str>>(text.clone()).unwrap(), text.as_str());
        prop_assert_eq!(lua.call::<LuaString>(&text).unwrap(), LuaString::from(text.as_str()));
        let length: usize = load("function main(s) return #s end").call(&text).unwrap();
        prop_assert_eq!(length, text.len());
    }

    #[test]
    fn bytes_cross(bytes in any::<Vec<u8>>()) {
        let mut lua = echo();
        let text = LuaString::from(&bytes[..]);
        let crossed: LuaString = lua.call(&text).unwrap();
        prop_assert_eq!(crossed.as_bytes(), &bytes[..]);
        let read = lua.call::<String>(text);
        match std::str::from_utf8(&bytes) {
            Ok(text) => prop_assert_eq!(read.unwrap(), text),
            Err(_) => prop_assert_eq!(read.unwrap_err().message(), "result #1: string is not valid UTF-8"),
        }
    }

    #[test]
    fn a_character_crosses(character in any::<char>()) {
        prop_assert_eq!(echo().call::<char>(character).unwrap(), character);
    }
}

#[test]
fn numbers_are_strings_where_strings_are_asked_for() {
    assert_eq!(eval::<String>("12").unwrap(), "12");
    assert_eq!(eval::<String>("12.0").unwrap(), "12.0");
    assert_eq!(eval::<LuaString>("1e100").unwrap(), "1e+100");
    assert_eq!(refused::<String>("true"), "result #1: string expected, got boolean");
    assert_eq!(refused::<LuaString>("{}"), "result #1: string expected, got table");
    assert_eq!(refused::<String>("'a\\xffb'"), "result #1: string is not valid UTF-8");
    assert_eq!(refused::<char>("'ab'"), "result #1: string of one character expected");
    assert_eq!(refused::<char>("''"), "result #1: string of one character expected");
}
