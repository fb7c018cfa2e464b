//! Proves that any `Value` crosses and comes back the same, and that a table without such a form says why.

use std::collections::HashMap;

use lunapool_interpreter::{LuaString, Table, Value};
use proptest::collection::vec;
use proptest::prelude::*;

use super::{echo, eval, load, refused};

/// Values as Lua can hold them: a field that is nil is no field.
fn values() -> impl Strategy<Value = Value> {
    use prop::num::f64;
    // NaN is not equal to itself, so it has a test of its own.
    let floats = f64::NORMAL | f64::SUBNORMAL | f64::ZERO | f64::INFINITE | f64::POSITIVE | f64::NEGATIVE;
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        floats.prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        any::<Vec<u8>>().prop_map(|bytes| Value::from(&bytes[..])),
        Just(Value::Array(Vec::new())),
        Just(Value::Table(Table::new())),
    ];
    leaf.prop_recursive(5, 100, 8, |inner| {
        let element = prop_oneof![1 => Just(Value::Nil), 5 => inner.clone()];
        let key = prop_oneof![any::<Vec<u8>>(), "[a-z]{1,3}".prop_map(String::into_bytes)];
        prop_oneof![
            vec(element, 0..8).prop_map(Value::Array),
            vec((key, inner), 0..8).prop_map(|fields| {
                Value::Table(fields.into_iter().map(|(key, value)| (LuaString::from(key), value)).collect())
            }),
        ]
    })
}

