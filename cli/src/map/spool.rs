//! [`Spool`]: results between those who make them and the one who writes them.
//!
//! It is text and no queue of results, so that it is bounded in bytes, and so that however many results are there are
//! written at once.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How much text may wait. One result may go beyond it.
const ROOM: usize = 1 << 20;

#[derive(Default)]
pub(super) struct Spool {
    state: Mutex<State>,
    changed: Condvar,
    rested: Condvar,
}

#[derive(Default)]
struct State {
    text: Vec<u8>,
    /// Of all records so far, those among them that made no text.
    records: u64,
    ended: bool,
    /// Whether whoever makes results waits for input, so that nothing follows for now.
    rests: bool,
    /// Waking costs a system call, so nobody is woken who does not sleep.
    sleepers: usize,
}

impl Spool {
    /// Swaps `text` for what is there to be written, and gives how many records there were so far. Waits for some
    /// text, at most for `timeout`. `None` when all is done.
    pub(super) fn take(&self, text: &mut Vec<u8>, timeout: Option<Duration>) -> Option<u64> {
        text.clear();
        let mut state = self.lock();
        if state.text.is_empty() && !state.ended {
            state = self.sleep(state, timeout);
        }
        std::mem::swap(&mut state.text, text);
        self.wake(&state);
        (!text.is_empty() || !state.ended).then_some(state.records)
    }

    /// Lets results gather for at most `timeout`, as long as more may follow at once.
    pub(super) fn gather(&self, timeout: Duration) {
        let may_follow = |state: &mut State| !state.rests && !state.ended && state.text.len() < ROOM;
        // Nobody asks whether it ended by itself: what is there is written in either case.
        let _ = self.rested.wait_timeout_while(self.lock(), timeout, may_follow);
    }

    fn sleep<'a>(&self, mut state: MutexGuard<'a, State>, timeout: Option<Duration>) -> MutexGuard<'a, State> {
        state.sleepers += 1;
        state = match timeout {
            None => self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
            Some(timeout) => self.changed.wait_timeout(state, timeout).unwrap_or_else(PoisonError::into_inner).0,
        };
        state.sleepers -= 1;
        state
    }

    fn wake(&self, state: &State) {
        if state.sleepers > 0 {
            self.changed.notify_all();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The end of a spool that is written to. The spool ends when this is dropped.
pub(super) struct Feed(Arc<Spool>);

impl Feed {
    pub(super) fn new(spool: &Arc<Spool>) -> Self {
        Feed(spool.clone())
    }

    /// Counts a record, and adds its line if it has one, waiting while there is too much text.
    pub(super) fn add(&self, line: Option<&[u8]>) {
        let mut state = self.0.lock();
        state.records += 1;
        state.rests = false;
        let Some(line) = line else { return };
        while state.text.len() >= ROOM {
            state = self.0.sleep(state, None);
        }
        state.text.extend_from_slice(line);
        state.text.push(b'\n');
        self.0.wake(&state);
    }

    /// Says that nothing follows until there is further input.
    pub(super) fn rest(&self) {
        self.0.lock().rests = true;
        self.0.rested.notify_all();
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.ended = true;
        self.0.rested.notify_all();
        self.0.wake(&state);
    }
}
