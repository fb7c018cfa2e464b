//! `#[derive(LuaObject)]`: what scripts see of a derived struct, and what reaches Rust.
#![cfg(feature = "derive")]
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use lunapool_interpreter::{
    Error, FromResults, Interpreter, IntoArgs, Limits, LuaField, LuaObject, Metamethod, NoModules, ObjectType, Program,
    Result, Shared,
};

#[derive(LuaObject, Debug, Clone, PartialEq, Default)]
#[lua(crate = "lunapool_interpreter", clone)]
struct Address {
    city: String,
    zip: Option<u32>,
}

#[derive(LuaObject, Debug, PartialEq, Default)]
#[lua(crate = "lunapool_interpreter", methods = Person::methods)]
struct Person {
    name: String,
    #[lua(rename = "years")]
    age: u8,
    #[lua(readonly)]
    id: i64,
    #[lua(skip)]
    password: &'static str,
    r#type: bool,
    address: Address,
    former: Vec<Address>,
    work: Option<Address>,
    scores: BTreeMap<String, f64>,
}

impl Person {
    fn methods(object: &mut ObjectType<Self>) {
        object
            .method("greet", |person: &Person, other: String| format!("{other}, I am {}", person.name))
            .method_mut("birthday", |person: &mut Person| person.age += 1)
            .metamethod(Metamethod::ToString, |person: &Person| format!("Person({})", person.name));
    }
}

fn person() -> Person {
    Person {
        name: "Ada".into(),
        age: 36,
        id: 7,
        password: "secret",
        r#type: true,
        address: Address { city: "London".into(), zip: Some(1) },
        ..Person::default()
    }
}

fn run<R: FromResults>(source: &str, args: impl IntoArgs) -> Result<R> {
    let program = Program::compile("test.lua", source)?;
    Interpreter::new(&program, &NoModules, Limits::default())?.call(args)
}

fn fails(source: &str, args: impl IntoArgs) -> String {
    run::<()>(source, args).unwrap_err().to_string()
}

