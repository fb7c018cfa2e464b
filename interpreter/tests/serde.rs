//! `Serde`, `to_value` and `from_value`: what crosses, and what does not.
#![cfg(feature = "serde")]
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;

use lunapool_interpreter::{
    ErrorKind, FromResults, Interpreter, IntoArgs, Limits, LuaString, NoModules, Program, Result, Serde, Table, Value,
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

/// Through Lua, and through an owned value, unchanged.
fn round_trip<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: T) {
    let Serde(back) = run::<Serde<T>>("function main(v) return v end", Serde(&value)).unwrap();
    assert_eq!(back, value, "through Lua");
    assert_eq!(from_value::<T>(to_value(&value).unwrap()).unwrap(), value, "through a value");
}

#[derive(Serialize, Deserialize, Debug, PartialEq, Clone)]
struct Record {
    name: String,
    count: u32,
    ratio: f64,
    tags: Vec<String>,
    parent: Option<Box<Record>>,
    shape: Shape,
    pair: (i8, char),
    meters: Meters,
    #[serde(rename = "two words", default)]
    extra: BTreeMap<String, bool>,
}

#[derive(Serialize, Deserialize, Debug, PartialEq, Clone)]
enum Shape {
    Empty,
    Circle(f64),
    Maybe(Option<u8>),
    Rectangle(f64, f64),
    Named { name: String, side: Option<i64> },
}

#[derive(Serialize, Deserialize, Debug, PartialEq, Clone, Copy)]
struct Meters(f64);

#[derive(Serialize, Deserialize, Debug, PartialEq)]
struct Unit;

fn record() -> Record {
    Record {
        name: "a".into(),
        count: 3,
        ratio: 0.5,
        tags: vec!["x".into(), String::new()],
        parent: None,
        shape: Shape::Circle(1.0),
        pair: (-1, 'é'),
        meters: Meters(2.0),
        extra: BTreeMap::from([("on".into(), true)]),
    }
}

#[test]
fn structs_and_enums_come_back_as_they_were() {
    round_trip(record());
    round_trip(Record { parent: Some(Box::new(record())), tags: vec![], extra: BTreeMap::new(), ..record() });
    for shape in [
        Shape::Empty,
        Shape::Circle(-0.5),
        Shape::Maybe(Some(1)),
        Shape::Maybe(None),
        Shape::Rectangle(1.0, 2.0),
        Shape::Named { name: "n".into(), side: Some(1) },
        Shape::Named { name: String::new(), side: None },
    ] {
        round_trip(shape);
    }
    round_trip(Unit);
    round_trip(());
}

#[test]
fn lists_maps_and_tuples_come_back_as_they_were() {
    round_trip(vec![Some(1), None, Some(3), None]);
    round_trip(vec![(), ()]);
    round_trip(Vec::<String>::new());
    round_trip(vec![vec![1.5], vec![]]);
    round_trip((1, "two".to_owned(), [3.0, 4.0], true));
    round_trip(HashMap::from([("a".to_owned(), vec![1]), ("b".to_owned(), vec![])]));
    round_trip(BTreeMap::from([(-1, 'x'), (i64::MAX, 'y')]));
    round_trip(BTreeMap::from([(7_u64, 'x')]));
    round_trip(BTreeMap::from([(true, 1), (false, 0)]));
    round_trip(BTreeMap::from([('k', 1)]));
    round_trip(BTreeMap::<String, i32>::new());
    round_trip(BTreeMap::from([(Some("some".to_owned()), 1)]));
}

