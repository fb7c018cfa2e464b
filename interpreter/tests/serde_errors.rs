//! serde: what does not cross, and which error says so.
#![cfg(feature = "serde")]
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;

use lunapool_interpreter::{
    Error, ErrorKind, FromResults, Interpreter, IntoArgs, Limits, NoModules, Program, Result, Serde, Table, Value,
    from_value, to_value,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

fn run<R: FromResults>(source: &str, args: impl IntoArgs) -> Result<R> {
    let program = Program::compile("test.lua", source)?;
    Interpreter::new(&program, &NoModules, Limits::default())?.call(args)
}

/// What the Lua expression is, as `T`.
fn lua<T: DeserializeOwned>(expression: &str) -> Result<T> {
    run::<Serde<T>>(&format!("function main() return {expression} end"), ()).map(|value| value.0)
}

fn refused<T: DeserializeOwned + Debug>(expression: &str) -> String {
    let error = lua::<T>(expression).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conversion);
    error.message().strip_prefix("result #1: ").unwrap().to_owned()
}

#[derive(Deserialize, Debug)]
#[allow(dead_code)]
enum Shape {
    Empty,
    Circle(f64),
}

#[derive(Deserialize, Debug)]
#[allow(dead_code)]
struct Record {
    name: String,
    count: u32,
}

#[derive(Deserialize, Debug)]
#[allow(dead_code)]
struct Meters(f64);

#[test]
fn numbers_are_read_as_what_was_asked_for() -> Result<()> {
    assert_eq!(lua::<i32>("10 / 2")?, 5);
    assert_eq!(lua::<f64>("3")?, 3.0);
    assert_eq!(lua::<serde_json::Value>("{ 3, 3.0 }")?.to_string(), "[3,3.0]");
    assert_eq!(refused::<i32>("2.5"), "number has no integer representation");
    assert_eq!(refused::<u8>("300"), "300 is out of range for u8");
    assert_eq!(refused::<u64>("-1"), "-1 is out of range for u64");
    assert_eq!(refused::<i32>("'12'"), "i32 expected, got string");
    assert_eq!(refused::<f32>("1e300").split_once(' ').unwrap().1, "is out of range for f32");
    Ok(())
}

#[test]
fn what_does_not_fit_is_named() {
    assert_eq!(refused::<Vec<u8>>("{ 1, 2, 'x' }"), "u8 expected, got string at [3]");
    assert_eq!(
        refused::<HashMap<String, Vec<Meters>>>("{ a = { 1 }, ['b c'] = { 1, {} } }"),
        "f64 expected, got table at [\"b c\"][2]"
    );
    assert_eq!(refused::<(i32, i32)>("{ 1, 2, 3 }"), "2 elements expected, got 3");
    assert_eq!(refused::<(i32, i32)>("{ 1 }"), "2 elements expected, got 1");
    assert_eq!(refused::<Vec<i32>>("{ a = 1 }"), "sequence expected, got table with string keys");
    assert_eq!(
        refused::<Vec<i32>>("{ 1, 2, x = 3 }"),
        "table is neither a sequence nor has string keys only: key \"x\""
    );
    assert_eq!(refused::<String>("'\\xff'"), "string is not valid UTF-8");
    assert_eq!(refused::<Meters>("nil"), "f64 expected, got nil");
    assert_eq!(refused::<bool>("1"), "a boolean expected, got number");
    assert_eq!(refused::<Record>("{ name = 'x' }"), "missing field `count`");
    assert_eq!(refused::<Record>("{ 1, 2, 3 }"), "missing field `name`");
    assert_eq!(refused::<String>("print"), "a string expected, got function");
    assert_eq!(refused::<serde_json::Value>("{ print }"), "a value of type function has no owned form at [1]");
    assert_eq!(refused::<Shape>("{ Circle = 1, Empty = 2 }"), "a variant is a table with one field, its name");
    assert_eq!(refused::<Shape>("{ Circle = 'x' }"), "f64 expected, got string at .Circle");
    assert_eq!(refused::<Shape>("'Square'"), "unknown variant `Square`, expected `Empty` or `Circle`");
    assert_eq!(refused::<HashMap<bool, i32>>("{ [1] = 2 }"), "a boolean expected, got number at [1]");
    assert_eq!(
        refused::<HashMap<String, i32>>("{ [{}] = 2 }"),
        "a key of type table has no owned form at [of type table]"
    );
    let error = to_value(&HashMap::from([([1, 2], 3)])).unwrap_err();
    assert_eq!(error.to_string(), "string, integer or boolean expected as a key, got table");
}

