//! Proves that a pool without room gives the arguments back, and that trying to submit never waits.

use lunapool_executor::{Script, TrySubmitError};
use lunapool_interpreter::Value;

use super::common::{Gate, ends};
use super::{gated, integer, pool};

#[test]
fn a_saturated_pool_gives_the_arguments_back() {
    ends(|| {
        let (pool, gate) = (pool(1, 1), Gate::new());
        let script = gated(&pool, &gate);
        let running = script.try_submit(String::from("first")).unwrap();
        gate.await_waiting(1);
        let waiting = script.try_submit(String::from("second")).unwrap();
        let error = script.try_submit(String::from("third")).unwrap_err();
        assert!(error.is_saturated());
        assert_eq!(error.to_string(), "the pool is saturated");
        assert_eq!(error.into_args(), "third");
        gate.open();
        assert_eq!(running.wait().unwrap().as_str(), Some("first"));
        assert_eq!(waiting.wait().unwrap().as_str(), Some("second"));
        let job = script.try_submit(String::from("third")).unwrap();
        assert_eq!(job.wait().unwrap().as_str(), Some("third"));
        pool.shutdown();
        let error = script.try_submit(vec![1, 2]).unwrap_err();
        assert!(!error.is_saturated());
        assert_eq!(error.to_string(), "the pool is shut down");
        assert!(matches!(error, TrySubmitError::Closed(args) if args == [1, 2]));
    });
}

#[test]
fn trying_to_submit_never_waits() {
    // The queue is full of another script's jobs; the lane of this one has room.
    ends(|| {
        let (pool, gate) = (pool(1, 1), Gate::new());
        let blocking = gated(&pool, &gate);
        let lane = Script::builder("lane.lua")
            .source("function main(x) return x end")
            .pool(&pool)
            .concurrency(1)
            .build()
            .unwrap();
        let running = blocking.submit(1);
        gate.await_waiting(1);
        let queued = blocking.try_submit(2).unwrap();
        assert!(blocking.try_submit(3).unwrap_err().is_saturated());
        let mut accepted = Vec::new();
        let refused = loop {
            match lane.try_submit(accepted.len()) {
                Ok(job) => accepted.push(job),
                Err(error) => break error,
            }
        };
        assert!(refused.is_saturated());
        assert_eq!(refused.into_args(), accepted.len());
        assert!(!accepted.is_empty() && accepted.len() < 10_000);
        gate.open();
        for (x, job) in accepted.into_iter().enumerate() {
            assert_eq!(job.wait().unwrap(), Value::from(x as i64));
        }
        assert_eq!((integer(running.wait()), integer(queued.wait())), (1, 2));
    });
}
