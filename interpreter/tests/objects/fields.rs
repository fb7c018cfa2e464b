//! Proves that fields are read and assigned in the struct itself, and that a wrong assignment changes nothing.

use std::collections::BTreeMap;

use lunapool_interpreter::{LuaObject, LuaString, ObjectType, Value};

use super::{ann, fails, run};

#[test]
fn fields_are_read() {
    let mut person = ann();
    let read: (u64, String, u8, Option<String>, Vec<String>, Option<String>) =
        run("return p.id, p.name, p.age, p.nick, p.tags, p.nothing", &mut person).unwrap();
    assert_eq!(read, (7, "Ann".into(), 30, None, vec!["a".into(), "b".into()], None));
    assert_eq!(person, ann());
}

#[test]
fn assigning_a_field_changes_the_struct() {
    let mut person = ann();
    let body = "p.name = 'Bob' p.age = p.age + 1 p.nick = 'B' p.tags = {'x'} p.scores = {math = 1.5, art = 2}";
    run::<()>(body, &mut person).unwrap();
    assert_eq!((person.name.as_str(), person.age, person.nick.as_deref()), ("Bob", 31, Some("B")));
    assert_eq!(person.tags, ["x"]);
    assert_eq!(person.scores, [("math".to_owned(), 1.5), ("art".to_owned(), 2.0)].into());
    run::<()>("p.nick = nil p.tags = {} p.scores = {}", &mut person).unwrap();
    assert_eq!((person.nick, person.tags.len(), person.scores.len()), (None, 0, 0));
}

#[test]
fn a_list_of_values_is_a_copy() {
    let mut person = ann();
    let read: (usize, usize) = run("local t = p.tags t[3] = 'c' return #t, #p.tags", &mut person).unwrap();
    assert_eq!(read, (3, 2));
    assert_eq!(person.tags, ["a", "b"]);
}

#[test]
fn wrong_assignments_say_what_is_wrong_and_change_nothing() {
    let mut person = ann();
    for (body, message) in [
        ("p.age = 'old'", "cannot assign \"age\" of 'Person': number expected, got string"),
        ("p.age = 256", "cannot assign \"age\" of 'Person': 256 is out of range for u8"),
        ("p.age = nil", "cannot assign \"age\" of 'Person': number expected, got nil"),
        ("p.name = {}", "cannot assign \"name\" of 'Person': string expected, got table"),
        ("p.tags = {'x', true}", "cannot assign \"tags\" of 'Person': string expected, got boolean at [2]"),
        ("p.scores = {a = {}}", "cannot assign \"scores\" of 'Person': number expected, got table at .a"),
        ("p.id = 8", "field \"id\" of object 'Person' is read-only"),
        ("p.shout = 'x'", "field \"shout\" of object 'Person' is read-only"),
        ("return p.secret", "field \"secret\" of object 'Person' cannot be read"),
        ("p.height = 180", "object 'Person' has no field \"height\""),
        ("p.greet = print", "object 'Person' has no field \"greet\""),
        ("p[1] = 2", "object 'Person' has no field 1"),
        ("p.address = 'x'", "an object of type Address cannot be replaced, only changed"),
        ("p.address = p.address", "an object of type Address cannot be replaced, only changed"),
    ] {
        assert_eq!(fails(body, &mut person), message, "{body}");
        let line = run::<()>(&format!("\n{body}"), &mut person).unwrap_err().line();
        assert_eq!(line, Some(2), "{body}");
    }
    assert_eq!(person, ann());
}

#[test]
fn getters_and_setters_run() {
    let mut person = ann();
    let read: (String, f64) = run("return p.shout, p.half", &mut person).unwrap();
    assert_eq!(read, ("ANN".into(), 15.0));
    run::<()>("p.half = 21 p.secret = 'Eve'", &mut person).unwrap();
    assert_eq!((person.age, person.name.as_str()), (42, "Eve"));
    assert_eq!(
        fails("p.half = 1.5", &mut person),
        "cannot assign \"half\" of 'Person': number has no integer representation"
    );
}

/// What a script makes up as it goes: any field, any value.
#[derive(Default)]
struct Open(BTreeMap<String, Value>);

impl LuaObject for Open {
    const NAME: &'static str = "Open";

    fn describe(object: &mut ObjectType<Self>) {
        object
            .getter("count", |open| open.0.len())
            .method("keys", |open: &Open| open.0.keys().cloned().collect::<Vec<_>>())
            .index(|open, key: LuaString| open.0.get(&key.to_string()).cloned())
            .new_index(|open, key: LuaString, value: Value| {
                open.0.insert(key.to_string(), value);
            });
    }
}

#[test]
fn fields_that_are_not_described_go_to_the_fall_backs() {
    let mut open = Open::default();
    let read: (Value, usize, Value) =
        run("p.a = 1 p.b = {x = 'y'} p[10] = true return p.b, p.count, p.missing", &mut open).unwrap();
    assert_eq!(read.0.get("x"), Some(&Value::from("y")));
    assert_eq!((read.1, read.2), (3, Value::Nil));
    assert_eq!(open.0.keys().collect::<Vec<_>>(), ["10", "a", "b"]);
    // Fields and methods come first.
    assert_eq!(fails("p.count = 1", &mut open), "field \"count\" of object 'Open' is read-only");
    assert_eq!(run::<Vec<String>>("p.keys = 1 return p:keys()", &mut open).unwrap(), ["10", "a", "b", "keys"]);
    let message = fails("p.f = print", &mut open);
    assert!(message.contains("a value of type function has no owned form"), "{message}");
    let message = fails("return p[{}]", &mut open);
    assert!(message.contains("string expected, got table"), "{message}");
    assert!(!open.0.contains_key("f"));
}
