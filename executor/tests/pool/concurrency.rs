//! Proves that no more jobs of a script run at a time than it allows, and no fewer, and that other scripts have their
//! turns.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use lunapool_executor::Script;
use lunapool_interpreter::Value;
use lunapool_modules::NativeModule;

use super::common::{Gate, ends, eventually};
use super::{Meter, gated, integer, metered, pool, script_of_others};

#[test]
fn concurrency_bounds_how_many_jobs_run_at_a_time() {
    for (concurrency, queue) in [(1, 1), (1, 64), (2, 1), (2, 64), (3, 2)] {
        ends(move || {
            let (pool, meter) = (pool(4, queue), Meter::default());
            let script = metered(&pool, &meter, concurrency);
            let other = script_of_others(&pool);
            assert_eq!(script.concurrency(), concurrency);
            thread::scope(|scope| {
                for _ in 0..3 {
                    // From several threads, with other scripts' jobs in between.
                    scope.spawn(|| {
                        let jobs: Vec<_> = (0..200).map(|x| (script.submit(x), other.submit(x))).collect();
                        for ((job, foreign), x) in jobs.into_iter().zip(0..) {
                            assert_eq!((integer(job.wait()), integer(foreign.wait())), (x, -x));
                        }
                    });
                }
                scope.spawn(|| {
                    let results: Vec<_> = script.run_batch(0..300).map(integer).collect();
                    assert_eq!(results, (0..300).collect::<Vec<_>>());
                });
            });
            assert_eq!(script.stats().runs, 900);
            assert!(meter.most() <= concurrency, "{} at a time, and {concurrency} allowed", meter.most());
            pool.shutdown();
        });
    }
}

#[test]
fn concurrency_is_used_as_far_as_it_goes() {
    ends(|| {
        let (pool, gate) = (pool(4, 64), Gate::new());
        let build = |concurrency| {
            let source = "function main(x) require('gate').wait() return x end";
            let builder = Script::builder("gate.lua").source(source).module(gate.module()).pool(&pool);
            builder.concurrency(concurrency).build().unwrap()
        };
        let (one, two, none, many) = (build(1), build(2), build(0), build(100));
        assert_eq!([&one, &two, &none, &many].map(Script::concurrency), [1, 2, 1, 4]);
        let jobs: Vec<_> = (0..3).flat_map(|x| [one.submit(x), two.submit(x)]).collect();
        gate.await_waiting(3);
        thread::sleep(Duration::from_millis(20));
        assert_eq!((one.stats().interpreters, two.stats().interpreters), (1 + 1, 1 + 2));
        gate.open();
        for (index, job) in jobs.into_iter().enumerate() {
            assert_eq!(job.wait().unwrap(), Value::from((index / 2) as i64));
        }
    });
}

#[test]
fn other_scripts_have_their_turns() {
    // One worker, and two scripts that keep it busy. Neither has to wait until the other has no more to do.
    for queue in [1, 4, 64] {
        ends(move || {
            let (pool, gate) = (pool(1, queue), Gate::new());
            let order = Arc::new(Mutex::new(String::new()));
            let build = |name: &'static str, concurrency: Option<usize>| {
                let seen = order.clone();
                let note = NativeModule::new("note", "1.0.0").function("down", move || {
                    seen.lock().unwrap().push_str(name);
                    thread::sleep(Duration::from_millis(1));
                });
                let builder = Script::builder("turn.lua")
                    .source("function main() require('note').down() end")
                    .module(note)
                    .pool(&pool);
                if let Some(jobs) = concurrency { builder.concurrency(jobs) } else { builder }.build().unwrap()
            };
            let (bounded, free) = (build("b", Some(1)), build("f", None));
            let blocker = gated(&pool, &gate).submit(0);
            gate.await_waiting(1);
            let jobs: Vec<_> = (0..200).map(|_| bounded.submit(())).collect();
            let others = thread::spawn(move || (0..20).map(|_| free.submit(())).collect::<Vec<_>>());
            if queue == 64 {
                eventually("all are waiting", || others.is_finished());
            }
            gate.open();
            blocker.wait().unwrap();
            jobs.into_iter().chain(others.join().unwrap()).for_each(|job| drop(job.wait().unwrap()));
            let order = order.lock().unwrap().clone();
            assert_eq!((order.matches('b').count(), order.matches('f').count()), (200, 20));
            assert!(order.ends_with("bbbbbbbbbb"), "the free script had to wait for the bounded one: {order}");
            if queue == 64 {
                // The ticket was there first, and then had its turn after everything that was there before.
                assert!(order.starts_with("bffffffffffffffffffffb"), "{order}");
            }
        });
    }
}

#[test]
fn a_lane_does_not_keep_a_worker_for_itself() {
    // The queue is always full, and both scripts have always more to do.
    ends(|| {
        let pool = pool(1, 1);
        let (stop, meter) = (AtomicBool::new(false), Meter::default());
        let (lane, other) = (metered(&pool, &meter, 1), script_of_others(&pool));
        thread::scope(|scope| {
            for script in [&lane, &lane, &other, &other] {
                let stop = &stop;
                scope.spawn(move || {
                    while !stop.load(Ordering::SeqCst) {
                        drop((0..8).map(|x| script.submit(x)).collect::<Vec<_>>());
                    }
                });
            }
            eventually("both have run", || lane.stats().runs > 200 && other.stats().runs > 200);
            stop.store(true, Ordering::SeqCst);
        });
        pool.shutdown();
        assert_eq!(meter.most(), 1);
    });
}
