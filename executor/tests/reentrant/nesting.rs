//! Proves that natives may run their own script and others, with interpreters, globals and errors that are not mixed
//! up.

use lunapool_interpreter::ErrorKind;

use super::{Scripts, build};

#[test]
fn a_native_may_run_the_script_that_called_it() {
    let scripts = Scripts::default();
    let script = build(
        &scripts,
        "sum.lua",
        "local host = require('host') function main(n) if n == 0 then return 0 end return n + host.run(0, n - 1) end",
    );
    assert_eq!(script.call::<i64>(10).unwrap(), 55);
    // Each level had an interpreter of its own, and they are kept for the next time.
    assert_eq!(script.stats().interpreters, 11);
    assert_eq!(script.call::<i64>(10).unwrap(), 55);
    assert_eq!((script.stats().interpreters, script.stats().runs), (11, 22));
    scripts.clear();
}

#[test]
fn an_inner_run_has_globals_of_its_own() {
    let scripts = Scripts::default();
    let script = build(
        &scripts,
        "own.lua",
        "depth = 'none' function main(n)
            depth = n
            if n > 0 then require('host').run(0, n - 1) end
            return depth
        end",
    );
    assert_eq!(script.call::<i64>(5).unwrap(), 5);
    scripts.clear();
}

#[test]
fn a_native_may_run_another_script() {
    let scripts = Scripts::default();
    let outer = build(&scripts, "outer.lua", "function main(n) return require('host').run(1, n) + 1 end");
    let inner = build(&scripts, "inner.lua", "function main(n) return n * 2 end");
    for n in 0..100 {
        assert_eq!(outer.call::<i64>(n).unwrap(), 2 * n + 1);
    }
    assert_eq!((outer.stats().interpreters, inner.stats().interpreters), (1, 1));
    assert_eq!((outer.stats().runs, inner.stats().runs), (100, 100));
    scripts.clear();
}

#[test]
fn errors_cross_scripts_as_what_they_were() {
    let scripts = Scripts::default();
    let outer = build(
        &scripts,
        "outer.lua",
        "function main(n)
            local ok, e = pcall(require('host').run, 1, n)
            if n == 1 then return tostring(e) end
            error(e)
        end",
    );
    build(&scripts, "inner.lua", "function main(n)\n error('inner trouble ' .. n) end");
    assert_eq!(outer.call::<String>(1).unwrap(), "inner.lua:2: inner trouble 1");
    let error = outer.run(2).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Runtime);
    assert!(error.to_string().ends_with("inner.lua:2: inner trouble 2"), "{error}");
    scripts.clear();
}
