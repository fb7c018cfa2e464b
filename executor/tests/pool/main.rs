//! Proves that every job that a pool accepts ends with one result, in the order that was promised, whatever jobs do to
//! each other, to their pool and to themselves.

#![cfg(feature = "threads")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod batches;
#[path = "../common/mod.rs"]
mod common;
mod concurrency;
mod jobs;
mod nesting;
mod panics;
mod saturation;
mod shutdown;

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

use common::Gate;
use lunapool_executor::{Pool, Script};
use lunapool_interpreter::{Error, ErrorKind, Result, Value};
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

fn script_of_others(pool: &Pool) -> Script {
    Script::builder("other.lua").source("function main(x) return -x end").pool(pool).build().unwrap()
}
