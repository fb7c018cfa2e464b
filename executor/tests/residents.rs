//! Proves that interpreters of scripts that were updated, closed or dropped are released, on every thread, and that
//! what stays on one thread is bounded.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier, Weak, mpsc};
use std::thread;
use std::time::Duration;

use common::ends;
use lunapool_executor::{MAX_RESIDENT, Script};
use lunapool_interpreter::{EmptyAs, Handle, Loader, Native, Open, Result, Scope};
use lunapool_modules::Module;

/// A module that puts a token into the heap of every interpreter that requires it.
struct Traced(Arc<()>);

struct OpenTraced(Arc<()>);

impl Open for OpenTraced {
    fn open<'gc>(&self, scope: Scope<'gc>) -> Result<Handle<'gc>> {
        let token = self.0.clone();
        let native = Native::typed("touch", move || {
            let _token = &token;
        });
        let table = scope.empty(EmptyAs::Unsaid);
        table.set_field(scope, "touch", scope.function(Arc::new(native)));
        Ok(table.into())
    }
}

impl Module for Traced {
    fn name(&self) -> &str {
        "traced"
    }

    fn version(&self) -> &str {
        "1.0.0"
    }

    fn loader(&self) -> Loader {
        Loader::Native(Arc::new(OpenTraced(self.0.clone())))
    }
}

const COUNTER: &str = "local traced = require('traced') n = 0 function main() n = n + 1 return n end";

/// How many hold a token beside the heaps: the test, the module, and what opens it.
const OTHERS: usize = 3;

fn traced(source: &str) -> (Script, Arc<()>) {
    let token = Arc::new(());
    let script = Script::builder("traced.lua").source(source).module(Traced(token.clone())).build().unwrap();
    (script, token)
}

/// How many heaps there are.
fn heaps(token: &Arc<()>) -> usize {
    Arc::strong_count(token) - OTHERS
}

#[test]
fn ten_thousand_updates_leave_a_handful() {
    const UPDATES: u64 = 10_000;
    ends(|| {
        let source = |index: u64| format!("local traced = require('traced') function main() return {index} end");
        let (script, token) = traced(&source(0));
        let (stop, started) = (AtomicBool::new(false), Barrier::new(4));
        thread::scope(|scope| {
            let keep_running = || {
                let (mut last, mut runs) = (0, 0_u64);
                script.run(()).unwrap();
                started.wait();
                while !stop.load(Ordering::SeqCst) {
                    let seen = script.call::<u64>(()).unwrap();
                    assert!(seen >= last, "{seen} after {last}");
                    (last, runs) = (seen, runs + 1);
                    thread::sleep(Duration::from_micros(200));
                }
                assert_eq!(script.call::<u64>(()).unwrap(), UPDATES);
                runs
            };
            let runners = [scope.spawn(keep_running), scope.spawn(keep_running), scope.spawn(keep_running)];
            started.wait();
            let mut most = 0;
            for index in 1..=UPDATES {
                script.update(source(index)).unwrap();
                most = most.max(script.stats().interpreters).max(heaps(&token));
                // Not all updates are followed by a run here.
                if index % 3 == 0 {
                    assert_eq!(script.call::<u64>(()).unwrap(), index);
                }
            }
            // One on each thread, and on some an old one beside the new one that is being made.
            assert!(most <= 8, "{most} interpreters at a time");
            stop.store(true, Ordering::SeqCst);
            for runner in runners {
                assert!(runner.join().unwrap() > 0);
            }
        });
        assert_eq!((script.stats().interpreters, heaps(&token)), (1, 1));
        assert_eq!(script.generation().number(), UPDATES + 1);
        assert_eq!(script.stats().failures, 0);
    });
}

#[test]
fn a_thousand_threads_take_their_interpreters_with_them() {
    let (script, token) = traced(COUNTER);
    for _ in 0..125 {
        let run = || {
            let script = script.clone();
            thread::spawn(move || script.call::<i64>(()).unwrap())
        };
        let threads: [_; 8] = std::array::from_fn(|_| run());
        for thread in threads {
            assert_eq!(thread.join().unwrap(), 1);
        }
        // The one that was made here, when the script was built.
        assert_eq!((script.stats().interpreters, heaps(&token)), (1, 1));
    }
    assert_eq!(script.stats().runs, 1_000);
}

#[test]
fn other_threads_let_go_of_a_dropped_script_at_their_next_run() {
    ends(|| {
        let (script, token) = traced(COUNTER);
        let other = Script::new("other.lua", "function main() return 'other' end").unwrap();
        let (go, gone) = (Arc::new(Barrier::new(2)), Arc::new(Barrier::new(2)));
        let thread = thread::spawn({
            let (script, other, go, gone) = (script.clone(), other.clone(), go.clone(), gone.clone());
            move || {
                script.run(()).unwrap();
                other.run(()).unwrap();
                drop(script);
                go.wait();
                gone.wait();
                assert_eq!(other.call::<String>(()).unwrap(), "other");
                go.wait();
                gone.wait();
            }
        });
        go.wait();
        assert_eq!(script.stats().interpreters, 2);
        drop(script);
        // Here it is gone at once; the other thread has not looked yet, and holds its heap and the module.
        assert_eq!(Arc::strong_count(&token), 1 + 3);
        gone.wait();
        go.wait();
        assert_eq!(Arc::strong_count(&token), 1);
        gone.wait();
        thread.join().unwrap();
        assert_eq!(other.stats().interpreters, 1);
    });
}

