//! What a script has done so far.
//!
//! Threads that run the same script must not share a cache line to count on, so each interpreter counts for itself,
//! and [`Stats`] is the sum at the moment it is asked for. Reading a clock twice costs as much as a short run, so
//! short runs are timed by sample: one in [`SAMPLE`] stands for all. What a run needs beyond its first slice of
//! instructions is always timed.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::script::Generation;

/// One run in so many is timed from its beginning.
const SAMPLE: u32 = 64;

/// What a script has done so far, on all threads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Runs that ended, well or not.
    pub runs: u64,
    /// Runs that ended with an error.
    pub failures: u64,
    /// The generation that new runs start on.
    pub generation: Generation,
    /// Interpreters alive on all threads, of older generations too until their threads let go of them.
    pub interpreters: usize,
    /// Time spent in runs: exact for long ones, estimated from a sample for those below some 50 µs.
    pub time: Duration,
}

/// The counters of one interpreter. Only its thread writes to them, and nobody else's may be on the same cache line.
#[derive(Default)]
#[repr(align(128))]
pub(crate) struct Counters {
    runs: AtomicU64,
    failures: AtomicU64,
    nanos: AtomicU64,
}

impl Counters {
    /// How many runs the next one stands for, if it is one of those that are timed: those since the last that was.
    #[inline]
    pub(crate) fn sample(&self) -> Option<u32> {
        match self.runs.load(Relaxed) {
            0 => Some(1),
            runs => runs.is_multiple_of(u64::from(SAMPLE)).then_some(SAMPLE),
        }
    }

    #[inline]
    pub(crate) fn count(&self, failed: bool) {
        // One writer: a load and a store are enough, and cheaper than an atomic addition.
        self.runs.store(self.runs.load(Relaxed) + 1, Relaxed);
        if failed {
            self.failures.store(self.failures.load(Relaxed) + 1, Relaxed);
        }
    }

    pub(crate) fn add_time(&self, time: Duration) {
        let nanos = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        self.nanos.store(self.nanos.load(Relaxed).saturating_add(nanos), Relaxed);
    }

    fn totals(&self) -> Totals {
        Totals { runs: self.runs.load(Relaxed), failures: self.failures.load(Relaxed), nanos: self.nanos.load(Relaxed) }
    }
}

#[derive(Default, Clone, Copy)]
struct Totals {
    runs: u64,
    failures: u64,
    nanos: u64,
}

impl Totals {
    fn add(&mut self, other: Totals) {
        self.runs += other.runs;
        self.failures += other.failures;
        self.nanos = self.nanos.saturating_add(other.nanos);
    }
}

/// All counters of one script.
#[derive(Default)]
pub(crate) struct Ledger(Mutex<Accounts>);

#[derive(Default)]
struct Accounts {
    live: Vec<Arc<Counters>>,
    /// Of interpreters that are gone.
    retired: Totals,
}

impl Ledger {
    pub(crate) fn open(&self) -> Arc<Counters> {
        let counters = Arc::new(Counters::default());
        self.accounts().live.push(counters.clone());
        counters
    }

    pub(crate) fn close(&self, counters: &Arc<Counters>) {
        let mut accounts = self.accounts();
        accounts.live.retain(|live| !Arc::ptr_eq(live, counters));
        accounts.retired.add(counters.totals());
    }

    /// Runs that failed before they had an interpreter.
    pub(crate) fn count_failure(&self) {
        self.accounts().retired.add(Totals { runs: 1, failures: 1, nanos: 0 });
    }

    pub(crate) fn stats(&self, generation: Generation) -> Stats {
        let accounts = self.accounts();
        let mut totals = accounts.retired;
        accounts.live.iter().for_each(|counters| totals.add(counters.totals()));
        Stats {
            runs: totals.runs,
            failures: totals.failures,
            generation,
            interpreters: accounts.live.len(),
            time: Duration::from_nanos(totals.nanos),
        }
    }

    fn accounts(&self) -> std::sync::MutexGuard<'_, Accounts> {
        // Nothing that is done under this lock can panic half way.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
