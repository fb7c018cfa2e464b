//! Proves what Lua takes an object for: a key like any other, of a type that is more than its name and out of reach.

use lunapool_interpreter::{LuaObject, ObjectType};

use super::{ann, fails, run};

#[test]
fn the_metatable_is_out_of_reach() {
    let mut person = ann();
    assert_eq!(run::<String>("return getmetatable(p)", &mut person).unwrap(), "Person");
    let message = fails("setmetatable(p, {})", &mut person);
    assert_eq!(message, "bad argument #1 to 'setmetatable' (table expected, got Person)");
    // Metamethods are no fields.
    for name in ["__index", "__newindex", "__tostring", "__metatable", "__name", "__eq", "__len"] {
        assert!(run::<bool>(&format!("return p.{name} == nil"), &mut person).unwrap(), "{name}");
    }
    let message = fails("p.__index = print", &mut person);
    assert_eq!(message, "object 'Person' has no field \"__index\"");
    for body in ["rawset(p, 'name', 'x')", "rawget(p, 'name')", "rawlen(p)", "next(p)", "table.insert(p, 1)"] {
        let message = fails(body, &mut person);
        assert!(message.starts_with("bad argument"), "{message}");
    }
    assert_eq!(person, ann());
}

#[test]
fn objects_are_keys_and_values_of_tables() {
    let mut person = ann();
    let body = "local t = {[p] = 'me', list = {p, p}} return t[p], t.list[2].name";
    assert_eq!(run::<(String, String)>(body, &mut person).unwrap(), ("me".into(), "Ann".into()));
}

#[test]
fn objects_of_two_types_with_one_name_differ() {
    struct Impostor;

    impl LuaObject for Impostor {
        const NAME: &'static str = "Person";

        fn describe(_: &mut ObjectType<Self>) {}
    }

    let mut person = ann();
    assert_eq!(
        fails("p.greet(q, 'x')", (&mut person, &mut Impostor)),
        "bad argument #1 to 'greet' (Person expected, got Person)"
    );
}