#[test]
fn fields_are_read_and_assigned() -> Result<()> {
    let mut person = person();
    let source = "
        function main(p)
            local before = p.name .. ' ' .. p.years .. ' ' .. p.id .. ' ' .. tostring(p.type)
            p.name, p.years, p.type = 'Grace', p.years + 1, false
            p.scores = { maths = 1.5 }
            return before, p.name, p.scores.maths
        end";
    let results: (String, String, f64) = run(source, &mut person)?;
    assert_eq!(results, ("Ada 36 7 true".into(), "Grace".into(), 1.5));
    assert_eq!((person.name.as_str(), person.age, person.r#type), ("Grace", 37, false));
    assert_eq!(person.scores, BTreeMap::from([("maths".into(), 1.5)]));
    Ok(())
}

#[test]
fn what_is_renamed_or_skipped_is_not_there() -> Result<()> {
    let source = "function main(p) return p.age, p.password, p.greet ~= nil end";
    assert_eq!(run::<(Option<i64>, Option<String>, bool)>(source, &mut person())?, (None, None, true));
    assert_eq!(person().password, "secret");
    Ok(())
}

#[test]
fn assignments_that_cannot_be_are_errors() {
    let assign = |statement: &str| fails(&format!("function main(p)\n{statement}\nend"), person());
    assert_eq!(assign("p.id = 8"), "test.lua:2: field \"id\" of object 'Person' is read-only");
    assert_eq!(assign("p.age = 8"), "test.lua:2: object 'Person' has no field \"age\"");
    assert_eq!(assign("p.password = ''"), "test.lua:2: object 'Person' has no field \"password\"");
    assert_eq!(assign("p.years = 256"), "test.lua:2: cannot assign \"years\" of 'Person': 256 is out of range for u8");
    assert_eq!(assign("p.name = {}"), "test.lua:2: cannot assign \"name\" of 'Person': string expected, got table");
    assert_eq!(
        assign("p.address = p.address"),
        "test.lua:2: an object of type Address cannot be replaced, only changed"
    );
}

#[test]
fn an_object_inside_an_object_is_the_object_itself() -> Result<()> {
    let mut person = person();
    run::<()>("function main(p) local a = p.address a.city = 'Rome' a.zip = nil end", &mut person)?;
    assert_eq!(person.address, Address { city: "Rome".into(), zip: None });
    Ok(())
}

#[test]
fn a_list_of_objects_is_a_list_of_references() -> Result<()> {
    let mut person = person();
    let former = ["Paris", "Oslo"];
    person.former = former.map(|city| Address { city: city.into(), zip: None }).into();
    let source = "
        function main(p)
            local cities = {}
            for i, address in ipairs(p.former) do
                cities[i] = address.city
                address.zip = i
            end
            p.former[2].city = 'Bergen'
            return cities
        end";
    assert_eq!(run::<Vec<String>>(source, &mut person)?, former);
    let zips: Vec<_> = person.former.iter().map(|address| address.zip).collect();
    assert_eq!(zips, [Some(1), Some(2)]);
    assert_eq!(person.former[1].city, "Bergen");
    Ok(())
}

#[test]
fn an_object_that_may_be_missing_is_nil_or_the_object() -> Result<()> {
    let source = "function main(p) if p.work == nil then return false end p.work.city = 'Turin' return true end";
    let mut person = person();
    assert!(!run::<bool>(source, &mut person)?);
    person.work = Some(Address::default());
    assert!(run::<bool>(source, &mut person)?);
    assert_eq!(person.work.as_ref().unwrap().city, "Turin");
    run::<()>("function main(p) p.work = nil end", &mut person)?;
    assert_eq!(person.work, None);
    Ok(())
}

#[test]
fn methods_are_added_to_the_fields() -> Result<()> {
    let source = "function main(p) p:birthday() return p:greet('Hello'), tostring(p), p.years end";
    let results: (String, String, u8) = run(source, person())?;
    assert_eq!(results, ("Hello, I am Ada".into(), "Person(Ada)".into(), 37));
    Ok(())
}

#[test]
fn clones_of_a_shared_object_are_one_object() -> Result<()> {
    let shared = Shared::new(person());
    let source = "function main(a, b) a.name = 'Grace' return a == b, b.name end";
    assert_eq!(run::<(bool, String)>(source, (&shared, shared.clone()))?, (true, "Grace".into()));
    assert_eq!(shared.lock()?.name, "Grace");
    Ok(())
}

#[test]
fn an_object_moves_into_lua() -> Result<()> {
    let shared: Shared<Person> = run("function main(p) p.name = 'Grace' return p end", person())?;
    assert_eq!(shared.lock()?.name, "Grace");
    Ok(())
}

#[test]
fn a_type_that_can_be_cloned_out_is_a_result() -> Result<()> {
    let mut person = person();
    let address: Address = run("function main(p) return p.address end", &mut person)?;
    assert_eq!(address, person.address);
    let error = run::<Address>("function main(p) return p end", &mut person).unwrap_err();
    assert_eq!(error.to_string(), "test.lua: result #1: Address expected, got Person");
    Ok(())
}

#[test]
fn what_a_script_keeps_of_a_loan_is_of_no_use() -> Result<()> {
    let source = "
        function main(p) kept, part = p, p.address end
        function whole() return kept.name end
        function inside() part.city = 'Rome' end";
    let program = Program::compile("keep.lua", source)?;
    let mut lua = Interpreter::new(&program, &NoModules, Limits::default())?;
    lua.call::<()>(&mut person())?;
    let error = lua.call_function::<String>("whole", ()).unwrap_err();
    assert_eq!(error.to_string(), "keep.lua:3: object 'Person' is no longer available");
    let error = lua.call_function::<()>("inside", ()).unwrap_err();
    assert_eq!(error.to_string(), "keep.lua:4: object 'Address' is no longer available");
    Ok(())
}

#[derive(LuaObject, Default)]
#[lua(crate = "lunapool_interpreter", rename = "user.Settings", rename_all = "PascalCase", readonly)]
struct Pascal {
    first_name: String,
    #[lua(rename = "as_it_is")]
    last_name: String,
    nested: Camel,
}

#[derive(LuaObject, Default)]
#[lua(crate = "lunapool_interpreter", rename_all = "camelCase")]
struct Camel {
    max_open_files: u32,
}

#[test]
fn all_fields_are_renamed_or_readonly_at_once() -> Result<()> {
    let mut object = Pascal { first_name: "Ada".into(), last_name: "L".into(), nested: Camel { max_open_files: 1 } };
    let source = "
        function main(o)
            o.Nested.maxOpenFiles = 2
            return o.FirstName .. o.as_it_is
        end
        ";
    assert_eq!(run::<String>(source, &mut object)?, "AdaL");
    assert_eq!(object.nested.max_open_files, 2);
    assert_eq!(
        fails("function main(o) o.FirstName = '' end", &mut object),
        "test.lua:1: field \"FirstName\" of object 'user.Settings' is read-only"
    );
    Ok(())
}

#[derive(LuaObject)]
#[lua(crate = "lunapool_interpreter")]
struct Pair<T: LuaField, const N: usize>
where
    T: Clone,
{
    left: T,
    right: Vec<T>,
    #[lua(skip)]
    unseen: [u8; N],
}

#[derive(LuaObject)]
#[lua(crate = "lunapool_interpreter", methods = unit_methods)]
struct Unit;

fn unit_methods(object: &mut ObjectType<Unit>) {
    object.method("fail", |_: &Unit, text: String| Err::<(), _>(std::io::Error::other(text)));
}

#[derive(LuaObject)]
#[lua(crate = "lunapool_interpreter")]
struct Nothing {}

#[test]
fn type_parameters_and_structs_without_fields_work() -> Result<()> {
    let mut pair = Pair { left: 1_i64, right: vec![2], unseen: [3; 4] };
    run::<()>("function main(p) p.left, p.right = p.right[1], { p.left, 5 } end", &mut pair)?;
    assert_eq!((pair.left, pair.right, pair.unseen), (2, vec![1, 5], [3; 4]));

    let error: Error = run::<()>("function main(u) u:fail('no') end", Unit).unwrap_err();
    assert_eq!(error.to_string(), "test.lua:1: no");
    assert!(error.downcast_ref::<std::io::Error>().is_some());
    assert_eq!(run::<Option<bool>>("function main(n) return n.anything end", Nothing {})?, None);
    Ok(())
}
