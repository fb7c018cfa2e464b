//! Proves that every job that a pool accepts ends with one result, in the order that was promised, whatever jobs do to
//! each other, to their pool and to themselves.

#![cfg(feature = "threads")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use common::{Gate, ends, eventually};
use lunapool_executor::{Job, Pool, Script, TrySubmitError};
use lunapool_interpreter::{Error, ErrorKind, IntoLua, Result, Value};
use lunapool_modules::NativeModule;

fn pool(threads: usize, queue: usize) -> Pool {
    Pool::builder().threads(threads).queue(queue).build()
}

fn script(pool: &Pool, source: &str) -> Script {
    Script::builder("job.lua").source(source).pool(pool).build().unwrap()
}

fn gated(pool: &Pool, gate: &Gate) -> Script {
    let source = "local gate = require('gate') function main(x) gate.wait() return x end";
    Script::builder("gate.lua").source(source).module(gate.module()).pool(pool).build().unwrap()
}

/// A script whose native `host.call(n)` is `call`, which gets the script.
fn hosting<F>(pool: &Pool, source: &str, call: F) -> Script
where
    F: Fn(&Script, i64) -> Result<i64> + Send + Sync + 'static,
{
    let place: Arc<OnceLock<Script>> = Arc::default();
    let host = place.clone();
    let module = NativeModule::new("host", "1.0.0").function("call", move |n: i64| call(host.get().unwrap(), n));
    let script = Script::builder("host.lua").source(source).module(module).pool(pool).build().unwrap();
    place.set(script.clone()).unwrap();
    script
}

const CALL_HOST: &str = "function main(n) if n == 0 then return 0 end return n + require('host').call(n - 1) end";

fn integer(result: Result<Value>) -> i64 {
    result.unwrap().as_integer().unwrap()
}

fn shown(error: &Error) -> (ErrorKind, String) {
    (error.kind(), error.to_string())
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(value) => return value,
            Poll::Pending => thread::park(),
        }
    }
}

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
fn a_saturated_pool_gives_the_arguments_back() {
    ends(|| {
        let (pool, gate) = (pool(1, 1), Gate::new());
        let script = gated(&pool, &gate);
        let running = script.try_submit(String::from("first")).unwrap();
        gate.await_waiting(1);
        let waiting = script.try_submit(String::from("second")).unwrap();
        let error = script.try_submit(String::from("third")).unwrap_err();
        assert!(error.is_saturated());
        assert_eq!(error.to_string(), "the pool is saturated");
        assert_eq!(error.into_args(), "third");
        gate.open();
        assert_eq!(running.wait().unwrap().as_str(), Some("first"));
        assert_eq!(waiting.wait().unwrap().as_str(), Some("second"));
        let job = script.try_submit(String::from("third")).unwrap();
        assert_eq!(job.wait().unwrap().as_str(), Some("third"));
        pool.shutdown();
        let error = script.try_submit(vec![1, 2]).unwrap_err();
        assert!(!error.is_saturated());
        assert_eq!(error.to_string(), "the pool is shut down");
        assert!(matches!(error, TrySubmitError::Closed(args) if args == [1, 2]));
    });
}

