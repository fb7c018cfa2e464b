//! Proves that runs nest to a bounded depth, whatever starts them, and that everything unwinds when they go deeper.

use std::sync::{Arc, OnceLock};

use lunapool_executor::{MAX_REENTRANT, Script};
use lunapool_interpreter::{ErrorKind, Result};
use lunapool_modules::NativeModule;

use super::{Scripts, build};

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
