//! [`Interpreter`]: one machine with one program loaded.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use crate::convert::{FromResults, IntoArgs};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::{Budget, Limits};
use crate::machine::{Arguments, Machine, Results, Target};
use crate::program::Program;
use crate::require::{NoModules, Resolver};
use crate::scope::Scope;
use crate::stdlib::Stdlib;
use crate::value::Value;

/// Receives each line that the script prints, without its newline.
pub type Print = Arc<dyn Fn(&[u8]) + Send + Sync>;

/// What the host gives to a machine.
#[derive(Clone)]
pub(crate) struct Host {
    pub(crate) modules: Arc<dyn Resolver>,
    pub(crate) stdlib: Stdlib,
    pub(crate) print: Option<Print>,
}

/// One Lua machine with one program loaded: its globals, its modules, its heap. It stays on the thread it was made on.
///
/// This is the layer without threads, for tools, games and wasm. Services use a script, which keeps an interpreter on
/// each thread and can be updated.
///
/// ```
/// use lunapool_interpreter::{Interpreter, Limits, NoModules, Program};
///
/// let program = Program::compile("greet.lua", r#"
///     local greeting = "Hello"
///     function main(name) return greeting .. ", " .. name end
///     function set(text) greeting = text end
/// "#)?;
/// let mut lua = Interpreter::new(&program, &NoModules, Limits::default())?;
/// assert_eq!(lua.call::<String>("world")?, "Hello, world");
/// lua.call_function::<()>("set", "Goodbye")?;
/// assert_eq!(lua.call::<String>("world")?, "Goodbye, world");
/// # Ok::<(), lunapool_interpreter::Error>(())
/// ```
pub struct Interpreter {
    machine: Machine,
    program: Program,
    /// A native panicked in the middle of a run, so nothing is known about the machine.
    broken: bool,
}

/// Says what an [`Interpreter`] is made of.
pub struct InterpreterBuilder<'a> {
    program: &'a Program,
    host: Host,
    limits: Limits,
    budget: Budget,
}

impl InterpreterBuilder<'_> {
    /// Where `require` looks. Nowhere, unless this is called.
    #[must_use]
    pub fn modules(mut self, modules: impl Resolver + 'static) -> Self {
        self.host.modules = Arc::new(modules);
        self
    }

    /// Which standard library the program gets. [`Stdlib::SAFE`], unless this is called.
    #[must_use]
    pub fn stdlib(mut self, stdlib: Stdlib) -> Self {
        self.host.stdlib = stdlib;
        self
    }

    /// What the program and each run may use.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Further limits of the program's own start.
    #[must_use]
    pub fn budget(mut self, budget: Budget) -> Self {
        self.budget = budget;
        self
    }

    /// Receives what the program prints. Standard output, unless this is called.
    #[must_use]
    pub fn on_print(mut self, print: Print) -> Self {
        self.host.print = Some(print);
        self
    }

    /// Makes the machine and runs the program's chunk, which defines its functions and requires its modules.
    ///
    /// # Errors
    /// Whatever the chunk raises, and the limits that it meets.
    pub fn build(self) -> Result<Interpreter> {
        self.build_with(())
    }

    /// The same, with arguments for the chunk, which finds them in `...`.
    ///
    /// # Errors
    /// Those of [`build`](Self::build), and arguments that have no Lua form.
    pub fn build_with(self, args: impl IntoArgs) -> Result<Interpreter> {
        let machine = Machine::new(self.host, self.limits);
        let mut lua = Interpreter { machine, program: self.program.clone(), broken: false };
        let program = self.program.clone();
        args.lend_all(|args| lua.enter(Target::Chunk(&program), args, &self.budget, |_, _| Ok(())))?;
        lua.machine.remember_main();
        Ok(lua)
    }
}

impl Interpreter {
    /// Loads `program`, with what `modules` finds for `require`, and runs its chunk.
    ///
    /// # Errors
    /// Whatever the chunk raises, and the limits that it meets.
    pub fn new<M>(program: &Program, modules: &M, limits: Limits) -> Result<Self>
    where
        M: Resolver + Clone + 'static,
    {
        Self::builder(program).modules(modules.clone()).limits(limits).build()
    }

