//! The same script on several threads at once. Times are for one run, of all threads' runs together.

use std::hint::black_box;
use std::sync::Barrier;
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion};
use lunapool::Script;

/// The time in which `threads` threads together make `runs` runs, from when all are ready.
fn together(script: &Script, threads: usize, runs: u64) -> Duration {
    let barrier = Barrier::new(threads);
    let each = runs.div_ceil(threads as u64);
    let times = std::thread::scope(|scope| {
        let work = || {
            // The first run makes the thread's interpreter.
            script.run(1).unwrap();
            barrier.wait();
            let started = Instant::now();
            for _ in 0..each {
                script.run(black_box(1)).unwrap();
            }
            (started, Instant::now())
        };
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        handles.into_iter().map(|handle| handle.join().unwrap()).collect::<Vec<_>>()
    });
    let first = times.iter().map(|(started, _)| *started).min().unwrap();
    let last = times.iter().map(|(_, ended)| *ended).max().unwrap();
    last - first
}

pub(crate) fn parallel(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("parallel/fib1");
    let fib = "function main(n) if n < 2 then return 1 end return main(n - 2) + main(n - 1) end";
    let fib = Script::new("fib.lua", fib).unwrap();
    let mut counts = vec![1, 2, available_parallelism().map_or(1, usize::from)];
    counts.dedup();
    for threads in counts {
        group.bench_function(BenchmarkId::from_parameter(threads), |bencher| {
            bencher.iter_custom(|runs| together(&fib, threads, runs));
        });
    }
    group.finish();
}
