//! Where `require` looks. What modules are is decided elsewhere; an interpreter only asks.

use std::sync::Arc;

use crate::error::{Error, ErrorKind, Result};
use crate::program::Program;
use crate::scope::{Handle, Scope};

/// Finds what a script asks for with `require(name)`.
pub trait Resolver: Send + Sync {
    /// The module that `name` stands for.
    ///
    /// # Errors
    /// [`ErrorKind::Module`] when there is none; the message says what there is.
    fn resolve(&self, name: &str) -> Result<Resolved>;
}

/// What a name stands for.
#[derive(Clone)]
pub struct Resolved {
    /// The same for every name of the same module, so that one interpreter loads it once.
    pub key: Arc<str>,
    /// How to make the module's value.
    pub loader: Loader,
}

/// How a module's value is made, once in every interpreter that requires it.
#[derive(Clone)]
#[non_exhaustive]
pub enum Loader {
    /// By Rust.
    Native(Arc<dyn Open>),
    /// By running a program; what it returns is the module.
    Program(Program),
}

/// Makes a module's value in one interpreter.
pub trait Open: Send + Sync {
    /// Called once in each interpreter that requires the module.
    ///
    /// # Errors
    /// When the module cannot be made; `require` fails with it.
    fn open<'gc>(&self, scope: Scope<'gc>) -> Result<Handle<'gc>>;
}

/// No modules at all: every `require` fails.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoModules;

impl Resolver for NoModules {
    fn resolve(&self, name: &str) -> Result<Resolved> {
        Err(Error::new(ErrorKind::Module, format!("module '{name}' not found: there are no modules")))
    }
}

impl<T: Resolver + ?Sized> Resolver for Arc<T> {
    fn resolve(&self, name: &str) -> Result<Resolved> {
        (**self).resolve(name)
    }
}
