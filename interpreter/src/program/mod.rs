//! [`Program`]: source compiled once to bytecode that every thread shares.

mod bounds;
mod compile;

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use piccolo::compiler::CompiledPrototype;
use piccolo::{Closure, Context, FunctionPrototype};

use crate::error::{Error, ErrorKind, Result};

/// A string constant of a program, owned by no machine.
pub(crate) type Text = Arc<[u8]>;

/// The largest source that is compiled, in bytes: 1 MiB.
pub(crate) const MAX_SOURCE: usize = 1 << 20;

/// A Lua program: source text compiled to bytecode.
///
/// Compiling is the slow part of starting a script, so it happens once: a program is `Send + Sync`, cloning shares it,
/// and every [`Interpreter`](crate::Interpreter) loads it in microseconds.
///
/// ```
/// use lunapool_interpreter::{Interpreter, Limits, NoModules, Program};
///
/// let program = Program::compile("double.lua", "function main(x) return 2 * x end")?;
/// let mut lua = Interpreter::new(&program, &NoModules, Limits::default())?;
/// assert_eq!(lua.call::<i64>(21)?, 42);
/// # Ok::<(), lunapool_interpreter::Error>(())
/// ```
#[derive(Clone)]
pub struct Program(Arc<Compiled>);

struct Compiled {
    name: Arc<str>,
    prototype: CompiledPrototype<Text>,
}

impl Program {
    /// Compiles `source`. `name` is the chunk name that errors carry, usually the file's name.
    ///
    /// A UTF-8 byte order mark and a first line that begins with `#` are skipped, as `lua` does for files.
    ///
    /// # Errors
    /// [`ErrorKind::Syntax`] with the line when the source is not a Lua program, [`ErrorKind::Limit`] when it is
    /// longer than 1 MiB or nests deeper than the compiler can follow.
    pub fn compile(name: impl AsRef<str>, source: impl AsRef<[u8]>) -> Result<Self> {
        let (name, source) = (name.as_ref(), source.as_ref());
        if source.len() > MAX_SOURCE {
            let message = format!("source of {} bytes is longer than the {MAX_SOURCE} bytes allowed", source.len());
            return Err(Error::new(ErrorKind::Limit, message).at(name, None));
        }
        let prototype = compile::compile(source).map_err(|error| error.at(name, None))?;
        Ok(Program(Arc::new(Compiled { name: name.into(), prototype })))
    }

    /// Reads and compiles a file. The chunk name is the path as it was given.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] when the file cannot be read, and those of [`compile`](Self::compile).
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        Self::compile(path.to_string_lossy(), read_source(path)?)
    }

    /// The chunk name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The program's main function, bound to the machine's globals.
    pub(crate) fn load<'gc>(&self, ctx: Context<'gc>, env: piccolo::Table<'gc>) -> Closure<'gc> {
        let name = ctx.intern(self.0.name.as_bytes());
        let prototype =
            FunctionPrototype::from_compiled_map_strings(&ctx, name, &self.0.prototype, |text| ctx.intern(text));
        match Closure::new(&ctx, prototype, Some(env)) {
            Ok(closure) => closure,
            // A chunk's only upvalue is its environment, and one is given.
            Err(error) => unreachable!("{error}"),
        }
    }
}

/// The bytes of a source file.
///
/// # Errors
/// [`ErrorKind::Io`], which names the file.
pub fn read_source(path: impl AsRef<Path>) -> Result<Vec<u8>> {
    let path = path.as_ref();
    std::fs::read(path).map_err(|error| {
        let message = format!("cannot read {}: {error}", path.display());
        Error::native(error).with_kind(ErrorKind::Io).with_message(message)
    })
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Program").field(&self.0.name).finish()
    }
}
