//! [`Modules`]: the registry that answers `require`.
//!
//! It is built once and never changes, so that looking something up needs no lock, and every mistake in what it is
//! built of shows before a script runs.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use lunapool_interpreter::{Error, ErrorKind, Loader, Resolved, Resolver, Result};
use semver::{Version, VersionReq};

use crate::module::{IntoModule, Module, checked_version};

/// The modules that scripts can `require`. Cloning shares them.
///
/// `require("test")` gives the highest version of `test`, a pre-release only when there is nothing else.
/// `require("test@1.2")` gives the highest version that the requirement behind the `@` allows; requirements are those
/// of Cargo: `1` and `^1` mean any 1.x, `=1.0.0` this one, `>=1, <3` a range.
///
/// [`Modules::default`] has the built-in modules only, which is `json` with the feature `json`.
///
/// ```
/// use lunapool_interpreter::{Interpreter, Limits, Program};
/// use lunapool_modules::{Modules, NativeModule};
///
/// let modules = Modules::builder()
///     .module(NativeModule::new("greet", "1.4.2").constant("word", "Hello"))
///     .module(NativeModule::new("greet", "2.0.0").constant("word", "Hi"))
///     .build()?;
/// let program = Program::compile("versions.lua", r#"
///     function main() return require("greet").word, require("greet@1").word end
/// "#)?;
/// let mut lua = Interpreter::new(&program, &modules, Limits::default())?;
/// assert_eq!(lua.call::<(String, String)>(())?, ("Hi".into(), "Hello".into()));
/// # Ok::<(), lunapool_interpreter::Error>(())
/// ```
#[derive(Clone)]
pub struct Modules(Arc<Registry>);

/// Versions by name, the highest first.
type Registry = BTreeMap<String, Vec<Entry>>;

struct Entry {
    version: Version,
    /// What an interpreter remembers the loaded module by.
    key: Arc<str>,
    loader: Loader,
    /// What it was made of, unless it is built in.
    given: Option<Arc<dyn Module>>,
}

/// Collects what a registry is made of.
#[must_use]
pub struct ModulesBuilder {
    given: Vec<Arc<dyn Module>>,
    builtins: bool,
}

impl Modules {
    /// A registry of given modules.
    pub fn builder() -> ModulesBuilder {
        ModulesBuilder { given: Vec::new(), builtins: true }
    }

    fn find(&self, request: &str) -> Result<&Entry> {
        let (name, wanted) = match request.split_once('@') {
            Some((name, wanted)) => (name, Some(wanted)),
            None => (request, None),
        };
        let Some(versions) = self.0.get(name) else { return Err(self.unknown(name)) };
        let found = match wanted {
            None => versions.iter().find(|entry| entry.version.pre.is_empty()).or(versions.first()),
            Some(wanted) => {
                let requirement = VersionReq::parse(wanted).map_err(|error| malformed(name, wanted, &error))?;
                versions.iter().find(|entry| requirement.matches(&entry.version))
            }
        };
        found.ok_or_else(|| no_match(name, wanted.unwrap_or("*"), versions))
    }

    #[cold]
    fn unknown(&self, name: &str) -> Error {
        let known: Vec<_> = self.listed().collect();
        let message = match known.is_empty() {
            true => format!("module '{name}' not found: there are no modules"),
            false => format!("module '{name}' not found; there are: {}", known.join(", ")),
        };
        Error::new(ErrorKind::Module, message)
    }

    /// Names with versions in their order; the built-in modules have the version of this crate, which says nothing.
    fn listed(&self) -> impl Iterator<Item = String> {
        self.0.iter().flat_map(|(name, versions)| {
            versions.iter().rev().map(move |entry| match entry.given {
                Some(_) => entry.key.to_string(),
                None => name.clone(),
            })
        })
    }
}

#[cold]
fn malformed(name: &str, wanted: &str, error: &semver::Error) -> Error {
    let message = format!("module '{name}': '{wanted}' is not a version requirement such as 1.2: {error}");
    Error::new(ErrorKind::Module, message)
}

#[cold]
fn no_match(name: &str, wanted: &str, versions: &[Entry]) -> Error {
    let known: Vec<_> = versions.iter().rev().map(|entry| entry.version.to_string()).collect();
    let message = format!("module '{name}' has no version matching '{wanted}' (there are: {})", known.join(", "));
    Error::new(ErrorKind::Module, message)
}

