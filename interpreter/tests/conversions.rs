//! Proves that values cross between Rust and Lua exactly or not at all, and that what does not fit says why and where.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt::Debug;

use lunapool_interpreter::{
    Error, ErrorKind, FromLua, FromResults, Interpreter, IntoArgs, IntoLua, Limits, LuaString, NoModules, Program,
    Table, Value, Variadic,
};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

fn load_with(limits: Limits, source: &str) -> Interpreter {
    let program = Program::compile("test.lua", source).unwrap();
    Interpreter::new(&program, &NoModules, limits).unwrap()
}

fn load(source: &str) -> Interpreter {
    load_with(Limits::default(), source)
}

/// Gives back what it takes.
fn echo() -> Interpreter {
    load("function main(...) return ... end")
}

/// What `return <expression>` becomes.
fn eval<R: FromResults>(expression: &str) -> Result<R, Error> {
    load(&format!("function main() return {expression} end")).call(())
}

/// The message of the conversion error that reading `expression` as `R` ends in.
fn refused<R: FromResults + Debug>(expression: &str) -> String {
    let error = eval::<R>(expression).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conversion, "{error}");
    assert_eq!(error.chunk(), Some("test.lua"));
    error.message()
}

fn crosses<T: IntoLua + FromLua + Clone + PartialEq + Debug>(lua: &mut Interpreter, value: T) {
    assert_eq!(lua.call::<T>(value.clone()).unwrap(), value);
}

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

proptest! {
    /// Whatever the bits: sign of zero, infinities and the payloads of quiet NaNs.
    #[test]
    fn f64_crosses_bit_by_bit(bits in any::<u64>()) {
        let value = f64::from_bits(bits);
        let mut lua = echo();
        prop_assert_eq!(lua.call::<f64>(value).unwrap().to_bits(), bits);
        let Value::Number(number) = lua.run(value).unwrap() else { panic!("a float stays one") };
        prop_assert_eq!(number.to_bits(), bits);
    }

    #[test]
    fn f32_crosses(value in any::<f32>()) {
        prop_assert_eq!(echo().call::<f32>(value).unwrap().to_bits(), value.to_bits());
    }

    #[test]
    fn an_integer_read_as_a_float_is_the_nearest(value in any::<i64>()) {
        prop_assert_eq!(echo().call::<f64>(value).unwrap(), value as f64);
    }
}

#[test]
fn special_floats_cross() {
    let mut lua = echo();
    for value in [0.0, -0.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, -f64::NAN, f64::MIN_POSITIVE, 5e-324, f64::MAX]
    {
        assert_eq!(lua.call::<f64>(value).unwrap().to_bits(), value.to_bits());
    }
    assert_eq!(eval::<f64>("-0.0").unwrap().to_bits(), (-0.0f64).to_bits());
    assert!(eval::<f64>("0/0").unwrap().is_nan());
    assert_eq!(eval::<f64>("'0.5'").unwrap(), 0.5);
}

#[test]
fn f32_rounds_and_does_not_overflow() {
    let mut lua = echo();
    assert_eq!(lua.call::<f32>(0.1f64).unwrap(), 0.1f32);
    assert_eq!(lua.call::<f32>(f64::INFINITY).unwrap(), f32::INFINITY);
    let message = lua.call::<f32>(1e300).unwrap_err().message();
    assert!(message.ends_with("is out of range for f32"), "{message}");
}

#[test]
fn integers_and_floats_stay_what_they_are() {
    assert_eq!(eval::<Value>("1").unwrap(), Value::Integer(1));
    assert_eq!(eval::<Value>("1.0").unwrap(), Value::Number(1.0));
    assert_eq!(echo().run(1).unwrap(), Value::Integer(1));
    assert_eq!(echo().run(1.0).unwrap(), Value::Number(1.0));
    let mut types = load("function main(x) return math.type(x) end");
    assert_eq!(types.call::<String>(1u8).unwrap(), "integer");
    assert_eq!(types.call::<String>(1f32).unwrap(), "float");
}

#[test]
fn only_booleans_are_booleans() {
    crosses(&mut echo(), true);
    crosses(&mut echo(), false);
    for (expression, name) in [("nil", "nil"), ("0", "number"), ("'true'", "string"), ("{}", "table")] {
        assert_eq!(refused::<bool>(expression), format!("result #1: boolean expected, got {name}"));
    }
}

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

