//! What scripts of [lunapool](https://docs.rs/lunapool) can `require`: modules in Rust, in Lua, and `json`.
//!
//! [`NativeModule`] makes Rust functions a module, [`ScriptModule`] makes a Lua file one, and [`Modules`] is the
//! registry that an interpreter asks. A module of another kind implements [`Module`].
//!
//! Everything here is `Send + Sync` and shared between interpreters; what belongs to one interpreter is made when it
//! requires the module. This crate starts no threads and knows none.
//!
//! ```
//! use lunapool_interpreter::{Interpreter, Limits, Program};
//! use lunapool_modules::{Modules, NativeModule};
//!
//! let geometry = NativeModule::new("geometry", "1.0.0").function("area", |width: f64, height: f64| width * height);
//! let modules = Modules::builder().module(geometry).build()?;
//!
//! let program = Program::compile("room.lua", r#"
//!     local geometry = require("geometry")
//!     function main(width, height) return geometry.area(width, height) end
//! "#)?;
//! let mut lua = Interpreter::new(&program, &modules, Limits::default())?;
//! assert_eq!(lua.call::<f64>((3, 4.5))?, 13.5);
//! # Ok::<(), lunapool_interpreter::Error>(())
//! ```

#[cfg(feature = "json")]
pub mod json;
mod module;
mod native;
mod registry;
mod script;

pub use module::{IntoModule, Module};
pub use native::NativeModule;
pub use registry::{Modules, ModulesBuilder};
pub use script::ScriptModule;
