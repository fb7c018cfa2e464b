//! What a run may use: [`Limits`], and how to stop it from outside: [`CancelToken`].

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// What one interpreter and each of its runs may use.
///
/// `None` is no limit. Fuel, time and cancellation are looked at between slices of some thousands of instructions, so
/// a run stops a little after it met one, and memory may pass its limit by what one slice allocates.
///
/// ```
/// use std::time::Duration;
/// use lunapool_interpreter::{ErrorKind, Interpreter, Limits, NoModules, Program};
///
/// let program = Program::compile("loop.lua", "function main() while true do end end")?;
/// let limits = Limits { timeout: Some(Duration::from_millis(20)), ..Limits::default() };
/// let mut lua = Interpreter::new(&program, &NoModules, limits)?;
/// let error = lua.run(()).unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Limit);
/// assert_eq!(error.to_string(), "loop.lua: timeout of 20ms exceeded");
/// # Ok::<(), lunapool_interpreter::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Instructions that one run may execute, roughly.
    pub fuel: Option<u64>,
    /// Bytes that may be alive in the interpreter. 256 MiB by default.
    pub memory: Option<usize>,
    /// How long one run may take.
    pub timeout: Option<Duration>,
    /// How deeply arguments and results may nest. 128 by default.
    pub depth: usize,
    /// How many values the arguments, and the result, of one run may consist of. 4 million by default.
    pub values: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { fuel: None, memory: Some(256 << 20), timeout: None, depth: 128, values: 4 << 20 }
    }
}

impl Limits {
    /// These limits without those of fuel, memory and time: for scripts that you wrote.
    #[must_use]
    pub fn unbounded() -> Self {
        Limits { fuel: None, memory: None, timeout: None, ..Limits::default() }
    }
}

/// The limits of one run: those of its interpreter, narrowed.
#[derive(Debug, Clone, Default)]
pub struct Budget {
    /// At most this many instructions.
    pub fuel: Option<u64>,
    /// At most this many bytes alive in the interpreter.
    pub memory: Option<usize>,
    /// At most this long.
    pub timeout: Option<Duration>,
    /// Stops the run when it is cancelled.
    pub cancel: Option<CancelToken>,
    /// Stops the run as well; for whoever runs it on behalf of somebody else, such as a pool that shuts down.
    pub shutdown: Option<CancelToken>,
}

/// Stops runs from any thread.
///
/// ```
/// use lunapool_interpreter::CancelToken;
///
/// let token = CancelToken::new();
/// let elsewhere = token.clone();
/// elsewhere.cancel();
/// assert!(token.is_cancelled());
/// ```
#[derive(Debug, Clone, Default)]
pub struct CancelToken(Arc<AtomicBool>);

impl CancelToken {
    /// A token that is not cancelled.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Stops every run that was given this token or a clone of it, now and later.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether [`cancel`](Self::cancel) was called.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// The smaller of two limits, where none is the largest.
pub(crate) fn narrower<T: Ord>(a: Option<T>, b: Option<T>) -> Option<T> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_only_narrow() {
        assert_eq!(narrower(Some(3), Some(5)), Some(3));
        assert_eq!(narrower(None, Some(5)), Some(5));
        assert_eq!(narrower::<u8>(None, None), None);
    }
}
