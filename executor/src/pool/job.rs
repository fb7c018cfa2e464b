//! [`Job`]: a run handed to a pool.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use lunapool_interpreter::{CancelToken, Error, ErrorKind, FromResults, IntoArgs, Result, Value};

use super::{Pool, Refused, Work, is_worker};
use crate::run::Run;
use crate::script::Script;

/// A run handed to a pool: [`wait`](Job::wait) for its result, or `.await` it in any async runtime.
///
/// Dropping a job drops its result only; the run goes on. A [`CancelToken`] stops it.
#[must_use = "the result is lost when the job is dropped"]
pub struct Job<R = Value>(Arc<dyn Outcome<R>>);

/// Why [`try_submit`](crate::Script::try_submit) did not accept a run. The arguments come back.
pub enum TrySubmitError<A> {
    /// The queue is full.
    Saturated(A),
    /// The pool is shut down.
    Closed(A),
}

impl<A> TrySubmitError<A> {
    /// The arguments.
    pub fn into_args(self) -> A {
        match self {
            TrySubmitError::Saturated(args) | TrySubmitError::Closed(args) => args,
        }
    }

    /// Whether the queue is full, so that it may work later.
    #[must_use]
    pub fn is_saturated(&self) -> bool {
        matches!(self, TrySubmitError::Saturated(_))
    }
}

impl<A> fmt::Display for TrySubmitError<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TrySubmitError::Saturated(_) => "the pool is saturated",
            TrySubmitError::Closed(_) => "the pool is shut down",
        })
    }
}

impl<A> fmt::Debug for TrySubmitError<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<A> std::error::Error for TrySubmitError<A> {}

/// Something that a worker runs once.
pub(super) trait Task: Send + Sync {
    /// Runs it, unless somebody has begun to, or cancels it when `stop` says so.
    fn run(&self, stop: &CancelToken);
}

/// The side of a job that its owner holds.
trait Outcome<R>: Send + Sync {
    fn state(&self) -> MutexGuard<'_, State<R>>;
    fn ready(&self) -> &Condvar;
    /// Runs it here if nobody has begun to.
    fn run_here(&self);
}

/// What a job does.
pub(super) trait Perform: Send + 'static {
    /// What comes of it.
    type Output: Send + 'static;

    fn perform(self, stop: Option<&CancelToken>) -> Result<Self::Output>;

    /// The name of the script, for errors.
    fn name(&self) -> &str;
}

/// One run.
struct Single<A, R> {
    run: Run<'static>,
    args: A,
    result: PhantomData<fn() -> R>,
}

impl<A, R> Perform for Single<A, R>
where
    R: FromResults + Send + 'static,
    A: IntoArgs + Send + 'static,
{
    type Output = R;

    fn perform(mut self, stop: Option<&CancelToken>) -> Result<R> {
        if let Some(stop) = stop {
            self.run.shutdown(stop);
        }
        self.run.call(self.args)
    }

    fn name(&self) -> &str {
        self.run.script().name()
    }
}

struct Core<W: Perform> {
    /// Taken by whoever runs the job.
    work: Mutex<Option<W>>,
    state: Mutex<State<W::Output>>,
    ready: Condvar,
}

struct State<R> {
    result: Option<Result<R>>,
    waker: Option<Waker>,
    /// Waking costs a system call, so nobody is woken who does not sleep.
    sleepers: usize,
}

impl<W: Perform> Core<W> {
    fn new(work: W) -> Arc<Self> {
        Arc::new(Core {
            work: Mutex::new(Some(work)),
            state: Mutex::new(State { result: None, waker: None, sleepers: 0 }),
            ready: Condvar::new(),
        })
    }

    fn take_work(&self) -> Option<W> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn finish(&self, result: Result<W::Output>) {
        let mut state = lock(&self.state);
        state.result = Some(result);
        let waker = state.waker.take();
        let sleepers = state.sleepers;
        drop(state);
        if sleepers > 0 {
            self.ready.notify_all();
        }
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn perform(&self, work: W, stop: Option<&CancelToken>) {
        let name = work.name().to_owned();
        let result = catch_unwind(AssertUnwindSafe(|| work.perform(stop)));
        self.finish(result.unwrap_or_else(|_| {
            // Runs catch their own panics: this one came from an argument or a result on its way.
            Err(Error::new(ErrorKind::Native, "a conversion panicked").at(&name, None))
        }));
    }

    /// Ends the job without beginning it.
    fn refuse(&self, kind: ErrorKind, message: &'static str) {
        if let Some(work) = self.take_work() {
            self.finish(Err(Error::new(kind, message).at(work.name(), None)));
        }
    }
}

fn lock<R>(state: &Mutex<State<R>>) -> MutexGuard<'_, State<R>> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<W: Perform> Task for Core<W> {
    fn run(&self, stop: &CancelToken) {
        if stop.is_cancelled() {
            self.refuse(ErrorKind::Cancelled, "the pool was shut down before the job began");
        } else if let Some(work) = self.take_work() {
            self.perform(work, Some(stop));
        }
    }
}

