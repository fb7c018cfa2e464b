//! Proves that lists, maps, sets and arrays cross, and that an error inside of one names the path.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use lunapool_interpreter::Value;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use super::{crosses, echo, eval, load, refused};

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
