//! lunapool runs Lua scripts inside Rust programs.

pub use lunapool_interpreter::*;
