//! Proves that a shared object outlives the call, is safe on several threads, and never deadlocks.

use lunapool_interpreter::{Error, ErrorKind, LuaObject, Metamethod, ObjectType, Shared, Value};

use super::{Person, ann, fails, load, run};

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
