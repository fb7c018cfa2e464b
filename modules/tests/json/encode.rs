//! What text a value becomes, and what is said when it becomes none.

use lunapool_interpreter::{Error, ErrorKind, Limits, Value};

use super::{load, run};

/// The text of a Lua expression.
fn encoded(expression: &str) -> Result<String, Error> {
    run(&format!("function main() local text = json.encode({expression}) return text end"), ())
}

#[test]
fn values_become_text() {
    for (expression, text) in [
        ("nil", "null"),
        ("json.null", "null"),
        ("true", "true"),
        ("false", "false"),
        ("0", "0"),
        ("math.maxinteger", "9223372036854775807"),
        ("math.mininteger", "-9223372036854775808"),
        ("3.0", "3.0"),
        ("-0.0", "-0.0"),
        ("0.1", "0.1"),
        ("1e15", "1000000000000000.0"),
        ("1e300", "1e+300"),
        ("2^53", "9007199254740992.0"),
        ("5e-324", "5e-324"),
        ("'text'", "\"text\""),
        ("''", "\"\""),
        (r#"'"\\/\b\f\n\r\t'"#, r#""\"\\/\b\f\n\r\t""#),
        (r"'\0\1\31\127'", "\"\\u0000\\u0001\\u001f\u{7f}\""),
        ("'naïve 日本 😀'", "\"naïve 日本 😀\""),
        ("{1, 'a', true, 2.5}", "[1,\"a\",true,2.5]"),
        ("{json.null, json.null}", "[null,null]"),
        ("{{1}, {2, {3}}}", "[[1],[2,[3]]]"),
        ("{b = 1, a = 2, B = 3, ['é'] = 4, [''] = 5}", "{\"\":5,\"B\":3,\"a\":2,\"b\":1,\"é\":4}"),
        ("{a = {b = {c = {d = {e = 1}}}}}", r#"{"a":{"b":{"c":{"d":{"e":1}}}}}"#),
        (
            "{z = {y = 1, x = 2}, a = {c = 3, b = {q = 4, p = 5}}}",
            r#"{"a":{"b":{"p":5,"q":4},"c":3},"z":{"x":2,"y":1}}"#,
        ),
        ("{a = json.null, b = nil}", "{\"a\":null}"),
        ("{}", "[]"),
        ("{a = {}}", "{\"a\":[]}"),
        ("{['1'] = 'one'}", "{\"1\":\"one\"}"),
    ] {
        assert_eq!(encoded(expression).unwrap(), text, "{expression}");
    }
}

#[test]
fn pretty_text() {
    let two = "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}";
    let value = "{b = {}, a = {1, json.object()}}";
    for (options, text) in [
        ("true", two.to_owned()),
        ("{ pretty = true }", two.to_owned()),
        ("{ indent = 2 }", two.to_owned()),
        ("{ indent = 4, pretty = true }", two.replace("  ", "    ")),
        ("{ indent = 0 }", r#"{"a":[1,{}],"b":[]}"#.into()),
        ("{ indent = 4, pretty = false }", r#"{"a":[1,{}],"b":[]}"#.into()),
        ("false", r#"{"a":[1,{}],"b":[]}"#.into()),
        ("nil", r#"{"a":[1,{}],"b":[]}"#.into()),
        ("{}", r#"{"a":[1,{}],"b":[]}"#.into()),
    ] {
        assert_eq!(encoded(&format!("{value}, {options}")).unwrap(), text, "{options}");
    }
    for (options, detail) in [
        ("1", "boolean or table expected, got number"),
        ("{ pretty = 1 }", "boolean expected, got number at .pretty"),
        ("{ indent = '2' }", "integer expected, got string at .indent"),
        ("{ indent = -1 }", "indent must be 0 to 16"),
        ("{ indent = 17 }", "indent must be 0 to 16"),
        ("{ prety = true }", "unknown option 'prety'"),
        ("{ true }", "unknown option [1]"),
    ] {
        let error = encoded(&format!("1, {options}")).unwrap_err();
        assert_eq!(error.to_string(), format!("main.lua:1: bad argument #2 to 'encode' ({detail})"));
    }
}

#[test]
fn what_has_no_text_is_named() {
    for (expression, message) in [
        ("", "bad argument #1 to 'encode' (value expected)"),
        ("print", "cannot encode a value of type function"),
        ("{ a = { b = print } }", "cannot encode a value of type function at .a.b"),
        ("{ 1, { ['a b'] = { print } } }", "cannot encode a value of type function at [2][\"a b\"][1]"),
        ("coroutine.create(print)", "cannot encode a value of type thread"),
        ("0/0", "cannot encode nan"),
        ("{ x = 1/0 }", "cannot encode inf at .x"),
        ("{ -1/0 }", "cannot encode -inf at [1]"),
        ("{ name = '\\xff' }", "string is not valid UTF-8 at .name"),
        ("{ a = { ['\\xff'] = 1 } }", "key \"\\xff\" is not valid UTF-8 at .a"),
        ("{ a = { [1] = 1, [3] = 3 } }", "table is neither a sequence nor has string keys only: key 3 at .a"),
        ("{ 1, 2, x = 3 }", "table is neither a sequence nor has string keys only: key \"x\""),
        ("{ [true] = 1 }", "table is neither a sequence nor has string keys only: key true"),
        ("{ [1.5] = 1 }", "table is neither a sequence nor has string keys only: key 1.5"),
        (
            "(function() local t = {} t.t = { t } return t end)()",
            "value nests deeper than 128 levels, or contains itself",
        ),
        (
            "(function() local t = 1 for _ = 1, 1000 do t = { t } end return t end)()",
            "value nests deeper than 128 levels, or contains itself",
        ),
    ] {
        let error = encoded(expression).unwrap_err();
        assert_eq!(error.to_string(), format!("main.lua:1: {message}"), "{expression}");
        assert_eq!(error.kind(), ErrorKind::Runtime);
    }
}

#[test]
fn a_failure_leaves_nothing_behind() {
    let source = "function main()\n\
        local bad = { a = { b = 1, c = { d = print } }, z = 1 }\n\
        assert(not pcall(json.encode, bad))\n\
        bad.a.c = nil\n\
        return json.encode(bad)\nend";
    assert_eq!(run::<String>(source, ()).unwrap(), r#"{"a":{"b":1},"z":1}"#);
}

#[test]
fn tables_that_share_do_not_write_without_end() {
    let source = "local t = { 'x' } for _ = 1, 60 do t = { t, t } end\n\
        function main() return (json.encode(t)) end";
    let limits = Limits { values: 10_000, ..Limits::default() };
    let error = load(source, limits).unwrap().run(()).unwrap_err();
    assert_eq!(error.to_string(), "main.lua:2: more than 10000 values to convert");
    assert_eq!(error.kind(), ErrorKind::Limit);
}

#[test]
fn empty_arrays_and_objects() {
    for (expression, text) in [
        ("json.array()", "[]"),
        ("json.array({})", "[]"),
        ("json.array(json.object())", "[]"),
        ("json.array('x')", "[\"x\"]"),
        ("json.array(1, 'b', nil, true)", "[1,\"b\",null,true]"),
        ("json.array(nil)", "[null]"),
        ("json.array({1, 2})", "[1,2]"),
        ("json.array({a = 1})", "[{\"a\":1}]"),
        ("json.array({1}, {2})", "[[1],[2]]"),
        ("json.array(setmetatable({}, {}))", "[]"),
        ("json.object()", "{}"),
        ("json.object(nil)", "{}"),
        ("json.object({})", "{}"),
        ("json.object(json.array())", "{}"),
        ("json.object({a = 1})", "{\"a\":1}"),
        ("json.object(setmetatable({}, {}))", "{}"),
    ] {
        assert_eq!(encoded(expression).unwrap(), text, "{expression}");
    }
    for (expression, message) in [
        ("json.object(1)", "bad argument #1 to 'object' (table expected, got number)"),
        ("json.object({1})", "bad argument #1 to 'object' (table with string keys expected, got a sequence)"),
        ("json.object({}, 1)", "wrong number of arguments to 'object'"),
    ] {
        assert_eq!(encoded(expression).unwrap_err().message(), message, "{expression}");
    }
}

#[test]
fn marks_stay_and_tables_stay_themselves() {
    let source = "function main()\n\
        local t, list, map = {}, json.array(), json.object()\n\
        local same = rawequal(t, json.array(t)) and rawequal(map, json.object(map))\n\
        local full = { 1 } same = same and rawequal(full, json.array(full))\n\
        list[1] = 'a' list[2] = 'b' map.x = 1\n\
        local text = json.encode({ list, map, full })\n\
        list[2] = nil list[1] = nil map.x = nil full[1] = nil\n\
        return same, text, json.encode({ list, map, full, t })\nend";
    let (same, full, empty): (bool, String, String) = run(source, ()).unwrap();
    assert!(same);
    assert_eq!(full, r#"[["a","b"],{"x":1},[1]]"#);
    assert_eq!(empty, "[[],{},[],[]]");
    assert_eq!(run::<Value>("function main() return json.array() end", ()).unwrap(), Value::Array(vec![]));
    let object = run::<Value>("function main() return json.object() end", ()).unwrap();
    assert_eq!(object, Value::Table(Default::default()));
}
