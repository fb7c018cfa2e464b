//! [`NativeModule`]: Rust functions and constants as a module.
//!
//! The functions are made once and shared; an interpreter that requires the module gets a table of its own, so that
//! what a script does to the table stays with that interpreter.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use lunapool_interpreter::{
    CallContext, EmptyAs, Handle, IntoLua, Loader, Native, NativeFunction, Open, Result, Scope, Value,
};

use crate::module::Module;

/// A module of Rust functions and constants.
///
/// In Lua it is a table with the functions, the constants, and the field `version`.
///
/// ```
/// use lunapool_interpreter::{Interpreter, Limits, LuaString, Program};
/// use lunapool_modules::{Modules, NativeModule};
///
/// let test = NativeModule::new("test", "1.0.0")
///     .function("hash", |text: LuaString| -> u32 {
///         text.as_bytes().iter().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
///     })
///     .function("parse", |text: String| text.parse::<i64>())
///     .constant("PI", std::f64::consts::PI);
/// let modules = Modules::builder().module(test).build()?;
///
/// let program = Program::compile("test.lua", r#"
///     local api = require("test")
///     function main(input) return api.hash(input), api.PI > 3, api.version, pcall(api.parse, "x") end
/// "#)?;
/// let mut lua = Interpreter::new(&program, &modules, Limits::default())?;
/// let (hash, _, version, parsed): (u32, bool, String, bool) = lua.call("abcdef")?;
/// assert_eq!((hash, version.as_str(), parsed), (4_282_878_506, "1.0.0", false));
/// # Ok::<(), lunapool_interpreter::Error>(())
/// ```
#[derive(Clone)]
pub struct NativeModule {
    name: String,
    members: Arc<Members>,
}

/// What is in the module's table.
#[derive(Clone)]
struct Members {
    version: String,
    fields: BTreeMap<Arc<str>, Member>,
}

#[derive(Clone)]
enum Member {
    Function(Arc<Native>),
    Constant(Value),
    /// `json.null`, which no [`Value`] stands for.
    #[cfg(feature = "json")]
    Null,
}

impl NativeModule {
    /// An empty module. Whether `name` and `version` are valid is looked at when a registry is built of it.
    #[must_use]
    pub fn new(name: impl Into<String>, version: impl AsRef<str>) -> Self {
        let members = Members { version: version.as_ref().to_owned(), fields: BTreeMap::new() };
        NativeModule { name: name.into(), members: Arc::new(members) }
    }

    /// Adds a function of up to 12 typed arguments, `Option`s and a last
    /// [`Variadic`](lunapool_interpreter::Variadic) among them.
    ///
    /// It returns results, or a `Result` of them whose error the script can catch and the host can
    /// [find again](lunapool_interpreter::Error::downcast_ref). Of two members with one name the later counts.
    #[must_use]
    pub fn function<A, F: NativeFunction<A>>(self, name: impl Into<Arc<str>>, function: F) -> Self {
        let name = name.into();
        let native = Native::typed(Arc::clone(&name), function);
        self.with(name, Member::Function(Arc::new(native)))
    }

    /// Adds a function that reads its arguments and writes its results itself.
    ///
    /// ```
    /// use lunapool_interpreter::CallContext;
    /// use lunapool_modules::NativeModule;
    ///
    /// let count = |call: &mut CallContext<'_, '_>| call.set_result(call.len() as i64);
    /// let module = NativeModule::new("arguments", "1.0.0").raw("count", count);
    /// ```
    #[must_use]
    pub fn raw<F>(self, name: impl Into<Arc<str>>, function: F) -> Self
    where
        F: for<'gc, 'a> Fn(&mut CallContext<'gc, 'a>) -> Result<()> + Send + Sync + 'static,
    {
        let name = name.into();
        let native = Native::raw(Arc::clone(&name), function);
        self.with(name, Member::Function(Arc::new(native)))
    }

    /// Adds a value. Each interpreter gets a copy.
    ///
    /// ```
    /// use lunapool_modules::NativeModule;
    ///
    /// let module = NativeModule::new("limits", "1.0.0").constant("retries", 3).constant("hosts", vec!["a", "b"]);
    /// ```
    #[must_use]
    pub fn constant(self, name: impl Into<Arc<str>>, value: impl Into<Value>) -> Self {
        self.with(name.into(), Member::Constant(value.into()))
    }

    #[cfg(feature = "json")]
    pub(crate) fn null(self, name: impl Into<Arc<str>>) -> Self {
        self.with(name.into(), Member::Null)
    }

    /// Takes the function or constant `name` out again, if there is one.
    ///
    /// ```
    /// use lunapool_modules::NativeModule;
    ///
    /// let full = NativeModule::new("files", "1.0.0").function("size", || 0).function("remove", || ());
    /// let harmless = full.clone().unregister("remove");
    /// ```
    #[must_use]
    pub fn unregister(mut self, name: impl AsRef<str>) -> Self {
        Arc::make_mut(&mut self.members).fields.remove(name.as_ref());
        self
    }

    fn with(mut self, name: Arc<str>, member: Member) -> Self {
        Arc::make_mut(&mut self.members).fields.insert(name, member);
        self
    }
}

impl Module for NativeModule {
    fn name(&self) -> &str {
        &self.name
    }

    fn version(&self) -> &str {
        &self.members.version
    }

    fn loader(&self) -> Loader {
        Loader::Native(self.members.clone())
    }
}

impl Open for Members {
    fn open<'gc>(&self, scope: Scope<'gc>) -> Result<Handle<'gc>> {
        // Not `Scope::table`, which counts its room as values of the run at hand.
        let table = scope.empty(EmptyAs::Unsaid);
        table.set_field(scope, "version", scope.name(&self.version));
        for (name, member) in &self.fields {
            let value = match member {
                Member::Function(native) => scope.function(Arc::clone(native)),
                Member::Constant(value) => value.into_lua(scope)?,
                #[cfg(feature = "json")]
                Member::Null => scope.null(),
            };
            table.set_field(scope, name, value);
        }
        Ok(table.into())
    }
}

impl fmt::Debug for NativeModule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut names = f.debug_struct("NativeModule");
        names.field("name", &self.name).field("version", &self.members.version);
        names.field("members", &self.members.fields.keys().collect::<Vec<_>>()).finish()
    }
}
