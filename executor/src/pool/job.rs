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

use super::{Refused, Work, is_worker};
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
    /// Runs it here if nobody has begun to. What waits on a worker is not counted against a script's concurrency.
    fn run_here(&self);
}

/// What a job does.
pub(super) trait Perform: Send + 'static {
    /// What comes of it.
    type Output: Send + 'static;

    fn perform(self, stop: &CancelToken) -> Result<Self::Output>;

    fn script(&self) -> &Script;
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

    fn perform(mut self, stop: &CancelToken) -> Result<R> {
        self.run.shutdown(stop);
        self.run.call(self.args)
    }

    fn script(&self) -> &Script {
        self.run.script()
    }
}

struct Core<W: Perform> {
    /// Taken by whoever runs the job.
    work: Mutex<Option<W>>,
    state: Mutex<State<W::Output>>,
    ready: Condvar,
}

struct State<R> {
    stage: Stage<R>,
    waker: Option<Waker>,
    /// Waking costs a system call, so nobody is woken who does not sleep.
    sleepers: usize,
}

enum Stage<R> {
    Pending,
    Ready(Result<R>),
    /// Somebody has the result.
    Taken,
}

impl<R> State<R> {
    /// The result, if it is there, and an error, if it was taken before.
    fn take(&mut self) -> Option<Result<R>> {
        match std::mem::replace(&mut self.stage, Stage::Taken) {
            Stage::Pending => {
                self.stage = Stage::Pending;
                None
            }
            Stage::Ready(result) => Some(result),
            Stage::Taken => Some(Err(Error::new(ErrorKind::Closed, "the result was taken before"))),
        }
    }
}

impl<W: Perform> Core<W> {
    fn new(work: W) -> Arc<Self> {
        Arc::new(Core {
            work: Mutex::new(Some(work)),
            state: Mutex::new(State { stage: Stage::Pending, waker: None, sleepers: 0 }),
            ready: Condvar::new(),
        })
    }

    fn take_work(&self) -> Option<W> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn finish(&self, result: Result<W::Output>) {
        let mut state = lock(&self.state);
        state.stage = Stage::Ready(result);
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

    fn perform(&self, work: W, stop: &CancelToken) {
        let script = work.script().clone();
        let result = catch_unwind(AssertUnwindSafe(|| work.perform(stop)));
        self.finish(result.unwrap_or_else(|_| {
            // Runs catch their own panics: this one came from an argument or a result on its way.
            Err(Error::new(ErrorKind::Native, "a conversion panicked").at(script.name(), None))
        }));
    }

    fn run_unless(&self, work: W, stop: &CancelToken) {
        if stop.is_cancelled() {
            self.finish(Err(stopped(work.script())));
        } else {
            self.perform(work, stop);
        }
    }

    /// Ends the job without beginning it.
    fn refuse(&self) {
        if let Some(work) = self.take_work() {
            let error = Error::new(ErrorKind::Closed, "the pool is shut down");
            self.finish(Err(error.at(work.script().name(), None)));
        }
    }
}

/// Why a job that was accepted is not begun.
#[cold]
pub(super) fn stopped(script: &Script) -> Error {
    Error::new(ErrorKind::Cancelled, "the pool was shut down before the job began").at(script.name(), None)
}

fn lock<R>(state: &Mutex<State<R>>) -> MutexGuard<'_, State<R>> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<W: Perform> Task for Core<W> {
    fn run(&self, stop: &CancelToken) {
        if let Some(work) = self.take_work() {
            self.run_unless(work, stop);
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
            let pool = work.script().pool().clone();
            self.run_unless(work, &pool.0.stop);
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
            Err(Refused::Full | Refused::NoThreads) => core.run_here(),
            Err(Refused::Closed) => core.refuse(),
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
        let sent = match script.lane() {
            Some(lane) => lane.try_submit(script.pool(), core.clone()),
            None => script.pool().try_send(Work::Task(core.clone())),
        };
        let refused = match sent {
            Ok(()) => return Ok(Job(core)),
            Err(Refused::NoThreads) => {
                core.run_here();
                return Ok(Job(core));
            }
            Err(refused) => refused,
        };
        match (core.take_work(), refused) {
            (Some(work), Refused::Closed) => Err(TrySubmitError::Closed(work.args)),
            (Some(work), _) => Err(TrySubmitError::Saturated(work.args)),
            // What was refused, nobody can have begun.
            (None, _) => Ok(Job(core)),
        }
    }
}

impl<R> Job<R> {
    /// Waits for the result. On a worker, a job that nobody has begun is run by this call.
    ///
    /// # Errors
    /// Those of [`Script::run`](crate::Script::run); kind [`ErrorKind::Cancelled`] when the pool was shut down before
    /// the job began.
    pub fn wait(self) -> Result<R> {
        // Without an end there is always a result.
        self.settle(None).unwrap_or_else(|| Err(Error::new(ErrorKind::Cancelled, "the job has no result")))
    }

    /// Waits for the result at most so long; `None` when it is not there by then. Later calls may find it.
    ///
    /// On a worker, a job that nobody has begun is run by this call, however long it takes: it might have no other.
    pub fn wait_timeout(&mut self, timeout: Duration) -> Option<Result<R>> {
        self.settle(Instant::now().checked_add(timeout))
    }

    /// Whether the run has ended.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        !matches!(self.0.state().stage, Stage::Pending)
    }

    fn settle(&self, until: Option<Instant>) -> Option<Result<R>> {
        if is_worker() {
            self.0.run_here();
        }
        let mut state = self.0.state();
        loop {
            if let Some(result) = state.take() {
                return Some(result);
            }
            state.sleepers += 1;
            let ready = self.0.ready();
            state = match until.map(|until| until.saturating_duration_since(Instant::now())) {
                None => ready.wait(state).unwrap_or_else(PoisonError::into_inner),
                Some(Duration::ZERO) => {
                    state.sleepers -= 1;
                    return None;
                }
                Some(left) => ready.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0,
            };
            state.sleepers -= 1;
        }
    }
}

/// Ready once the run has ended. Works in any async runtime; polled again after that, it is ready with an error.
impl<R> Future for Job<R> {
    type Output = Result<R>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if is_worker() {
            // A native that blocks on a future: nobody else may ever come to run this job.
            self.0.run_here();
        }
        let mut state = self.0.state();
        match state.take() {
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
