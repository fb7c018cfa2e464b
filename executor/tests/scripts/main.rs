//! Proves what a script is made of, that updates are all or nothing, what closing leaves running, what `stats` counts,
//! that limits only narrow, and that the next run works whatever the last one did.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod building;
mod closing;
#[path = "../common/mod.rs"]
mod common;
mod failures;
mod globals;
mod limits;
mod stats;
mod updates;

use std::time::Duration;

use lunapool_interpreter::{Error, ErrorKind, Limits};

fn shown(error: &Error) -> (ErrorKind, String) {
    (error.kind(), error.to_string())
}

fn endless() -> Limits {
    Limits { timeout: Some(Duration::from_millis(50)), ..Limits::default() }
}
