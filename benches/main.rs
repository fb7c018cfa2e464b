//! The benchmarks, named after those of the Go library, so that the two can be laid side by side.
//!
//! `cargo bench` runs all of them, `cargo bench -- serial/` one group.

#![allow(clippy::unwrap_used, missing_docs)]

mod convert;
mod lifecycle;
mod module;
mod parallel;
mod pool;
mod serial;

criterion::criterion_group!(
    benches,
    serial::serial,
    module::module,
    convert::convert,
    parallel::parallel,
    pool::pool,
    lifecycle::lifecycle,
);
criterion::criterion_main!(benches);