proptest! {
    #[test]
    fn values_cross(value in values()) {
        let mut lua = echo();
        prop_assert_eq!(&lua.run(&value).unwrap(), &value);
        prop_assert_eq!(&lua.run(value.clone()).unwrap(), &value);
        let both: (Value, Value) = lua.call((&value, 1)).unwrap();
        prop_assert_eq!(both, (value, Value::Integer(1)));
    }

    /// The same when Lua takes the value apart and puts it together again.
    #[test]
    fn values_rebuilt_by_lua_are_the_same(value in values()) {
        let mut lua = load("
            local function copy(v)
                if type(v) ~= 'table' then return v end
                local result = setmetatable({}, getmetatable(v))
                for key, value in pairs(v) do result[key] = copy(value) end
                return result
            end
            main = copy
        ");
        prop_assert_eq!(lua.run(&value).unwrap(), value);
    }
}

#[test]
fn empty_arrays_and_empty_tables_are_different() {
    let mut lua = echo();
    for value in [Value::Array(vec![]), Value::Table(Table::new())] {
        assert_eq!(lua.run(&value).unwrap(), value);
        let nested = Value::Array(vec![value.clone(), value.clone()]);
        assert_eq!(lua.run(&nested).unwrap(), nested);
    }
    assert_eq!(lua.run(Vec::<i64>::new()).unwrap(), Value::Array(vec![]));
    assert_eq!(lua.run(HashMap::<String, i64>::new()).unwrap(), Value::Table(Table::new()));
    assert_eq!(eval::<Value>("{}").unwrap(), Value::Table(Table::new()));
    // A list that was empty keeps working as any table, and one that lost its elements is what it was made as.
    let mut fill = load("function main(l) l[1] = 'a' return l end");
    assert_eq!(fill.run(Vec::<i64>::new()).unwrap(), Value::from(vec!["a"]));
    let mut field = load("function main(l) l.x = 1 return l end");
    assert_eq!(field.run(Vec::<i64>::new()).unwrap().get("x"), Some(&Value::Integer(1)));
    assert_eq!(lua.call::<Table>(Vec::<i64>::new()).unwrap(), Table::new());
}

#[test]
fn a_table_is_asked_for_a_table() {
    assert_eq!(eval::<Table>("{a = 1}").unwrap(), [("a", 1)].into_iter().collect());
    assert_eq!(refused::<Table>("{1}"), "result #1: table with string keys expected, got table");
    assert_eq!(refused::<Table>("1"), "result #1: table with string keys expected, got number");
}

#[test]
fn nothing_inside_an_array_has_a_place() {
    let value = Value::Array(vec![Value::Nil, Value::Integer(2), Value::Nil]);
    assert_eq!(echo().run(&value).unwrap(), value);
    let mut lua = load("function main(l) return #l, l[2], l[1] == nil, l[1] end");
    let (length, second, is_nil, first): (i64, i64, bool, Value) = lua.call(&value).unwrap();
    assert_eq!((length, second, is_nil, first), (3, 2, false, Value::Nil));
}

#[test]
fn tables_that_are_neither_list_nor_record_name_the_key() {
    let neither = "result #1: table is neither a sequence nor has string keys only: key ";
    for (expression, key) in [
        ("{1, 2, x = 3}", "\"x\""),
        ("{x = 1, [1.5] = 2}", "1.5"),
        ("{[1.5] = 2}", "1.5"),
        ("{1, [0.5] = 2}", "0.5"),
        ("{[true] = 1}", "true"),
        ("{1, [false] = 1}", "false"),
        ("{[0] = 1}", "0"),
        ("{[-1] = 1}", "-1"),
        ("{1, 2, [-1] = 1}", "-1"),
        ("{[1000] = 1}", "1000"),
        ("{[{}] = 1}", "of type table"),
        ("{[print] = 1}", "of type function"),
        ("{1, ['\\0\\xff'] = 1}", "\"\\x00\\xff\""),
    ] {
        assert_eq!(refused::<Value>(expression), format!("{neither}{key}"), "{expression}");
    }
    let message = refused::<Value>("{a = {{b = 1, [2] = 2}}}");
    assert!(message.starts_with(neither) && message.ends_with(" at .a[1]"), "{message}");
    // A float with an integral value is an integer key, as in Lua.
    assert_eq!(eval::<Value>("{[1.0] = 'a', [2.0] = 'b'}").unwrap(), Value::from(vec!["a", "b"]));
}

#[test]
fn a_hole_is_named() {
    for (expression, index) in [
        ("{1, nil, 3}", 2),
        ("{nil, 2}", 1),
        ("{nil, nil, 3}", 1),
        ("{1, 2, nil, 4, nil}", 3),
        ("{1, nil, 3, 4, 5, 6, 7, 8}", 2),
    ] {
        let message = refused::<Value>(expression);
        assert_eq!(message, format!("result #1: table has a hole at index {index}"), "{expression}");
    }
    assert_eq!(refused::<Value>("{a = {1, nil, 3}}"), "result #1: table has a hole at index 2 at .a");
    let error = load("function main() local t = {1, 2, 3} t[2] = nil return t end").run(()).unwrap_err();
    assert_eq!(error.message(), "result #1: table has a hole at index 2");
    // What ends early has no hole.
    assert_eq!(eval::<Value>("{1, 2, nil}").unwrap(), Value::from(vec![1, 2]));
    // Read as a list of options, a hole is nothing; read as numbers, it is a nil in the wrong place.
    assert_eq!(eval::<Vec<Option<i64>>>("{1, nil, 3}").unwrap(), [Some(1), None, Some(3)]);
    assert_eq!(refused::<Vec<i64>>("{1, nil, 3}"), "result #1: number expected, got nil at [2]");
}

#[test]
fn sequences_are_recognised_however_they_were_made() {
    let backwards = "function main(n) local t = {} for i = n, 1, -1 do t[i] = i end return t end";
    let forwards = "function main(n) local t = {} for i = 1, n do t[i] = i end return t end";
    let inserted = "function main(n) local t = {} for i = 1, n do table.insert(t, 1, n - i + 1) end return t end";
    let shrunk = "function main(n) local t = {} for i = 1, 2 * n do t[i] = i end for i = 2 * n, n + 1, -1 do t[i] = nil end return t end";
    let was_record =
        "function main(n) local t = {x = 1, y = 2} t.x, t.y = nil for i = 1, n do t[i] = i end return t end";
    for source in [backwards, forwards, inserted, shrunk, was_record] {
        let mut lua = load(source);
        for n in [1, 2, 3, 7, 64, 100] {
            let expected: Vec<i64> = (1..=n).collect();
            assert_eq!(lua.call::<Vec<i64>>(n).unwrap(), expected, "{source} {n}");
            assert_eq!(lua.run(n).unwrap(), Value::from(expected), "{source} {n}");
        }
    }
    let was_list = "function main() local t = {1, 2, 3} t[1], t[2], t[3] = nil t.x = 1 return t end";
    assert_eq!(load(was_list).run(()).unwrap().get("x"), Some(&Value::Integer(1)));
}

#[test]
fn shared_tables_are_copied() {
    let value = eval::<Value>("(function() local x = {1} return {x, x} end)()").unwrap();
    assert_eq!(value, Value::from(vec![vec![1], vec![1]]));
    let value = eval::<Value>("(function() local x = {} return {a = x, b = {x}} end)()").unwrap();
    assert_eq!(value.to_string(), "{a = {}, b = [{}]}");
}

#[test]
fn values_without_an_owned_form_say_so() {
    for (expression, name) in
        [("print", "function"), ("function() end", "function"), ("coroutine.create(print)", "thread")]
    {
        assert_eq!(refused::<Value>(expression), format!("result #1: a value of type {name} has no owned form"));
    }
}

#[test]
fn metatables_and_metamethods_do_not_matter_to_conversions() {
    let source = "
        local meta = {__index = function() return 'invented' end, __len = function() return 99 end,
                      __pairs = function() return function() end end}
        function main() return setmetatable({1, 2}, meta) end
        function record() return setmetatable({a = 1}, meta) end
    ";
    let mut lua = load(source);
    assert_eq!(lua.run(()).unwrap(), Value::from(vec![1, 2]));
    assert_eq!(lua.call::<Vec<i64>>(()).unwrap(), [1, 2]);
    assert_eq!(lua.call_function::<HashMap<String, i64>>("record", ()).unwrap(), [("a".to_owned(), 1)].into());
}
