//! Proves that the operators of Lua reach an object through its metamethods, and only through those.

use lunapool_interpreter::{Error, LuaObject, Metamethod, ObjectRef, ObjectType, Shared, Value};

use super::{Address, ann, fails, run};

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
