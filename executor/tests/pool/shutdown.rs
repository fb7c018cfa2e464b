//! Proves that every accepted job ends when its pool is shut down or dropped: it runs, or it is cancelled and says so.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::thread;
use std::time::Duration;

use lunapool_executor::{Job, Script, TrySubmitError};
use lunapool_interpreter::{ErrorKind, Value};
use lunapool_modules::NativeModule;

use super::common::{Gate, ends, eventually};
use super::{Meter, gated, hosting, integer, metered, pool, script, script_of_others, shown};

#[test]
fn a_graceful_shutdown_runs_what_was_accepted() {
    ends(|| {
        let (pool, gate) = (pool(2, 64), Gate::new());
        let script = gated(&pool, &gate);
        let jobs: Vec<_> = (0..40).map(|x| script.submit(x)).collect();
        gate.await_waiting(2);
        let shutdown = thread::spawn({
            let pool = pool.clone();
            move || pool.shutdown()
        });
        eventually("the pool is shut down", || pool.is_shut_down());
        let closed = (ErrorKind::Closed, "gate.lua: the pool is shut down".to_owned());
        assert_eq!(shown(&script.submit(1).wait().unwrap_err()), closed);
        let batch: Vec<_> = script.run_batch([1, 2, 3]).map(|result| shown(&result.unwrap_err())).collect();
        assert_eq!(batch, [closed.clone(), closed.clone(), closed]);
        assert!(!shutdown.is_finished());
        gate.open();
        // Whoever else shuts it down waits for the same end.
        pool.shutdown();
        assert!(jobs.iter().all(Job::is_finished));
        shutdown.join().unwrap();
        assert_eq!(jobs.into_iter().map(|job| integer(job.wait())).collect::<Vec<_>>(), (0..40).collect::<Vec<_>>());
        // The script itself goes on.
        assert_eq!(script.call::<i64>(5).unwrap(), 5);
        pool.shutdown();
        pool.shutdown_now();
    });
}

const SPIN: &str = "function main(x) while true do end end";

#[test]
fn an_immediate_shutdown_cancels_what_runs_and_what_waits() {
    ends(|| {
        let pool = pool(1, 16);
        let began = Gate::new();
        began.open();
        let started = Arc::new(AtomicBool::new(false));
        let seen = started.clone();
        let module = NativeModule::new("start", "1.0.0").function("now", move || seen.store(true, Ordering::SeqCst));
        let endless = Script::builder("spin.lua")
            .source("function main() require('start').now() while true do end end")
            .module(module)
            .pool(&pool)
            .build()
            .unwrap();
        let quick = script(&pool, "function main() return 1 end");
        let running = endless.submit(());
        eventually("the job runs", || started.load(Ordering::SeqCst));
        let waiting = [quick.submit(()), quick.submit(())];
        let batch = thread::spawn({
            let quick = quick.clone();
            move || quick.run_batch(vec![(); 500]).map(|result| result.unwrap_err().kind()).collect::<Vec<_>>()
        });
        pool.shutdown_now();
        assert_eq!(shown(&running.wait().unwrap_err()), (ErrorKind::Cancelled, "spin.lua: run was cancelled".into()));
        let never = (ErrorKind::Cancelled, "job.lua: the pool was shut down before the job began".to_owned());
        for job in waiting {
            assert_eq!(shown(&job.wait().unwrap_err()), never);
        }
        // Each input has its result, accepted before or not.
        let kinds = batch.join().unwrap();
        assert_eq!(kinds.len(), 500);
        assert!(kinds.iter().all(|kind| matches!(kind, ErrorKind::Cancelled | ErrorKind::Closed)), "{kinds:?}");
        assert_eq!(quick.submit(()).wait().unwrap_err().kind(), ErrorKind::Closed);
        assert_eq!(quick.call::<i64>(()).unwrap(), 1);
    });
}

#[test]
fn an_immediate_shutdown_reaches_runs_inside_of_jobs() {
    // Run by a native, and run by a worker that waits for its own job.
    for waits in [false, true] {
        ends(move || {
            let pool = pool(1, 4);
            let inner = script(&pool, SPIN);
            let began = Arc::new(AtomicBool::new(false));
            let seen = began.clone();
            let outer = hosting(&pool, "function main() return require('host').call(0) end", move |_, _| {
                seen.store(true, Ordering::SeqCst);
                let result = if waits { inner.submit(()).wait() } else { inner.run(()) };
                result.map(|_| 0)
            });
            let job = outer.submit(());
            eventually("the job runs", || began.load(Ordering::SeqCst));
            thread::sleep(Duration::from_millis(10));
            pool.shutdown_now();
            assert_eq!(job.wait().unwrap_err().kind(), ErrorKind::Cancelled);
        });
    }
}

