//! What the executor's tests share: an end to every wait, and a gate that natives can wait at.

#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)]

use std::sync::{Arc, Condvar, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use lunapool_modules::NativeModule;

/// Long enough for any machine, and not for ever.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Runs `test` on a thread of its own; fails when it does not end.
pub(crate) fn ends<T: Send + 'static>(test: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = mpsc::channel();
    let thread = thread::spawn(move || {
        let result = test();
        sender.send(()).ok();
        result
    });
    if let Err(mpsc::RecvTimeoutError::Timeout) = receiver.recv_timeout(PATIENCE) {
        panic!("does not end");
    }
    match thread.join() {
        Ok(result) => result,
        Err(panic) => std::panic::resume_unwind(panic),
    }
}

/// Waits until `condition` holds.
pub(crate) fn eventually(what: &str, mut condition: impl FnMut() -> bool) {
    let began = Instant::now();
    while !condition() {
        assert!(began.elapsed() < PATIENCE, "never: {what}");
        thread::sleep(Duration::from_millis(2));
    }
}

/// Where natives wait until they are let through.
#[derive(Clone, Default)]
pub(crate) struct Gate(Arc<(Mutex<State>, Condvar)>);

#[derive(Default)]
struct State {
    waiting: usize,
    open: bool,
}

impl Gate {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn open(&self) {
        self.0.0.lock().unwrap().open = true;
        self.0.1.notify_all();
    }

    pub(crate) fn wait(&self) {
        let mut state = self.0.0.lock().unwrap();
        state.waiting += 1;
        self.0.1.notify_all();
        let (mut state, timeout) = self.0.1.wait_timeout_while(state, PATIENCE, |state| !state.open).unwrap();
        state.waiting -= 1;
        assert!(!timeout.timed_out(), "the gate was never opened");
    }

    /// Returns once so many are waiting.
    pub(crate) fn await_waiting(&self, count: usize) {
        let state = self.0.0.lock().unwrap();
        let (_state, timeout) = self.0.1.wait_timeout_while(state, PATIENCE, |state| state.waiting < count).unwrap();
        assert!(!timeout.timed_out(), "fewer than {count} came to the gate");
    }

    /// The module `gate` with the function `wait`.
    pub(crate) fn module(&self) -> NativeModule {
        let gate = self.clone();
        NativeModule::new("gate", "1.0.0").function("wait", move || gate.wait())
    }
}
