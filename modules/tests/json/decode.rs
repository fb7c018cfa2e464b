//! What value a text becomes, and what is said when it becomes none.

use lunapool_interpreter::{IntoArgs, Limits, LuaString, Value};

use super::{load, run};

/// The text of what a text stands for, and what is wrong with it.
fn recoded(text: &str) -> (Option<String>, Option<String>) {
    let source = "function main(text)\n\
        local value, message = json.decode(text)\n\
        if message then return nil, message end\n\
        return json.encode(value)\nend";
    run(source, text).unwrap()
}

fn refused(text: impl IntoArgs) -> String {
    let (value, message): (Value, String) = run("function main(text) return json.decode(text) end", text).unwrap();
    assert_eq!(value, Value::Nil);
    message
}

#[test]
fn text_becomes_values() {
    let decode = |text: &str| run::<Value>("function main(text) return (json.decode(text)) end", text).unwrap();
    for (text, value) in [
        ("null", Value::Nil),
        (" true\n", Value::Bool(true)),
        ("12", Value::Integer(12)),
        ("-9223372036854775808", Value::Integer(i64::MIN)),
        ("9223372036854775807", Value::Integer(i64::MAX)),
        ("3.0", Value::Number(3.0)),
        ("1e2", Value::Number(100.0)),
        ("1e400", Value::Nil),
        ("100000000000000000000.0", Value::Number(1e20)),
        ("1E+20", Value::Number(1e20)),
        (r#""\u00e9\ud83d\ude00\u0000\/""#, Value::from("é😀\0/")),
        (
            r#"[1, "a", [], {}]"#,
            Value::Array(vec![1.into(), "a".into(), Value::Array(vec![]), Value::Table(Default::default())]),
        ),
        ("[null, 1, null]", Value::Array(vec![Value::Nil, 1.into(), Value::Nil])),
        (r#"{"a": 1, "a": 2}"#, Value::Table([("a", 2)].into_iter().collect())),
        (r#"{"a": 1, "b": null}"#, Value::Table([("a", 1)].into_iter().collect())),
        (r#"{"a": 1, "a": null}"#, Value::Table(Default::default())),
    ] {
        assert_eq!(decode(text), value, "{text}");
    }
    let source = "function main(text)\n\
        local t = json.decode(text)\n\
        return #t, t[2] == json.null, tostring(t[2]), math.type(t[1]), math.type(t[3])\nend";
    let found: (i64, bool, String, String, String) = run(source, "[1, null, 2.0, null]").unwrap();
    assert_eq!(found, (4, true, "null".into(), "integer".into(), "float".into()));
    assert_eq!(run::<i64>("function main(n) return json.decode(n) end", 12).unwrap(), 12);
}

#[test]
fn what_was_read_is_written_again() {
    for text in [
        "[]",
        "{}",
        "[[],{},[{}]]",
        r#"{"a":{},"b":[]}"#,
        "[null,1,null]",
        "[3.0,-0.0,0.1,1e+300,5e-324]",
        "[9223372036854775807,-9223372036854775808]",
        r#"["\u0000\u001f\"\\",""]"#,
        "\"\u{10ffff}\"",
        "9007199254740993",
        "0.30000000000000004",
        "1.2345678901234568e+17",
    ] {
        assert_eq!(recoded(text), (Some(text.into()), None));
    }
    assert_eq!(recoded(r#" { "b" : [ ] , "a" : null } "#).0.as_deref(), Some(r#"{"b":[]}"#));
    assert_eq!(recoded(r#"{"a":null}"#).0.as_deref(), Some("{}"));
    let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    assert_eq!(recoded(&deep(127)).0, Some(deep(127)));
    let list = format!("[{}]", (0..10_000).map(|n| n.to_string()).collect::<Vec<_>>().join(","));
    assert_eq!(recoded(&list).0, Some(list));
}

#[test]
fn malformed_text_is_nil_and_a_message() {
    for (text, message) in [
        ("", "EOF while parsing a value at line 1 column 0"),
        ("  ", "EOF while parsing a value at line 1 column 2"),
        ("[1,\n 2", "EOF while parsing a list at line 2 column 2"),
        ("{\"a\":\n\n}", "expected value at line 3 column 1"),
        ("1 2", "trailing characters at line 1 column 3"),
        ("[1,]", "trailing comma at line 1 column 4"),
        ("{1:2}", "key must be a string at line 1 column 2"),
        ("nul", "EOF while parsing a value at line 1 column 3"),
        ("'a'", "expected value at line 1 column 1"),
        ("NaN", "expected value at line 1 column 1"),
        ("01", "invalid number at line 1 column 2"),
        (r#""\ud800""#, "unexpected end of hex escape at line 1 column 8"),
        (r#""\udc00x""#, "lone leading surrogate in hex escape at line 1 column 7"),
        (r#""\ud800\u0041""#, "lone leading surrogate in hex escape at line 1 column 13"),
        ("\"a\nb\"", "control character (\\u0000-\\u001F) found while parsing a string at line 2 column 0"),
        ("1e400", "number out of range at line 1 column 5"),
        ("[9223372036854775808]", "integer out of range at line 1 column 20"),
        ("[-9223372036854775809]", "integer out of range at line 1 column 21"),
        ("[18446744073709551616]", "integer out of range at line 1 column 21"),
        ("{\"1e5\": [1e300,\n  100000000000000000000]}", "integer out of range at line 2 column 23"),
        (r#"["\"99999999999999999999", 1e19, 99999999999999999999]"#, "integer out of range at line 1 column 53"),
    ] {
        assert_eq!(refused(text), message, "{text}");
    }
    assert_eq!(refused(LuaString::from(&b"\"\xff\""[..])), "invalid unicode code point at line 1 column 2");
    assert_eq!(refused("[".repeat(1000)), "recursion limit exceeded at line 1 column 128");
    assert_eq!(refused("{\"a\":".repeat(1000)), "recursion limit exceeded at line 1 column 636");
    let error = run::<Value>("function main() local x = json.decode({}) end", ()).unwrap_err();
    assert_eq!(error.to_string(), "main.lua:1: bad argument #1 to 'decode' (string expected, got table)");
}

#[test]
fn reading_stays_within_the_limits() {
    let limits = Limits { values: 100, depth: 5, ..Limits::default() };
    let mut lua = load("function main(text) return json.decode(text) end", limits).unwrap();
    let mut message = |text: String| lua.call::<(Value, Option<String>)>(text).unwrap().1;
    assert_eq!(message(format!("[{}0]", "0,".repeat(90))), None);
    assert_eq!(
        message(format!("[{}0]", "0,".repeat(100))),
        Some("more than 100 values to convert at line 1 column 203".into())
    );
    assert_eq!(message("[[[[[]]]]]".into()), None);
    let deep = "recursion limit exceeded at line 1 column 7";
    assert_eq!(message("[[[[[[]]]]]]".into()).as_deref(), Some(deep));
}

#[test]
fn every_float_reads_back_as_it_was() {
    let mut lua = load("function main(x) return json.decode(json.encode(x)) end", Limits::default()).unwrap();
    let mut bits = 0x9e37_79b9_7f4a_7c15_u64;
    for _ in 0..20_000 {
        bits ^= bits << 13;
        bits ^= bits >> 7;
        bits ^= bits << 17;
        let number = f64::from_bits(bits);
        if number.is_finite() {
            assert_eq!(lua.run(number).unwrap(), Value::Number(number));
        }
    }
}
