//! Proves that natives may run, update, close and drop scripts on the thread that calls them, to a bounded depth, and
//! that everything unwinds when they go deeper.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::sync::{Arc, Mutex, OnceLock, Weak};

use lunapool_executor::{MAX_REENTRANT, Script};
use lunapool_interpreter::{Error, ErrorKind, Result};
use lunapool_modules::NativeModule;

/// A place for scripts that natives find after the scripts that call them were built.
#[derive(Clone, Default)]
struct Scripts(Arc<Mutex<Vec<Script>>>);

impl Scripts {
    fn push(&self, script: &Script) {
        self.0.lock().unwrap().push(script.clone());
    }

    fn get(&self, index: usize) -> Script {
        self.0.lock().unwrap()[index].clone()
    }

    /// Lets the scripts go, which hold their natives, which hold this.
    fn clear(&self) {
        let scripts = std::mem::take(&mut *self.0.lock().unwrap());
        drop(scripts);
    }
}

/// `run(index, n)` runs the script with this index.
fn runner(scripts: &Scripts) -> NativeModule {
    let scripts = scripts.clone();
    NativeModule::new("host", "1.0.0")
        .function("run", move |index: usize, n: i64| -> Result<i64> { scripts.get(index).call(n) })
}

fn build(scripts: &Scripts, name: &str, source: &str) -> Script {
    let script = Script::builder(name).source(source).module(runner(scripts)).build().unwrap();
    scripts.push(&script);
    script
}

#[test]
fn a_native_may_run_the_script_that_called_it() {
    let scripts = Scripts::default();
    let script = build(
        &scripts,
        "sum.lua",
        "local host = require('host') function main(n) if n == 0 then return 0 end return n + host.run(0, n - 1) end",
    );
    assert_eq!(script.call::<i64>(10).unwrap(), 55);
    // Each level had an interpreter of its own, and they are kept for the next time.
    assert_eq!(script.stats().interpreters, 11);
    assert_eq!(script.call::<i64>(10).unwrap(), 55);
    assert_eq!((script.stats().interpreters, script.stats().runs), (11, 22));
    scripts.clear();
}

#[test]
fn an_inner_run_has_globals_of_its_own() {
    let scripts = Scripts::default();
    let script = build(
        &scripts,
        "own.lua",
        "depth = 'none' function main(n)
            depth = n
            if n > 0 then require('host').run(0, n - 1) end
            return depth
        end",
    );
    assert_eq!(script.call::<i64>(5).unwrap(), 5);
    scripts.clear();
}

#[test]
fn a_native_may_run_another_script() {
    let scripts = Scripts::default();
    let outer = build(&scripts, "outer.lua", "function main(n) return require('host').run(1, n) + 1 end");
    let inner = build(&scripts, "inner.lua", "function main(n) return n * 2 end");
    for n in 0..100 {
        assert_eq!(outer.call::<i64>(n).unwrap(), 2 * n + 1);
    }
    assert_eq!((outer.stats().interpreters, inner.stats().interpreters), (1, 1));
    assert_eq!((outer.stats().runs, inner.stats().runs), (100, 100));
    scripts.clear();
}

#[test]
fn errors_cross_scripts_as_what_they_were() {
    let scripts = Scripts::default();
    let outer = build(
        &scripts,
        "outer.lua",
        "function main(n)
            local ok, e = pcall(require('host').run, 1, n)
            if n == 1 then return tostring(e) end
            error(e)
        end",
    );
    build(&scripts, "inner.lua", "function main(n)\n error('inner trouble ' .. n) end");
    assert_eq!(outer.call::<String>(1).unwrap(), "inner.lua:2: inner trouble 1");
    let error = outer.run(2).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Runtime);
    assert!(error.to_string().ends_with("inner.lua:2: inner trouble 2"), "{error}");
    scripts.clear();
}

