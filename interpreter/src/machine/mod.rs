//! The machine: the one place that knows which loop runs the bytecode.
//!
//! Today that is piccolo's own executor. Everything outside this folder works through [`Scope`], `Handle` and
//! `CallContext`, so that another loop over the same heap can take its place.
//!
//! One run is one `enter` of the heap when it fits into a slice: arguments are converted, the resident thread is
//! started, stepped, and its results are read, without leaving. Longer runs leave and enter again after each slice,
//! which is when the collector works and when limits are looked at.

mod buffer;
mod library;
mod native;
mod raise;
mod require;
mod state;

use std::time::{Duration, Instant};

use ottavino_gc_arena::{DynamicRoot, Rootable};
use piccolo::{Context, Fuel, Function, Lua, ThreadMode, Value as Raw, Variadic};

pub use self::buffer::{Arguments, Buffer, Results};
pub(crate) use self::native::new_callback;
pub(crate) use self::raise::{carried, position};
use self::state::Running;
pub(crate) use self::state::State;

use crate::clock;
use crate::error::{Error, ErrorKind, Result};
use crate::interpreter::Host;
use crate::limits::{Budget, Limits, narrower};
use crate::program::Program;
use crate::scope::Scope;

/// Instructions between two looks at the limits, some 50 µs of work.
const SLICE: i32 = 8_192;

