//! Proves what scripts can do with a Rust object, that they change the object itself, and that what is gone, in use or
//! of the wrong type is an error that says so and leaves everything else as it was.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, HashMap};

use lunapool_interpreter::{
    Budget, CancelToken, Error, ErrorKind, FromResults, Interpreter, IntoArgs, Limits, LuaObject, LuaString,
    Metamethod, NoModules, ObjectRef, ObjectType, Program, Shared, Value,
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

#[test]
fn methods_read_and_change() {
    let mut person = ann();
    let results: (String, u8, u8, u8, u8) =
        run("return p:greet('Bob'), p:older(), p:older(5), p:birthday(), p:birthday()", &mut person).unwrap();
    assert_eq!(results, ("Ann greets Bob".into(), 31, 35, 31, 32));
    assert_eq!(person.age, 32);
    // A method is a value like any other.
    assert_eq!(run::<String>("local greet = p.greet return greet(p, 1)", &mut person).unwrap(), "Ann greets 1");
}

#[test]
fn wrong_arguments_of_methods_count_the_object() {
    let mut person = ann();
    for (body, message) in [
        ("p:greet()", "bad argument #2 to 'greet' (string expected, got no value)"),
        ("p:greet(nil)", "bad argument #2 to 'greet' (string expected, got nil)"),
        ("p:greet({})", "bad argument #2 to 'greet' (string expected, got table)"),
        ("p:greet(p)", "bad argument #2 to 'greet' (string expected, got Person)"),
        ("p:older(-1)", "bad argument #2 to 'older' (-1 is out of range for u8)"),
        ("p.greet('Bob')", "bad argument #1 to 'greet' (Person expected, got string)"),
        ("p.greet()", "bad argument #1 to 'greet' (Person expected, got no value)"),
        ("p.greet(p.address, 'x')", "bad argument #1 to 'greet' (Person expected, got Address)"),
        ("p.address.move_to(p, 'x')", "bad argument #1 to 'move_to' (Address expected, got Person)"),
    ] {
        assert_eq!(fails(body, &mut person), message, "{body}");
        let caught: String = run(&format!("return select(2, pcall(function() {body} end))"), &mut person).unwrap();
        assert_eq!(caught, format!("test.lua:1: {message}"), "{body}");
    }
    let message = fails("p:nothing()", &mut person);
    assert!(message.starts_with("attempt to call a nil value"), "{message}");
    assert_eq!(person, ann());
}

#[test]
fn a_method_that_fails_is_an_error_of_rust() {
    let mut person = ann();
    let error = run::<()>("\np:rename('')", &mut person).unwrap_err();
    assert_eq!((error.kind(), error.line()), (ErrorKind::Native, Some(2)));
    assert!(error.downcast_ref::<std::fmt::Error>().is_some());
    assert_eq!(person.name, "Ann");
    run::<()>("pcall(p.rename, p, '') p:rename('Zoe')", &mut person).unwrap();
    assert_eq!(person.name, "Zoe");
}

#[test]
fn metamethods_work() {
    let mut person = ann();
    assert_eq!(run::<String>("return tostring(p)", &mut person).unwrap(), "Person(Ann)");
    assert_eq!(run::<i64>("return #p", &mut person).unwrap(), 3);
    assert_eq!(run::<String>("return p(2)", &mut person).unwrap(), "AnnAnn");
    assert_eq!(fails("p('x')", &mut person), "bad argument #2 to '__call' (number expected, got string)");
}

struct Vector(f64, f64);

impl LuaObject for Vector {
    const NAME: &'static str = "Vector";

    fn describe(object: &mut ObjectType<Self>) {
        type Operand = ObjectRef<Vector>;
        let parts = |vector: &Operand| vector.with(|vector| (vector.0, vector.1));
        object
            .field("x", |vector| &mut vector.0)
            .field("y", |vector| &mut vector.1)
            .meta_function(Metamethod::Add, move |a: Operand, b: Operand| -> Result<Shared<Vector>, Error> {
                let (a, b) = (parts(&a)?, parts(&b)?);
                Ok(Shared::new(Vector(a.0 + b.0, a.1 + b.1)))
            })
            .meta_function(Metamethod::Mul, move |factor: f64, vector: Operand| -> Result<Shared<Vector>, Error> {
                let vector = parts(&vector)?;
                Ok(Shared::new(Vector(factor * vector.0, factor * vector.1)))
            })
            .metamethod(Metamethod::Unm, |vector: &Vector| Shared::new(Vector(-vector.0, -vector.1)))
            .meta_function(Metamethod::Eq, move |a: Operand, b: Operand| -> Result<bool, Error> {
                Ok(parts(&a)? == parts(&b)?)
            })
            .meta_function(Metamethod::Lt, move |a: Operand, b: Operand| -> Result<bool, Error> {
                Ok(parts(&a)? < parts(&b)?)
            })
            .meta_function(Metamethod::Le, move |a: Operand, b: Operand| -> Result<bool, Error> {
                Ok(parts(&a)? <= parts(&b)?)
            })
            .meta_function(Metamethod::Concat, |a: Value, b: Value| format!("<{a}{b}>"))
            .metamethod(Metamethod::ToString, |vector: &Vector| format!("({}, {})", vector.0, vector.1));
    }
}

#[test]
fn operators_take_objects_and_other_values() {
    let (mut p, mut q) = (Vector(1.0, 2.0), Vector(3.0, 4.0));
    let mut check = |body: &str, expected: &str| {
        let result: String = run(&format!("return tostring({body})"), (&mut p, &mut q)).unwrap();
        assert_eq!(result, expected, "{body}");
    };
    check("p + q", "(4, 6)");
    check("p + p", "(2, 4)");
    check("2 * q", "(6, 8)");
    check("-p", "(-1, -2)");
    check("p == q", "false");
    check("p == p", "true");
    check("p + q == q + p", "true");
    check("p ~= q + p", "true");
    check("p < q", "true");
    check("p > q", "false");
    check("p <= q", "true");
    check("p >= q", "false");
    check("(p + q).x", "4.0");
    // Comparing with another type never asks the object.
    check("p == 1", "false");
    check("p == 'p'", "false");
    let message = fails("return p + 1", (&mut p, &mut q));
    assert_eq!(message, "bad argument #2 to '__add' (Vector expected, got number)");
    let message = fails("return p * 2", (&mut p, &mut q));
    assert_eq!(message, "bad argument #1 to '__mul' (number expected, got Vector)");
    let message = fails("return p // 2", (&mut p, &mut q));
    assert!(message.starts_with("attempt to perform arithmetic on a"), "{message}");
    let message = fails("return p < 1", (&mut p, &mut q));
    assert_eq!(message, "bad argument #2 to '__lt' (Vector expected, got number)");
}

struct Tag(&'static str);

impl LuaObject for Tag {
    const NAME: &'static str = "Tag";

    fn describe(object: &mut ObjectType<Self>) {
        fn text(value: lunapool_interpreter::Variadic<Value>) -> String {
            value.iter().map(ToString::to_string).collect()
        }
        object
            .metamethod(Metamethod::Concat, |tag: &Tag, other: String| format!("{}+{other}", tag.0))
            .metamethod(Metamethod::Sub, |tag: &Tag, other: i64| format!("{}-{other}", tag.0))
            .metamethod(Metamethod::Call, |tag: &Tag, rest: Option<String>| {
                (tag.0.to_owned(), text([Value::from(rest)].into_iter().collect()))
            });
    }
}

#[test]
fn concatenation_and_calls() {
    let mut tag = Tag("t");
    assert_eq!(run::<String>("return p .. 'x'", &mut tag).unwrap(), "t+x");
    assert_eq!(run::<String>("return p .. 1", &mut tag).unwrap(), "t+1");
    assert_eq!(run::<String>("return p - 3", &mut tag).unwrap(), "t-3");
    assert_eq!(run::<(String, String)>("return p('a')", &mut tag).unwrap(), ("t".into(), "a".into()));
    assert_eq!(run::<(String, String)>("return p()", &mut tag).unwrap(), ("t".into(), "nil".into()));
    assert_eq!(fails("return 'x' .. p", &mut tag), "bad argument #1 to '__concat' (Tag expected, got string)");
}

#[test]
fn an_object_without_metamethods() {
    let mut address = Address::default();
    let text: String = run("return tostring(p)", &mut address).unwrap();
    assert!(text.starts_with("Address: 0x"), "{text}");
    assert_eq!(run::<String>("return type(p)", &mut address).unwrap(), "userdata");
    let message = fails("return #p", &mut address);
    assert!(message.starts_with("attempt to get length of a"), "{message}");
    let message = fails("return p()", &mut address);
    assert!(message.starts_with("attempt to call a"), "{message}");
    let message = fails("return p .. 'x'", &mut address);
    assert!(message.starts_with("attempt to concatenate a"), "{message}");
    // Without an `__eq` of its own, an object equals itself, whichever way Lua came to it.
    let address = Shared::new(address);
    let same: (bool, bool, bool) = run("return p == p, p == q, rawequal(p, q)", (&address, &address)).unwrap();
    assert_eq!(same, (true, true, false));
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

#[test]
fn a_nested_object_is_changed_in_place() {
    let mut person = ann();
    run::<()>(
        "p.address.street = 'Side' p.address.number = 99 local a = p.address a:move_to(a.street .. '!')",
        &mut person,
    )
    .unwrap();
    assert_eq!(person.address, Address { street: "Side!".into(), number: 99 });
    assert_eq!(
        fails("p.address.number = 70000", &mut person),
        "cannot assign \"number\" of 'Address': 70000 is out of range for u16"
    );
    assert_eq!(fails("p.address.zip = 1", &mut person), "object 'Address' has no field \"zip\"");
    assert_eq!(person.address.number, 99);
}

#[test]
fn a_list_of_objects_is_a_list_of_references() {
    let mut person = ann();
    let body = "
        local former = p.former
        for i, address in ipairs(former) do address.number = i * 100 end
        former[2]:move_to('Moved')
        former[3] = 'only in the copy'
        return #former, #p.former
    ";
    assert_eq!(run::<(usize, usize)>(body, &mut person).unwrap(), (3, 2));
    let numbers: Vec<_> = person.former.iter().map(|address| (address.street.as_str(), address.number)).collect();
    assert_eq!(numbers, [("Old", 100), ("Moved", 200)]);
    person.former.clear();
    assert_eq!(run::<usize>("return #p.former", &mut person).unwrap(), 0);
}

#[test]
fn a_map_of_objects_is_a_map_of_references() {
    let mut person = ann();
    person.places.insert("work".into(), Address::default());
    let body = "
        local names = {}
        for name, address in pairs(p.places) do address.street = name names[#names + 1] = name end
        table.sort(names)
        p.places.home.number = 5
        return names
    ";
    assert_eq!(run::<Vec<String>>(body, &mut person).unwrap(), ["home", "work"]);
    assert_eq!(person.places["home"], Address { street: "home".into(), number: 5 });
    assert_eq!(person.places["work"].street, "work");
}

#[test]
fn an_optional_object_is_nil_or_a_reference() {
    let mut person = ann();
    assert!(run::<bool>("return p.office == nil", &mut person).unwrap());
    person.office = Some(Address::default());
    run::<()>("p.office.street = 'Desk'", &mut person).unwrap();
    assert_eq!(person.office.as_ref().unwrap().street, "Desk");
    assert_eq!(
        fails("p.office = p.address", &mut person),
        "an object of type Address cannot be replaced, only changed"
    );
    // A reference to what was taken away leads nowhere.
    let body = "local office = p.office p.office = nil return pcall(function() return office.street end)";
    let (ok, message): (bool, String) = run(body, &mut person).unwrap();
    assert!(!ok);
    assert!(message.ends_with("object 'Address' is no longer available"), "{message}");
    assert_eq!(person.office, None);
}

#[test]
fn a_loan_ends_with_the_call() {
    let source = "
        function main(p) kept, address, greet, former = p, p.address, p.greet, p.former end
        function read() return kept.name end
        function write() kept.name = 'x' end
        function call() return kept:greet('x') end
        function stored() return greet(kept, 'x') end
        function part() return address.street end
        function element() return former[1].street end
        function convert() return tostring(kept) end
        function equal() return kept == kept, kept == address, type(kept) end
        function plain() return 'fine' end
        co = coroutine.wrap(function(p)
            while true do p = coroutine.yield(p.name) or p end
        end)
        function resume(p) return co(p) end
    ";
    let mut lua = load(source);
    let mut person = ann();
    lua.call::<()>(&mut person).unwrap();
    for (function, object) in [
        ("read", "Person"),
        ("write", "Person"),
        ("call", "Person"),
        ("stored", "Person"),
        ("convert", "Person"),
        ("part", "Address"),
        ("element", "Address"),
    ] {
        let error = lua.call_function::<Value>(function, ()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Runtime);
        assert_eq!(error.message(), format!("object '{object}' is no longer available"), "{function}");
        assert_eq!(lua.call_function::<String>("plain", ()).unwrap(), "fine");
    }
    let equal: (bool, bool, String) = lua.call_function("equal", ()).unwrap();
    assert_eq!(equal, (true, false, "userdata".into()));
    // A second loan does not bring the first one back.
    let mut other = ann();
    assert_eq!(lua.call_function::<String>("resume", &mut other).unwrap(), "Ann");
    let error = lua.call_function::<String>("resume", ()).unwrap_err();
    assert_eq!(error.message(), "object 'Person' is no longer available");
    assert_eq!((person, other), (ann(), ann()));
}

#[test]
fn a_coroutine_keeps_what_it_is_given_anew() {
    let source = "
        co = coroutine.wrap(function(p)
            while true do
                p.age = p.age + 1
                p = coroutine.yield(p.age)
            end
        end)
        function main(p) return co(p) end
    ";
    let (mut lua, mut person) = (load(source), ann());
    assert_eq!(lua.call::<u8>(&mut person).unwrap(), 31);
    person.age = 50;
    assert_eq!(lua.call::<u8>(&mut person).unwrap(), 51);
    assert_eq!(person.age, 51);
}

#[test]
fn two_objects_in_one_call() {
    let (mut p, mut q) = (ann(), Person { name: "Bob".into(), ..Person::default() });
    run::<()>("p.name, q.name = q.name, p.name p.age = p.age + q.age", (&mut p, &mut q)).unwrap();
    assert_eq!((p.name.as_str(), q.name.as_str()), ("Bob", "Ann"));
    assert_eq!(run::<String>("return p:both(q)", (&mut p, &mut q)).unwrap(), "Bob and Ann");
    assert_eq!(fails("return p:both(p)", (&mut p, &mut q)), "object 'Person' is already in use");
    // A part of an object that is in use is in use as well.
    let equal: (bool, bool, bool) = run("return p == q, p == p, p ~= q", (&mut p, &mut q)).unwrap();
    assert_eq!(equal, (false, true, true));
}

#[test]
fn a_loan_can_be_optional_and_among_other_arguments() {
    let mut person = ann();
    let body = "return p and p.name, q";
    assert_eq!(run::<(Option<String>, i64)>(body, (Some(&mut person), 5)).unwrap(), (Some("Ann".into()), 5));
    assert_eq!(run::<(Option<String>, i64)>(body, (None::<&mut Person>, 5)).unwrap(), (None, 5));
    // A list is no place for a loan.
    let error = run::<()>("", vec![&mut person]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conversion);
    assert_eq!(
        error.message(),
        "argument #1: a borrowed object of type Person can only be lent as an argument of its own at [1]"
    );
}

#[derive(Default)]
struct Bag(Vec<i64>);

impl LuaObject for Bag {
    const NAME: &'static str = "Bag";

    fn describe(object: &mut ObjectType<Self>) {
        object
            .method_mut("put", |bag: &mut Bag, number: i64| bag.0.push(number))
            .method_mut("merge", |bag: &mut Bag, other: Shared<Bag>| -> Result<(), Error> {
                bag.0.extend(&other.lock()?.0);
                Ok(())
            })
            .method_mut("peek", |_: &mut Bag, other: Shared<Bag>| other.lock().map(|other| other.0.len()))
            .method_mut("fail", |bag: &mut Bag| -> () {
                bag.0.push(-1);
                panic!("out of luck")
            })
            .metamethod(Metamethod::Len, |bag: &Bag| bag.0.len());
    }
}

#[test]
fn a_shared_object_outlives_the_call() {
    let mut lua = load("function main(p) kept = kept or p kept:put(1) return #kept end");
    let bag = Shared::new(Bag::default());
    assert_eq!(lua.call::<usize>(&bag).unwrap(), 1);
    assert_eq!(lua.call::<usize>(()).unwrap(), 2);
    bag.lock().unwrap().0.clear();
    assert_eq!(lua.call::<usize>(()).unwrap(), 1);
    drop(lua);
    assert_eq!(bag.lock().unwrap().0, [1]);
}

#[test]
fn one_shared_object_may_be_there_twice() {
    let bag = Shared::new(Bag::default());
    let results: (bool, bool, usize) =
        run("p:put(1) q:put(2) return p == q, rawequal(p, q), #p", (&bag, bag.clone())).unwrap();
    assert_eq!(results, (true, false, 2));
    let other = Shared::new(Bag::default());
    assert!(!run::<bool>("return p == q", (&bag, &other)).unwrap());
    run::<()>("p:merge(q) q:merge(p)", (&other, &bag)).unwrap();
    assert_eq!(other.lock().unwrap().0, [1, 2]);
    assert_eq!(bag.lock().unwrap().0, [1, 2, 1, 2]);
}

#[test]
fn merging_a_shared_object_with_itself_is_an_error_and_no_deadlock() {
    let bag = Shared::new(Bag(vec![1]));
    let error = run::<()>("p:merge(p)", &bag).unwrap_err();
    assert_eq!(error.message(), "object 'Bag' is already in use");
    let error = run::<()>("p:merge(q)", (&bag, &bag)).unwrap_err();
    assert_eq!(error.message(), "object 'Bag' is already in use");
    assert_eq!(bag.lock().unwrap().0, [1]);
    // Nor does the host deadlock with itself.
    let guard = bag.lock().unwrap();
    assert_eq!(bag.lock().err().unwrap().message(), "object 'Bag' is already in use");
    assert_eq!(fails("p:put(2)", &bag), "object 'Bag' is already in use");
    drop(guard);
    run::<()>("p:put(2)", &bag).unwrap();
    assert_eq!(bag.lock().unwrap().0, [1, 2]);
}

#[test]
fn a_borrowed_object_is_no_shared_one() {
    let mut bag = Bag::default();
    assert_eq!(fails("p:merge(p)", &mut bag), "bad argument #2 to 'merge' (shared Bag expected, got a borrowed Bag)");
    let shared: Shared<Bag> = run("return p", Shared::new(Bag(vec![5]))).unwrap();
    assert_eq!(shared.lock().unwrap().0, [5]);
    let error = run::<Shared<Bag>>("return p", &mut bag).unwrap_err();
    assert_eq!(error.message(), "result #1: shared Bag expected, got a borrowed Bag");
    let error = run::<Value>("return p", &mut bag).unwrap_err();
    assert_eq!(
        (error.kind(), error.message().as_str()),
        (ErrorKind::Conversion, "result #1: a value of type Bag has no owned form")
    );
}

#[test]
fn threads_share_a_shared_object() {
    let bag = Shared::new(Bag::default());
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let bag = &bag;
            scope.spawn(move || {
                let mut lua = load("function main(p, n) for _ = 1, 250 do p:put(n) end end");
                lua.call::<()>((bag, thread)).unwrap();
            });
        }
    });
    let numbers = &bag.lock().unwrap().0;
    assert_eq!(numbers.len(), 1_000);
    for thread in 0..4 {
        assert_eq!(numbers.iter().filter(|&&number| number == thread).count(), 250);
    }
}

#[test]
fn objects_that_are_locked_crosswise_on_two_threads_are_no_deadlock() {
    let (a, b) = (Shared::new(Bag(vec![1])), Shared::new(Bag(vec![2, 3])));
    let source = "
        function main(p, q)
            local seen, problem = 0, nil
            for _ = 1, 2000 do
                local ok, result = pcall(p.peek, p, q)
                if ok then seen = result else problem = tostring(result) end
            end
            return problem
        end
    ";
    std::thread::scope(|scope| {
        for (p, q) in [(&a, &b), (&b, &a)] {
            scope.spawn(move || {
                let problem: Option<String> = load(source).call((p, q)).unwrap();
                let message = problem.unwrap_or("object 'Bag' is already in use".into());
                assert!(message.ends_with("object 'Bag' is already in use"), "{message}");
            });
        }
    });
    assert_eq!((a.lock().unwrap().0.len(), b.lock().unwrap().0.len()), (1, 2));
}

#[test]
fn a_method_that_panics_breaks_the_interpreter_and_not_the_object() {
    let bag = Shared::new(Bag(vec![1]));
    let mut lua = load("function main(p) pcall(p.fail, p) end");
    let error = lua.call::<()>(&bag).unwrap_err();
    assert_eq!(
        (error.kind(), error.message().as_str()),
        (ErrorKind::Native, "a native function panicked: out of luck")
    );
    assert!(lua.is_broken());
    assert_eq!(bag.lock().unwrap().0, [1, -1]);
    run::<()>("p:put(2)", &bag).unwrap();
    assert_eq!(bag.lock().unwrap().0, [1, -1, 2]);
    // The same with a loan, which comes back as it was left.
    let mut person = ann();
    let error = run::<()>("p.age = 31 p:fail()", &mut person).unwrap_err();
    assert_eq!(error.message(), "a native function panicked: no such luck");
    assert_eq!(person, Person { age: 31, ..ann() });
}

#[test]
fn a_loan_comes_back_when_the_run_fails_or_is_stopped() {
    let source = "
        function main(p, how)
            kept = p
            p.name = 'changed'
            if how == 'error' then error('no') end
            while true do p.age = 1 end
        end
        function read() return kept.name end
    ";
    let mut lua = load(source);
    let mut person = ann();
    assert_eq!(lua.call::<()>((&mut person, "error")).unwrap_err().message(), "no");
    assert_eq!(person.name, "changed");
    let cancelled = CancelToken::new();
    cancelled.cancel();
    for budget in [
        Budget { fuel: Some(100_000), ..Budget::default() },
        Budget { timeout: Some(std::time::Duration::from_millis(5)), ..Budget::default() },
        Budget { cancel: Some(cancelled), ..Budget::default() },
    ] {
        let mut person = ann();
        let error = lua.call_with::<()>(None, (&mut person, "loop"), &budget).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Limit | ErrorKind::Cancelled), "{error}");
        assert_eq!(person, Person { name: "changed".into(), age: 1, ..ann() });
        let error = lua.call_function::<String>("read", ()).unwrap_err();
        assert_eq!(error.message(), "object 'Person' is no longer available");
    }
}

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