#[test]
fn trying_to_submit_never_waits() {
    // The queue is full of another script's jobs; the lane of this one has room.
    ends(|| {
        let (pool, gate) = (pool(1, 1), Gate::new());
        let blocking = gated(&pool, &gate);
        let lane = Script::builder("lane.lua")
            .source("function main(x) return x end")
            .pool(&pool)
            .concurrency(1)
            .build()
            .unwrap();
        let running = blocking.submit(1);
        gate.await_waiting(1);
        let queued = blocking.try_submit(2).unwrap();
        assert!(blocking.try_submit(3).unwrap_err().is_saturated());
        let mut accepted = Vec::new();
        let refused = loop {
            match lane.try_submit(accepted.len()) {
                Ok(job) => accepted.push(job),
                Err(error) => break error,
            }
        };
        assert!(refused.is_saturated());
        assert_eq!(refused.into_args(), accepted.len());
        assert!(!accepted.is_empty() && accepted.len() < 10_000);
        gate.open();
        for (x, job) in accepted.into_iter().enumerate() {
            assert_eq!(job.wait().unwrap(), Value::from(x as i64));
        }
        assert_eq!((integer(running.wait()), integer(queued.wait())), (1, 2));
    });
}

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
fn jobs_may_wait_for_jobs_of_their_own_pool() {
    let ways: [fn(&Script, i64) -> Result<i64>; 5] = [
        |script, n| script.submit(n).wait().map(|value| value.as_integer().unwrap()),
        |script, n| {
            let mut job = script.submit(n);
            loop {
                if let Some(result) = job.wait_timeout(Duration::from_millis(1)) {
                    return result.map(|value| value.as_integer().unwrap());
                }
            }
        },
        |script, n| block_on(script.submit(n)).map(|value| value.as_integer().unwrap()),
        |script, n| script.run_batch([n]).next().unwrap().map(|value| value.as_integer().unwrap()),
        |script, n| match script.try_submit(n) {
            Ok(job) => job.wait().map(|value| value.as_integer().unwrap()),
            Err(refused) => script.call(refused.into_args()),
        },
    ];
    for way in ways {
        for threads in [1, 2] {
            ends(move || {
                let pool = pool(threads, 1);
                let script = hosting(&pool, CALL_HOST, way);
                assert_eq!(integer(script.submit(1).wait()), 1);
                // Ten deep.
                assert_eq!(integer(script.submit(10).wait()), 55);
                // Many of them, while the queue is full.
                let sums: Vec<_> = script.run_batch((0..200).map(|n| n % 11)).map(integer).collect();
                assert_eq!(sums, (0..200).map(|n| n % 11).map(|n| n * (n + 1) / 2).collect::<Vec<_>>());
                // Deeper than runs may nest on all of them: an error, and not a worker that is lost.
                assert_eq!(script.submit(100).wait().unwrap_err().kind(), ErrorKind::Limit);
                assert_eq!(integer(script.submit(10).wait()), 55);
            });
        }
    }
}

#[test]
fn jobs_may_wait_for_many_jobs_when_the_queue_is_full() {
    for concurrency in [None, Some(1), Some(2)] {
        ends(move || {
            let pool = pool(2, 1);
            let builder = Script::builder("inner.lua").source("function main(x) return x end").pool(&pool);
            let builder = if let Some(jobs) = concurrency { builder.concurrency(jobs) } else { builder };
            let inner = builder.build().unwrap();
            let outer = hosting(&pool, "function main(n) return require('host').call(n) end", move |_, n| {
                // More than any queue holds.
                let jobs: Vec<_> = (0..n).map(|x| inner.submit(x)).collect();
                jobs.into_iter().map(|job| job.wait().map(|value| value.as_integer().unwrap())).sum()
            });
            let sums: Vec<_> = outer.run_batch(vec![600; 12]).map(integer).collect();
            assert_eq!(sums, [600 * 599 / 2; 12]);
        });
    }
}

#[test]
fn a_job_may_run_a_batch_on_its_own_pool() {
    for threads in [1, 2] {
        ends(move || {
            let pool = pool(threads, 2);
            let inner = script(&pool, "function main(x) return 2 * x end");
            let outer = hosting(&pool, "function main(n) return require('host').call(n) end", move |_, n| {
                let results: Vec<_> = inner.run_batch(0..n).map(integer).collect();
                assert_eq!(results, (0..n).map(|x| 2 * x).collect::<Vec<_>>());
                Ok(results.iter().sum())
            });
            assert_eq!(integer(outer.submit(3_000).wait()), 3_000 * 2_999);
            let sums: Vec<_> = outer.run_batch(vec![500; 20]).map(integer).collect();
            assert_eq!(sums, [500 * 499; 20]);
        });
    }
}

#[test]
fn a_batch_keeps_the_order_of_its_inputs() {
    ends(|| {
        let pool = pool(3, 4);
        // Now and then an input takes a thousand times as long as its neighbours.
        let script = script(
            &pool,
            "function main(x)
                local n = 0
                if x % 997 == 0 then for i = 1, 20000 do n = n + i end end
                return x
            end",
        );
        let mut count = 0;
        for (result, x) in script.run_batch(0..50_000_i64).zip(0..) {
            assert_eq!(integer(result), x);
            count += 1;
        }
        assert_eq!(count, 50_000);
        assert_eq!(script.stats().runs, 50_000);
        // The same, converted on the workers.
        let typed: Result<Vec<u64>> = script.with().run_batch_as(0..1_000).collect();
        assert_eq!(typed.unwrap(), (0..1_000).collect::<Vec<_>>());
    });
}

