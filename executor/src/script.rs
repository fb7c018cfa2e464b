//! [`Script`]: a named program that runs on every thread and can be replaced while it runs.

use std::fmt;
use std::io::Read;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use lunapool_interpreter::{
    Error, ErrorKind, FromResults, Interpreter, IntoArgs, Limits, Print, Program, Result, Stdlib, Value,
};
use lunapool_modules::Modules;

use crate::builder::ScriptBuilder;
#[cfg(feature = "threads")]
use crate::pool::{Batch, Job, Lane, Pool, TrySubmitError};
use crate::residents::{self, MAX_REENTRANT, Nested, Resident};
use crate::run::{self, Run};
use crate::stats::{Ledger, Stats};

/// The version of a script: 1 at first, and one more with every update.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Generation(u64);

impl Generation {
    /// The number.
    #[must_use]
    pub fn number(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Generation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A named, updatable Lua program with its modules and limits.
///
/// Cloning shares it, and it may be used from any number of threads: each keeps an interpreter of its own, so runs
/// never wait for each other. `main` is the function of that name once the program's chunk has run. Globals live as long as a thread's interpreter of one generation; scripts that need one
/// state for all threads keep it in a native module.
///
/// ```
/// use lunapool_executor::Script;
///
/// let script = Script::new("fib.lua", "
///     function main(n)
///         if n < 2 then return 1 end
///         return main(n - 2) + main(n - 1)
///     end
/// ")?;
/// assert_eq!(script.call::<i64>(10)?, 89);
/// # Ok::<(), lunapool_interpreter::Error>(())
/// ```
#[derive(Clone)]
pub struct Script(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) id: u64,
    settings: Settings,
    #[cfg(feature = "threads")]
    lane: Option<Arc<Lane>>,
    /// The number of the current generation, and [`CLOSED`]: all that a run has to look at.
    state: AtomicU64,
    current: RwLock<Current>,
    pub(crate) ledger: Ledger,
}

/// What stays the same from generation to generation.
pub(crate) struct Settings {
    pub(crate) name: Arc<str>,
    pub(crate) modules: Modules,
    pub(crate) limits: Limits,
    pub(crate) stdlib: Stdlib,
    pub(crate) print: Option<Print>,
    #[cfg(feature = "threads")]
    pub(crate) pool: Option<Pool>,
    #[cfg(feature = "threads")]
    pub(crate) concurrency: Option<usize>,
}

#[derive(Clone)]
struct Current {
    number: u64,
    program: Program,
}

const CLOSED: u64 = 1 << 63;

static SCRIPTS: AtomicU64 = AtomicU64::new(1);

impl Inner {
    pub(crate) fn is_current(&self, generation: u64) -> bool {
        self.state.load(Ordering::Acquire) == generation
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        residents::announce_change();
        residents::sweep_if_stale();
    }
}

impl Script {
    /// A script from its source text, with the default limits and library and no modules but `json`.
    ///
    /// # Errors
    /// Those of [`ScriptBuilder::build`].
    pub fn new(name: impl Into<String>, source: impl AsRef<[u8]>) -> Result<Self> {
        Self::builder(name).source(source).build()
    }

    /// A script from a file, named after it.
    ///
    /// # Errors
    /// Those of [`ScriptBuilder::build`].
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        Self::builder(path.to_string_lossy()).file(path).build()
    }

    /// A script from whatever can be read.
    ///
    /// # Errors
    /// [`ErrorKind::Io`], and those of [`ScriptBuilder::build`].
    pub fn from_reader(name: impl Into<String>, mut reader: impl Read) -> Result<Self> {
        let (name, mut source) = (name.into(), Vec::new());
        if let Err(error) = reader.read_to_end(&mut source) {
            let message = format!("cannot read the source: {error}");
            return Err(Error::new(ErrorKind::Io, message).at(&name, None));
        }
        Self::new(name, source)
    }