#[test]
fn two_scripts_may_call_each_other_up_to_the_bound() {
    assert_eq!(MAX_REENTRANT, 32);
    let scripts = Scripts::default();
    let source = |other: usize| {
        format!("function main(n) if n == 0 then return 0 end return 1 + require('host').run({other}, n - 1) end")
    };
    let even = build(&scripts, "even.lua", &source(1));
    let odd = build(&scripts, "odd.lua", &source(0));
    assert_eq!(even.call::<i64>(31).unwrap(), 31);

    let error = even.run(32).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit);
    assert_eq!(error.message(), "runs nest more than 32 deep on one thread");
    // Every level has ended, so the bound is where it was.
    assert_eq!(even.call::<i64>(31).unwrap(), 31);
    assert_eq!(odd.call::<i64>(31).unwrap(), 31);
    assert_eq!(odd.run(1_000_000).unwrap_err().kind(), ErrorKind::Limit);
    assert_eq!(odd.call::<i64>(31).unwrap(), 31);
    // Six calls with 16 levels of each; two of them failed on every level, and found no room for one more.
    for stats in [even.stats(), odd.stats()] {
        assert_eq!((stats.interpreters, stats.runs, stats.failures), (16, 6 * 16 + 1, 2 * 16 + 1));
    }
    scripts.clear();
}

#[test]
fn the_bound_can_be_caught() {
    let scripts = Scripts::default();
    let script = build(
        &scripts,
        "caught.lua",
        "function main(n)
            local ok, deeper = pcall(require('host').run, 0, n + 1)
            return ok and deeper or n
        end",
    );
    // The deepest level counts from 0 and got no further.
    assert_eq!(script.call::<i64>(0).unwrap(), 31);
    assert_eq!(script.call::<i64>(0).unwrap(), 31);
    scripts.clear();
}

#[test]
fn starting_scripts_counts_as_well() {
    // A chunk that builds its own script, and one that updates its own script, without end.
    fn module(place: &Arc<OnceLock<Script>>) -> NativeModule {
        let place = place.clone();
        let build = |source: String| -> Result<()> {
            let module = module(&Arc::default());
            Script::builder("again.lua").source(&source).module(module).build().map(|_| ())
        };
        let update = move |source: String| -> Result<()> { place.get().unwrap().update(source).map(|_| ()) };
        NativeModule::new("host", "1.0.0").function("build", build).function("update", update)
    }
    let place = Arc::new(OnceLock::new());
    let script = Script::builder("again.lua").source("function main() end").module(module(&place)).build().unwrap();
    place.set(script.clone()).unwrap();
    for what in ["build", "update"] {
        let source = format!("source = [[require('host').{what}('source = [[' .. source .. ']' .. '] ' .. source)]]");
        let source = format!("{source} require('host').{what}('source = [[' .. source .. ']' .. '] ' .. source)");
        let error = script.update(source).unwrap_err();
        assert_eq!(
            (error.kind(), error.message().as_str()),
            (ErrorKind::Limit, "runs nest more than 32 deep on one thread")
        );
    }
    assert_eq!(script.generation().number(), 1);
    script.run(()).unwrap();
}

#[test]
fn a_chunk_may_run_the_script_it_updates() {
    // What it runs is the version before.
    let scripts = Scripts::default();
    let script = build(&scripts, "self.lua", "function main(n) return n + 1 end");
    script.update("local before = require('host').run(0, 41) function main() return before end").unwrap();
    assert_eq!(script.call::<i64>(()).unwrap(), 42);
    scripts.clear();
}

