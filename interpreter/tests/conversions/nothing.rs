//! Proves that only booleans are booleans, and that nothing is nil.

use super::{crosses, echo, load, refused};

#[test]
fn only_booleans_are_booleans() {
    crosses(&mut echo(), true);
    crosses(&mut echo(), false);
    for (expression, name) in [("nil", "nil"), ("0", "number"), ("'true'", "string"), ("{}", "table")] {
        assert_eq!(refused::<bool>(expression), format!("result #1: boolean expected, got {name}"));
    }
}

#[test]
fn nothing_is_nil() {
    let mut lua = echo();
    crosses(&mut lua, None::<i64>);
    crosses(&mut lua, Some(7));
    crosses(&mut lua, Some(String::from("x")));
    // Two layers of nothing are one in Lua.
    assert_eq!(lua.call::<Option<Option<i64>>>(Some(None::<i64>)).unwrap(), None);
    assert_eq!(refused::<Option<i64>>("'x'"), "result #1: number expected, got string");
    assert_eq!(load("function main() end").call::<Option<i64>>(()).unwrap(), None);
}