    /// The first generation.
    pub(crate) fn start_new(settings: Settings, program: Program) -> Result<Self> {
        let script = Script(Arc::new(Inner {
            id: SCRIPTS.fetch_add(1, Ordering::Relaxed),
            #[cfg(feature = "threads")]
            lane: settings.concurrency.map(Lane::new),
            settings,
            state: AtomicU64::new(1),
            current: RwLock::new(Current { number: 1, program: program.clone() }),
            ledger: Ledger::default(),
        }));
        let Some(_nested) = Nested::enter() else { return Err(script.too_deep()) };
        let resident = script.start(&program, 1)?;
        residents::sweep_if_stale();
        residents::put(resident);
        Ok(script)
    }

    /// A script with more choices.
    #[must_use]
    pub fn builder(name: impl Into<String>) -> ScriptBuilder {
        ScriptBuilder::new(name.into())
    }

    /// Calls `main` on this thread and gives its first result.
    ///
    /// # Errors
    /// Whatever the script raises, the limits that it meets, values that cannot be converted, and
    /// [`ErrorKind::Closed`].
    pub fn run(&self, args: impl IntoArgs) -> Result<Value> {
        self.call(args)
    }

    /// Calls `main` on this thread and gives its results as `R`: a value, or a tuple for several results.
    ///
    /// # Errors
    /// Those of [`run`](Self::run).
    #[inline]
    pub fn call<R: FromResults>(&self, args: impl IntoArgs) -> Result<R> {
        run::call(self, None, &run::NO_BUDGET, args)
    }

