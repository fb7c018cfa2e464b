//! Proves what a script is made of, that updates are all or nothing, what closing leaves running, what `stats` counts,
//! that limits only narrow, and that the next run works whatever the last one did.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::io::{self, Read};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use common::{Gate, ends};
use lunapool_executor::{Generation, Script};
use lunapool_interpreter::{CancelToken, Error, ErrorKind, Limits, Stdlib, Value};
use lunapool_modules::{NativeModule, ScriptModule};

fn shown(error: &Error) -> (ErrorKind, String) {
    (error.kind(), error.to_string())
}

fn endless() -> Limits {
    Limits { timeout: Some(Duration::from_millis(50)), ..Limits::default() }
}

#[test]
fn a_script_is_made_of_text_bytes_a_file_or_a_reader() {
    let source = "function main(x) return x * 2 end";
    let file = std::env::temp_dir().join(format!("lunapool-{}-double.lua", std::process::id()));
    std::fs::write(&file, source).unwrap();
    let scripts = [
        Script::new("double.lua", source).unwrap(),
        Script::new(String::from("double.lua"), source.as_bytes()).unwrap(),
        Script::from_reader("double.lua", source.as_bytes()).unwrap(),
        Script::from_file(&file).unwrap(),
        Script::builder("double.lua").source(source).build().unwrap(),
        Script::builder("double.lua").file(&file).build().unwrap(),
    ];
    for script in &scripts {
        assert_eq!(script.call::<i64>(21).unwrap(), 42);
        assert_eq!(script.run(21).unwrap(), Value::Integer(42));
        assert_eq!(script.generation().number(), 1);
        assert!(!script.is_closed());
    }
    let names: Vec<_> = scripts.iter().map(Script::name).collect();
    let path = file.to_string_lossy();
    assert_eq!(names, ["double.lua", "double.lua", "double.lua", &path, "double.lua", "double.lua"]);
    std::fs::remove_file(&file).unwrap();
    let error = Script::from_file(&file).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
    assert!(error.to_string().contains(&format!("cannot read {path}: ")), "{error}");
    // What was read is not read again.
    assert_eq!(scripts[3].call::<i64>(4).unwrap(), 8);
}

#[test]
fn a_reader_that_fails_says_why() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is on fire"))
        }
    }
    let error = Script::from_reader("burnt.lua", Broken).unwrap_err();
    assert_eq!(shown(&error), (ErrorKind::Io, "burnt.lua: cannot read the source: the disk is on fire".into()));
}

#[test]
fn a_source_that_cannot_run_is_refused() {
    let refused = |source: &str| shown(&Script::new("a.lua", source).unwrap_err());
    assert_eq!(refused("local x = 1"), (ErrorKind::MissingMain, "a.lua: function 'main' is missing".into()));
    assert_eq!(refused("main = 7"), (ErrorKind::MissingMain, "a.lua: function 'main' is missing".into()));
    let error = Script::new("a.lua", "function main()\n  return +\nend").unwrap_err();
    assert_eq!((error.kind(), error.chunk(), error.line()), (ErrorKind::Syntax, Some("a.lua"), Some(2)));
    assert_eq!(refused("\nerror('not today')\nfunction main() end"), (ErrorKind::Runtime, "a.lua:2: not today".into()));
    let error = Script::builder("a.lua").build().unwrap_err();
    assert_eq!(shown(&error), (ErrorKind::Io, "a.lua: the script was given no source".into()));
    let error = Script::builder("a.lua").source("while true do end").limits(endless()).build().unwrap_err();
    assert_eq!(shown(&error), (ErrorKind::Limit, "a.lua: timeout of 50ms exceeded".into()));
}

#[test]
fn modules_are_given_one_by_one() {
    let native = NativeModule::new("math2", "1.0.0").function("add", |a: i64, b: i64| a + b);
    let lua = ScriptModule::new("shapes", "1.2.0", "return { square = function(x) return x * x end }").unwrap();
    let script = Script::builder("modules.lua")
        .source("local m, s = require('math2'), require('shapes') function main(x) return m.add(s.square(x), 1) end")
        .module(native)
        .module(lua)
        .build()
        .unwrap();
    assert_eq!(script.call::<i64>(4).unwrap(), 17);
    // An update finds the same modules.
    script.update("function main(x) return require('math2').add(x, 100) end").unwrap();
    assert_eq!(script.call::<i64>(4).unwrap(), 104);
    let error = script.update("local x = require('nowhere') function main() end").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Module);
    assert!(error.to_string().contains("module 'nowhere' not found"), "{error}");
    assert!(error.to_string().contains("math2"), "{error}");
    assert_eq!(script.call::<i64>(4).unwrap(), 104);

    let twice = Script::builder("twice.lua")
        .source("function main() end")
        .module(NativeModule::new("a", "1.0.0"))
        .module(NativeModule::new("a", "1.0.0"))
        .build()
        .unwrap_err();
    assert_eq!(shown(&twice), (ErrorKind::Module, "twice.lua: module 'a' 1.0.0 is given twice".into()));
}

