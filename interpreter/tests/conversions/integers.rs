//! Proves that integers of every type cross exactly, or the error names value and type.

use lunapool_interpreter::{Error, ErrorKind};
use proptest::prelude::*;

use super::{crosses, echo, eval, load, refused};

macro_rules! integers_cross {
    ($($name:ident $type:ty;)*) => {
        proptest! {$(
            #[test]
            fn $name(value in any::<$type>()) {
                let mut lua = echo();
                match i64::try_from(value) {
                    Ok(_) => crosses(&mut lua, value),
                    Err(_) => {
                        let error = lua.call::<$type>(value).unwrap_err();
                        prop_assert_eq!(error.kind(), ErrorKind::Conversion);
                        prop_assert_eq!(error.message(), format!("argument #1: {value} is out of range for a Lua integer"));
                    }
                }
                crosses(&mut lua, <$type>::MIN.max(i64::MIN.try_into().unwrap_or(<$type>::MIN)));
                crosses(&mut lua, <$type>::MAX.min(i64::MAX.try_into().unwrap_or(<$type>::MAX)));
            }
        )*}

        proptest! {
            /// Any Lua integer is read as each type exactly, or the error names it and the type.
            #[test]
            fn reading_an_integer_is_exact_or_an_error(value in any::<i64>(), shift in 0..64u32) {
                let value = value >> shift;
                let mut lua = echo();
                $({
                    let read = lua.call::<$type>(value);
                    match <$type>::try_from(value) {
                        Ok(same) => prop_assert_eq!(read.unwrap(), same),
                        Err(_) => prop_assert_eq!(
                            read.unwrap_err().message(),
                            format!("result #1: {value} is out of range for {}", stringify!($type))
                        ),
                    }
                })*
            }
        }
    };
}

integers_cross! {
    i8_crosses i8;
    i16_crosses i16;
    i32_crosses i32;
    i64_crosses i64;
    i128_crosses i128;
    isize_crosses isize;
    u8_crosses u8;
    u16_crosses u16;
    u32_crosses u32;
    u64_crosses u64;
    u128_crosses u128;
    usize_crosses usize;
}

#[test]
fn integers_out_of_range_name_value_and_type() {
    let message = |result: Result<(), Error>| result.unwrap_err().to_string();
    let mut lua = echo();
    assert_eq!(message(lua.call::<u8>(300).map(drop)), "test.lua: result #1: 300 is out of range for u8");
    assert_eq!(message(lua.call::<u8>(-1).map(drop)), "test.lua: result #1: -1 is out of range for u8");
    assert_eq!(message(lua.call::<(i8, i8)>((1, 128)).map(drop)), "test.lua: result #2: 128 is out of range for i8");
    assert_eq!(
        message(lua.call::<u64>(i64::MAX as u64 + 1).map(drop)),
        "test.lua: argument #1: 9223372036854775808 is out of range for a Lua integer"
    );
    assert_eq!(
        message(lua.call::<()>((1, true, u128::MAX))),
        "test.lua: argument #3: 340282366920938463463374607431768211455 is out of range for a Lua integer"
    );
    assert_eq!(
        message(lua.call::<()>(vec![1, u64::MAX])),
        "test.lua: argument #1: 18446744073709551615 is out of range for a Lua integer at [2]"
    );
    // After all of that the interpreter is as good as new.
    assert_eq!(lua.call::<u64>(i64::MAX as u64).unwrap(), i64::MAX as u64);
}

#[test]
fn integers_are_read_from_what_lua_takes_for_integers() {
    assert_eq!(eval::<i64>("3.0").unwrap(), 3);
    assert_eq!(eval::<i64>("'42'").unwrap(), 42);
    assert_eq!(eval::<i64>("' 0x10 '").unwrap(), 16);
    assert_eq!(eval::<i64>("'-7'").unwrap(), -7);
    assert_eq!(eval::<i64>("'1e2'").unwrap(), 100);
    assert_eq!(eval::<i64>("-2^63").unwrap(), i64::MIN);
    for expression in ["3.5", "2^63", "1/0", "0/0", "'3.5'"] {
        assert_eq!(refused::<i64>(expression), "result #1: number has no integer representation", "{expression}");
    }
    for expression in
        ["''", "' '", "'x'", "'1x'", "'0x'", "'-'", "'+'", "'.'", "'1e'", "'nan'", "'inf'", "'1 2'", "'\\0'"]
    {
        assert_eq!(refused::<i64>(expression), "result #1: number expected, got string", "{expression}");
        assert_eq!(refused::<f64>(expression), "result #1: number expected, got string", "{expression}");
    }
    assert_eq!(refused::<i64>("true"), "result #1: number expected, got boolean");
    assert_eq!(refused::<i64>("{}"), "result #1: number expected, got table");
    assert_eq!(refused::<i64>("print"), "result #1: number expected, got function");
    assert_eq!(refused::<i64>("nil"), "result #1: number expected, got nil");
    // Without a result there is not even a nil.
    assert_eq!(
        load("function main() end").call::<i64>(()).unwrap_err().message(),
        "result #1: number expected, got no value"
    );
}
