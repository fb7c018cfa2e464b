//! Proves that a job has the result of its run, once, whether it is waited for, awaited or dropped.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use lunapool_executor::{Job, Pool, Script};
use lunapool_interpreter::ErrorKind;
use lunapool_modules::NativeModule;

use super::common::{self, Gate, ends};
use super::{block_on, gated, integer, pool, script, shown};

#[test]
fn a_job_has_the_result_of_its_run() {
    let pool = pool(2, 16);
    let script = script(&pool, "function main(a, b) if not a then error('nothing') end return a .. b, #b end");
    assert_eq!(script.submit(("a", "b")).wait().unwrap().as_str(), Some("ab"));
    let job: Job<(String, usize)> = script.with().submit_as(("x", "yz"));
    assert_eq!(job.wait().unwrap(), ("xyz".into(), 2));
    assert_eq!(shown(&script.submit(()).wait().unwrap_err()), (ErrorKind::Runtime, "job.lua:1: nothing".into()));
    let job: Job<i64> = script.with().submit_as(("x", "y"));
    assert_eq!(job.wait().unwrap_err().kind(), ErrorKind::Conversion);
    let patient = script.with().fuel(1_000);
    assert_eq!(patient.submit(("c", "d")).wait().unwrap().as_str(), Some("cd"));
    assert_eq!(script.stats().runs, 5);
}

#[test]
fn scripts_without_a_pool_share_one() {
    let a = Script::new("a.lua", "function main() return 'a' end").unwrap();
    let b = Script::new("b.lua", "function main() return 'b' end").unwrap();
    assert_eq!(a.submit(()).wait().unwrap().as_str(), Some("a"));
    assert_eq!(b.submit(()).wait().unwrap().as_str(), Some("b"));
    assert!(std::ptr::eq(a.pool(), Pool::global()) && std::ptr::eq(b.pool(), Pool::global()));
    assert_eq!(Pool::global().threads(), thread::available_parallelism().unwrap().get());
    assert_eq!(a.concurrency(), Pool::global().threads());
}

#[test]
fn many_jobs_are_in_flight_and_none_is_mixed_up() {
    ends(|| {
        let pool = pool(3, 8);
        let script = script(&pool, "function main(x) return x * x end");
        let jobs: Vec<_> = (0..5_000).map(|x| (x, script.submit(x))).collect();
        for (x, job) in jobs.into_iter().rev() {
            assert_eq!(integer(job.wait()), x * x);
        }
        assert_eq!(script.stats().runs, 5_000);
    });
}

#[test]
fn waiting_may_end_before_the_job_does() {
    ends(|| {
        let (pool, gate) = (pool(1, 4), Gate::new());
        let script = gated(&pool, &gate);
        let mut job = script.submit(7);
        assert!(job.wait_timeout(Duration::ZERO).is_none());
        assert!(job.wait_timeout(Duration::from_millis(20)).is_none());
        assert!(!job.is_finished());
        assert_eq!(format!("{job:?}"), "Job { finished: false }");
        gate.open();
        assert_eq!(integer(job.wait_timeout(Duration::MAX).unwrap()), 7);
        assert!(job.is_finished());
        // There is one result; whoever asks again is told, and does not wait.
        let taken = (ErrorKind::Closed, "the result was taken before".to_owned());
        assert_eq!(shown(&job.wait_timeout(Duration::MAX).unwrap().unwrap_err()), taken);
        assert_eq!(shown(&block_on(&mut job).unwrap_err()), taken);
        assert_eq!(shown(&job.wait().unwrap_err()), taken);
    });
}

#[test]
fn a_job_can_be_awaited() {
    ends(|| {
        let (pool, gate) = (pool(2, 16), Gate::new());
        let script = gated(&pool, &gate);
        let (a, b) = (script.submit(1), script.submit(2));
        gate.await_waiting(2);
        let opener = thread::spawn({
            let gate = gate.clone();
            move || {
                thread::sleep(Duration::from_millis(20));
                gate.open();
            }
        });
        let sum = block_on(async { integer(a.await) + integer(b.await) + integer(script.submit(3).await) });
        assert_eq!(sum, 6);
        opener.join().unwrap();
        let error = block_on(async {
            script.close();
            script.submit(4).await.unwrap_err()
        });
        assert_eq!(error.kind(), ErrorKind::Closed);
    });
}

#[test]
fn dropping_a_job_drops_its_result_only() {
    ends(|| {
        let (pool, gate) = (pool(1, 16), Gate::new());
        let ran = Arc::new(AtomicI64::new(0));
        let sum = ran.clone();
        let module = NativeModule::new("sum", "1.0.0").function("add", move |x: i64| {
            sum.fetch_add(x, Ordering::SeqCst);
        });
        let script = Script::builder("drop.lua")
            .source("function main(x) require('gate').wait() require('sum').add(x) end")
            .module(module)
            .module(gate.module())
            .pool(&pool)
            .build()
            .unwrap();
        drop(script.submit(1));
        gate.await_waiting(1);
        drop(script.submit(10));
        drop(script.submit(100));
        gate.open();
        pool.shutdown();
        assert_eq!(ran.load(Ordering::SeqCst), 111);
    });
}

#[test]
fn jobs_are_spread_over_the_workers_and_wait_for_nobody_else() {
    ends(|| {
        let pool = pool(3, 64);
        let seen = Arc::new(Mutex::new(BTreeSet::new()));
        let names = seen.clone();
        let module = NativeModule::new("who", "1.0.0").function("am_i", move || {
            names.lock().unwrap().insert(thread::current().name().unwrap_or_default().to_owned());
        });
        let script = Script::builder("who.lua")
            .source("function main() require('who').am_i() require('gate').wait() end")
            .module(module)
            .module({
                let gate = Gate::new();
                let opener = gate.clone();
                thread::spawn(move || {
                    opener.await_waiting(3);
                    opener.open();
                });
                gate.module()
            })
            .pool(&pool)
            .build()
            .unwrap();
        let jobs = [(), (), ()].map(|()| script.submit(()));
        jobs.into_iter().for_each(|job| drop(job.wait().unwrap()));
        let names: Vec<_> = seen.lock().unwrap().iter().cloned().collect();
        assert_eq!(names, ["lunapool-0", "lunapool-1", "lunapool-2"]);
        let began = Instant::now();
        pool.shutdown();
        assert!(began.elapsed() < common::PATIENCE);
    });
}
