//! Proves that methods read and change their object, and that wrong arguments and errors say what is wrong.

use lunapool_interpreter::ErrorKind;

use super::{ann, fails, run};

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
