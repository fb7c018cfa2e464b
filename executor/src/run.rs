//! [`Run`]: one run of a script, and what is special about it.

use std::borrow::Cow;
use std::time::Duration;

use lunapool_interpreter::clock;
use lunapool_interpreter::{Budget, CancelToken, FromResults, IntoArgs, Result, Value};

#[cfg(feature = "threads")]
use crate::pool::{Batch, Job, TrySubmitError};
use crate::residents::{self, Nested};
use crate::script::Script;

/// No limits beside the script's own.
pub(crate) static NO_BUDGET: Budget = Budget { fuel: None, memory: None, timeout: None, cancel: None, shutdown: None };

/// Runs a function of `script`, or `main`, on this thread.
#[inline]
pub(crate) fn call<R: FromResults>(
    script: &Script,
    function: Option<&str>,
    budget: &Budget,
    args: impl IntoArgs,
) -> Result<R> {
    let Some(nested) = Nested::enter() else {
        script.count_failure();
        return Err(script.too_deep());
    };
    #[cfg(feature = "threads")]
    if nested.is_inner()
        && budget.shutdown.is_none()
        && let Some(stop) = crate::pool::worker_stop()
    {
        // What a job runs ends with the job's pool as well.
        let budget = Budget { shutdown: Some(stop), ..budget.clone() };
        return call_here(script, function, &budget, args);
    }
    #[cfg(not(feature = "threads"))]
    let _ = nested;
    call_here(script, function, budget, args)
}

/// The run itself, counted as nested already.
#[inline]
fn call_here<R: FromResults>(
    script: &Script,
    function: Option<&str>,
    budget: &Budget,
    args: impl IntoArgs,
) -> Result<R> {
    let mut resident = match script.take_resident() {
        Ok(resident) => resident,
        Err(error) => {
            script.count_failure();
            return Err(error);
        }
    };
    let sample = resident.counters.sample();
    let started = if sample.is_some() { clock::now() } else { None };
    let result = resident.interpreter.call_with(function, args, budget);
    resident.counters.count(result.is_err());
    let overtime = resident.interpreter.take_overtime();
    if let (Some(weight), Some(started)) = (sample, started) {
        let first_slice = started.elapsed().saturating_sub(overtime);
        resident.counters.add_time(first_slice.saturating_mul(weight));
    }
    if !overtime.is_zero() {
        resident.counters.add_time(overtime);
    }
    // A sweep during the run has not seen this one, so it is kept only if it is of use.
    if resident.interpreter.is_reusable() && script.is_current(resident.generation) {
        residents::put(resident);
    }
    result
}

/// Choices for one run of a script. Limits narrow those of the script and never widen them.
///
/// ```
/// use std::time::Duration;
/// use lunapool_executor::Script;
/// use lunapool_interpreter::ErrorKind;
///
/// let script = Script::new("loop.lua", "function main() end function spin() while true do end end")?;
/// let error = script.with().function("spin").timeout(Duration::from_millis(10)).run(()).unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Limit);
/// # Ok::<(), lunapool_interpreter::Error>(())
/// ```
#[derive(Clone)]
#[must_use = "choices do nothing until `run`, `call` or `submit`"]
pub struct Run<'a> {
    script: Cow<'a, Script>,
    function: Option<Cow<'a, str>>,
    budget: Budget,
}

impl<'a> Run<'a> {
    pub(crate) fn new(script: &'a Script) -> Self {
        Run { script: Cow::Borrowed(script), function: None, budget: Budget::default() }
    }

    /// Calls another global function than `main`.
    pub fn function(mut self, name: &'a str) -> Self {
        self.function = Some(Cow::Borrowed(name));
        self
    }

    /// How long the run may take.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.budget.timeout = Some(timeout);
        self
    }

    /// How many instructions the run may execute.
    pub fn fuel(mut self, instructions: u64) -> Self {
        self.budget.fuel = Some(instructions);
        self
    }

    /// How many bytes may be alive in the interpreter.
    pub fn memory(mut self, bytes: usize) -> Self {
        self.budget.memory = Some(bytes);
        self
    }

    /// Stops the run when `token` is cancelled.
    pub fn cancel(mut self, token: &CancelToken) -> Self {
        self.budget.cancel = Some(token.clone());
        self
    }

    #[cfg(feature = "threads")]
    pub(crate) fn shutdown(&mut self, token: &CancelToken) {
        self.budget.shutdown = Some(token.clone());
    }

    /// Runs on this thread and gives the first result.
    ///
    /// # Errors
    /// Those of [`Script::run`].
    pub fn run(&self, args: impl IntoArgs) -> Result<Value> {
        self.call(args)
    }

    /// Runs on this thread and gives the results as `R`.
    ///
    /// # Errors
    /// Those of [`Script::run`].
    #[inline]
    pub fn call<R: FromResults>(&self, args: impl IntoArgs) -> Result<R> {
        call(&self.script, self.function.as_deref(), &self.budget, args)
    }

    /// Hands the run to the script's pool, waiting while its queue is full.
    #[cfg(feature = "threads")]
    pub fn submit(&self, args: impl IntoArgs + Send + 'static) -> Job {
        self.submit_as(args)
    }

    /// The same, for results of another type than [`Value`]. They are converted on the worker.
    #[cfg(feature = "threads")]
    pub fn submit_as<R, A>(&self, args: A) -> Job<R>
    where
        R: FromResults + Send + 'static,
        A: IntoArgs + Send + 'static,
    {
        Job::submit(self.owned(), args)
    }

    /// Hands the run to the script's pool unless its queue is full.
    ///
    /// # Errors
    /// [`TrySubmitError`], which gives the arguments back.
    #[cfg(feature = "threads")]
    pub fn try_submit<A: IntoArgs + Send + 'static>(&self, args: A) -> Result<Job, TrySubmitError<A>> {
        Job::try_submit(self.owned(), args)
    }

    /// Runs on the pool for each of `inputs`, and gives the results in the order of the inputs.
    #[cfg(feature = "threads")]
    pub fn run_batch<I>(&self, inputs: I) -> Batch<I::IntoIter>
    where
        I: IntoIterator,
        I::Item: IntoArgs + Send + 'static,
    {
        self.run_batch_as(inputs)
    }

    /// The same, for results of another type than [`Value`]. They are converted on the workers.
    #[cfg(feature = "threads")]
    pub fn run_batch_as<R, I>(&self, inputs: I) -> Batch<I::IntoIter, R>
    where
        R: FromResults + Send + 'static,
        I: IntoIterator,
        I::Item: IntoArgs + Send + 'static,
    {
        Batch::new(self.owned(), inputs.into_iter())
    }

    #[cfg(feature = "threads")]
    pub(crate) fn script(&self) -> &Script {
        &self.script
    }

    /// The same run without borrows, to be sent to a worker.
    #[cfg(feature = "threads")]
    fn owned(&self) -> Run<'static> {
        Run {
            script: Cow::Owned(self.script.clone().into_owned()),
            function: self.function.clone().map(|name| Cow::Owned(name.into_owned())),
            budget: self.budget.clone(),
        }
    }
}
