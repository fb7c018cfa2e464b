//! Proves that eight threads lose and mix nothing while a script is updated a thousand times: every run ends with the
//! result of its own argument, of a generation that was current at some moment between its beginning and its end.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

#[cfg(feature = "threads")]
use lunapool_executor::Pool;
use lunapool_executor::Script;

const THREADS: u64 = 8;
const RUNS: u64 = 100_000;
const UPDATES: u64 = 1_000;

fn source(generation: u64) -> String {
    format!("function main(x) return x, {generation} end")
}

/// Updates the script until every update is done, and no faster than `done` of the runs are; says in `published` which
/// generation is there for everybody.
fn update(script: &Script, published: &AtomicU64, done: &AtomicU64, total: u64, failed: &AtomicBool) {
    for update in 1..=UPDATES {
        // Spread over all runs. The bound is there for runs that fail.
        while done.load(Ordering::Relaxed) < total / (UPDATES + 1) * (update - 1) && !failed.load(Ordering::Relaxed) {
            thread::sleep(Duration::from_micros(50));
        }
        let generation = script.update(source(update + 1)).unwrap().number();
        assert_eq!(generation, update + 1);
        published.store(generation, Ordering::SeqCst);
    }
}

/// Sets a flag when its thread panics.
struct OnPanic<'a>(&'a AtomicBool);

impl Drop for OnPanic<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.store(true, Ordering::Relaxed);
        }
    }
}

#[test]
fn eight_threads_run_while_a_script_is_updated() {
    let script = Script::new("stress.lua", source(1)).unwrap();
    let (published, done, failed) = (AtomicU64::new(1), AtomicU64::new(0), AtomicBool::new(false));
    thread::scope(|scope| {
        let (script, published, done, failed) = (&script, &published, &done, &failed);
        let runners: Vec<_> = (0..THREADS)
            .map(|thread| {
                scope.spawn(move || {
                    let _on_panic = OnPanic(failed);
                    let (mut last, mut seen, mut sum) = (1, 1, 0_u64);
                    for run in 0..RUNS {
                        let argument = thread * RUNS + run;
                        let before = published.load(Ordering::SeqCst);
                        let (result, generation) = script.call::<(u64, u64)>(argument).unwrap();
                        assert_eq!(result, argument);
                        assert!(generation >= before, "{generation}, and {before} was there when the run began");
                        assert!(generation >= last, "{generation} after {last}");
                        // An update may be current a moment before `update` returns, and no earlier.
                        assert!(generation <= published.load(Ordering::SeqCst) + 1);
                        (seen, last) = (seen + u64::from(generation != last), generation);
                        sum += result;
                        if run % 100 == 99 {
                            done.fetch_add(100, Ordering::Relaxed);
                        }
                    }
                    (sum, seen)
                })
            })
            .collect();
        update(script, published, done, THREADS * RUNS, failed);
        let mut total = 0;
        for runner in runners {
            let (sum, seen) = runner.join().unwrap();
            total += sum;
            // Each thread has met many of them on its way.
            assert!(seen > 10, "only {seen} generations");
        }
        assert_eq!(total, (0..THREADS * RUNS).sum::<u64>());
    });
    let stats = script.stats();
    assert_eq!((stats.runs, stats.failures, stats.generation.number()), (THREADS * RUNS, 0, UPDATES + 1));
    assert_eq!(stats.interpreters, 1);
    assert_eq!(script.call::<(u64, u64)>(5).unwrap(), (5, UPDATES + 1));
}

#[cfg(feature = "threads")]
#[test]
fn batches_and_jobs_run_while_a_script_is_updated() {
    const INPUTS: u64 = 50_000;
    let pool = Pool::builder().threads(4).queue(8).build();
    let script = Script::builder("stress.lua").source(source(1)).pool(&pool).build().unwrap();
    let (published, done, failed) = (AtomicU64::new(1), AtomicU64::new(0), AtomicBool::new(false));
    thread::scope(|scope| {
        let (script, published, done, failed) = (&script, &published, &done, &failed);
        let batch = scope.spawn(move || {
            let _on_panic = OnPanic(failed);
            let mut count = 0;
            for (result, input) in script.with().run_batch_as::<(u64, u64), _>(0..INPUTS).zip(0..) {
                let (value, generation) = result.unwrap();
                assert_eq!(value, input);
                assert!((1..=published.load(Ordering::SeqCst) + 1).contains(&generation));
                done.fetch_add(1, Ordering::Relaxed);
                count += 1;
            }
            assert_eq!(count, INPUTS);
        });
        let jobs = scope.spawn(move || {
            let _on_panic = OnPanic(failed);
            for argument in 0..INPUTS / 10 {
                let before = published.load(Ordering::SeqCst);
                let (value, generation) = script.with().submit_as::<(u64, u64), _>(argument).wait().unwrap();
                assert_eq!(value, argument);
                assert!(generation >= before, "{generation}, and {before} was there when the job was submitted");
            }
        });
        update(script, published, done, INPUTS, failed);
        batch.join().unwrap();
        jobs.join().unwrap();
    });
    pool.shutdown();
    let stats = script.stats();
    assert_eq!((stats.runs, stats.failures, stats.interpreters), (INPUTS + INPUTS / 10, 0, 1));
}
