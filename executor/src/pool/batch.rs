//! [`Batch`]: one script over many inputs, in order.
//!
//! Short jobs travel in chunks, because a hand-over costs more than they do; long ones travel alone, so that every
//! worker has some. The size of the chunks follows the time that the last ones took. What is under way is bounded by a
//! few chunks for each thread, whatever the length of the input.

use std::collections::VecDeque;
use std::fmt;
use std::marker::PhantomData;
use std::time::{Duration, Instant};

use lunapool_interpreter::{CancelToken, FromResults, IntoArgs, Result, Value};

use super::job::{Job, Perform, stopped};
use crate::run::Run;
use crate::script::Script;

/// The work that one chunk should be.
const CHUNK_TIME: Duration = Duration::from_micros(500);

/// The most inputs in one chunk.
const MAX_CHUNK: usize = 256;

/// The results of a script over many inputs, in the order of the inputs: see
/// [`Script::run_batch`](crate::Script::run_batch).
///
/// Dropping it lets what is under way end and takes no further inputs.
#[must_use = "inputs are taken as results are"]
pub struct Batch<I: Iterator, R = Value> {
    run: Run<'static>,
    inputs: std::iter::Fuse<I>,
    /// What is under way, the oldest first, with the number of its inputs.
    chunks: VecDeque<(Job<Chunk<R>>, usize)>,
    ready: std::vec::IntoIter<Result<R>>,
    /// How many inputs the next chunk takes.
    size: usize,
}

/// What one chunk came to.
pub(super) struct Chunk<R> {
    results: Vec<Result<R>>,
    time: Duration,
}

struct ChunkWork<A, R> {
    run: Run<'static>,
    inputs: Vec<A>,
    result: PhantomData<fn() -> R>,
}

impl<A, R> Perform for ChunkWork<A, R>
where
    R: FromResults + Send + 'static,
    A: IntoArgs + Send + 'static,
{
    type Output = Chunk<R>;

    fn perform(mut self, stop: &CancelToken) -> Result<Chunk<R>> {
        self.run.shutdown(stop);
        let started = Instant::now();
        let script = self.run.script();
        let one = |args| if stop.is_cancelled() { Err(stopped(script)) } else { self.run.call(args) };
        let results = self.inputs.into_iter().map(one).collect();
        Ok(Chunk { results, time: started.elapsed() })
    }

    fn script(&self) -> &Script {
        self.run.script()
    }
}

impl<I, R> Batch<I, R>
where
    I: Iterator,
    I::Item: IntoArgs + Send + 'static,
    R: FromResults + Send + 'static,
{
    pub(crate) fn new(run: Run<'static>, inputs: I) -> Self {
        Batch { run, inputs: inputs.fuse(), chunks: VecDeque::new(), ready: Vec::new().into_iter(), size: 1 }
    }

    /// Sends chunks until enough is under way, or until results are there to be taken.
    fn fill(&mut self) {
        let window = 2 * self.run.script().concurrency() + 1;
        while self.chunks.len() < window {
            if self.chunks.front().is_some_and(|(oldest, _)| oldest.is_finished()) {
                return;
            }
            let inputs = self.take_inputs();
            let count = inputs.len();
            if count == 0 {
                return;
            }
            let work = ChunkWork { run: self.run.clone(), inputs, result: PhantomData };
            self.chunks.push_back((Job::hand_over(self.run.script(), work), count));
        }
    }

    /// Inputs for one chunk. Inputs that are slow to come do not wait for others.
    fn take_inputs(&mut self) -> Vec<I::Item> {
        let started = Instant::now();
        let mut inputs = Vec::with_capacity(self.size);
        while inputs.len() < self.size {
            match self.inputs.next() {
                Some(input) => inputs.push(input),
                None => break,
            }
            // Reading the clock for every input would cost more than some of them do.
            let count = inputs.len();
            if (count.is_power_of_two() || count.is_multiple_of(16)) && started.elapsed() > CHUNK_TIME {
                break;
            }
        }
        inputs
    }

    /// Moves towards chunks that take [`CHUNK_TIME`], at most doubling at a step.
    fn adapt(&mut self, time: Duration, count: usize) {
        let each = time.as_nanos() / (count.max(1) as u128) + 1;
        let fitting = usize::try_from(CHUNK_TIME.as_nanos() / each).unwrap_or(MAX_CHUNK);
        self.size = fitting.clamp(1, MAX_CHUNK).min(self.size * 2);
    }
}

impl<I, R> Iterator for Batch<I, R>
where
    I: Iterator,
    I::Item: IntoArgs + Send + 'static,
    R: FromResults + Send + 'static,
{
    type Item = Result<R>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(result) = self.ready.next() {
                return Some(result);
            }
            self.fill();
            let (oldest, count) = self.chunks.pop_front()?;
            self.ready = match oldest.wait() {
                Ok(chunk) => {
                    self.adapt(chunk.time, count);
                    chunk.results
                }
                // The chunk as a whole was not run; each of its inputs has a result all the same.
                Err(error) => std::iter::repeat_with(|| Err(error.clone())).take(count).collect(),
            }
            .into_iter();
        }
    }
}

impl<I: Iterator, R> fmt::Debug for Batch<I, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch").field("chunks", &self.chunks.len()).finish()
    }
}
