//! [`ScriptModule`]: Lua source as a module, compiled once for all interpreters.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use lunapool_interpreter::{Loader, Program, Result};

use crate::module::{IntoModule, Module, checked_version};

/// A module written in Lua: what its source returns is what `require` gives.
///
/// To give one in several places, put it into an [`Arc`].
///
/// ```
/// use lunapool_interpreter::{Interpreter, Limits, Program};
/// use lunapool_modules::{Modules, ScriptModule};
///
/// let demo = ScriptModule::new("demo_mod", "1.0.0", r#"
///     local demo_mod = {}
///     function demo_mod.Mult(a, b) return a * b end
///     return demo_mod
/// "#)?;
/// let modules = Modules::builder().module(demo).build()?;
///
/// let program = Program::compile("test.lua", r#"
///     local demo = require("demo_mod")
///     function main() return demo.Mult(5, 5) end
/// "#)?;
/// assert_eq!(Interpreter::new(&program, &modules, Limits::default())?.call::<i64>(())?, 25);
/// # Ok::<(), lunapool_interpreter::Error>(())
/// ```
pub struct ScriptModule {
    name: String,
    version: String,
    program: Program,
    dependencies: Vec<Arc<dyn Module>>,
}

impl ScriptModule {
    /// Compiles `source`. Its errors carry the module's name with `.lua` behind it.
    ///
    /// # Errors
    /// [`ErrorKind::Module`](lunapool_interpreter::ErrorKind::Module) when name or version are not valid, and those of
    /// [`Program::compile`].
    pub fn new(name: impl Into<String>, version: impl AsRef<str>, source: impl AsRef<[u8]>) -> Result<Self> {
        let name = name.into();
        checked_version(&name, version.as_ref())?;
        // A dot in a name is usually a path of Lua's, as in `tools.text`, so only this extension counts as one.
        let chunk = if name.ends_with(".lua") { name.clone() } else { format!("{name}.lua") };
        let program = Program::compile(chunk, source)?;
        Self::from_program(name, version, program)
    }

    /// Reads and compiles a file. Its errors carry the path.
    ///
    /// ```no_run
    /// use lunapool_modules::ScriptModule;
    ///
    /// let module = ScriptModule::from_file("rules", "2.1.0", "scripts/rules.lua")?;
    /// # Ok::<(), lunapool_interpreter::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Io`](lunapool_interpreter::ErrorKind::Io) when the file cannot be read, and those of
    /// [`new`](Self::new).
    pub fn from_file(name: impl Into<String>, version: impl AsRef<str>, path: impl AsRef<Path>) -> Result<Self> {
        let name = name.into();
        checked_version(&name, version.as_ref())?;
        Self::from_program(name, version, Program::from_file(path)?)
    }

    /// A module of a program that is compiled already.
    ///
    /// ```
    /// use lunapool_interpreter::Program;
    /// use lunapool_modules::ScriptModule;
    ///
    /// let program = Program::compile("lib/text.lua", "return { trim = function(s) return s:match('^%s*(.-)%s*$') end }")?;
    /// let module = ScriptModule::from_program("text", "1.0.0", program)?;
    /// # Ok::<(), lunapool_interpreter::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Module`](lunapool_interpreter::ErrorKind::Module) when name or version are not valid.
    pub fn from_program(name: impl Into<String>, version: impl AsRef<str>, program: Program) -> Result<Self> {
        let (name, version) = (name.into(), version.as_ref().to_owned());
        checked_version(&name, &version)?;
        Ok(ScriptModule { name, version, program, dependencies: Vec::new() })
    }

    /// Gives a module that this one may require. It is found by every other script of the registry as well.
    ///
    /// ```
    /// use lunapool_modules::{NativeModule, ScriptModule};
    ///
    /// let text = NativeModule::new("text", "1.0.0").function("trim", |text: String| text.trim().to_owned());
    /// let module = ScriptModule::new("forms", "1.0.0", "local text = require('text') return {}")?.module(text);
    /// # Ok::<(), lunapool_interpreter::Error>(())
    /// ```
    #[must_use]
    pub fn module(mut self, module: impl IntoModule) -> Self {
        self.dependencies.push(module.into_module());
        self
    }
}

impl Module for ScriptModule {
    fn name(&self) -> &str {
        &self.name
    }

    fn version(&self) -> &str {
        &self.version
    }

    fn loader(&self) -> Loader {
        Loader::Program(self.program.clone())
    }

    fn dependencies(&self) -> Vec<Arc<dyn Module>> {
        self.dependencies.clone()
    }
}

impl fmt::Debug for ScriptModule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dependencies: Vec<_> = self.dependencies.iter().map(|module| module.name()).collect();
        let mut parts = f.debug_struct("ScriptModule");
        parts.field("name", &self.name).field("version", &self.version).field("program", &self.program);
        parts.field("dependencies", &dependencies).finish()
    }
}