#[test]
fn a_closed_script_is_released_by_threads_that_run_nothing_else() {
    ends(|| {
        let (script, token) = traced(COUNTER);
        let (ask, asked) = mpsc::channel::<()>();
        let (answer, answered) = mpsc::channel();
        let thread = thread::spawn({
            let script = script.clone();
            move || asked.iter().for_each(|()| answer.send(script.run(()).is_ok()).unwrap())
        });
        ask.send(()).unwrap();
        assert!(answered.recv().unwrap());
        assert_eq!((script.stats().interpreters, heaps(&token)), (2, 2));
        script.close();
        assert_eq!((script.stats().interpreters, heaps(&token)), (1, 1));
        ask.send(()).unwrap();
        assert!(!answered.recv().unwrap());
        assert_eq!((script.stats().interpreters, heaps(&token)), (0, 0));
        drop(ask);
        thread.join().unwrap();
    });
}

#[test]
fn scripts_that_are_built_and_dropped_leave_nothing() {
    let tokens: Vec<Weak<()>> = (0..300)
        .map(|_| {
            let (script, token) = traced(COUNTER);
            drop(script);
            assert_eq!(Arc::strong_count(&token), 1);
            Arc::downgrade(&token)
        })
        .collect();
    assert!(tokens.iter().all(|token| token.upgrade().is_none()));
}

#[test]
fn a_thread_keeps_a_bounded_number_of_scripts_and_runs_any_number() {
    let scripts: Vec<_> = (0..3 * MAX_RESIDENT).map(|_| traced(COUNTER)).collect();
    let alive = || scripts.iter().map(|(script, _)| script.stats().interpreters).sum::<usize>();
    assert_eq!(alive(), MAX_RESIDENT);
    for _ in 0..3 {
        for (script, _) in &scripts {
            // Whoever comes again after so many others starts afresh.
            assert_eq!(script.call::<i64>(()).unwrap(), 1);
            assert!(alive() <= MAX_RESIDENT, "{}", alive());
        }
    }
    assert_eq!(scripts.iter().map(|(_, token)| heaps(token)).sum::<usize>(), MAX_RESIDENT);
    // The last ones used are those that were kept.
    for (script, _) in &scripts[2 * MAX_RESIDENT..] {
        assert_eq!(script.call::<i64>(()).unwrap(), 2);
    }
    for (script, token) in &scripts[..2 * MAX_RESIDENT] {
        assert_eq!((script.stats().interpreters, heaps(token)), (0, 0));
    }
}

#[test]
fn a_script_that_is_used_stays_while_others_come_and_go() {
    let (used, _token) = traced(COUNTER);
    for round in 1..=3 * MAX_RESIDENT {
        let (passing, _token) = traced(COUNTER);
        assert_eq!(passing.call::<i64>(()).unwrap(), 1);
        assert_eq!(used.call::<usize>(()).unwrap(), round);
    }
    assert_eq!(used.stats().interpreters, 1);
}

#[cfg(feature = "threads")]
mod on_workers {
    use super::common::{Gate, eventually};
    use super::*;
    use lunapool_executor::Pool;

    /// A script with an interpreter on each of two workers, which are idle.
    fn on_two_workers(pool: &Pool) -> (Script, Arc<()>) {
        let (token, gate) = (Arc::new(()), Gate::new());
        let script = Script::builder("pooled.lua")
            .source("local traced = require('traced') function main() require('gate').wait() end")
            .module(Traced(token.clone()))
            .module(gate.module())
            .pool(pool)
            .build()
            .unwrap();
        let jobs = [script.submit(()), script.submit(())];
        gate.await_waiting(2);
        gate.open();
        jobs.into_iter().for_each(|job| drop(job.wait().unwrap()));
        eventually("the runs have ended", || script.stats().runs == 2);
        assert_eq!(script.stats().interpreters, 3);
        (script, token)
    }

    #[test]
    fn idle_workers_let_go() {
        let pool = Pool::builder().threads(2).build();
        let (dropped, token) = on_two_workers(&pool);
        drop(dropped);
        eventually("the dropped script's interpreters are gone", || Arc::strong_count(&token) == 1);
        let (closed, token) = on_two_workers(&pool);
        let (updated, updated_token) = on_two_workers(&pool);
        // Workers that have been idle for a while look as well.
        thread::sleep(Duration::from_millis(2_500));
        closed.close();
        updated.update("local traced = require('traced') function main() end").unwrap();
        eventually("the closed script's interpreters are gone", || closed.stats().interpreters == 0);
        eventually("the updated script's old interpreters are gone", || updated.stats().interpreters == 1);
        assert_eq!((heaps(&token), heaps(&updated_token)), (0, 1));
        updated.submit(()).wait().unwrap();
    }

    #[test]
    fn a_pool_that_is_shut_down_takes_its_interpreters_with_it() {
        let pool = Pool::builder().threads(2).build();
        let (script, token) = on_two_workers(&pool);
        pool.shutdown();
        assert_eq!((script.stats().interpreters, heaps(&token)), (1, 1));
        script.run(()).unwrap();
    }
}
