//! Scripts and modules from files.

use std::io::{self, Read};
use std::path::Path;

use lunapool::{Error, ErrorKind, Limits, Modules, Program, Result, ScriptModule};

use crate::arguments;

/// The name that errors give to a script from standard input.
const STDIN: &str = "stdin";

/// How much memory one interpreter may take. A script that recurses without end would otherwise take all there is.
const MEMORY: usize = 1 << 30;

/// What scripts may use: they are the user's own, and may take as long as they like.
pub(crate) fn limits() -> Limits {
    Limits { memory: Some(MEMORY), ..Limits::unbounded() }
}

/// Compiles the file, or standard input if it is called `-`.
pub(crate) fn program(path: &Path) -> Result<Program> {
    if path != Path::new("-") {
        return Program::from_file(path);
    }
    let mut source = Vec::new();
    io::stdin().read_to_end(&mut source).map_err(|error| {
        let message = format!("cannot read standard input: {error}");
        Error::new(ErrorKind::Io, message)
    })?;
    Program::compile(STDIN, source)
}

/// Compiles the files that scripts can `require`.
pub(crate) fn modules(given: &arguments::Modules) -> Result<Vec<ScriptModule>> {
    given.files.iter().map(|module| ScriptModule::from_file(&module.name, &module.version, &module.path)).collect()
}

/// The same, as a registry.
pub(crate) fn registry(given: &arguments::Modules) -> Result<Modules> {
    modules(given)?.into_iter().fold(Modules::builder(), |registry, module| registry.module(module)).build()
}
