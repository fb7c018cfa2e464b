//! Standard error: what scripts print, reports, and how far the work is.

use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How often the progress is shown.
const INTERVAL: Duration = Duration::from_millis(200);

/// Goes to the beginning of the line and clears it.
const CLEAR: &[u8] = b"\r\x1b[K";

/// Standard error, and the progress on its last line if it is a terminal.
pub(super) struct Console {
    has_progress: bool,
    progress: Mutex<Progress>,
}

#[derive(Default)]
struct Progress {
    /// Whether the last line of the terminal is ours.
    is_shown: bool,
    last: Option<Instant>,
}

impl Console {
    pub(super) fn new() -> Self {
        // Results on a terminal are progress enough, and would be written over.
        let has_progress = io::stderr().is_terminal() && !io::stdout().is_terminal();
        Console { has_progress, progress: Mutex::default() }
    }

    /// How long one may wait before the progress is to be shown again.
    pub(super) fn interval(&self) -> Option<Duration> {
        self.has_progress.then_some(INTERVAL)
    }

    /// Writes one line.
    pub(super) fn line(&self, line: &[u8]) {
        let mut progress = self.lock();
        let mut text = Vec::with_capacity(line.len() + CLEAR.len() + 1);
        if std::mem::take(&mut progress.is_shown) {
            text.extend_from_slice(CLEAR);
        }
        text.extend_from_slice(line);
        text.push(b'\n');
        write(&text);
    }

    /// Shows how far the work is, if it is time to.
    pub(super) fn progress(&self, records: u64, elapsed: Duration) {
        let mut progress = self.lock();
        if !self.has_progress || progress.last.is_some_and(|last| last.elapsed() < INTERVAL) {
            return;
        }
        let rate = records as f64 / elapsed.as_secs_f64().max(1e-3);
        *progress = Progress { is_shown: true, last: Some(Instant::now()) };
        let mut text = CLEAR.to_vec();
        text.extend_from_slice(format!("{records} records, {rate:.0} records/s").as_bytes());
        write(&text);
    }

    /// Takes the progress away.
    pub(super) fn clear(&self) {
        if std::mem::take(&mut self.lock().is_shown) {
            write(CLEAR);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn write(text: &[u8]) {
    // Nobody can be told that nobody can be told.
    let _ = io::stderr().write_all(text);
}
