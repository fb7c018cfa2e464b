//! Stops scripts that would not stop by themselves: `cargo run --example limits`.

use std::thread;
use std::time::Duration;

use lunapool::{CancelToken, Result, Script, Value};

fn main() -> Result<()> {
    let script = Script::new("endless.lua", "function main() while true do end end")?;

    report(script.with().timeout(Duration::from_millis(20)).run(()));
    report(script.with().fuel(100_000).run(()));

    let token = CancelToken::new();
    let stop = token.clone();
    let stopper = thread::spawn(move || {
        thread::sleep(Duration::from_millis(20));
        stop.cancel();
    });
    report(script.with().cancel(&token).run(()));
    let _ = stopper.join();
    Ok(())
}

/// Prints how a run ended.
fn report(result: Result<Value>) {
    match result {
        Ok(value) => println!("returned {value}"),
        Err(error) => println!("{error}"),
    }
}
