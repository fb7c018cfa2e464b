//! Proves that scripts may go while they run, that what goes with them may run scripts, and that nothing stays behind.

use std::sync::{Arc, Mutex, Weak};

use lunapool_executor::Script;
use lunapool_interpreter::{Error, Result};
use lunapool_modules::NativeModule;

fn run_and_drop(script: Script) -> String {
    script.call(()).unwrap()
}

#[test]
fn a_native_may_drop_the_last_handle_of_the_script_that_called_it() {
    let place: Arc<Mutex<Option<Script>>> = Arc::default();
    let witness = Arc::new(());
    let (host, held) = (place.clone(), witness.clone());
    let module = NativeModule::new("host", "1.0.0").function("drop", move || {
        let _held = &held;
        host.lock().unwrap().take().is_some()
    });
    let script = Script::builder("drop.lua")
        .source("function main() local dropped = require('host').drop() return dropped and 'alone' end")
        .module(module)
        .build()
        .unwrap();
    *place.lock().unwrap() = Some(script.clone());
    // This handle goes with the run; the native takes the other one.
    let result = run_and_drop(script);
    assert_eq!(result, "alone");
    assert!(place.lock().unwrap().is_none());
    assert_eq!(Arc::strong_count(&witness), 1, "the interpreters of the script are gone, and its modules with them");
}

#[test]
fn what_a_dropped_script_held_may_run_scripts_as_it_goes() {
    /// Runs a script when it is dropped.
    struct Last(Script, Arc<Mutex<Vec<i64>>>);
    impl Drop for Last {
        fn drop(&mut self) {
            let count = self.0.call(()).unwrap();
            self.1.lock().unwrap().push(count);
        }
    }
    let seen: Arc<Mutex<Vec<i64>>> = Arc::default();
    let counter = Script::new("counter.lua", "n = 0 function main() n = n + 1 return n end").unwrap();
    for _ in 0..3 {
        let last = Last(counter.clone(), seen.clone());
        let module = NativeModule::new("last", "1.0.0").function("touch", move || last.1.lock().unwrap().len());
        let script = Script::builder("holder.lua")
            .source("function main() return require('last').touch() end")
            .module(module)
            .build()
            .unwrap();
        script.run(()).unwrap();
        drop(script);
        counter.call::<i64>(()).unwrap();
    }
    assert_eq!(seen.lock().unwrap().len(), 3);
    assert_eq!(counter.stats().failures, 0);
    assert_eq!(counter.stats().runs, 6);
}

#[test]
fn a_thread_that_ends_may_run_scripts_from_its_destructors() {
    struct AtExit(Script, Arc<Mutex<Option<Result<i64, Error>>>>);
    impl Drop for AtExit {
        fn drop(&mut self) {
            *self.1.lock().unwrap() = Some(self.0.call(1));
        }
    }
    thread_local! {
        static AT_EXIT: std::cell::RefCell<Option<AtExit>> = const { std::cell::RefCell::new(None) };
    }
    let script = Script::new("exit.lua", "function main(x) return x + 1 end").unwrap();
    for run_before in [false, true] {
        let result: Arc<Mutex<Option<Result<i64, Error>>>> = Arc::default();
        let (script, place) = (script.clone(), result.clone());
        std::thread::spawn(move || {
            if run_before {
                script.run(1).unwrap();
            }
            AT_EXIT.with(|at_exit| at_exit.replace(Some(AtExit(script.clone(), place))));
            script.run(1).unwrap();
        })
        .join()
        .unwrap();
        assert_eq!(result.lock().unwrap().take().unwrap().unwrap(), 2);
    }
    assert_eq!(script.stats().interpreters, 1);
}

#[test]
fn a_script_holds_no_more_than_its_natives_do() {
    // A native that holds its own script weakly keeps nothing alive.
    let place: Arc<Mutex<Weak<Script>>> = Arc::default();
    let host = place.clone();
    let witness = Arc::new(());
    let held = witness.clone();
    let module = NativeModule::new("host", "1.0.0").function("run", move |n: i64| -> Result<i64> {
        let _held = &held;
        host.lock().unwrap().upgrade().unwrap().call(n)
    });
    let script = Script::builder("weak.lua")
        .source("function main(n) if n == 0 then return 0 end return 1 + require('host').run(n - 1) end")
        .module(module)
        .build()
        .unwrap();
    let script = Arc::new(script);
    *place.lock().unwrap() = Arc::downgrade(&script);
    // The mutex is held during the run inside, so one level is as deep as this goes.
    assert_eq!(script.call::<i64>(1).unwrap(), 1);
    drop(script);
    assert_eq!(Arc::strong_count(&witness), 1);
}