#[test]
fn a_batch_takes_inputs_as_results_are_taken() {
    ends(|| {
        let pool = pool(2, 4);
        let script = script(&pool, "function main(x) return x end");
        let pulled = Arc::new(AtomicUsize::new(0));
        let count = pulled.clone();
        let endless = (0_i64..).inspect(move |_| {
            count.fetch_add(1, Ordering::SeqCst);
        });
        let mut batch = script.run_batch(endless);
        assert_eq!(pulled.load(Ordering::SeqCst), 0);
        // Five chunks of at most 256, and those whose results wait to be taken.
        let window = 6 * 256;
        for taken in 1..=20_000 {
            assert_eq!(integer(batch.next().unwrap()), taken - 1);
            let ahead = pulled.load(Ordering::SeqCst) - usize::try_from(taken).unwrap();
            assert!(ahead <= window, "{ahead} ahead after {taken}");
        }
        assert_eq!(format!("{batch:?}").split(' ').next(), Some("Batch"));
        let before = pulled.load(Ordering::SeqCst);
        drop(batch);
        pool.shutdown();
        assert_eq!(pulled.load(Ordering::SeqCst), before);
        assert_eq!(script.stats().runs, before as u64);
    });
}

#[test]
fn a_batch_of_long_jobs_uses_every_worker() {
    ends(|| {
        let (pool, gate) = (pool(4, 16), Gate::new());
        let script = gated(&pool, &gate);
        let batch = thread::spawn({
            let script = script.clone();
            move || script.run_batch(0..4).map(integer).collect::<Vec<_>>()
        });
        gate.await_waiting(4);
        gate.open();
        assert_eq!(batch.join().unwrap(), [0, 1, 2, 3]);
    });
}

#[test]
fn inputs_that_come_slowly_are_not_kept_waiting() {
    ends(|| {
        let pool = pool(2, 16);
        let script = script(&pool, "function main(x) return x end");
        // Quick inputs first, so that chunks are as large as they get.
        let quick = 0..20_000_i64;
        let slow = (20_000..20_060).inspect(|_| thread::sleep(Duration::from_millis(5)));
        let sent = AtomicI64::new(-1);
        let inputs = quick.chain(slow).inspect(|x| sent.store(*x, Ordering::SeqCst));
        for result in script.run_batch(inputs) {
            let x = integer(result);
            if x >= 20_000 {
                // A chunk of quick ones may have a few of them at its end; after that each travels alone.
                let ahead = sent.load(Ordering::SeqCst) - x;
                assert!(ahead <= 16 + 5, "{ahead} ahead of {x}");
            }
        }
    });
}

#[test]
fn errors_have_their_place_in_a_batch() {
    let pool = pool(2, 16);
    let script = script(&pool, "function main(x) if x % 7 == 3 then error('no ' .. x, 0) end return x end");
    let results: Vec<_> = script
        .run_batch(0..1_000_i64)
        .map(|result| result.map(|value| value.as_integer().unwrap()).map_err(|error| error.to_string()))
        .collect();
    let expected: Vec<_> =
        (0..1_000_i64).map(|x| if x % 7 == 3 { Err(format!("job.lua: no {x}")) } else { Ok(x) }).collect();
    assert_eq!(results, expected);
    let stats = script.stats();
    assert_eq!((stats.runs, stats.failures), (1_000, 143));
}

#[test]
fn an_empty_batch_is_empty() {
    let pool = pool(1, 1);
    let script = script(&pool, "function main(x) return x end");
    let mut batch = script.run_batch(Vec::<i64>::new());
    assert!(batch.next().is_none());
    assert!(batch.next().is_none());
    let mut batch = script.run_batch(Some(1));
    assert_eq!(integer(batch.next().unwrap()), 1);
    assert!(batch.next().is_none());
    assert!(batch.next().is_none());
}

/// Measures how many are inside at a time.
#[derive(Clone, Default)]
struct Meter(Arc<(AtomicUsize, AtomicUsize)>);

