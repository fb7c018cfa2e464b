//! Runs handed to worker threads.

use std::collections::VecDeque;
use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput};
use lunapool::Script;

pub(crate) fn pool(criterion: &mut Criterion) {
    let echo = Script::new("echo.lua", "function main(x) return x end").unwrap();

    let mut group = criterion.benchmark_group("pool/submit");
    for in_flight in [1, 64] {
        group.bench_function(BenchmarkId::from_parameter(in_flight), |bencher| {
            let mut jobs = VecDeque::with_capacity(in_flight);
            bencher.iter(|| {
                jobs.push_back(echo.submit(black_box(1)));
                if jobs.len() == in_flight {
                    jobs.pop_front().unwrap().wait().unwrap();
                }
            });
            for job in jobs {
                job.wait().unwrap();
            }
        });
    }
    group.finish();

    let mut group = criterion.benchmark_group("pool");
    group.throughput(Throughput::Elements(100_000)).sample_size(20);
    group.bench_function("batch", |bencher| {
        bencher.iter(|| echo.run_batch(0..100_000).filter(Result::is_ok).count());
    });
    group.finish();
}
