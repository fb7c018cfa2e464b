//! The thread that reads lines.

use std::io::{self, BufRead, BufReader, Read};
use std::sync::mpsc::SyncSender;

/// How much is read at a time, at most.
const ROOM: usize = 1 << 16;

/// One line of the input that has something on it.
pub(super) struct Line {
    /// Counted from 1.
    pub(super) number: u64,
    pub(super) text: Vec<u8>,
}

/// The lines that could be read at one go, or why there are no more.
pub(super) type Block = io::Result<Vec<Line>>;

/// Reads lines and sends them off as they come, until the input ends or nobody takes them any more.
pub(super) fn read(input: impl Read, blocks: &SyncSender<Block>) {
    if let Err(error) = read_blocks(input, blocks) {
        // If nobody takes this, nobody wants to know.
        let _ = blocks.send(Err(error));
    }
}

fn read_blocks(input: impl Read, blocks: &SyncSender<Block>) -> io::Result<()> {
    let mut input = BufReader::with_capacity(ROOM, input);
    let mut lines = Lines::default();
    loop {
        let available = match input.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            available => available?,
        };
        let (length, ended) = (available.len(), available.is_empty());
        let block = if ended { lines.end().into_iter().collect() } else { lines.split(available) };
        input.consume(length);
        let is_wanted = block.is_empty() || blocks.send(Ok(block)).is_ok();
        if ended || !is_wanted {
            return Ok(());
        }
    }
}

/// Makes lines of pieces that end anywhere.
#[derive(Default)]
struct Lines {
    /// How many lines were completed.
    count: u64,
    /// The beginning of the line whose end was not read yet.
    begun: Vec<u8>,
}

impl Lines {
    fn split(&mut self, piece: &[u8]) -> Vec<Line> {
        let mut lines = Vec::new();
        for part in piece.split_inclusive(|byte| *byte == b'\n') {
            self.begun.extend_from_slice(part);
            if part.ends_with(b"\n") {
                lines.extend(self.end());
            }
        }
        lines
    }

    /// The line that was begun, unless it is blank.
    fn end(&mut self) -> Option<Line> {
        self.count += 1;
        let mut text = std::mem::take(&mut self.begun);
        // Blanks at the end only matter to errors, which would name the line behind them. Those at the beginning
        // stay, so that errors name the right column.
        text.truncate(text.trim_ascii_end().len());
        (!text.is_empty()).then_some(Line { number: self.count, text })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_out_the_same_however_the_input_is_cut() {
        let input = b"{}\r\n\n  \n [1]\n2";
        for cut in 0..=input.len() {
            let mut lines = Lines::default();
            let mut found = lines.split(&input[..cut]);
            found.extend(lines.split(&input[cut..]));
            found.extend(lines.end());
            let found: Vec<_> = found.iter().map(|line| (line.number, line.text.as_slice())).collect();
            assert_eq!(found, [(1, &b"{}"[..]), (4, b" [1]"), (5, b"2")], "cut at {cut}");
        }
    }
}