    /// An interpreter with more choices.
    #[must_use]
    pub fn builder(program: &Program) -> InterpreterBuilder<'_> {
        let host = Host { modules: Arc::new(NoModules), stdlib: Stdlib::default(), print: None };
        InterpreterBuilder { program, host, limits: Limits::default(), budget: Budget::default() }
    }

    /// Calls `main`, the function of that name once the chunk has run, and gives its first result.
    ///
    /// # Errors
    /// Whatever the script raises, the limits that it meets, and values that cannot be converted.
    pub fn run(&mut self, args: impl IntoArgs) -> Result<Value> {
        self.call(args)
    }

    /// Calls `main` and gives its results as `R`: a value, or a tuple for several results.
    ///
    /// # Errors
    /// Those of [`run`](Self::run).
    pub fn call<R: FromResults>(&mut self, args: impl IntoArgs) -> Result<R> {
        self.call_with(None, args, &Budget::default())
    }

    /// Calls the global function `name` and gives its results as `R`.
    ///
    /// # Errors
    /// Those of [`run`](Self::run).
    pub fn call_function<R: FromResults>(&mut self, name: &str, args: impl IntoArgs) -> Result<R> {
        self.call_with(Some(name), args, &Budget::default())
    }

    /// Calls `main`, or the global function named, within `budget`, which only narrows the interpreter's limits.
    ///
    /// # Errors
    /// Those of [`run`](Self::run).
    pub fn call_with<R: FromResults>(
        &mut self,
        function: Option<&str>,
        args: impl IntoArgs,
        budget: &Budget,
    ) -> Result<R> {
        let target = function.map_or(Target::Main, Target::Global);
        args.lend_all(|args| self.enter(target, args, budget, |scope, results| R::from_results(results, scope)))
    }

    fn enter<R>(
        &mut self,
        target: Target<'_>,
        args: &mut dyn Arguments,
        budget: &Budget,
        read: impl for<'gc> FnMut(Scope<'gc>, &Results<'gc>) -> Result<R>,
    ) -> Result<R> {
        if self.broken {
            return Err(self.name_chunk(Error::new(ErrorKind::Native, "the interpreter is broken by an earlier panic")));
        }
        let machine = &mut self.machine;
        match catch_unwind(AssertUnwindSafe(|| machine.run(target, args, budget, read))) {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => Err(self.name_chunk(error)),
            Err(panic) => {
                self.broken = true;
                let message = format!("a native function panicked: {}", panic_message(&*panic));
                Err(self.name_chunk(Error::new(ErrorKind::Native, message)))
            }
        }
    }

    #[cold]
    fn name_chunk(&self, error: Error) -> Error {
        error.at(self.program.name(), None)
    }

    /// The program that is loaded.
    #[must_use]
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// Whether there is a global function `name`.
    pub fn has_function(&mut self, name: &str) -> bool {
        !self.broken && self.machine.has_global(name)
    }

    /// Whether a native function panicked during a run. Every further run fails; make a new interpreter.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.broken
    }

    /// Whether later runs can be expected to work: no panic broke the interpreter, and its heap is within its limit.
    #[must_use]
    pub fn is_reusable(&self) -> bool {
        !self.broken && !self.machine.exhausted
    }

    /// How long the last run went on after its first slice of instructions; zero for short runs.
    #[doc(hidden)]
    pub fn take_overtime(&mut self) -> std::time::Duration {
        std::mem::take(&mut self.machine.overtime)
    }

    /// Bytes alive in the machine's heap, garbage that was not collected yet among them.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.machine.memory()
    }

    /// Collects all garbage now.
    pub fn collect_garbage(&mut self) {
        if !self.broken {
            self.machine.collect();
        }
    }
}

impl fmt::Debug for Interpreter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interpreter").field("program", &self.program).field("broken", &self.broken).finish()
    }
}

fn panic_message(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("without a message")
}
