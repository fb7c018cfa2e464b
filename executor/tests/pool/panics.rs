//! Proves that no panic, of a native or of what callers bring, costs the pool a worker.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Wake, Waker};
use std::thread;

use lunapool_executor::{Pool, Script};
use lunapool_interpreter::{ErrorKind, IntoLua, Result};
use lunapool_modules::NativeModule;

use super::common::{Gate, ends};
use super::{gated, integer, pool, script, shown};

#[test]
fn panics_kill_no_worker() {
    ends(|| {
        let (pool, gate) = (pool(2, 16), Gate::new());
        let module = NativeModule::new("trap", "1.0.0").function("step", |x: i64| {
            assert!(x % 2 == 0, "odd");
            x
        });
        let script = Script::builder("trap.lua")
            .source("function main(x) return require('trap').step(x) end")
            .module(module)
            .pool(&pool)
            .build()
            .unwrap();
        let jobs: Vec<_> = (0..1_000).map(|x| script.submit(x)).collect();
        for (job, x) in jobs.into_iter().zip(0..) {
            match job.wait() {
                Ok(value) => assert_eq!((x % 2, value.as_integer()), (0, Some(x))),
                Err(error) => {
                    assert_eq!(x % 2, 1);
                    let message = "trap.lua: a native function panicked: odd".to_owned();
                    assert_eq!(shown(&error), (ErrorKind::Native, message));
                }
            }
        }
        let failed = script.run_batch(0..1_000_i64).filter(|result| result.is_err()).count();
        assert_eq!(failed, 500);
        assert_eq!((script.stats().runs, script.stats().failures), (2_000, 1_000));
        both_workers_live(&pool, &gate);
    });
}

/// Needs as many workers as there are.
fn both_workers_live(pool: &Pool, gate: &Gate) {
    let script = gated(pool, gate);
    let jobs = [script.submit(1), script.submit(2)];
    gate.await_waiting(2);
    gate.open();
    assert_eq!(jobs.map(|job| integer(job.wait())), [1, 2]);
}

#[test]
fn what_callers_bring_may_panic_as_well() {
    struct Explosive(&'static str);
    impl IntoLua for Explosive {
        fn into_lua<'gc>(self, scope: lunapool_interpreter::Scope<'gc>) -> Result<lunapool_interpreter::Handle<'gc>> {
            assert!(self.0 != "convert", "in a conversion");
            1.into_lua(scope)
        }
    }
    impl Drop for Explosive {
        fn drop(&mut self) {
            assert!(self.0 != "drop" || thread::panicking(), "in a destructor");
        }
    }
    struct Alarm;
    impl Wake for Alarm {
        fn wake(self: Arc<Self>) {
            panic!("in a waker");
        }
    }
    ends(|| {
        let (pool, gate, second) = (pool(2, 16), Gate::new(), Gate::new());
        let script = script(&pool, "function main(x) return x end");
        for _ in 0..10 {
            assert_eq!(script.submit(Explosive("convert")).wait().unwrap_err().kind(), ErrorKind::Native);
            assert_eq!(script.submit(Explosive("drop")).wait().unwrap_err().kind(), ErrorKind::Native);
            assert_eq!(integer(script.submit(Explosive("nothing")).wait()), 1);
        }
        let waiting = gated(&pool, &gate);
        let mut jobs = [waiting.submit(1), waiting.submit(2)];
        gate.await_waiting(2);
        let alarm = Waker::from(Arc::new(Alarm));
        for job in &mut jobs {
            assert!(pin!(job).poll(&mut Context::from_waker(&alarm)).is_pending());
        }
        gate.open();
        assert_eq!(jobs.map(|job| integer(job.wait())), [1, 2]);
        both_workers_live(&pool, &second);
    });
}
