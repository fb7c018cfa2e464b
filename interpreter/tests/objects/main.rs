//! Proves what scripts can do with a Rust object, that they change the object itself, and that what is gone, in use or
//! of the wrong type is an error that says so and leaves everything else as it was.

#![allow(clippy::unwrap_used)]

mod fields;
mod identity;
mod loans;
mod metamethods;
mod methods;
mod nested;
mod shared;

use std::collections::{BTreeMap, HashMap};

use lunapool_interpreter::{
    Error, ErrorKind, FromResults, Interpreter, IntoArgs, Limits, LuaObject, Metamethod, NoModules, ObjectRef,
    ObjectType, Program, Value,
};

#[derive(Debug, Clone, PartialEq, Default)]
struct Address {
    street: String,
    number: u16,
}

impl LuaObject for Address {
    const NAME: &'static str = "Address";

    fn describe(object: &mut ObjectType<Self>) {
        object
            .field("street", |address| &mut address.street)
            .field("number", |address| &mut address.number)
            .method_mut("move_to", |address: &mut Address, street: String| address.street = street);
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
struct Person {
    id: u64,
    name: String,
    age: u8,
    nick: Option<String>,
    tags: Vec<String>,
    scores: BTreeMap<String, f64>,
    address: Address,
    former: Vec<Address>,
    places: HashMap<String, Address>,
    office: Option<Address>,
    extra: BTreeMap<String, i64>,
}

impl LuaObject for Person {
    const NAME: &'static str = "Person";

    fn describe(object: &mut ObjectType<Self>) {
        object
            .readonly("id", |person| &mut person.id)
            .field("name", |person| &mut person.name)
            .field("age", |person| &mut person.age)
            .field("nick", |person| &mut person.nick)
            .field("tags", |person| &mut person.tags)
            .field("scores", |person| &mut person.scores)
            .field("address", |person| &mut person.address)
            .field("former", |person| &mut person.former)
            .field("places", |person| &mut person.places)
            .field("office", |person| &mut person.office)
            .getter("shout", |person| person.name.to_uppercase())
            .setter("secret", |person: &mut Person, secret: String| person.name = secret)
            .getter("half", |person| f64::from(person.age) / 2.0)
            .setter("half", |person: &mut Person, half: u8| person.age = 2 * half)
            .method("greet", |person: &Person, other: String| format!("{} greets {other}", person.name))
            .method("older", |person: &Person, years: Option<u8>| person.age + years.unwrap_or(1))
            .method_mut("birthday", |person: &mut Person| {
                person.age += 1;
                person.age
            })
            .method_mut("rename", |person: &mut Person, name: String| -> Result<(), std::fmt::Error> {
                if name.is_empty() {
                    return Err(std::fmt::Error);
                }
                person.name = name;
                Ok(())
            })
            .method_mut("both", |person: &mut Person, other: ObjectRef<Person>| -> Result<String, Error> {
                other.with(|other| format!("{} and {}", person.name, other.name))
            })
            .method_mut("fail", |_: &mut Person| -> () { panic!("no such luck") })
            .metamethod(Metamethod::ToString, |person: &Person| format!("Person({})", person.name))
            .metamethod(Metamethod::Len, |person: &Person| person.name.len())
            .metamethod(Metamethod::Call, |person: &Person, times: usize| person.name.repeat(times));
    }
}

fn ann() -> Person {
    Person {
        id: 7,
        name: "Ann".into(),
        age: 30,
        tags: vec!["a".into(), "b".into()],
        address: Address { street: "Main".into(), number: 1 },
        former: vec![Address { street: "Old".into(), number: 2 }, Address { street: "Older".into(), number: 3 }],
        places: [("home".to_owned(), Address { street: "Hill".into(), number: 4 })].into(),
        ..Person::default()
    }
}

fn load(source: &str) -> Interpreter {
    let program = Program::compile("test.lua", source).unwrap();
    Interpreter::new(&program, &NoModules, Limits::default()).unwrap()
}

/// Runs `body` as a function of `p` (and `q`).
fn run<R: FromResults>(body: &str, args: impl IntoArgs) -> Result<R, Error> {
    load(&format!("function main(p, q) {body} end")).call(args)
}

/// The message of the error that `body` ends in.
fn fails(body: &str, args: impl IntoArgs) -> String {
    let error = run::<Value>(body, args).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Runtime, "{error}");
    error.message()
}