type StateRoot = Rootable![State<'_>];

pub(crate) struct Machine {
    lua: Lua,
    state: DynamicRoot<StateRoot>,
    limits: Limits,
    /// How long the last run went on after its first slice.
    pub(crate) overtime: Duration,
    /// Garbage collection could not bring the heap below its limit: later runs would start at it.
    pub(crate) exhausted: bool,
}

/// What to call.
#[derive(Clone, Copy)]
pub(crate) enum Target<'a> {
    /// The global function `main`.
    Main,
    /// The global function of this name.
    Global(&'a str),
    /// The program itself.
    Chunk(&'a Program),
}

/// How the first slice of a run ended.
enum First<R> {
    Done(Result<R>),
    Unfinished,
}

impl Machine {
    pub(crate) fn new(host: Host, limits: Limits) -> Self {
        let mut lua = Lua::empty();
        let state = lua.enter(|ctx| {
            let state = State::new(ctx, host, limits.clone());
            library::load(ctx, state);
            ctx.registry().roots().stash::<StateRoot>(&ctx, state)
        });
        Machine { lua, state, limits, overtime: Duration::ZERO, exhausted: false }
    }

    /// Bytes alive in the heap.
    pub(crate) fn memory(&self) -> usize {
        self.lua.total_memory()
    }

    pub(crate) fn collect(&mut self) {
        self.lua.gc_collect();
    }

    /// Whether the function is there.
    pub(crate) fn has_global(&mut self, name: &str) -> bool {
        self.lua.enter(|ctx| global(ctx, name).is_ok())
    }

    /// Keeps the function that runs call, now that the chunk has defined it.
    pub(crate) fn remember_main(&mut self) {
        let root = &self.state;
        self.lua.enter(|ctx| {
            let state = ctx.registry().roots().fetch(root);
            state.main.set(&ctx, global(ctx, "main").ok());
        });
    }

    /// Runs `target` with `arguments` and reads its results with `read`.
    pub(crate) fn run<R>(
        &mut self,
        target: Target<'_>,
        arguments: &mut dyn Arguments,
        budget: &Budget,
        mut read: impl for<'gc> FnMut(Scope<'gc>, &Results<'gc>) -> Result<R>,
    ) -> Result<R> {
        let slice = narrower(budget.fuel, self.limits.fuel).map_or(SLICE, slice_of);
        let timed = budget.timeout.is_some() || self.limits.timeout.is_some();
        let started = if timed { clock::now() } else { None };
        if self.exhausted {
            self.check_memory(self.limits.memory)?;
            self.exhausted = false;
        }
        let root = &self.state;
        let mut fuel = Fuel::with(slice);
        let first = self.lua.enter(|ctx| {
            let state = ctx.registry().roots().fetch(root);
            let scope = Scope::new(ctx, state);
            let outcome = start(scope, target, arguments).and_then(|()| step(scope, &mut fuel));
            match outcome {
                Ok(true) => First::Done(finish(scope, &mut read)),
                Ok(false) => First::Unfinished,
                Err(error) => First::Done(Err(error)),
            }
        });
        match first {
            First::Done(result) => {
                // Nobody looked while it lasted. What a short run leaves behind counts against the next.
                if self.limits.memory.is_some_and(|max| self.memory() > max) {
                    self.exhausted = self.is_over(self.limits.memory);
                }
                result
            }
            First::Unfinished => {
                let first_slice_ended = clock::now();
                let result = self.run_on(budget, started, u64::from(slice.unsigned_abs()), &mut read);
                self.overtime = first_slice_ended.map_or(Duration::ZERO, |ended| ended.elapsed());
                result
            }
        }
    }

    /// The slices after the first.
    #[cold]
    fn run_on<R>(
        &mut self,
        budget: &Budget,
        started: Option<Instant>,
        mut used: u64,
        read: &mut impl for<'gc> FnMut(Scope<'gc>, &Results<'gc>) -> Result<R>,
    ) -> Result<R> {
        let max_fuel = narrower(budget.fuel, self.limits.fuel);
        let max_memory = narrower(budget.memory, self.limits.memory);
        let timeout = narrower(budget.timeout, self.limits.timeout);
        loop {
            if let Err(error) = self.check(budget, max_fuel, max_memory, timeout, started, used) {
                self.abandon();
                self.exhausted = self.is_over(self.limits.memory);
                return Err(error);
            }
            let left = max_fuel.map_or(u64::MAX, |max| max - used);
            let slice = slice_of(left);
            let mut fuel = Fuel::with(slice);
            let root = &self.state;
            let result = self.lua.enter(|ctx| {
                let state = ctx.registry().roots().fetch(root);
                let scope = Scope::new(ctx, state);
                match step(scope, &mut fuel) {
                    Ok(true) => Some(finish(scope, read)),
                    Ok(false) => None,
                    Err(error) => Some(Err(error)),
                }
            });
            if let Some(result) = result {
                return result;
            }
            // A step may overdraw its fuel by what one library function charges.
            used = used.saturating_add(u64::try_from(i64::from(slice) - i64::from(fuel.remaining())).unwrap_or(0));
        }
    }

    fn check(
        &mut self,
        budget: &Budget,
        max_fuel: Option<u64>,
        max_memory: Option<usize>,
        timeout: Option<Duration>,
        started: Option<Instant>,
        used: u64,
    ) -> Result<()> {
        let limit = |message| Err(Error::new(ErrorKind::Limit, message));
        if [&budget.cancel, &budget.shutdown].into_iter().flatten().any(|token| token.is_cancelled()) {
            return Err(Error::new(ErrorKind::Cancelled, "run was cancelled"));
        }
        if let Some(max) = max_fuel.filter(|&max| used >= max) {
            return limit(format!("fuel of {max} instructions exceeded"));
        }
        if let (Some(max), Some(started)) = (timeout, started)
            && started.elapsed() >= max
        {
            return limit(format!("timeout of {max:?} exceeded"));
        }
        self.check_memory(max_memory)
    }

    fn check_memory(&mut self, max: Option<usize>) -> Result<()> {
        match max.filter(|_| self.is_over(max)) {
            Some(max) => Err(Error::new(ErrorKind::Limit, format!("memory of {max} bytes exceeded"))),
            None => Ok(()),
        }
    }

    /// Whether more is alive than allowed.
    fn is_over(&mut self, max: Option<usize>) -> bool {
        max.is_some_and(|max| {
            if self.memory() > max {
                // What is over the limit may be garbage that the collector has not come to yet.
                self.collect();
            }
            self.memory() > max
        })
    }

    /// Ends a run between two slices. The heap is consistent there; only the run's frames have to go.
    fn abandon(&mut self) {
        let root = &self.state;
        self.lua.enter(|ctx| {
            let state = ctx.registry().roots().fetch(root);
            state.running.set(&ctx, Running::new(ctx));
            state.loading.borrow_mut().clear();
            state.loaded.iter().for_each(|(key, value)| require::forget_unfinished(ctx, state, key, value));
        });
    }
}

/// The next slice of a run that has this much fuel left.
fn slice_of(left: u64) -> i32 {
    i32::try_from(left).unwrap_or(SLICE).min(SLICE)
}

#[inline]
fn start<'gc>(scope: Scope<'gc>, target: Target<'_>, arguments: &mut dyn Arguments) -> Result<()> {
    let Scope { ctx, state, .. } = scope;
    let function = match target {
        Target::Main => match state.main.get() {
            Some(function) => function,
            // The chunk defined none; some other function may have done it since.
            None => global(ctx, "main")?,
        },
        Target::Global(name) => global(ctx, name)?,
        Target::Chunk(program) => Function::Closure(program.load(ctx, ctx.globals())),
    };
    state.values_left.set(state.limits.values);
    let mut buffer = Buffer::new();
    arguments.write(scope, &mut buffer)?;
    match state.running.get().thread.start(ctx, function, Variadic(buffer.iter())) {
        Ok(()) => Ok(()),
        Err(error) => Err(inconsistent(error)),
    }
}

fn global<'gc>(ctx: Context<'gc>, name: &str) -> Result<Function<'gc>> {
    match ctx.globals().get_raw(ctx.intern(name.as_bytes()).into()) {
        Raw::Function(function) => Ok(function),
        _ => Err(Error::new(ErrorKind::MissingMain, format!("function '{name}' is missing"))),
    }
}

/// Runs until the fuel is used up (`false`) or the thread has results (`true`).
fn step(scope: Scope<'_>, fuel: &mut Fuel) -> Result<bool> {
    scope.state.running.get().executor.step(scope.ctx, fuel).map_err(inconsistent)
}

#[inline]
fn finish<'gc, R>(scope: Scope<'gc>, read: &mut impl FnMut(Scope<'gc>, &Results<'gc>) -> Result<R>) -> Result<R> {
    let thread = scope.state.running.get().thread;
    scope.state.values_left.set(scope.state.limits.values);
    match thread.take_result::<Results<'gc>>(scope.ctx) {
        Ok(Ok(results)) => {
            if thread.mode() != ThreadMode::Stopped {
                let _ = thread.reset(&scope.ctx);
                return Err(Error::new(ErrorKind::Runtime, "attempt to yield from outside a coroutine"));
            }
            read(scope, &results)
        }
        Ok(Err(error)) => Err(raise::to_error(scope, &error)),
        Err(error) => Err(inconsistent(error)),
    }
}

/// The VM says that its own state is wrong. Nothing that a script does leads here; whoever owns the machine drops it.
fn inconsistent(error: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::Runtime, format!("the interpreter is inconsistent: {error}"))
}
