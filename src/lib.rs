//! lunapool runs Lua scripts inside Rust programs.

pub use lunapool_executor::*;
pub use lunapool_interpreter::*;
pub use lunapool_modules::*;
