//! Proves what `stats` counts, on all threads, and how close its time is to the truth.

use std::thread;
use std::time::{Duration, Instant};

use lunapool_executor::Script;
use lunapool_modules::NativeModule;

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
