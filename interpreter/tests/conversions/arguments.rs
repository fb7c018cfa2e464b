//! Proves that any number of arguments and results cross, and that an error names the one that does not fit.

use std::collections::{BTreeMap, HashMap};

use lunapool_interpreter::{Interpreter, IntoArgs, Program, Value, Variadic};
use proptest::prelude::*;

use super::{echo, load};

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