#[test]
fn the_library_is_what_was_chosen() {
    let source = "function main() return math and math.random and 'random' or string and 'string' or 'nothing' end";
    let with = |stdlib| {
        let script = Script::builder("lib.lua").source(source).stdlib(stdlib).build().unwrap();
        script.call::<String>(()).unwrap()
    };
    assert_eq!(with(Stdlib::NONE), "nothing");
    assert_eq!(with(Stdlib::PURE), "string");
    assert_eq!(with(Stdlib::SAFE), "random");
    assert_eq!(Script::new("lib.lua", source).unwrap().call::<String>(()).unwrap(), "random");
    // Without a library `require` is all there is.
    let script = Script::builder("bare.lua")
        .source("function main(x) return require('one').add(x) end")
        .module(NativeModule::new("one", "1.0.0").function("add", |x: i64| x + 1))
        .stdlib(Stdlib::NONE)
        .build()
        .unwrap();
    assert_eq!(script.call::<i64>(1).unwrap(), 2);
}

#[test]
fn what_a_script_prints_goes_to_the_host() {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let sink = lines.clone();
    let script = Script::builder("print.lua")
        .source("print('starting') function main(x) print('got', x, nil, 1.5) print() return x end")
        .on_print(move |line| sink.lock().unwrap().push(String::from_utf8_lossy(line).into_owned()))
        .build()
        .unwrap();
    script.run(7).unwrap();
    assert_eq!(*lines.lock().unwrap(), ["starting", "got\t7\tnil\t1.5", ""]);
    lines.lock().unwrap().clear();
    thread::scope(|scope| scope.spawn(|| script.run("elsewhere").unwrap()).join().unwrap());
    assert_eq!(*lines.lock().unwrap(), ["starting", "got\telsewhere\tnil\t1.5", ""]);
}

#[test]
fn generations_count_up_by_one() {
    let script = Script::new("g.lua", "function main() return 1 end").unwrap();
    let first = script.generation();
    assert_eq!((first.number(), first.to_string().as_str()), (1, "1"));
    for wanted in 2..=5 {
        let generation: Generation = script.update(format!("function main() return {wanted} end")).unwrap();
        assert_eq!(generation.number(), wanted);
        assert_eq!(script.generation(), generation);
        assert_eq!(script.call::<u64>(()).unwrap(), wanted);
        assert!(generation > first);
    }
    assert_eq!(script.clone().generation().number(), 5);
    assert_eq!(format!("{script:?}"), r#"Script { name: "g.lua", generation: 5, closed: false }"#);
}

#[test]
fn an_update_that_fails_changes_nothing() {
    let script = Script::builder("v.lua")
        .source("runs = 0 function main() runs = runs + 1 return 'old', runs end")
        .limits(endless())
        .build()
        .unwrap();
    assert_eq!(script.call::<(String, i64)>(()).unwrap(), ("old".into(), 1));
    let refused = |source: &str| shown(&script.update(source).unwrap_err());

    let (kind, message) = refused("function main(");
    assert_eq!(kind, ErrorKind::Syntax);
    assert!(message.starts_with("v.lua:1: "), "{message}");
    assert_eq!(refused("error('no')\nfunction main() end"), (ErrorKind::Runtime, "v.lua:1: no".into()));
    assert_eq!(refused("x = 1"), (ErrorKind::MissingMain, "v.lua: function 'main' is missing".into()));
    assert_eq!(refused("while true do end"), (ErrorKind::Limit, "v.lua: timeout of 50ms exceeded".into()));

    assert_eq!(script.generation().number(), 1);
    // Not even the globals are lost.
    assert_eq!(script.call::<(String, i64)>(()).unwrap(), ("old".into(), 2));
    assert_eq!(script.stats().interpreters, 1);
    assert_eq!(script.update("function main() return 'new', 0 end").unwrap().number(), 2);
    assert_eq!(script.call::<(String, i64)>(()).unwrap(), ("new".into(), 0));
}

#[test]
fn runs_in_flight_end_on_what_they_began_with() {
    ends(|| {
        let gate = Gate::new();
        let script = Script::builder("flight.lua")
            .source("local gate = require('gate') function main() gate.wait() return helper() end function helper() return 'old' end")
            .module(gate.module())
            .build()
            .unwrap();
        let flying = thread::spawn({
            let script = script.clone();
            move || {
                let in_flight = script.call::<String>(()).unwrap();
                (in_flight, script.call::<String>(()).unwrap())
            }
        });
        gate.await_waiting(1);
        script.update("function main() return helper() end function helper() return 'new' end").unwrap();
        assert_eq!(script.call::<String>(()).unwrap(), "new");
        gate.open();
        assert_eq!(flying.join().unwrap(), ("old".into(), "new".into()));
    });
}

#[test]
fn other_threads_notice_an_update_at_their_next_run() {
    let script = Script::new("notice.lua", "function main() return 1 end").unwrap();
    let (before, after) = (Barrier::new(4), Barrier::new(4));
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                assert_eq!(script.call::<i64>(()).unwrap(), 1);
                before.wait();
                after.wait();
                assert_eq!(script.call::<i64>(()).unwrap(), 2);
            });
        }
        before.wait();
        script.update("function main() return 2 end").unwrap();
        after.wait();
    });
}

