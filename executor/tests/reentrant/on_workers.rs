//! Proves that natives may run, update, close and drop scripts on the workers of a pool as well.

use std::sync::{Arc, Mutex};

use lunapool_executor::{Pool, Script};
use lunapool_interpreter::{ErrorKind, Result};
use lunapool_modules::NativeModule;

use super::common::ends;
use super::{Scripts, runner};

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