impl Meter {
    fn most(&self) -> usize {
        self.0.1.load(Ordering::SeqCst)
    }

    fn module(&self) -> NativeModule {
        let meter = self.clone();
        NativeModule::new("meter", "1.0.0").function("pass", move || {
            let inside = meter.0.0.fetch_add(1, Ordering::SeqCst) + 1;
            meter.0.1.fetch_max(inside, Ordering::SeqCst);
            thread::sleep(Duration::from_micros(50));
            meter.0.0.fetch_sub(1, Ordering::SeqCst);
        })
    }
}

fn metered(pool: &Pool, meter: &Meter, concurrency: usize) -> Script {
    Script::builder("lane.lua")
        .source("function main(x) require('meter').pass() return x end")
        .module(meter.module())
        .pool(pool)
        .concurrency(concurrency)
        .build()
        .unwrap()
}

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

fn script_of_others(pool: &Pool) -> Script {
    Script::builder("other.lua").source("function main(x) return -x end").pool(pool).build().unwrap()
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

#[test]
fn panics_kill_no_worker() {
    ends(|| {
        let (pool, gate) = (pool(2, 16), Gate::new());
        let module = NativeModule::new("trap", "1.0.0").function("step", |x: i64| {
            assert!(x % 2 == 0, "odd");
            x
        });
        let script = Script::builder("trap.lua")
            .source("function main(x) return require('trap').step(x) end")
            .module(module)
            .pool(&pool)
            .build()
            .unwrap();
        let jobs: Vec<_> = (0..1_000).map(|x| script.submit(x)).collect();
        for (job, x) in jobs.into_iter().zip(0..) {
            match job.wait() {
                Ok(value) => assert_eq!((x % 2, value.as_integer()), (0, Some(x))),
                Err(error) => {
                    assert_eq!(x % 2, 1);
                    let message = "trap.lua: a native function panicked: odd".to_owned();
                    assert_eq!(shown(&error), (ErrorKind::Native, message));
                }
            }
        }
        let failed = script.run_batch(0..1_000_i64).filter(|result| result.is_err()).count();
        assert_eq!(failed, 500);
        assert_eq!((script.stats().runs, script.stats().failures), (2_000, 1_000));
        both_workers_live(&pool, &gate);
    });
}

/// Needs as many workers as there are.
fn both_workers_live(pool: &Pool, gate: &Gate) {
    let script = gated(pool, gate);
    let jobs = [script.submit(1), script.submit(2)];
    gate.await_waiting(2);
    gate.open();
    assert_eq!(jobs.map(|job| integer(job.wait())), [1, 2]);
}

#[test]
fn what_callers_bring_may_panic_as_well() {
    struct Explosive(&'static str);
    impl IntoLua for Explosive {
        fn into_lua<'gc>(self, scope: lunapool_interpreter::Scope<'gc>) -> Result<lunapool_interpreter::Handle<'gc>> {
            assert!(self.0 != "convert", "in a conversion");
            1.into_lua(scope)
        }
    }
    impl Drop for Explosive {
        fn drop(&mut self) {
            assert!(self.0 != "drop" || thread::panicking(), "in a destructor");
        }
    }
    struct Alarm;
    impl Wake for Alarm {
        fn wake(self: Arc<Self>) {
            panic!("in a waker");
        }
    }
    ends(|| {
        let (pool, gate, second) = (pool(2, 16), Gate::new(), Gate::new());
        let script = script(&pool, "function main(x) return x end");
        for _ in 0..10 {
            assert_eq!(script.submit(Explosive("convert")).wait().unwrap_err().kind(), ErrorKind::Native);
            assert_eq!(script.submit(Explosive("drop")).wait().unwrap_err().kind(), ErrorKind::Native);
            assert_eq!(integer(script.submit(Explosive("nothing")).wait()), 1);
        }
        let waiting = gated(&pool, &gate);
        let mut jobs = [waiting.submit(1), waiting.submit(2)];
        gate.await_waiting(2);
        let alarm = Waker::from(Arc::new(Alarm));
        for job in &mut jobs {
            assert!(pin!(job).poll(&mut Context::from_waker(&alarm)).is_pending());
        }
        gate.open();
        assert_eq!(jobs.map(|job| integer(job.wait())), [1, 2]);
        both_workers_live(&pool, &second);
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
