//! Proves whose globals are whose, and that any global function can be called.

use std::sync::Barrier;
use std::thread;

use lunapool_executor::Script;
use lunapool_interpreter::ErrorKind;

use super::shown;

#[test]
fn globals_belong_to_a_thread_and_a_generation() {
    let source = "count = 0 function main() count = count + 1 return count end";
    let script = Script::new("globals.lua", source).unwrap();
    let counts = |script: &Script| (0..3).map(|_| script.call::<i64>(()).unwrap()).collect::<Vec<_>>();
    assert_eq!(counts(&script), [1, 2, 3]);
    let turns = Barrier::new(3);
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                let mut seen = Vec::new();
                for _ in 0..4 {
                    turns.wait();
                    seen.push(script.call::<i64>(()).unwrap());
                }
                assert_eq!(seen, [1, 2, 3, 4]);
            });
        }
    });
    assert_eq!(counts(&script), [4, 5, 6]);
    script.update(source).unwrap();
    assert_eq!(counts(&script), [1, 2, 3]);
}

#[test]
fn scripts_on_one_thread_do_not_see_each_other() {
    let source = "count = 0 function main(n) count = count + n return count end";
    let (a, b) = (Script::new("same.lua", source).unwrap(), Script::new("same.lua", source).unwrap());
    assert_eq!((a.call::<i64>(1).unwrap(), b.call::<i64>(10).unwrap()), (1, 10));
    assert_eq!((a.call::<i64>(1).unwrap(), b.call::<i64>(10).unwrap()), (2, 20));
}

#[test]
fn any_global_function_can_be_called() {
    let script =
        Script::new("f.lua", "function main() return 'main' end function other(a, b) return a .. b end").unwrap();
    assert_eq!(script.with().function("other").call::<String>(("a", "b")).unwrap(), "ab");
    assert_eq!(script.with().function("main").call::<String>(()).unwrap(), "main");
    let missing = script.with().function("nobody").run(()).unwrap_err();
    assert_eq!(shown(&missing), (ErrorKind::MissingMain, "f.lua: function 'nobody' is missing".into()));
    #[cfg(feature = "threads")]
    assert_eq!(script.with().function("other").submit(("c", "d")).wait().unwrap().as_str(), Some("cd"));
    // The same choices serve any number of runs.
    let other = script.with().function("other");
    assert_eq!(other.call::<String>(("x", "y")).unwrap() + &other.call::<String>((1, 2)).unwrap(), "xy12");
}