#[test]
fn a_job_may_shut_its_pool_down() {
    for now in [false, true] {
        ends(move || {
            let (pool, gate) = (pool(1, 16), Gate::new());
            let (closing, stop) = (pool.clone(), gate.clone());
            let host = NativeModule::new("host", "1.0.0").function("shutdown", move || {
                stop.wait();
                if now {
                    closing.shutdown_now()
                } else {
                    closing.shutdown()
                }
                closing.is_shut_down()
            });
            let script = Script::builder("last.lua")
                .source("function main() return require('host').shutdown() end")
                .module(host)
                .pool(&pool)
                .build()
                .unwrap();
            let (first, second) = (script.submit(()), script.submit(()));
            gate.await_waiting(1);
            gate.open();
            // The run itself is short, so it ends before anybody looks whether it was cancelled.
            assert_eq!(first.wait().unwrap(), Value::Bool(true));
            match second.wait() {
                Ok(value) => assert_eq!((now, value), (false, Value::Bool(true))),
                Err(error) => assert_eq!((now, error.kind()), (true, ErrorKind::Cancelled)),
            }
            pool.shutdown();
        });
    }
}

#[test]
fn a_dropped_pool_runs_what_it_accepted() {
    for lane in [false, true] {
        ends(move || {
            let (pool, gate) = (pool(2, 64), Gate::new());
            let sum = Arc::new(AtomicI64::new(0));
            let total = sum.clone();
            let module = NativeModule::new("sum", "1.0.0").function("add", move |x: i64| {
                total.fetch_add(x, Ordering::SeqCst);
            });
            let builder = Script::builder("left.lua")
                .source("function main(x) require('gate').wait() require('sum').add(x) return x end")
                .module(module)
                .module(gate.module())
                .pool(&pool);
            let script = if lane { builder.concurrency(2) } else { builder }.build().unwrap();
            let jobs: Vec<_> = (1..=40).map(|x| script.submit(x)).collect();
            gate.await_waiting(2);
            drop((pool, script));
            gate.open();
            for (job, x) in jobs.into_iter().zip(1..) {
                assert_eq!(integer(job.wait()), x);
            }
            assert_eq!(sum.load(Ordering::SeqCst), 40 * 41 / 2);
            // With the last job the script, its modules and the threads are gone.
            // This thread has an interpreter as well, since the script was built, and lets go of it at its next run.
            let other = Script::new("other.lua", "function main() end").unwrap();
            eventually("the module is gone", || other.run(()).is_ok() && Arc::strong_count(&sum) == 1);
        });
    }
}

#[test]
fn lanes_end_with_their_pool() {
    for now in [false, true] {
        ends(move || {
            let (pool, gate) = (pool(2, 2), Gate::new());
            let script = Script::builder("lane.lua")
                .source("function main(x) require('gate').wait() return x end")
                .module(gate.module())
                .pool(&pool)
                .concurrency(2)
                .build()
                .unwrap();
            let jobs: Vec<_> = (0..100).map(|x| script.submit(x)).collect();
            gate.await_waiting(2);
            let shutdown = thread::spawn({
                let pool = pool.clone();
                move || if now { pool.shutdown_now() } else { pool.shutdown() }
            });
            eventually("the pool is shut down", || pool.is_shut_down());
            assert_eq!(script.submit(1).wait().unwrap_err().kind(), ErrorKind::Closed);
            assert!(matches!(script.try_submit(1), Err(TrySubmitError::Closed(1))));
            gate.open();
            shutdown.join().unwrap();
            let (mut done, mut cancelled) = (0, 0);
            for (job, x) in jobs.into_iter().zip(0..) {
                assert!(job.is_finished());
                match job.wait() {
                    Ok(value) => {
                        assert_eq!(value.as_integer(), Some(x));
                        done += 1;
                    }
                    Err(error) => {
                        assert_eq!(error.kind(), ErrorKind::Cancelled);
                        cancelled += 1;
                    }
                }
            }
            assert_eq!((done, cancelled), if now { (2, 98) } else { (100, 0) });
        });
    }
}

#[test]
fn shutting_down_while_others_submit_loses_nothing() {
    for round in 0..40 {
        ends(move || {
            let (pool, meter) = (pool(2, 2), Meter::default());
            let (lane, free) = (metered(&pool, &meter, 1 + round % 2), script_of_others(&pool));
            thread::scope(|scope| {
                for script in [&lane, &free, &lane, &free] {
                    scope.spawn(move || {
                        let jobs: Vec<_> = (0..30).map(|x| script.submit(x)).collect();
                        for (job, x) in jobs.into_iter().zip(0..) {
                            match job.wait() {
                                Ok(value) => assert_eq!(value.as_integer().unwrap().abs(), x),
                                Err(error) => {
                                    assert!(
                                        matches!(error.kind(), ErrorKind::Closed | ErrorKind::Cancelled),
                                        "{error}"
                                    );
                                }
                            }
                        }
                    });
                }
                thread::sleep(Duration::from_micros(100 * round as u64));
                if round % 4 < 2 { pool.shutdown() } else { pool.shutdown_now() }
            });
        });
    }
}