proptest! {
    #[test]
    fn lists_cross(numbers in any::<Vec<i64>>(), texts in any::<Vec<String>>(), flags in any::<Vec<bool>>(),
                   floats in vec(prop::num::f64::ANY, 0..20)) {
        let mut lua = echo();
        crosses(&mut lua, numbers.clone());
        crosses(&mut lua, texts.clone());
        crosses(&mut lua, flags);
        let crossed: Vec<f64> = lua.call(&floats).unwrap();
        prop_assert!(crossed.iter().map(|f| f.to_bits()).eq(floats.iter().map(|f| f.to_bits())));
        let (length, last): (usize, Option<String>) =
            load("function main(l) return #l, l[#l] end").call(&texts).unwrap();
        prop_assert_eq!(length, texts.len());
        prop_assert_eq!(last.as_ref(), texts.last());
        prop_assert_eq!(lua.call::<Vec<i64>>(&numbers[..]).unwrap(), numbers);
    }

    #[test]
    fn nested_lists_cross(lists in vec(vec(vec(any::<u8>(), 0..6), 0..6), 0..6)) {
        crosses(&mut echo(), lists);
    }

    #[test]
    fn gaps_in_lists_cross(list in any::<Vec<Option<i64>>>()) {
        let mut lua = echo();
        prop_assert_eq!(lua.call::<Vec<Option<i64>>>(list.clone()).unwrap(), list.clone());
        let length: usize = load("function main(l) return #l end").call(&list).unwrap();
        prop_assert_eq!(length, list.len());
    }

    #[test]
    fn maps_cross(by_name in any::<HashMap<String, i64>>(), by_number in any::<BTreeMap<i64, String>>(),
                  by_small in any::<HashMap<u8, bool>>(), nested in btree_map(".*", btree_map(any::<i16>(), vec(any::<u8>(), 0..6), 0..6), 0..6)) {
        let mut lua = echo();
        crosses(&mut lua, by_name.clone());
        crosses(&mut lua, by_number.clone());
        crosses(&mut lua, by_small);
        crosses(&mut lua, nested);
        prop_assert_eq!(lua.call::<HashMap<String, i64>>(&by_name).unwrap(), by_name);
        prop_assert_eq!(lua.call::<BTreeMap<i64, String>>(&by_number).unwrap(), by_number);
    }

    #[test]
    fn sets_cross(numbers in any::<HashSet<i64>>(), texts in any::<BTreeSet<String>>()) {
        crosses(&mut echo(), numbers);
        crosses(&mut echo(), texts);
    }

    #[test]
    fn arrays_cross(numbers in any::<[i32; 5]>()) {
        crosses(&mut echo(), numbers);
        prop_assert_eq!(echo().call::<[i32; 5]>(&numbers).unwrap(), numbers);
    }
}

#[test]
fn arrays_have_their_length() {
    assert_eq!(eval::<[i64; 0]>("{}").unwrap(), [0; 0]);
    assert_eq!(eval::<[i64; 2]>("{1, 2}").unwrap(), [1, 2]);
    assert_eq!(refused::<[i64; 3]>("{1, 2}"), "result #1: 3 elements expected, got 2");
    assert_eq!(refused::<[i64; 1]>("{1, 2}"), "result #1: 1 elements expected, got 2");
    assert_eq!(refused::<[i64; 1]>("'x'"), "result #1: table expected, got string");
}

#[test]
fn lists_and_maps_take_tables_only() {
    assert_eq!(refused::<Vec<i64>>("'abc'"), "result #1: table expected, got string");
    assert_eq!(refused::<Vec<i64>>("nil"), "result #1: table expected, got nil");
    assert_eq!(refused::<HashMap<String, i64>>("1"), "result #1: table expected, got number");
    assert_eq!(refused::<HashSet<i64>>("print"), "result #1: table expected, got function");
}

