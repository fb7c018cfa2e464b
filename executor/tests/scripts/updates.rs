//! Proves that an update is all or nothing, and is seen by the next run of every thread and by no run in flight.

use std::sync::Barrier;
use std::thread;

use lunapool_executor::{Generation, Script};
use lunapool_interpreter::ErrorKind;
use lunapool_modules::NativeModule;

use super::common::{Gate, ends};
use super::{endless, shown};

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
fn a_panic_while_an_update_starts_leaves_the_old_version() {
    let module = NativeModule::new("trap", "1.0.0").function("step", || -> () { panic!("not ready") });
    let script = Script::builder("old.lua").source("function main() return 'old' end").module(module).build().unwrap();
    let error = script.update("require('trap').step() function main() end").unwrap_err();
    assert_eq!(shown(&error), (ErrorKind::Native, "old.lua: a native function panicked: not ready".into()));
    assert_eq!((script.call::<String>(()).unwrap().as_str(), script.generation().number()), ("old", 1));
}
