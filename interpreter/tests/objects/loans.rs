//! Proves that a loan ends with its call, however that ends, and that an object is lent to one at a time.

use lunapool_interpreter::{Budget, CancelToken, ErrorKind, Value};

use super::{Person, ann, fails, load, run};

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
