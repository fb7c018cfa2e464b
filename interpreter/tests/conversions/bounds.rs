//! Proves that cycles, depth and tables that unfold without end are errors.

use lunapool_interpreter::{ErrorKind, FromLua, Limits, Value};

use super::{echo, load, load_with};

#[test]
fn a_cycle_is_an_error() {
    let cycles = [
        ("local t = {} t[1] = t return t", "table contains itself at [1]"),
        ("local t = {} t.me = t return t", "table contains itself at .me"),
        ("local a, b = {}, {} a.b = b b.a = {a} return a", "table contains itself at .b.a[1]"),
    ];
    for (body, message) in cycles {
        let mut lua = load(&format!("function main() {body} end function ok() return {{1}} end"));
        let error = lua.run(()).unwrap_err();
        assert_eq!((error.kind(), error.message()), (ErrorKind::Conversion, format!("result #1: {message}")));
        assert_eq!(lua.call_function::<Vec<i64>>("ok", ()).unwrap(), [1]);
    }
}

const NEST: &str = "function main(depth) local t = {} for _ = 2, depth do t = {t} end return t end";

#[test]
fn depth_is_bounded() {
    let mut lua = load(NEST);
    lua.run(128).unwrap();
    let error = lua.run(129).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conversion);
    let message = error.message();
    assert!(
        message.starts_with("result #1: value nests deeper than 128 levels, or contains itself at [1][1]"),
        "{message}"
    );
    let error = lua.run(100_000).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conversion);
    let mut shallow = load_with(Limits { depth: 2, ..Limits::default() }, NEST);
    shallow.run(2).unwrap();
    assert_eq!(
        shallow.run(3).unwrap_err().message(),
        "result #1: value nests deeper than 2 levels, or contains itself at [1][1]"
    );
    assert_eq!(shallow.call::<Vec<Vec<i64>>>(2).unwrap(), [[0i64; 0]]);
    let deep = (1..=129).fold(Value::Nil, |inner, _| Value::Array(vec![inner]));
    let message = echo().run(&deep).unwrap_err().message();
    assert!(message.starts_with("argument #1: value nests deeper than 128 levels"), "{message}");
    let Value::Array(inner) = deep else { unreachable!() };
    echo().run(&inner[0]).unwrap();
}

#[test]
fn a_type_that_nests_without_end_is_bounded() {
    #[derive(Debug)]
    struct Endless;

    impl FromLua for Endless {
        fn from_lua<'gc>(
            value: lunapool_interpreter::Handle<'gc>,
            scope: lunapool_interpreter::Scope<'gc>,
        ) -> lunapool_interpreter::Result<Self> {
            Vec::<Endless>::from_lua(value, scope).map(|_| Endless)
        }
    }

    let mut lua = load("function main() local t = {} t[1] = t return t end");
    let message = lua.call::<Endless>(()).unwrap_err().message();
    assert!(
        message.starts_with("result #1: value nests deeper than 128 levels, or contains itself at [1]"),
        "{message}"
    );
}

#[test]
fn a_table_that_unfolds_without_end_is_an_error() {
    let source = "
        function main(levels)
            local t = {1}
            for _ = 1, levels do t = {t, t} end
            return t
        end
        function ok() return 'fine' end
    ";
    let mut lua = load_with(Limits { values: 10_000, ..Limits::default() }, source);
    let error = lua.run(100).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
    let message = error.message();
    assert!(message.starts_with("result #1: more than 10000 values to convert at [1]"), "{message}");
    assert_eq!(lua.call_function::<String>("ok", ()).unwrap(), "fine");
    // The count starts again with each run.
    for _ in 0..5 {
        lua.run(11).unwrap();
    }
    let error = lua.call::<()>((vec![0u8; 6_000], vec![0u8; 6_000])).unwrap_err();
    assert_eq!(
        (error.kind(), error.message().as_str()),
        (ErrorKind::Limit, "argument #2: more than 10000 values to convert")
    );
}