#[test]
fn updates_at_the_same_time_each_get_a_number() {
    let script = Script::new("race.lua", "function main() return 0 end").unwrap();
    let mut numbers: Vec<u64> = thread::scope(|scope| {
        let update = |index| script.update(format!("function main() return {index} end")).unwrap().number();
        let threads: Vec<_> =
            (0..4).map(|t| scope.spawn(move || (0..50).map(|i| update(t * 50 + i)).collect::<Vec<_>>())).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    numbers.sort_unstable();
    assert_eq!(numbers, (2..=201).collect::<Vec<_>>());
    assert_eq!(script.generation().number(), 201);
    // What runs is what was counted last, on every thread.
    let here = script.call::<i64>(()).unwrap();
    let there = thread::scope(|scope| scope.spawn(|| script.call::<i64>(()).unwrap()).join().unwrap());
    assert_eq!(here, there);
}

#[test]
fn closing_stops_what_comes_later() {
    ends(|| {
        let gate = Gate::new();
        let script = Script::builder("door.lua")
            .source("function main() require('gate').wait() return 'through' end")
            .module(gate.module())
            .build()
            .unwrap();
        let running = thread::spawn({
            let script = script.clone();
            move || script.call::<String>(())
        });
        gate.await_waiting(1);
        script.close();
        assert!(script.is_closed());
        let closed = (ErrorKind::Closed, "door.lua: script is closed".to_owned());
        assert_eq!(shown(&script.run(()).unwrap_err()), closed);
        assert_eq!(shown(&script.with().function("main").run(()).unwrap_err()), closed);
        assert_eq!(shown(&script.update("function main() end").unwrap_err()), closed);
        assert_eq!(shown(&script.clone().update("not even Lua").unwrap_err()), closed);
        #[cfg(feature = "threads")]
        {
            assert_eq!(shown(&script.submit(()).wait().unwrap_err()), closed);
            let results: Vec<_> = script.run_batch([(), ()]).map(|result| shown(&result.unwrap_err())).collect();
            assert_eq!(results, [closed.clone(), closed.clone()]);
        }
        script.close();
        assert!(script.is_closed());
        gate.open();
        assert_eq!(running.join().unwrap().unwrap(), "through");
        assert_eq!(shown(&script.run(()).unwrap_err()), closed);
        assert_eq!(script.generation().number(), 1);
        assert_eq!(script.stats().interpreters, 0);
        assert_eq!(format!("{script:?}"), r#"Script { name: "door.lua", generation: 1, closed: true }"#);
    });
}

#[test]
fn stats_count_on_all_threads() {
    let script = Script::new("count.lua", "function main(x) if x == 0 then error('zero') end return x end").unwrap();
    let stats = script.stats();
    assert_eq!((stats.runs, stats.failures, stats.generation.number(), stats.interpreters), (0, 0, 1, 1));
    assert_eq!(stats.time, Duration::ZERO);
    let run = || (0..100).for_each(|x| assert_eq!(script.run(x % 10).is_err(), x % 10 == 0));
    thread::scope(|scope| {
        let threads = [scope.spawn(run), scope.spawn(run), scope.spawn(run)];
        // Joined one by one, because only then their interpreters are gone as well.
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    });
    script.run(1).unwrap();
    let stats = script.stats();
    assert_eq!((stats.runs, stats.failures, stats.interpreters), (301, 30, 1));
    script.update("function main() end").unwrap();
    script.run(()).unwrap();
    let stats = script.stats();
    assert_eq!((stats.runs, stats.failures, stats.generation.number(), stats.interpreters), (302, 30, 2, 1));
    script.close();
    script.run(()).unwrap_err();
    let stats = script.stats();
    assert_eq!((stats.runs, stats.failures, stats.interpreters), (303, 31, 0));
}

#[test]
fn stats_tell_the_time_of_long_runs() {
    let script =
        Script::new("long.lua", "function main(n) local x = 0 for i = 1, n do x = x + i end return x end").unwrap();
    let began = Instant::now();
    script.run(2_000_000).unwrap();
    let took = began.elapsed();
    let time = script.stats().time;
    // One run stands for itself, not for the runs that were not timed.
    assert!(time > took / 2 && time <= took, "{time:?} of {took:?}");
    for _ in 0..300 {
        script.run(10).unwrap();
    }
    assert!(script.stats().time > time);
}

#[test]
fn stats_do_not_multiply_a_slow_native() {
    let sleep = NativeModule::new("sleep", "1.0.0").function("now", || thread::sleep(Duration::from_millis(30)));
    let script = Script::builder("sleep.lua")
        .source("local sleep = require('sleep') function main() sleep.now() end")
        .module(sleep)
        .build()
        .unwrap();
    let began = Instant::now();
    script.run(()).unwrap();
    let took = began.elapsed();
    let time = script.stats().time;
    assert!(time >= Duration::from_millis(30) && time <= took, "{time:?} of {took:?}");
}

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

const WORK: &str = "
    function main(n) local x = 0 for i = 1, n do x = x + i end return x end
    function spin() while true do end end
    function hoard() local t = {} for i = 1, 1e9 do t[i] = 'some text that takes room ' .. i end end
";

#[test]
fn limits_of_a_run_narrow_those_of_the_script() {
    let limits = Limits { fuel: Some(1_000_000), timeout: Some(Duration::from_secs(60)), ..Limits::default() };
    let script = Script::builder("limits.lua").source(WORK).limits(limits).build().unwrap();
    assert_eq!(script.call::<i64>(1_000).unwrap(), 500_500);
    let limit = |message: &str| (ErrorKind::Limit, format!("limits.lua: {message}"));
    let failed = |result: Result<Value, Error>| shown(&result.unwrap_err());

    assert_eq!(failed(script.with().fuel(500).run(1_000)), limit("fuel of 500 instructions exceeded"));
    // More than the script has is not to be had.
    assert_eq!(
        failed(script.with().fuel(u64::MAX).function("spin").run(())),
        limit("fuel of 1000000 instructions exceeded")
    );
    assert_eq!(failed(script.with().function("spin").run(())), limit("fuel of 1000000 instructions exceeded"));
    // The next run begins with all of it again.
    assert_eq!(script.call::<i64>(1_000).unwrap(), 500_500);

    let patient = Limits { timeout: Some(Duration::from_millis(40)), ..Limits::default() };
    let script = Script::builder("limits.lua").source(WORK).limits(patient).build().unwrap();
    let spin = || script.with().function("spin");
    assert_eq!(failed(spin().run(())), limit("timeout of 40ms exceeded"));
    assert_eq!(failed(spin().timeout(Duration::from_millis(10)).run(())), limit("timeout of 10ms exceeded"));
    assert_eq!(failed(spin().timeout(Duration::from_secs(3_600)).run(())), limit("timeout of 40ms exceeded"));
    assert_eq!(script.call::<i64>(1_000).unwrap(), 500_500);

    let small = Limits { memory: Some(4 << 20), ..Limits::default() };
    let script = Script::builder("limits.lua").source(WORK).limits(small).build().unwrap();
    let hoard = || script.with().function("hoard");
    assert_eq!(failed(hoard().run(())), limit("memory of 4194304 bytes exceeded"));
    assert_eq!(failed(hoard().memory(2 << 20).run(())), limit("memory of 2097152 bytes exceeded"));
    assert_eq!(failed(hoard().memory(1 << 40).run(())), limit("memory of 4194304 bytes exceeded"));
    assert_eq!(script.call::<i64>(1_000).unwrap(), 500_500);
}

#[test]
fn a_token_cancels_a_run_from_another_thread() {
    ends(|| {
        let script = Script::new("cancel.lua", WORK).unwrap();
        let token = CancelToken::new();
        let elsewhere = token.clone();
        thread::spawn(move || {
            thread::sleep(Duration::from_millis(30));
            elsewhere.cancel();
        });
        let error = script.with().cancel(&token).function("spin").run(()).unwrap_err();
        assert_eq!(shown(&error), (ErrorKind::Cancelled, "cancel.lua: run was cancelled".into()));
        // A token that was cancelled stops later runs as well, and only those that it was given to.
        assert!(script.with().cancel(&token).function("spin").run(()).is_err());
        assert_eq!(script.call::<i64>(1_000).unwrap(), 500_500);
    });
}

#[test]
fn after_the_memory_is_exhausted_the_next_run_starts_afresh() {
    let limits = Limits { memory: Some(8 << 20), ..Limits::default() };
    let script = Script::builder("fill.lua")
        .source(
            "kept = {} runs = 0
             function main(n)
                 runs = runs + 1
                 for i = 1, n do kept[#kept + 1] = 'some text that takes room ' .. #kept end
                 return #kept, runs
             end",
        )
        .limits(limits)
        .build()
        .unwrap();
    assert_eq!(script.call::<(i64, i64)>(10).unwrap(), (10, 1));
    assert_eq!(script.call::<(i64, i64)>(10).unwrap(), (20, 2));
    let error = script.run(10_000_000).unwrap_err();
    assert_eq!(shown(&error), (ErrorKind::Limit, "fill.lua: memory of 8388608 bytes exceeded".into()));
    assert_eq!(script.stats().interpreters, 0);
    assert_eq!(script.call::<(i64, i64)>(10).unwrap(), (10, 1));
    let stats = script.stats();
    assert_eq!((stats.runs, stats.failures, stats.interpreters), (4, 1, 1));
}

#[test]
fn after_other_failures_globals_are_still_there() {
    let script = Script::new(
        "keep.lua",
        "n = 0 function main(what)
            n = n + 1
            if what == 'error' then error('failed on purpose') end
            if what == 'spin' then while true do end end
            if what == 'bad' then return print end
            return n
        end",
    )
    .unwrap();
    let failed = |what: &str| script.with().timeout(Duration::from_millis(20)).run(what).unwrap_err().kind();
    assert_eq!(script.call::<i64>(()).unwrap(), 1);
    assert_eq!(failed("error"), ErrorKind::Runtime);
    assert_eq!(failed("spin"), ErrorKind::Limit);
    assert_eq!(failed("bad"), ErrorKind::Conversion);
    assert_eq!(script.call::<i64>(()).unwrap(), 5);
    assert_eq!(script.stats().failures, 3);
}

#[test]
fn a_panic_in_a_native_costs_one_run() {
    let armed = Arc::new(AtomicBool::new(false));
    let trap = armed.clone();
    let module = NativeModule::new("trap", "1.0.0").function("step", move || {
        assert!(!trap.load(Ordering::SeqCst), "stepped on it");
    });
    let script = Script::builder("trap.lua")
        .source("n = 0 function main() n = n + 1 require('trap').step() return n end")
        .module(module)
        .build()
        .unwrap();
    assert_eq!(script.call::<i64>(()).unwrap(), 1);
    assert_eq!(script.call::<i64>(()).unwrap(), 2);
    armed.store(true, Ordering::SeqCst);
    let error = script.run(()).unwrap_err();
    let expected = (ErrorKind::Native, "trap.lua: a native function panicked: stepped on it".to_owned());
    assert_eq!(shown(&error), expected);
    assert_eq!(script.stats().interpreters, 0);
    // `pcall` does not catch it either: nothing is known about the interpreter any more.
    script.update("function main() return pcall(require('trap').step) end").unwrap();
    assert_eq!(shown(&script.run(()).unwrap_err()), expected);
    armed.store(false, Ordering::SeqCst);
    script.update("n = 0 function main() n = n + 1 require('trap').step() return n end").unwrap();
    assert_eq!(script.call::<i64>(()).unwrap(), 1);
    armed.store(true, Ordering::SeqCst);
    script.run(()).unwrap_err();
    armed.store(false, Ordering::SeqCst);
    assert_eq!(script.call::<i64>(()).unwrap(), 1);
    assert_eq!((script.stats().interpreters, script.stats().failures), (1, 3));
}

#[test]
fn a_panic_while_an_update_starts_leaves_the_old_version() {
    let module = NativeModule::new("trap", "1.0.0").function("step", || -> () { panic!("not ready") });
    let script = Script::builder("old.lua").source("function main() return 'old' end").module(module).build().unwrap();
    let error = script.update("require('trap').step() function main() end").unwrap_err();
    assert_eq!(shown(&error), (ErrorKind::Native, "old.lua: a native function panicked: not ready".into()));
    assert_eq!((script.call::<String>(()).unwrap().as_str(), script.generation().number()), ("old", 1));
}
