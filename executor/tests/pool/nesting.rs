//! Proves that jobs may wait for jobs and batches of their own pool, however few its workers and however full its
//! queue.

use std::time::Duration;

use lunapool_executor::Script;
use lunapool_interpreter::{ErrorKind, Result};

use super::common::ends;
use super::{block_on, hosting, integer, pool, script};

const CALL_HOST: &str = "function main(n) if n == 0 then return 0 end return n + require('host').call(n - 1) end";

#[test]
fn jobs_may_wait_for_jobs_of_their_own_pool() {
    let ways: [fn(&Script, i64) -> Result<i64>; 5] = [
        |script, n| script.submit(n).wait().map(|value| value.as_integer().unwrap()),
        |script, n| {
            let mut job = script.submit(n);
            loop {
                if let Some(result) = job.wait_timeout(Duration::from_millis(1)) {
                    return result.map(|value| value.as_integer().unwrap());
                }
            }
        },
        |script, n| block_on(script.submit(n)).map(|value| value.as_integer().unwrap()),
        |script, n| script.run_batch([n]).next().unwrap().map(|value| value.as_integer().unwrap()),
        |script, n| match script.try_submit(n) {
            Ok(job) => job.wait().map(|value| value.as_integer().unwrap()),
            Err(refused) => script.call(refused.into_args()),
        },
    ];
    for way in ways {
        for threads in [1, 2] {
            ends(move || {
                let pool = pool(threads, 1);
                let script = hosting(&pool, CALL_HOST, way);
                assert_eq!(integer(script.submit(1).wait()), 1);
                // Ten deep.
                assert_eq!(integer(script.submit(10).wait()), 55);
                // Many of them, while the queue is full.
                let sums: Vec<_> = script.run_batch((0..200).map(|n| n % 11)).map(integer).collect();
                assert_eq!(sums, (0..200).map(|n| n % 11).map(|n| n * (n + 1) / 2).collect::<Vec<_>>());
                // Deeper than runs may nest on all of them: an error, and not a worker that is lost.
                assert_eq!(script.submit(100).wait().unwrap_err().kind(), ErrorKind::Limit);
                assert_eq!(integer(script.submit(10).wait()), 55);
            });
        }
    }
}

#[test]
fn jobs_may_wait_for_many_jobs_when_the_queue_is_full() {
    for concurrency in [None, Some(1), Some(2)] {
        ends(move || {
            let pool = pool(2, 1);
            let builder = Script::builder("inner.lua").source("function main(x) return x end").pool(&pool);
            let builder = if let Some(jobs) = concurrency { builder.concurrency(jobs) } else { builder };
            let inner = builder.build().unwrap();
            let outer = hosting(&pool, "function main(n) return require('host').call(n) end", move |_, n| {
                // More than any queue holds.
                let jobs: Vec<_> = (0..n).map(|x| inner.submit(x)).collect();
                jobs.into_iter().map(|job| job.wait().map(|value| value.as_integer().unwrap())).sum()
            });
            let sums: Vec<_> = outer.run_batch(vec![600; 12]).map(integer).collect();
            assert_eq!(sums, [600 * 599 / 2; 12]);
        });
    }
}

#[test]
fn a_job_may_run_a_batch_on_its_own_pool() {
    for threads in [1, 2] {
        ends(move || {
            let pool = pool(threads, 2);
            let inner = script(&pool, "function main(x) return 2 * x end");
            let outer = hosting(&pool, "function main(n) return require('host').call(n) end", move |_, n| {
                let results: Vec<_> = inner.run_batch(0..n).map(integer).collect();
                assert_eq!(results, (0..n).map(|x| 2 * x).collect::<Vec<_>>());
                Ok(results.iter().sum())
            });
            assert_eq!(integer(outer.submit(3_000).wait()), 3_000 * 2_999);
            let sums: Vec<_> = outer.run_batch(vec![500; 20]).map(integer).collect();
            assert_eq!(sums, [500 * 499; 20]);
        });
    }
}