impl<W: Perform> Outcome<W::Output> for Core<W> {
    fn state(&self) -> MutexGuard<'_, State<W::Output>> {
        lock(&self.state)
    }

    fn ready(&self) -> &Condvar {
        &self.ready
    }

    fn run_here(&self) {
        if let Some(work) = self.take_work() {
            self.perform(work, None);
        }
    }
}

impl<R: Send + 'static> Job<R> {
    /// Hands `work` to the pool of `script`, in its lane if it has one.
    pub(super) fn hand_over<W: Perform<Output = R>>(script: &Script, work: W) -> Self {
        let core = Core::new(work);
        let sent = match script.lane() {
            Some(lane) => lane.submit(script.pool(), core.clone()),
            None => script.pool().send(Work::Task(core.clone())),
        };
        match sent {
            Ok(()) => {}
            Err(Refused::Full) => core.run_here(),
            Err(Refused::Closed) => core.refuse(ErrorKind::Closed, "the pool is shut down"),
        }
        Job(core)
    }
}

impl<R: FromResults + Send + 'static> Job<R> {
    pub(crate) fn submit<A: IntoArgs + Send + 'static>(run: Run<'static>, args: A) -> Self {
        let script = run.script().clone();
        Self::hand_over(&script, Single { run, args, result: PhantomData })
    }

    pub(crate) fn try_submit<A: IntoArgs + Send + 'static>(
        run: Run<'static>,
        args: A,
    ) -> Result<Self, TrySubmitError<A>> {
        let script = run.script().clone();
        let core = Core::new(Single::<A, R> { run, args, result: PhantomData });
        let sent = match (script.lane(), script.pool().sender()) {
            (Some(lane), Some(_)) => lane.try_submit(script.pool(), core.clone()),
            (None, Some(sender)) => Pool::try_send(&sender, Work::Task(core.clone())),
            (_, None) => Err(Refused::Closed),
        };
        let Err(refused) = sent else { return Ok(Job(core)) };
        match (core.take_work(), refused) {
            (Some(work), Refused::Full) => Err(TrySubmitError::Saturated(work.args)),
            (Some(work), Refused::Closed) => Err(TrySubmitError::Closed(work.args)),
            // What was refused, nobody can have begun.
            (None, _) => Ok(Job(core)),
        }
    }
}

impl<R> Job<R> {
    /// Waits for the result.
    ///
    /// # Errors
    /// Those of [`Script::run`](crate::Script::run); kind [`ErrorKind::Cancelled`] when the pool was shut down before
    /// the job began.
    pub fn wait(self) -> Result<R> {
        self.settle(None).unwrap_or_else(|| Err(self.gone()))
    }

    /// Waits for the result at most so long; `None` when it is not there by then. Later calls may find it.
    pub fn wait_timeout(&mut self, timeout: Duration) -> Option<Result<R>> {
        self.settle(Instant::now().checked_add(timeout))
    }

    /// Whether the result is there.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.0.state().result.is_some()
    }

    fn settle(&self, until: Option<Instant>) -> Option<Result<R>> {
        if is_worker() {
            self.0.run_here();
        }
        let mut state = self.0.state();
        loop {
            if let Some(result) = state.result.take() {
                return Some(result);
            }
            state.sleepers += 1;
            state = match until {
                None => self.0.ready().wait(state).unwrap_or_else(PoisonError::into_inner),
                Some(until) => {
                    let left = until.saturating_duration_since(Instant::now());
                    let (guard, timeout) =
                        self.0.ready().wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner);
                    if timeout.timed_out() && guard.result.is_none() {
                        let mut state = guard;
                        state.sleepers -= 1;
                        return None;
                    }
                    guard
                }
            };
            state.sleepers -= 1;
        }
    }

    fn gone(&self) -> Error {
        Error::new(ErrorKind::Closed, "the result was taken before")
    }
}

/// Ready once the run has ended. Works in any async runtime; polled again after that, it is never ready.
impl<R> Future for Job<R> {
    type Output = Result<R>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.0.state();
        match state.result.take() {
            Some(result) => Poll::Ready(result),
            None => {
                state.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

impl<R> fmt::Debug for Job<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Job").field("finished", &self.is_finished()).finish()
    }
}
