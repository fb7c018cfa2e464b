//! The thread that hands records to the pool and takes the results in order.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use lunapool::{Error, ErrorKind, Script};

use super::console::Console;
use super::reader::{Block, Line};
use super::spool::Feed;
use crate::arguments::OnError;
use crate::failure::{self, Failure};
use crate::json::{Mapped, Record, Unreadable};

pub(super) struct Work {
    pub(super) script: Script,
    pub(super) blocks: Receiver<Block>,
    /// Of the input.
    pub(super) name: String,
    pub(super) on_error: OnError,
    pub(super) console: Arc<Console>,
}

impl Work {
    pub(super) fn run(&self, feed: &Feed) -> Result<(), Failure> {
        while let Ok(block) = self.blocks.recv() {
            let lines = block.map_err(|error| self.unreadable(error))?;
            self.run_batch(lines, feed)?;
            feed.rest();
        }
        Ok(())
    }

    /// Works off `lines`, and what else there is until the input has to be waited for. Then a batch ends, because it
    /// would not give the results that it has while it waits for its next input.
    fn run_batch(&self, lines: Vec<Line>, feed: &Feed) -> Result<(), Failure> {
        let taken = Taken::default();
        let available = Available { lines: lines.into_iter(), blocks: &self.blocks, taken: &taken };
        for result in self.script.with().run_batch_as::<Mapped, _>(available) {
            let number = taken.numbers.borrow_mut().pop_front().unwrap_or_default();
            match result {
                Ok(Mapped(text)) => feed.add(text.as_deref()),
                Err(error) => {
                    self.handle(error, number)?;
                    feed.add(None);
                }
            }
        }
        taken.failure.take().map_or(Ok(()), |error| Err(self.unreadable(error)))
    }

    fn handle(&self, error: Error, line: u64) -> Result<(), Failure> {
        match self.on_error {
            OnError::Fail => return Err(Failure::Record { error, line }),
            OnError::Skip => {}
            OnError::Report => {
                let message = serde_json::Value::from(failure::message(&error));
                let report = format!(r#"{{"line":{line},"error":{message},"kind":"{}"}}"#, kind(&error));
                self.console.line(report.as_bytes());
            }
        }
        Ok(())
    }

    fn unreadable(&self, error: io::Error) -> Failure {
        Failure::Input { name: self.name.clone(), error }
    }
}

/// What one batch took from the input.
#[derive(Default)]
struct Taken {
    /// The line numbers whose results are still to come.
    numbers: RefCell<VecDeque<u64>>,
    /// Why there is no more input.
    failure: Cell<Option<io::Error>>,
}

/// The records that are there now.
struct Available<'a> {
    lines: std::vec::IntoIter<Line>,
    blocks: &'a Receiver<Block>,
    taken: &'a Taken,
}

impl Iterator for Available<'_> {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        loop {
            if let Some(line) = self.lines.next() {
                self.taken.numbers.borrow_mut().push_back(line.number);
                return Some(Record(line.text));
            }
            match self.blocks.try_recv().ok()? {
                Ok(lines) => self.lines = lines.into_iter(),
                Err(error) => {
                    self.taken.failure.set(Some(error));
                    return None;
                }
            }
        }
    }
}

/// The kind of an error, for programs.
fn kind(error: &Error) -> &'static str {
    if error.downcast_ref::<Unreadable>().is_some() {
        return "input";
    }
    match error.kind() {
        ErrorKind::Syntax => "syntax",
        ErrorKind::MissingMain => "missing_main",
        ErrorKind::Runtime => "runtime",
        ErrorKind::Native => "native",
        ErrorKind::Conversion => "conversion",
        ErrorKind::Module => "module",
        ErrorKind::Limit => "limit",
        ErrorKind::Cancelled => "cancelled",
        ErrorKind::Closed => "closed",
        ErrorKind::Io => "io",
        _ => "other",
    }
}
