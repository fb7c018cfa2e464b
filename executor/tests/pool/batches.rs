//! Proves that a batch has one result per input, in the order of the inputs, and takes inputs only as results are
//! taken.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use lunapool_interpreter::Result;

use super::common::{Gate, ends};
use super::{gated, integer, pool, script};

#[test]
fn a_batch_keeps_the_order_of_its_inputs() {
    ends(|| {
        let pool = pool(3, 4);
        // Now and then an input takes a thousand times as long as its neighbours.
        let script = script(
            &pool,
            "function main(x)
                local n = 0
                if x % 997 == 0 then for i = 1, 20000 do n = n + i end end
                return x
            end",
        );
        let mut count = 0;
        for (result, x) in script.run_batch(0..50_000_i64).zip(0..) {
            assert_eq!(integer(result), x);
            count += 1;
        }
        assert_eq!(count, 50_000);
        assert_eq!(script.stats().runs, 50_000);
        // The same, converted on the workers.
        let typed: Result<Vec<u64>> = script.with().run_batch_as(0..1_000).collect();
        assert_eq!(typed.unwrap(), (0..1_000).collect::<Vec<_>>());
    });
}

#[test]
fn a_batch_takes_inputs_as_results_are_taken() {
    ends(|| {
        let pool = pool(2, 4);
        let script = script(&pool, "function main(x) return x end");
        let pulled = Arc::new(AtomicUsize::new(0));
        let count = pulled.clone();
        let endless = (0_i64..).inspect(move |_| {
            count.fetch_add(1, Ordering::SeqCst);
        });
        let mut batch = script.run_batch(endless);
        assert_eq!(pulled.load(Ordering::SeqCst), 0);
        // Five chunks of at most 256, and those whose results wait to be taken.
        let window = 6 * 256;
        for taken in 1..=20_000 {
            assert_eq!(integer(batch.next().unwrap()), taken - 1);
            let ahead = pulled.load(Ordering::SeqCst) - usize::try_from(taken).unwrap();
            assert!(ahead <= window, "{ahead} ahead after {taken}");
        }
        assert_eq!(format!("{batch:?}").split(' ').next(), Some("Batch"));
        let before = pulled.load(Ordering::SeqCst);
        drop(batch);
        pool.shutdown();
        assert_eq!(pulled.load(Ordering::SeqCst), before);
        assert_eq!(script.stats().runs, before as u64);
    });
}

#[test]
fn a_batch_of_long_jobs_uses_every_worker() {
    ends(|| {
        let (pool, gate) = (pool(4, 16), Gate::new());
        let script = gated(&pool, &gate);
        let batch = thread::spawn({
            let script = script.clone();
            move || script.run_batch(0..4).map(integer).collect::<Vec<_>>()
        });
        gate.await_waiting(4);
        gate.open();
        assert_eq!(batch.join().unwrap(), [0, 1, 2, 3]);
    });
}

#[test]
fn inputs_that_come_slowly_are_not_kept_waiting() {
    ends(|| {
        let pool = pool(2, 16);
        let script = script(&pool, "function main(x) return x end");
        // Quick inputs first, so that chunks are as large as they get.
        let quick = 0..20_000_i64;
        let slow = (20_000..20_060).inspect(|_| thread::sleep(Duration::from_millis(5)));
        let sent = AtomicI64::new(-1);
        let inputs = quick.chain(slow).inspect(|x| sent.store(*x, Ordering::SeqCst));
        for result in script.run_batch(inputs) {
            let x = integer(result);
            if x >= 20_000 {
                // A chunk of quick ones may have a few of them at its end; after that each travels alone.
                let ahead = sent.load(Ordering::SeqCst) - x;
                assert!(ahead <= 16 + 5, "{ahead} ahead of {x}");
            }
        }
    });
}

#[test]
fn errors_have_their_place_in_a_batch() {
    let pool = pool(2, 16);
    let script = script(&pool, "function main(x) if x % 7 == 3 then error('no ' .. x, 0) end return x end");
    let results: Vec<_> = script
        .run_batch(0..1_000_i64)
        .map(|result| result.map(|value| value.as_integer().unwrap()).map_err(|error| error.to_string()))
        .collect();
    let expected: Vec<_> =
        (0..1_000_i64).map(|x| if x % 7 == 3 { Err(format!("job.lua: no {x}")) } else { Ok(x) }).collect();
    assert_eq!(results, expected);
    let stats = script.stats();
    assert_eq!((stats.runs, stats.failures), (1_000, 143));
}

#[test]
fn an_empty_batch_is_empty() {
    let pool = pool(1, 1);
    let script = script(&pool, "function main(x) return x end");
    let mut batch = script.run_batch(Vec::<i64>::new());
    assert!(batch.next().is_none());
    assert!(batch.next().is_none());
    let mut batch = script.run_batch(Some(1));
    assert_eq!(integer(batch.next().unwrap()), 1);
    assert!(batch.next().is_none());
    assert!(batch.next().is_none());
}
