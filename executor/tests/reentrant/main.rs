//! Proves that natives may run, update, close and drop scripts on the thread that calls them, to a bounded depth, and
//! that everything unwinds when they go deeper.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod bound;
mod changes;
#[path = "../common/mod.rs"]
mod common;
mod dropping;
mod nesting;
#[cfg(feature = "threads")]
mod on_workers;

use std::sync::{Arc, Mutex};

use lunapool_executor::Script;
use lunapool_interpreter::Result;
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