#[test]
fn a_script_sees_ordinary_tables() -> Result<()> {
    let source = "
        function main(r)
            assert(#r.tags == 2 and r.tags[1] == 'x')
            assert(r.parent == nil and r.shape.Circle == 1.0)
            assert(math.type(r.count) == 'integer' and math.type(r.ratio) == 'float')
            assert(r.pair[1] == -1 and r.pair[2] == 'é' and r.meters == 2.0 and r['two words'].on)
            r.count = r.count * 4 / 2
            r.shape = { Named = { name = 'square' } }
            r.ignored = print
            return r
        end";
    let Serde(back) = run::<Serde<Record>>(source, Serde(record()))?;
    assert_eq!(back, Record { count: 6, shape: Shape::Named { name: "square".into(), side: None }, ..record() });
    let source = "function main(m) return m[1] .. m[-5], next(m) ~= nil end";
    let map = Serde(HashMap::from([(1, "one"), (-5, "minus five")]));
    assert_eq!(run::<(String, bool)>(source, &map)?, ("oneminus five".into(), true));
    Ok(())
}

#[test]
fn owned_values_have_the_forms_of_json() -> Result<()> {
    let value = to_value(&record())?;
    assert_eq!(value.get("count"), Some(&Value::Integer(3)));
    assert_eq!(value.get("parent"), Some(&Value::Nil));
    assert_eq!(to_value(&HashMap::from([(12, 'a')]))?.to_string(), "{12 = a}");
    assert_eq!(to_value("text")?, Value::from("text"));
    assert_eq!(to_value(&[1.0_f32])?, Value::from(vec![1.0]));
    assert_eq!(to_value(&Shape::Empty)?, Value::from("Empty"));
    let json = serde_json::to_value(record()).unwrap();
    assert_eq!(to_value(&json)?, value);
    assert_eq!(serde_json::to_value(&value).unwrap(), json);
    assert_eq!(serde_json::from_value::<Value>(json).unwrap(), value);
    Ok(())
}

#[test]
fn floats_survive() -> Result<()> {
    let identity = "function main(v) return v end";
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0, f64::MIN_POSITIVE, 1e300] {
        let Serde(back) = run::<Serde<f64>>(identity, Serde(value))?;
        assert_eq!(back.to_bits(), value.to_bits());
        let Serde(back) = run::<Serde<Vec<f32>>>(identity, Serde(vec![f32::NAN]))?;
        assert!(back[0].is_nan());
        assert_eq!(from_value::<f64>(to_value(&value)?)?.to_bits(), value.to_bits());
    }
    Ok(())
}

#[test]
fn strings_are_text_or_bytes() -> Result<()> {
    #[derive(Serialize, Deserialize, Debug, PartialEq)]
    struct Holder {
        bytes: LuaString,
    }
    for bytes in [&b"plain"[..], b"", b"\xff\x00", "é".as_bytes()] {
        round_trip(Holder { bytes: bytes.into() });
        assert_eq!(to_value(&LuaString::from(bytes))?, Value::from(bytes));
    }
    assert_eq!(serde_json::to_string(&LuaString::from("é")).unwrap(), "\"é\"");
    assert_eq!(serde_json::to_string(&LuaString::from(&b"\xff"[..])).unwrap(), "[255]");
    assert_eq!(serde_json::from_str::<LuaString>("\"a\\nb\"").unwrap(), "a\nb");
    Ok(())
}

#[test]
fn an_empty_table_is_what_was_asked_for() -> Result<()> {
    assert_eq!(lua::<Vec<i32>>("{}")?, Vec::<i32>::new());
    assert_eq!(lua::<HashMap<String, i32>>("{}")?, HashMap::new());
    assert_eq!(lua::<Value>("{}")?, Value::Table(Table::new()));
    assert_eq!(lua::<Table>("{}")?, Table::new());
    assert_eq!(from_value::<Vec<i32>>(Table::new().into())?, Vec::<i32>::new());
    // A list that was empty on its way in is one on its way out.
    let Serde(json) = run::<Serde<serde_json::Value>>("function main(v) return v end", Serde([[0; 0], [0; 0]]))?;
    assert_eq!(json.to_string(), "[[],[]]");
    Ok(())
}

