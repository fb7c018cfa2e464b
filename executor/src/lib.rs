//! Scripts, generations, threads and the worker pool of [lunapool](https://docs.rs/lunapool).
//!
//! [`Script`] is a named, updatable program. Every thread that runs it owns an interpreter of it (`residents`), so
//! runs on different threads share nothing. A [`Pool`] is threads of exactly the same kind: a job is a run, there.

mod builder;
#[cfg(feature = "threads")]
mod pool;
mod residents;
mod run;
mod script;
mod stats;

pub use builder::ScriptBuilder;
#[cfg(feature = "threads")]
pub use pool::{Batch, Job, Pool, PoolBuilder, TrySubmitError};
pub use residents::{MAX_REENTRANT, MAX_RESIDENT};
pub use run::Run;
pub use script::{Generation, Script};
pub use stats::Stats;
