//! Proves that natives and chunks may update and close the script that they belong to while it runs.

use std::sync::{Arc, OnceLock};

use lunapool_executor::Script;
use lunapool_interpreter::{ErrorKind, Result};
use lunapool_modules::NativeModule;

use super::{Scripts, build};

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
