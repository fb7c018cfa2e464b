//! [`ScriptBuilder`]: what a script is made of.

use std::path::Path;
use std::sync::Arc;

use lunapool_interpreter::{Error, ErrorKind, Limits, Print, Program, Result, Stdlib, read_source};
use lunapool_modules::{IntoModule, Modules, ModulesBuilder};

#[cfg(feature = "threads")]
use crate::pool::Pool;
use crate::script::{Script, Settings};

/// Says what a [`Script`] is made of.
pub struct ScriptBuilder {
    name: String,
    source: Option<Result<Vec<u8>>>,
    modules: ModulesBuilder,
    limits: Limits,
    stdlib: Stdlib,
    print: Option<Print>,
    #[cfg(feature = "threads")]
    pool: Option<Pool>,
    #[cfg(feature = "threads")]
    concurrency: Option<usize>,
}

impl ScriptBuilder {
    pub(crate) fn new(name: String) -> Self {
        ScriptBuilder {
            name,
            source: None,
            modules: Modules::builder(),
            limits: Limits::default(),
            stdlib: Stdlib::default(),
            print: None,
            #[cfg(feature = "threads")]
            pool: None,
            #[cfg(feature = "threads")]
            concurrency: None,
        }
    }

    /// The source text.
    #[must_use]
    pub fn source(mut self, source: impl AsRef<[u8]>) -> Self {
        self.source = Some(Ok(source.as_ref().to_vec()));
        self
    }

    /// The file that the source is read from, when the script is built.
    #[must_use]
    pub fn file(mut self, path: impl AsRef<Path>) -> Self {
        self.source = Some(read_source(path));
        self
    }

    /// A module that the script may `require`. Called once for each.
    #[must_use]
    pub fn module(mut self, module: impl IntoModule) -> Self {
        self.modules = self.modules.module(module);
        self
    }

    /// What the script's interpreters and runs may use.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Which standard library the script gets. [`Stdlib::SAFE`], unless this is called.
    #[must_use]
    pub fn stdlib(mut self, stdlib: Stdlib) -> Self {
        self.stdlib = stdlib;
        self
    }

    /// Receives each line that the script prints, without its newline. Standard output, unless this is called.
    #[must_use]
    pub fn on_print(mut self, print: impl Fn(&[u8]) + Send + Sync + 'static) -> Self {
        self.print = Some(Arc::new(print));
        self
    }

    /// The pool that jobs of this script run on. The process-wide one, unless this is called.
    #[cfg(feature = "threads")]
    #[must_use]
    pub fn pool(mut self, pool: &Pool) -> Self {
        self.pool = Some(pool.clone());
        self
    }

    /// How many jobs of this script the pool runs at a time. As many as it has threads, unless this is called; 0 is 1.
    ///
    /// A job that another job waits for, or that it submits while too many are waiting, is run by that job's worker at
    /// once and is not counted: otherwise two scripts could wait for each other forever.
    #[cfg(feature = "threads")]
    #[must_use]
    pub fn concurrency(mut self, jobs: usize) -> Self {
        self.concurrency = Some(jobs.max(1));
        self
    }

    /// Compiles the source, resolves the modules, and starts the first interpreter, on this thread.
    ///
    /// # Errors
    /// [`ErrorKind::Syntax`], [`ErrorKind::Io`], [`ErrorKind::Module`], [`ErrorKind::MissingMain`], and whatever the
    /// script raises while it starts.
    pub fn build(self) -> Result<Script> {
        let no_source = || Error::new(ErrorKind::Io, "the script was given no source").at(&self.name, None);
        let source = self.source.ok_or_else(no_source)??;
        let program = Program::compile(&self.name, source)?;
        let modules = self.modules.build().map_err(|error| error.at(&self.name, None))?;
        Script::start_new(
            Settings {
                name: self.name.into(),
                modules,
                limits: self.limits,
                stdlib: self.stdlib,
                print: self.print,
                #[cfg(feature = "threads")]
                pool: self.pool,
                #[cfg(feature = "threads")]
                concurrency: self.concurrency,
            },
            program,
        )
    }
}