#[test]
fn an_error_inside_a_table_names_the_path() {
    type Person = BTreeMap<String, Option<String>>;
    let source = "{{name = 'a'}, {name = 'b'}, {name = {}}}";
    assert_eq!(refused::<Vec<Person>>(source), "result #1: string expected, got table at [3].name");
    assert_eq!(refused::<Vec<i64>>("{1, 2, 'x'}"), "result #1: number expected, got string at [3]");
    assert_eq!(refused::<Vec<u8>>("{1, 2, 256}"), "result #1: 256 is out of range for u8 at [3]");
    assert_eq!(
        refused::<HashMap<String, bool>>("{['a b'] = 1}"),
        "result #1: boolean expected, got number at [\"a b\"]"
    );
    assert_eq!(refused::<HashMap<String, bool>>("{['end'] = 1}"), "result #1: boolean expected, got number at .end");
    assert_eq!(refused::<HashMap<i64, bool>>("{[-3] = 1}"), "result #1: boolean expected, got number at [-3]");
    assert_eq!(refused::<HashMap<i64, bool>>("{x = true}"), "result #1: number expected, got string at .x");
    assert_eq!(
        refused::<HashMap<String, Vec<Vec<i64>>>>("{a = {{1}, {2, false}}}"),
        "result #1: number expected, got boolean at .a[2][2]"
    );
    assert_eq!(
        refused::<Value>("{a = {b = {1, print}}}"),
        "result #1: a value of type function has no owned form at .a.b[2]"
    );
    assert_eq!(refused::<(i64, Vec<i64>)>("1, {true}"), "result #2: number expected, got boolean at [1]");
}

#[test]
fn arguments_that_do_not_fit_name_the_path() {
    let mut lua = echo();
    let nested: BTreeMap<&str, Vec<u64>> = [("big", vec![1, u64::MAX])].into();
    assert_eq!(
        lua.call::<()>((1, nested)).unwrap_err().message(),
        "argument #2: 18446744073709551615 is out of range for a Lua integer at .big[2]"
    );
}

#[test]
fn several_arguments_and_results() {
    let mut lua = echo();
    let twelve = (1u8, -2i16, 3u32, 4.5f64, true, "six".to_owned(), vec![7], Some(8), None::<i64>, 'x', [11u8], 12i128);
    type Twelve = (u8, i16, u32, f64, bool, String, Vec<i32>, Option<i32>, Option<i64>, char, [u8; 1], i128);
    let crossed: Twelve = lua.call(twelve.clone()).unwrap();
    assert_eq!(crossed, twelve);
    lua.call::<()>((1, 2)).unwrap();
    // Missing results are nil, further ones are dropped.
    assert_eq!(lua.call::<(i64, Option<i64>, Value)>(1).unwrap(), (1, None, Value::Nil));
    assert_eq!(lua.call::<(i64, i64)>((1, 2, 3)).unwrap(), (1, 2));
    assert_eq!(lua.call::<(i64, i64)>((1,)).unwrap_err().message(), "result #2: number expected, got no value");
    assert_eq!(lua.call::<(i64, i64)>((1, None::<i64>)).unwrap_err().message(), "result #2: number expected, got nil");
    let mut count = load("function main(...) return select('#', ...) end");
    assert_eq!(count.call::<i64>(()).unwrap(), 0);
    assert_eq!(count.call::<i64>((None::<i64>, None::<i64>)).unwrap(), 2);
}

proptest! {
    #[test]
    fn any_number_of_arguments_and_results(numbers in any::<Vec<i64>>()) {
        let crossed: Variadic<i64> = echo().call(Variadic(numbers.clone())).unwrap();
        prop_assert_eq!(crossed.0, numbers);
    }
}

#[test]
fn a_variadic_names_the_one_that_does_not_fit() {
    let mut lua = echo();
    let error = lua.call::<Variadic<i64>>(Variadic(vec!["1", "2", "x"])).unwrap_err();
    assert_eq!(error.message(), "result #3: number expected, got string");
    let error = lua.call::<()>(Variadic(vec![1, u64::MAX])).unwrap_err();
    assert_eq!(error.message(), "argument #2: 18446744073709551615 is out of range for a Lua integer");
}

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
fn a_cycle_is_an_error() {
    let cycles = [
        ("local t = {} t[1] = t return t", "table contains itself at [1]"),
        ("local t = {} t.me = t return t", "table contains itself at .me"),
        ("local a, b = {}, {} a.b = b b.a = {a} return a", "table contains itself at .b.a[1]"),
    ];
    for (body, message) in cycles {
        let mut lua = load(&format!("function main() {body} end function ok() return {{1}} end"));
        let error = lua.run(()).unwrap_err();
        assert_eq!((error.kind(), error.message()), (ErrorKind::Conversion, format!("result #1: {message}")));
        assert_eq!(lua.call_function::<Vec<i64>>("ok", ()).unwrap(), [1]);
    }
}

const NEST: &str = "function main(depth) local t = {} for _ = 2, depth do t = {t} end return t end";