#[test]
fn a_native_may_update_the_script_that_called_it() {
    let place: Arc<OnceLock<Script>> = Arc::default();
    let host = place.clone();
    let module = NativeModule::new("host", "1.0.0").function("update", move |source: String| -> Result<u64> {
        let script = host.get().unwrap();
        let number = script.update(source)?.number();
        // A run inside sees it at once.
        assert_eq!(script.call::<String>(()).unwrap(), "new");
        Ok(number)
    });
    let script = Script::builder("update.lua")
        .source(
            "kept = 'old' function main()
                local ok, e = pcall(require('host').update, 'not Lua')
                assert(not ok)
                local number = require('host').update(\"function main() return 'new' end\")
                return kept .. number
            end",
        )
        .module(module)
        .build()
        .unwrap();
    place.set(script.clone()).unwrap();
    assert_eq!(script.call::<String>(()).unwrap(), "old2");
    assert_eq!(script.call::<String>(()).unwrap(), "new");
    // The one that was running during the update is not kept.
    assert_eq!((script.generation().number(), script.stats().interpreters), (2, 1));
}

#[test]
fn a_native_may_close_the_script_that_called_it() {
    let place: Arc<OnceLock<Script>> = Arc::default();
    let host = place.clone();
    let module = NativeModule::new("host", "1.0.0").function("close", move || {
        let script = host.get().unwrap();
        script.close();
        script.run(()).unwrap_err().to_string()
    });
    let script = Script::builder("close.lua")
        .source("function main() local e = require('host').close() return e .. ', and I go on' end")
        .module(module)
        .build()
        .unwrap();
    place.set(script.clone()).unwrap();
    assert_eq!(script.call::<String>(()).unwrap(), "close.lua: script is closed, and I go on");
    assert_eq!(script.run(()).unwrap_err().kind(), ErrorKind::Closed);
    assert_eq!(script.stats().interpreters, 0);
}

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

#[cfg(feature = "threads")]
mod on_workers {
    use super::common::ends;
    use super::*;
    use lunapool_executor::Pool;

    #[test]
    fn runs_nest_inside_a_batch() {
        ends(|| {
            let scripts = Scripts::default();
            let pool = Pool::builder().threads(2).build();
            let script = Script::builder("batch.lua")
                .source("function main(n) if n == 0 then return 0 end return n + require('host').run(0, n - 1) end")
                .module(runner(&scripts))
                .pool(&pool)
                .build()
                .unwrap();
            scripts.push(&script);
            let sums: Vec<i64> =
                script.run_batch((0..500).map(|n| n % 20)).map(|sum| sum.unwrap().as_integer().unwrap()).collect();
            assert_eq!(sums, (0..500).map(|n| n % 20).map(|n| n * (n + 1) / 2).collect::<Vec<i64>>());
            // Too deep fails, each for itself.
            let kinds: Vec<_> = script
                .run_batch([31, 32, 31, 400, 31])
                .map(|sum| sum.map_err(|error| error.kind()).map(|sum| sum.as_integer().unwrap()))
                .collect();
            let (fine, deep) = (Ok(496), Err(ErrorKind::Limit));
            assert_eq!(kinds, [fine, deep, fine, deep, fine]);
            scripts.clear();
        });
    }

    #[test]
    fn a_job_may_update_close_and_drop_its_script() {
        ends(|| {
            let place: Arc<Mutex<Option<Script>>> = Arc::default();
            let (update, close) = (place.clone(), place.clone());
            let host = NativeModule::new("host", "1.0.0")
                .function("update", move |source: String| -> Result<u64> {
                    let script = update.lock().unwrap().clone().unwrap();
                    Ok(script.update(source)?.number())
                })
                .function("close_and_drop", move || close.lock().unwrap().take().unwrap().close());
            let pool = Pool::builder().threads(1).build();
            let script = Script::builder("job.lua")
                .source("function main(source) return require('host').update(source) end")
                .module(host)
                .pool(&pool)
                .build()
                .unwrap();
            *place.lock().unwrap() = Some(script.clone());
            let next = "function main() require('host').close_and_drop() return 'gone' end";
            assert_eq!(script.submit(next).wait().unwrap().as_integer(), Some(2));
            let (gone, late) = (script.submit(()), script.submit(()));
            drop(script);
            assert_eq!(gone.wait().unwrap().as_str(), Some("gone"));
            assert_eq!(late.wait().unwrap_err().kind(), ErrorKind::Closed);
            assert!(place.lock().unwrap().is_none());
        });
    }
}
