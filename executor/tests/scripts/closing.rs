//! Proves that closing a script stops what comes later, and leaves alone what runs.

use std::thread;

use lunapool_executor::Script;
use lunapool_interpreter::ErrorKind;

use super::common::{Gate, ends};
use super::shown;

#[test]
fn closing_stops_what_comes_later() {
    ends(|| {
        let gate = Gate::new();
        let script = Script::builder("door.lua")
            .source("function main() require('gate').wait() return 'through' end")
            .module(gate.module())
            .build()
            .unwrap();
        let running = thread::spawn({
            let script = script.clone();
            move || script.call::<String>(())
        });
        gate.await_waiting(1);
        script.close();
        assert!(script.is_closed());
        let closed = (ErrorKind::Closed, "door.lua: script is closed".to_owned());
        assert_eq!(shown(&script.run(()).unwrap_err()), closed);
        assert_eq!(shown(&script.with().function("main").run(()).unwrap_err()), closed);
        assert_eq!(shown(&script.update("function main() end").unwrap_err()), closed);
        assert_eq!(shown(&script.clone().update("not even Lua").unwrap_err()), closed);
        #[cfg(feature = "threads")]
        {
            assert_eq!(shown(&script.submit(()).wait().unwrap_err()), closed);
            let results: Vec<_> = script.run_batch([(), ()]).map(|result| shown(&result.unwrap_err())).collect();
            assert_eq!(results, [closed.clone(), closed.clone()]);
        }
        script.close();
        assert!(script.is_closed());
        gate.open();
        assert_eq!(running.join().unwrap().unwrap(), "through");
        assert_eq!(shown(&script.run(()).unwrap_err()), closed);
        assert_eq!(script.generation().number(), 1);
        assert_eq!(script.stats().interpreters, 0);
        assert_eq!(format!("{script:?}"), r#"Script { name: "door.lua", generation: 1, closed: true }"#);
    });
}
