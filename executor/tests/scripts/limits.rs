//! Proves that the limits of a run only narrow those of its script, and that a token cancels from another thread.

use std::thread;
use std::time::Duration;

use lunapool_executor::Script;
use lunapool_interpreter::{CancelToken, Error, ErrorKind, Limits, Value};

use super::common::ends;
use super::shown;

const WORK: &str = "
    function main(n) local x = 0 for i = 1, n do x = x + i end return x end
    function spin() while true do end end
    function hoard() local t = {} for i = 1, 1e9 do t[i] = 'some text that takes room ' .. i end end
";

#[test]
fn limits_of_a_run_narrow_those_of_the_script() {
    let limits = Limits { fuel: Some(1_000_000), timeout: Some(Duration::from_secs(60)), ..Limits::default() };
    let script = Script::builder("limits.lua").source(WORK).limits(limits).build().unwrap();
    assert_eq!(script.call::<i64>(1_000).unwrap(), 500_500);
    let limit = |message: &str| (ErrorKind::Limit, format!("limits.lua: {message}"));
    let failed = |result: Result<Value, Error>| shown(&result.unwrap_err());

    assert_eq!(failed(script.with().fuel(500).run(1_000)), limit("fuel of 500 instructions exceeded"));
    // More than the script has is not to be had.
    assert_eq!(
        failed(script.with().fuel(u64::MAX).function("spin").run(())),
        limit("fuel of 1000000 instructions exceeded")
    );
    assert_eq!(failed(script.with().function("spin").run(())), limit("fuel of 1000000 instructions exceeded"));
    // The next run begins with all of it again.
    assert_eq!(script.call::<i64>(1_000).unwrap(), 500_500);

    let patient = Limits { timeout: Some(Duration::from_millis(40)), ..Limits::default() };
    let script = Script::builder("limits.lua").source(WORK).limits(patient).build().unwrap();
    let spin = || script.with().function("spin");
    assert_eq!(failed(spin().run(())), limit("timeout of 40ms exceeded"));
    assert_eq!(failed(spin().timeout(Duration::from_millis(10)).run(())), limit("timeout of 10ms exceeded"));
    assert_eq!(failed(spin().timeout(Duration::from_secs(3_600)).run(())), limit("timeout of 40ms exceeded"));
    assert_eq!(script.call::<i64>(1_000).unwrap(), 500_500);

    let small = Limits { memory: Some(4 << 20), ..Limits::default() };
    let script = Script::builder("limits.lua").source(WORK).limits(small).build().unwrap();
    let hoard = || script.with().function("hoard");
    assert_eq!(failed(hoard().run(())), limit("memory of 4194304 bytes exceeded"));
    assert_eq!(failed(hoard().memory(2 << 20).run(())), limit("memory of 2097152 bytes exceeded"));
    assert_eq!(failed(hoard().memory(1 << 40).run(())), limit("memory of 4194304 bytes exceeded"));
    assert_eq!(script.call::<i64>(1_000).unwrap(), 500_500);
}

#[test]
fn a_token_cancels_a_run_from_another_thread() {
    ends(|| {
        let script = Script::new("cancel.lua", WORK).unwrap();
        let token = CancelToken::new();
        let elsewhere = token.clone();
        thread::spawn(move || {
            thread::sleep(Duration::from_millis(30));
            elsewhere.cancel();
        });
        let error = script.with().cancel(&token).function("spin").run(()).unwrap_err();
        assert_eq!(shown(&error), (ErrorKind::Cancelled, "cancel.lua: run was cancelled".into()));
        // A token that was cancelled stops later runs as well, and only those that it was given to.
        assert!(script.with().cancel(&token).function("spin").run(()).is_err());
        assert_eq!(script.call::<i64>(1_000).unwrap(), 500_500);
    });
}
