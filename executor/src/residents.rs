//! The interpreters that live on this thread.
//!
//! An interpreter cannot leave its thread, and making one takes a thousand times as long as calling it. So a thread
//! keeps those it has made, up to [`MAX_RESIDENT`], the least recently used going first. A run takes its interpreter
//! out and puts it back, so a native that runs the same script again finds none and gets another.
//!
//! Rejected: one shared pool of interpreters per script (a machine cannot be sent, and a lock on the way costs more
//! than the call), and a map by script (a thread mostly repeats one script; the last one used is looked at first).
//!
//! Scripts are closed, updated and dropped by other threads. They say so by moving [`EPOCH`] on; each thread notices
//! at its next run, idle pool workers within a second, and lets go of what is stale. What is out for a run is looked at
//! when the run ends.

use std::cell::{Cell, RefCell};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};

use lunapool_interpreter::Interpreter;

use crate::script::Inner;
use crate::stats::Counters;

/// How many interpreters, of all scripts together, stay on one thread between runs.
pub const MAX_RESIDENT: usize = 64;

/// How deeply runs may nest on one thread: a native that runs a script, whose native runs a script, and so on.
pub const MAX_REENTRANT: usize = 32;

static EPOCH: Alone = Alone(AtomicU64::new(0));

/// Every run on every thread reads it, so nothing that is written often may stand on the same cache line.
#[repr(align(128))]
struct Alone(AtomicU64);

thread_local! {
    static RESIDENTS: RefCell<Residents> = const { RefCell::new(Residents::new()) };
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

/// An interpreter of one generation of one script.
pub(crate) struct Resident {
    pub(crate) script_id: u64,
    pub(crate) generation: u64,
    pub(crate) interpreter: Interpreter,
    pub(crate) counters: Arc<Counters>,
    script: Weak<Inner>,
}

impl Resident {
    pub(crate) fn new(script: &Arc<Inner>, generation: u64, interpreter: Interpreter) -> Box<Self> {
        let (script_id, counters) = (script.id, script.ledger.open());
        Box::new(Resident { script_id, generation, interpreter, counters, script: Arc::downgrade(script) })
    }

    fn is_stale(&self) -> bool {
        self.script.upgrade().is_none_or(|script| !script.is_current(self.generation))
    }
}

impl Drop for Resident {
    fn drop(&mut self) {
        if let Some(script) = self.script.upgrade() {
            script.ledger.close(&self.counters);
        }
    }
}

// Boxed, so that taking one out and putting it back moves a pointer.
#[allow(clippy::vec_box)]
struct Residents {
    last: Option<Box<Resident>>,
    /// The others, the least recently used first.
    others: Vec<Box<Resident>>,
    epoch: u64,
}

#[allow(clippy::vec_box)]
impl Residents {
    const fn new() -> Self {
        Residents { last: None, others: Vec::new(), epoch: 0 }
    }

    fn take(&mut self, script_id: u64) -> Option<Box<Resident>> {
        if let Some(last) = self.last.take_if(|last| last.script_id == script_id) {
            return Some(last);
        }
        let index = self.others.iter().rposition(|resident| resident.script_id == script_id)?;
        Some(self.others.remove(index))
    }

    /// Gives back what had to go.
    fn put(&mut self, resident: Box<Resident>) -> Option<Box<Resident>> {
        if let Some(before) = self.last.replace(resident) {
            self.others.push(before);
        }
        (self.others.len() >= MAX_RESIDENT).then(|| self.others.remove(0))
    }

    /// Gives back all, the least recently used first.
    fn take_all(&mut self) -> Vec<Box<Resident>> {
        let mut all = std::mem::take(&mut self.others);
        all.extend(self.last.take());
        all
    }
}

/// Takes an interpreter of the script off this thread, of whatever generation.
#[inline]
pub(crate) fn take(script_id: u64) -> Option<Box<Resident>> {
    let now = EPOCH.0.load(Ordering::Acquire);
    // While a thread ends, its locals are gone; there is nothing to find then.
    let found = RESIDENTS.try_with(|residents| {
        let mut residents = residents.borrow_mut();
        if residents.epoch == now { Ok(residents.take(script_id)) } else { Err(Stale) }
    });
    match found {
        Ok(Ok(resident)) => resident,
        Ok(Err(Stale)) => {
            sweep(now);
            RESIDENTS.try_with(|residents| residents.borrow_mut().take(script_id)).ok().flatten()
        }
        Err(_) => None,
    }
}

/// Some script changed since this thread last looked.
struct Stale;

/// Keeps an interpreter on this thread.
#[inline]
pub(crate) fn put(resident: Box<Resident>) {
    let mut resident = Some(resident);
    let _evicted =
        RESIDENTS.try_with(|residents| resident.take().and_then(|resident| residents.borrow_mut().put(resident))).ok();
    // What was evicted is dropped here, after the borrow: host objects in it may run scripts as they go.
}

/// Tells all threads that some script changed.
pub(crate) fn announce_change() {
    EPOCH.0.fetch_add(1, Ordering::Release);
}

/// Drops the interpreters on this thread whose script was closed, updated or dropped since the last look.
#[inline]
pub(crate) fn sweep_if_stale() {
    let now = EPOCH.0.load(Ordering::Acquire);
    // While a thread ends, its locals are gone, and the interpreters with them.
    if RESIDENTS.try_with(|residents| residents.borrow().epoch != now).unwrap_or(false) {
        sweep(now);
    }
}

#[cold]
fn sweep(now: u64) {
    let all = RESIDENTS.try_with(|residents| {
        let mut residents = residents.borrow_mut();
        residents.epoch = now;
        residents.take_all()
    });
    // Looked at and dropped outside the borrow: host objects, and scripts that end here, may run scripts as they go.
    for resident in all.unwrap_or_default() {
        if !resident.is_stale() {
            put(resident);
        }
    }
}

/// Whether no interpreters are left on this thread.
#[cfg(feature = "threads")]
pub(crate) fn is_empty() -> bool {
    let empty = |residents: &RefCell<Residents>| {
        let residents = residents.borrow();
        residents.last.is_none() && residents.others.is_empty()
    };
    RESIDENTS.try_with(empty).unwrap_or(true)
}

/// One more run on this thread's stack, until it is dropped.
pub(crate) struct Nested {
    /// How many there were before.
    depth: usize,
}

impl Nested {
    #[inline]
    pub(crate) fn enter() -> Option<Self> {
        let depth = DEPTH.with(Cell::get);
        (depth < MAX_REENTRANT).then(|| {
            DEPTH.with(|cell| cell.set(depth + 1));
            Nested { depth }
        })
    }

    /// Whether a run is under way on this thread already.
    #[inline]
    #[cfg(feature = "threads")]
    pub(crate) fn is_inner(&self) -> bool {
        self.depth > 0
    }
}

impl Drop for Nested {
    fn drop(&mut self) {
        DEPTH.with(|depth| depth.set(self.depth));
    }
}
