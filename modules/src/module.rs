//! [`Module`]: what every kind of module has in common.
//!
//! Versions are text here, so that the crate that parses them is no part of the public API; the registry parses each
//! once, when it is built.

use std::sync::Arc;

use lunapool_interpreter::{Error, ErrorKind, Loader, Result};
use semver::Version;

/// Something that scripts can `require`.
///
/// [`NativeModule`](crate::NativeModule) and [`ScriptModule`](crate::ScriptModule) are modules; implement this for
/// one that makes its value in another way.
///
/// ```
/// use std::sync::Arc;
/// use lunapool_interpreter::{Handle, Interpreter, IntoLua, Limits, Loader, Open, Program, Result, Scope};
/// use lunapool_modules::{Module, Modules};
///
/// /// A module that is a list of names.
/// struct Names(Arc<Vec<String>>);
///
/// struct OpenNames(Arc<Vec<String>>);
///
/// impl Open for OpenNames {
///     fn open<'gc>(&self, scope: Scope<'gc>) -> Result<Handle<'gc>> {
///         (&*self.0).into_lua(scope)
///     }
/// }
///
/// impl Module for Names {
///     fn name(&self) -> &str {
///         "names"
///     }
///
///     fn version(&self) -> &str {
///         "1.0.0"
///     }
///
///     fn loader(&self) -> Loader {
///         Loader::Native(Arc::new(OpenNames(self.0.clone())))
///     }
/// }
///
/// let names = Names(Arc::new(vec!["Ada".into(), "Grace".into()]));
/// let modules = Modules::builder().module(names).build()?;
/// let program = Program::compile("names.lua", "function main() return require('names')[2] end")?;
/// assert_eq!(Interpreter::new(&program, &modules, Limits::default())?.call::<String>(())?, "Grace");
/// # Ok::<(), lunapool_interpreter::Error>(())
/// ```
pub trait Module: Send + Sync {
    /// What `require` calls it. Not empty, and without an `@`, which begins a version there.
    fn name(&self) -> &str;

    /// Its semantic version, such as `1.0.0`.
    fn version(&self) -> &str;

    /// How its value is made in each interpreter that requires it. Asked for once, when a registry is built.
    fn loader(&self) -> Loader;

    /// The modules that this one requires. They come with it wherever it is registered.
    fn dependencies(&self) -> Vec<Arc<dyn Module>> {
        Vec::new()
    }
}

/// What can be given as a module: a [`Module`], or an [`Arc`] of one that is given in several places.
///
/// ```
/// use std::sync::Arc;
/// use lunapool_modules::{Module, Modules, NativeModule};
///
/// let owned = NativeModule::new("owned", "1.0.0");
/// let shared: Arc<dyn Module> = Arc::new(NativeModule::new("shared", "1.0.0"));
/// Modules::builder().module(owned).module(shared.clone()).module(shared).build()?;
/// # Ok::<(), lunapool_interpreter::Error>(())
/// ```
pub trait IntoModule {
    /// The module, to be shared.
    fn into_module(self) -> Arc<dyn Module>;
}

impl<M: Module + 'static> IntoModule for M {
    fn into_module(self) -> Arc<dyn Module> {
        Arc::new(self)
    }
}

impl IntoModule for Arc<dyn Module> {
    fn into_module(self) -> Arc<dyn Module> {
        self
    }
}

impl<M: Module + 'static> IntoModule for Arc<M> {
    fn into_module(self) -> Arc<dyn Module> {
        self
    }
}

/// The version of a module, if both its name and its version are valid.
pub(crate) fn checked_version(name: &str, version: &str) -> Result<Version> {
    if name.is_empty() {
        return Err(Error::new(ErrorKind::Module, format!("a module of version '{version}' has no name")));
    }
    if name.contains('@') {
        let message = format!("module '{name}': a name must not contain '@', which begins a version in require");
        return Err(Error::new(ErrorKind::Module, message));
    }
    Version::parse(version).map_err(|error| {
        let message = format!("module '{name}': '{version}' is not a version such as 1.0.0: {error}");
        Error::new(ErrorKind::Module, message)
    })
}