#[test]
fn json_becomes_a_value_and_back() -> Result<()> {
    let text = r#"{"a":[1,2.0,null,{"b":"c"}],"e":{},"l":[],"n":null,"t":true}"#;
    let value: Value = serde_json::from_str(text).unwrap();
    let table = value.as_table().unwrap();
    assert_eq!(table.get("n"), Some(&Value::Nil));
    assert_eq!(table.get("a").unwrap().as_array().unwrap()[..3], [Value::Integer(1), Value::Number(2.0), Value::Nil]);
    assert_eq!(serde_json::to_string(&value).unwrap(), text);
    assert_eq!(serde_json::to_string(table).unwrap(), text);
    assert_eq!(serde_json::from_str::<Table>(text).unwrap(), *table);
    assert_eq!(from_value::<Value>(value.clone())?, value);
    // A field of nil is none in Lua.
    let Serde(back) = run::<Serde<Value>>("function main(v) return v end", Serde(&value))?;
    assert_eq!(serde_json::to_string(&back).unwrap(), text.replace(r#""n":null,"#, ""));
    assert!(serde_json::from_str::<Table>("[]").unwrap().is_empty());
    let error = serde_json::from_str::<Table>("[1]").unwrap_err().to_string();
    assert!(error.starts_with("invalid type: sequence, expected table with string keys"), "{error}");
    Ok(())
}

#[test]
fn tagged_and_flattened_types_work() -> Result<()> {
    #[derive(Serialize, Deserialize, Debug, PartialEq)]
    #[serde(tag = "kind", rename_all = "lowercase")]
    enum Event {
        Login { user: String, at: i64 },
        Quit,
    }
    #[derive(Serialize, Deserialize, Debug, PartialEq)]
    #[serde(untagged)]
    enum Either {
        Number(i64),
        Text(String),
        List(Vec<Either>),
    }
    #[derive(Serialize, Deserialize, Debug, PartialEq)]
    struct Outer {
        id: u8,
        #[serde(flatten)]
        rest: BTreeMap<String, Either>,
    }
    round_trip(vec![Event::Login { user: "a".into(), at: 1 }, Event::Quit]);
    round_trip(Either::List(vec![Either::Number(1), Either::Text("x".into())]));
    round_trip(Outer { id: 1, rest: BTreeMap::from([("more".into(), Either::Number(2))]) });
    let event: Event = lua("{ kind = 'login', user = 'b', at = 2 }")?;
    assert_eq!(event, Event::Login { user: "b".into(), at: 2 });
    Ok(())
}

#[test]
fn the_wrapper_is_transparent() -> Result<()> {
    let mut wrapped = Serde(vec![1]);
    wrapped.push(2);
    assert_eq!(wrapped.len(), 2);
    assert_eq!(wrapped, Serde::from(vec![1, 2]));
    assert_eq!(run::<i64>("function main(v, w) return v[1] + w[2] end", (&wrapped, wrapped.clone()))?, 3);
    Ok(())
}

#[cfg(feature = "derive")]
#[test]
fn a_field_of_an_object_may_be_anything() -> Result<()> {
    #[derive(lunapool_interpreter::LuaObject)]
    #[lua(crate = "lunapool_interpreter")]
    struct Drawing {
        shape: Serde<Shape>,
    }
    let mut drawing = Drawing { shape: Serde(Shape::Circle(2.0)) };
    let source = "function main(d) d.shape = { Rectangle = { d.shape.Circle, 3 } } end";
    run::<()>(source, &mut drawing)?;
    assert_eq!(*drawing.shape, Shape::Rectangle(2.0, 3.0));
    let error = run::<()>("function main(d) d.shape = 1 end", &mut drawing).unwrap_err();
    assert_eq!(error.to_string(), "test.lua:1: cannot assign \"shape\" of 'Drawing': enum Shape expected, got number");
    Ok(())
}

#[test]
fn integers_are_exact_or_an_error() -> Result<()> {
    for value in [i64::MIN, i64::MIN + 1, -1, 0, (1 << 53) + 1, i64::MAX - 1, i64::MAX] {
        round_trip(value);
        round_trip(i128::from(value));
        assert_eq!(to_value(&value)?, Value::Integer(value));
    }
    round_trip(i64::MAX as u64);
    let message = "18446744073709551615 is out of range for a Lua integer";
    assert_eq!(to_value(&u64::MAX).unwrap_err().to_string(), message);
    assert_eq!(to_value(&vec![i128::from(u64::MAX)]).unwrap_err().to_string(), format!("{message} at [1]"));
    assert_eq!(to_value(&u128::MAX).unwrap_err().kind(), ErrorKind::Conversion);
    let error = run::<()>("function main() end", Serde(HashMap::from([("a", [u64::MAX])]))).unwrap_err();
    assert_eq!(error.to_string(), format!("test.lua: argument #1: {message} at .a[1]"));
    let error = serde_json::from_str::<Value>("[18446744073709551615]").unwrap_err();
    assert!(error.to_string().starts_with(message), "{error}");
    Ok(())
}