#[test]
fn depth_is_bounded() {
    let mut lua = load(NEST);
    lua.run(128).unwrap();
    let error = lua.run(129).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conversion);
    let message = error.message();
    assert!(
        message.starts_with("result #1: value nests deeper than 128 levels, or contains itself at [1][1]"),
        "{message}"
    );
    let error = lua.run(100_000).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conversion);
    let mut shallow = load_with(Limits { depth: 2, ..Limits::default() }, NEST);
    shallow.run(2).unwrap();
    assert_eq!(
        shallow.run(3).unwrap_err().message(),
        "result #1: value nests deeper than 2 levels, or contains itself at [1][1]"
    );
    assert_eq!(shallow.call::<Vec<Vec<i64>>>(2).unwrap(), [[0i64; 0]]);
    let deep = (1..=129).fold(Value::Nil, |inner, _| Value::Array(vec![inner]));
    let message = echo().run(&deep).unwrap_err().message();
    assert!(message.starts_with("argument #1: value nests deeper than 128 levels"), "{message}");
    let Value::Array(inner) = deep else { unreachable!() };
    echo().run(&inner[0]).unwrap();
}

#[test]
fn a_type_that_nests_without_end_is_bounded() {
    #[derive(Debug)]
    struct Endless;

    impl FromLua for Endless {
        fn from_lua<'gc>(
            value: lunapool_interpreter::Handle<'gc>,
            scope: lunapool_interpreter::Scope<'gc>,
        ) -> lunapool_interpreter::Result<Self> {
            Vec::<Endless>::from_lua(value, scope).map(|_| Endless)
        }
    }

    let mut lua = load("function main() local t = {} t[1] = t return t end");
    let message = lua.call::<Endless>(()).unwrap_err().message();
    assert!(
        message.starts_with("result #1: value nests deeper than 128 levels, or contains itself at [1]"),
        "{message}"
    );
}

#[test]
fn shared_tables_are_copied() {
    let value = eval::<Value>("(function() local x = {1} return {x, x} end)()").unwrap();
    assert_eq!(value, Value::from(vec![vec![1], vec![1]]));
    let value = eval::<Value>("(function() local x = {} return {a = x, b = {x}} end)()").unwrap();
    assert_eq!(value.to_string(), "{a = {}, b = [{}]}");
}

#[test]
fn a_table_that_unfolds_without_end_is_an_error() {
    let source = "
        function main(levels)
            local t = {1}
            for _ = 1, levels do t = {t, t} end
            return t
        end
        function ok() return 'fine' end
    ";
    let mut lua = load_with(Limits { values: 10_000, ..Limits::default() }, source);
    let error = lua.run(100).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
    let message = error.message();
    assert!(message.starts_with("result #1: more than 10000 values to convert at [1]"), "{message}");
    assert_eq!(lua.call_function::<String>("ok", ()).unwrap(), "fine");
    // The count starts again with each run.
    for _ in 0..5 {
        lua.run(11).unwrap();
    }
    let error = lua.call::<()>((vec![0u8; 6_000], vec![0u8; 6_000])).unwrap_err();
    assert_eq!(
        (error.kind(), error.message().as_str()),
        (ErrorKind::Limit, "argument #2: more than 10000 values to convert")
    );
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

#[test]
fn arguments_reach_the_chunk_too() {
    let program = Program::compile("chunk.lua", "local a, b = ... function main() return a + b end").unwrap();
    let mut lua = Interpreter::builder(&program).build_with((40, 2)).unwrap();
    assert_eq!(lua.call::<i64>(()).unwrap(), 42);
    let error = Interpreter::builder(&program).build_with(u64::MAX).unwrap_err();
    assert_eq!(error.to_string(), "chunk.lua: argument #1: 18446744073709551615 is out of range for a Lua integer");
}

#[test]
fn results_of_a_failed_conversion_are_gone_and_globals_are_not() {
    let mut lua = load("n = 0 function main(x) n = n + 1 return x end function count() return n end");
    lua.call::<i64>("x").unwrap_err();
    lua.call::<i64>(1).unwrap();
    // An argument without a Lua form fails before the call.
    lua.call::<i64>(u64::MAX).unwrap_err();
    assert_eq!(lua.call_function::<i64>("count", ()).unwrap(), 2);
}

fn no_more_than_twelve<A: IntoArgs>(_: A) {}

#[test]
fn borrowed_forms_are_arguments() {
    let map: HashMap<String, i64> = [("a".into(), 1)].into();
    let tree: BTreeMap<i64, bool> = [(1, true)].into();
    no_more_than_twelve((&map, &tree, &Some(1), &vec![1], &[1][..], &[1], &1, &"x", &String::new(), 'c', 1.0, "x"));
}