#[test]
fn keys_are_read_as_what_was_asked_for() -> Result<()> {
    assert_eq!(lua::<HashMap<i64, u8>>("{ ['12'] = 1, [13] = 2 }")?, HashMap::from([(12, 1), (13, 2)]));
    assert_eq!(lua::<HashMap<String, u8>>("{ [12] = 1, x = 2 }")?.len(), 2);
    let table: Table = [("12", 1)].into_iter().collect();
    assert_eq!(from_value::<HashMap<u8, i32>>(table.into())?, HashMap::from([(12, 1)]));
    let pairs = Value::from(vec!["a", "b"]);
    let expected = BTreeMap::from([(1, 'a'), (2, 'b')]);
    assert_eq!(from_value::<BTreeMap<u8, char>>(pairs)?, expected);
    assert_eq!(lua::<BTreeMap<u8, char>>("{ 'a', 'b' }")?, expected);
    assert_eq!(refused::<HashMap<u8, u8>>("{ x = 1 }"), "u8 expected, got string at .x");
    Ok(())
}

fn nested(depth: usize) -> Value {
    (0..depth).fold(Value::Integer(1), |inner, _| Value::Array(vec![inner]))
}

#[test]
fn depth_is_bounded_in_every_direction() -> Result<()> {
    #[derive(Serialize, Deserialize, Debug, PartialEq)]
    #[serde(transparent)]
    struct Levels(Vec<Levels>);
    fn levels(depth: usize) -> Levels {
        (1..depth).fold(Levels(vec![]), |inner, _| Levels(vec![inner]))
    }
    fn too_deep<T>(result: Result<T, impl ToString>) {
        let message = result.err().unwrap().to_string();
        assert!(message.contains("value nests deeper than 128 levels"), "{message}");
    }

    let Serde(back) = run::<Serde<Levels>>("function main(v) return v end", Serde(levels(128)))?;
    assert_eq!(back, levels(128));
    assert_eq!(from_value::<Levels>(to_value(&levels(128))?)?, levels(128));
    too_deep(to_value(&levels(129)));
    too_deep(run::<()>("function main() end", Serde(levels(129))));
    too_deep(from_value::<Levels>(nested(129)));

    assert_eq!(serde_json::to_string(&nested(128)).unwrap().len(), 257);
    too_deep(serde_json::to_string(&nested(129)));
    too_deep(serde_json::to_string(&Table::from_iter([("a", nested(128))])));
    // JSON text has a bound of its own, but values of JSON have none.
    let json = |depth| (0..depth).fold(serde_json::Value::Null, |inner, _| serde_json::json!([inner]));
    assert_eq!(serde_json::from_value::<Value>(json(128)).unwrap().to_string().len(), 128 * 2 + 3);
    too_deep(serde_json::from_value::<Value>(json(129)));
    too_deep(serde_json::from_value::<Table>(serde_json::json!({ "a": json(128) })));
    Ok(())
}

#[test]
fn a_cycle_is_an_error() {
    #[derive(Deserialize, Debug)]
    #[allow(dead_code)]
    struct Node {
        next: Option<Box<Node>>,
    }
    let source = "function main() local t = {} t.next = t return t end";
    let says = |error: Error| {
        assert_eq!(error.kind(), ErrorKind::Conversion);
        let start = "result #1: value nests deeper than 128 levels, or contains itself at .next.next";
        assert!(error.message().starts_with(start), "{error}");
    };
    says(run::<Serde<Node>>(source, ()).unwrap_err());
    says(run::<Serde<Value>>(source, ()).unwrap_err());
    says(run::<Serde<serde_json::Value>>(source, ()).unwrap_err());
}

#[test]
fn counts_are_bounded() -> Result<()> {
    let source = "
        function main(v) return v end
        function list() local t = {} for i = 1, 101 do t[i] = i end return t end
        function map() local t = {} for i = 1, 101 do t['k' .. i] = i end return t end";
    let program = Program::compile("count.lua", source)?;
    let mut lua = Interpreter::new(&program, &NoModules, Limits { values: 100, ..Limits::default() })?;
    let Serde(back) = lua.call::<Serde<Vec<u8>>>(Serde(vec![1_u8; 40]))?;
    assert_eq!(back.len(), 40);
    let refused = |error: Error| {
        assert_eq!(error.kind(), ErrorKind::Limit);
        assert!(error.message().ends_with("more than 100 values to convert"), "{error}");
    };
    refused(lua.call::<()>(Serde(vec![1_u8; 101])).unwrap_err());
    let map: BTreeMap<_, _> = (0..101).map(|key| (key, key)).collect();
    refused(lua.call::<()>(Serde(map)).unwrap_err());
    refused(lua.call_function::<Serde<Vec<u8>>>("list", ()).unwrap_err());
    refused(lua.call_function::<Serde<BTreeMap<String, u8>>>("map", ()).unwrap_err());
    Ok(())
}
