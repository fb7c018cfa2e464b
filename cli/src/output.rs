//! Standard output, for what a script prints and for its results.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lunapool::{CancelToken, Print};

use crate::failure::Failure;

/// Standard output. Lines are collected, except for a terminal, where somebody may be waiting for them.
#[derive(Clone)]
pub(crate) struct Output {
    inner: Arc<Mutex<Inner>>,
    cancel: CancelToken,
}

struct Inner {
    writer: Box<dyn Write + Send>,
    /// Printing cannot fail in Lua, so the error waits here until the script has ended.
    failure: Option<io::Error>,
}

impl Output {
    pub(crate) fn new() -> Self {
        let stdout = io::stdout();
        let writer: Box<dyn Write + Send> = match stdout.is_terminal() {
            true => Box::new(stdout),
            false => Box::new(BufWriter::with_capacity(1 << 16, stdout)),
        };
        Output { inner: Arc::new(Mutex::new(Inner { writer, failure: None })), cancel: CancelToken::new() }
    }

    /// Cancelled when nothing can be written any more: a script that only prints has no reason to go on.
    pub(crate) fn cancel(&self) -> CancelToken {
        self.cancel.clone()
    }

    /// What `print` does.
    pub(crate) fn print(&self) -> Print {
        let output = self.clone();
        Arc::new(move |line| output.line(line))
    }

    /// Writes one line.
    pub(crate) fn line(&self, line: &[u8]) {
        let mut inner = self.lock();
        if inner.failure.is_none() {
            let written = inner.writer.write_all(line).and_then(|()| inner.writer.write_all(b"\n"));
            inner.failure = written.err();
        }
        if inner.failure.is_some() {
            self.cancel.cancel();
        }
    }

    /// Writes what was collected, and gives `outcome`, or what was wrong with writing, which comes before it.
    pub(crate) fn finish(&self, outcome: Result<(), Failure>) -> Result<(), Failure> {
        let mut inner = self.lock();
        let failure = inner.failure.take().or_else(|| inner.writer.flush().err());
        failure.map_or(outcome, |error| Err(Failure::Output(error)))
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