impl Resolver for Modules {
    fn resolve(&self, name: &str) -> Result<Resolved> {
        let entry = self.find(name)?;
        Ok(Resolved { key: Arc::clone(&entry.key), loader: entry.loader.clone() })
    }
}

/// The built-in modules.
impl Default for Modules {
    fn default() -> Self {
        let mut registry = Registry::new();
        add_builtins(&mut registry);
        Modules(Arc::new(registry))
    }
}

impl fmt::Debug for Modules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.listed()).finish()
    }
}

impl ModulesBuilder {
    /// Adds a module, and with it the modules that it depends on.
    pub fn module(mut self, module: impl IntoModule) -> Self {
        self.given.push(module.into_module());
        self
    }

    /// Whether the registry has the built-in modules: yes, unless this says no. A module that is given replaces the
    /// built-in module of its name.
    ///
    /// ```
    /// use lunapool_interpreter::Resolver;
    /// use lunapool_modules::Modules;
    ///
    /// let error = Modules::builder().builtins(false).build()?.resolve("json").err();
    /// assert_eq!(error.map(|error| error.to_string()), Some("module 'json' not found: there are no modules".into()));
    /// # Ok::<(), lunapool_interpreter::Error>(())
    /// ```
    pub fn builtins(mut self, wanted: bool) -> Self {
        self.builtins = wanted;
        self
    }

    /// Makes the registry.
    ///
    /// ```
    /// use lunapool_modules::{Modules, NativeModule};
    ///
    /// let one = NativeModule::new("test", "1.0.0").constant("one", 1);
    /// let other = NativeModule::new("test", "1.0.0").constant("other", 2);
    /// let error = Modules::builder().module(one).module(other).build().unwrap_err();
    /// assert_eq!(error.to_string(), "module 'test' 1.0.0 is given twice");
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Module`] when a module has no valid name or version, or when two different modules have both in
    /// common.
    pub fn build(mut self) -> Result<Modules> {
        let mut registry = Registry::new();
        // A list of what is left to do, and not recursion, because nothing bounds how deep dependencies go.
        while let Some(module) = self.given.pop() {
            if add(&mut registry, &module)? {
                self.given.extend(module.dependencies());
            }
        }
        if self.builtins {
            add_builtins(&mut registry);
        }
        for versions in registry.values_mut() {
            versions.sort_by(|a, b| b.version.cmp(&a.version));
        }
        Ok(Modules(Arc::new(registry)))
    }
}

impl fmt::Debug for ModulesBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let given: Vec<_> = self.given.iter().map(|module| module.name()).collect();
        f.debug_struct("ModulesBuilder").field("given", &given).field("builtins", &self.builtins).finish()
    }
}

/// Whether the module was new.
fn add(registry: &mut Registry, module: &Arc<dyn Module>) -> Result<bool> {
    let (name, loader) = (module.name(), module.loader());
    let version = checked_version(name, module.version())?;
    let versions = registry.entry(name.to_owned()).or_default();
    if let Some(known) = versions.iter().find(|entry| entry.version == version) {
        if is_same(known, module, &loader) {
            return Ok(false);
        }
        return Err(Error::new(ErrorKind::Module, format!("module '{name}' {version} is given twice")));
    }
    let key = format!("{name}@{version}").into();
    versions.push(Entry { version, key, loader, given: Some(Arc::clone(module)) });
    Ok(true)
}

/// Clones of a native module share what they are made of, so they are the same as well.
fn is_same(known: &Entry, module: &Arc<dyn Module>, loader: &Loader) -> bool {
    let same_loader = match (&known.loader, loader) {
        (Loader::Native(known), Loader::Native(loader)) => Arc::ptr_eq(known, loader),
        _ => false,
    };
    same_loader || known.given.as_ref().is_some_and(|known| Arc::ptr_eq(known, module))
}

#[cfg(feature = "json")]
fn add_builtins(registry: &mut Registry) {
    let module = crate::json::module();
    // The version of this crate is one, or the crate would not have been built.
    let Ok(version) = Version::parse(module.version()) else { return };
    let key = format!("{}@{version}", module.name()).into();
    let entry = Entry { version, key, loader: module.loader(), given: None };
    registry.entry(module.name().to_owned()).or_insert_with(|| vec![entry]);
}

#[cfg(not(feature = "json"))]
fn add_builtins(_: &mut Registry) {}