    /// Choices for one run: narrower limits, another function.
    pub fn with(&self) -> Run<'_> {
        Run::new(self)
    }

    /// Hands a run of `main` to the pool, waiting while its queue is full.
    #[cfg(feature = "threads")]
    pub fn submit(&self, args: impl IntoArgs + Send + 'static) -> Job {
        self.with().submit(args)
    }

    /// Hands a run of `main` to the pool unless its queue is full.
    ///
    /// # Errors
    /// [`TrySubmitError`], which gives the arguments back.
    #[cfg(feature = "threads")]
    pub fn try_submit<A: IntoArgs + Send + 'static>(&self, args: A) -> Result<Job, TrySubmitError<A>> {
        self.with().try_submit(args)
    }

    /// Runs `main` on the pool for each of `inputs`, and gives the results in the order of the inputs.
    ///
    /// Inputs are taken as results are: however long they are, only a bounded number is under way.
    #[cfg(feature = "threads")]
    pub fn run_batch<I>(&self, inputs: I) -> Batch<I::IntoIter>
    where
        I: IntoIterator,
        I::Item: IntoArgs + Send + 'static,
    {
        self.with().run_batch(inputs)
    }

    /// Replaces the program. All or nothing: the new source is compiled and started on this thread first, and if that
    /// fails, the old one stays. Runs under way end on what they began with; runs that begin after this returned, on
    /// any thread, are of the new generation or a later one. Of two updates at a time the one that is ready last counts.
    ///
    /// # Errors
    /// Why the new source cannot run, or [`ErrorKind::Closed`].
    pub fn update(&self, source: impl AsRef<[u8]>) -> Result<Generation> {
        self.current_number()?;
        let Some(_nested) = Nested::enter() else { return Err(self.too_deep()) };
        let program = Program::compile(&*self.0.settings.name, source)?;
        // No lock is held while the program starts: it may call natives that update scripts, this one too.
        let mut resident = self.start(&program, 0)?;
        let Some(number) = self.advance(program) else { return Err(self.closed()) };
        resident.generation = number;
        residents::announce_change();
        residents::sweep_if_stale();
        residents::put(resident);
        Ok(Generation(number))
    }

    /// Makes `program` the next generation, unless the script was closed.
    fn advance(&self, program: Program) -> Option<u64> {
        let mut current = self.0.current.write().unwrap_or_else(PoisonError::into_inner);
        let state = self.0.state.load(Ordering::Acquire);
        let number = (state & CLOSED == 0).then_some(state + 1)?;
        *current = Current { number, program };
        self.0.state.store(number, Ordering::Release);
        Some(number)
    }

    /// The name that errors carry.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.settings.name
    }

    /// The generation that new runs start on.
    #[must_use]
    pub fn generation(&self) -> Generation {
        Generation(self.0.state.load(Ordering::Acquire) & !CLOSED)
    }

    /// What the script has done so far.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.0.ledger.stats(self.generation())
    }

    /// The pool that jobs of this script run on.
    #[cfg(feature = "threads")]
    #[must_use]
    pub fn pool(&self) -> &Pool {
        match &self.0.settings.pool {
            Some(pool) => pool,
            None => Pool::global(),
        }
    }

    /// How many jobs of this script the pool runs at a time.
    #[cfg(feature = "threads")]
    #[must_use]
    pub fn concurrency(&self) -> usize {
        let threads = self.pool().threads();
        self.0.settings.concurrency.map_or(threads, |jobs| jobs.min(threads))
    }

    #[cfg(feature = "threads")]
    pub(crate) fn lane(&self) -> Option<&Arc<Lane>> {
        self.0.lane.as_ref()
    }

    /// Makes every later run fail with [`ErrorKind::Closed`]. Runs under way end as they would have.
    pub fn close(&self) {
        let current = self.0.current.write().unwrap_or_else(PoisonError::into_inner);
        self.0.state.fetch_or(CLOSED, Ordering::AcqRel);
        drop(current);
        residents::announce_change();
        residents::sweep_if_stale();
    }

    /// Whether [`close`](Self::close) was called.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.0.state.load(Ordering::Acquire) & CLOSED != 0
    }

    fn current_number(&self) -> Result<u64> {
        let state = self.0.state.load(Ordering::Acquire);
        if state & CLOSED == 0 { Ok(state) } else { Err(self.closed()) }
    }

    /// Whether new runs start on this generation.
    pub(crate) fn is_current(&self, generation: u64) -> bool {
        self.0.is_current(generation)
    }

    #[cold]
    fn closed(&self) -> Error {
        // This thread may have nothing else to run, and would never notice.
        residents::sweep_if_stale();
        Error::new(ErrorKind::Closed, "script is closed").at(self.name(), None)
    }

    /// This thread's interpreter of the current generation, made if there is none.
    #[inline]
    pub(crate) fn take_resident(&self) -> Result<Box<Resident>> {
        let number = self.current_number()?;
        match residents::take(self.0.id) {
            Some(resident) if resident.generation == number => Ok(resident),
            _ => self.make_resident(),
        }
    }

    #[cold]
    fn make_resident(&self) -> Result<Box<Resident>> {
        let Current { number, program } = self.0.current.read().unwrap_or_else(PoisonError::into_inner).clone();
        self.start(&program, number)
    }

    /// Starts an interpreter: runs the program's chunk and looks for `main`.
    fn start(&self, program: &Program, number: u64) -> Result<Box<Resident>> {
        let mut builder = Interpreter::builder(program)
            .modules(self.0.settings.modules.clone())
            .limits(self.0.settings.limits.clone())
            .stdlib(self.0.settings.stdlib);
        if let Some(print) = &self.0.settings.print {
            builder = builder.on_print(print.clone());
        }
        let mut interpreter = builder.build()?;
        if !interpreter.has_function("main") {
            return Err(Error::new(ErrorKind::MissingMain, "function 'main' is missing").at(self.name(), None));
        }
        Ok(Resident::new(&self.0, number, interpreter))
    }

    #[cold]
    pub(crate) fn too_deep(&self) -> Error {
        let message = format!("runs nest more than {MAX_REENTRANT} deep on one thread");
        Error::new(ErrorKind::Limit, message).at(self.name(), None)
    }

    pub(crate) fn count_failure(&self) {
        self.0.ledger.count_failure();
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Script")
            .field("name", &self.0.settings.name)
            .field("generation", &self.generation().number())
            .field("closed", &self.is_closed())
            .finish()
    }
}
