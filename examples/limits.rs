//! Stops scripts that would not stop by themselves: `cargo run --example limits`.

use std::thread;
use std::time::Duration;

use lunapool::{CancelToken, Result, Script};

fn main() -> Result<()> {
    let script = Script::new("endless.lua", "function main() while true do end end")?;

    println!("{}", script.with().timeout(Duration::from_millis(20)).run(()).unwrap_err());
    println!("{}", script.with().fuel(100_000).run(()).unwrap_err());

    let token = CancelToken::new();
    let stop = token.clone();
    let stopper = thread::spawn(move || {
        thread::sleep(Duration::from_millis(20));
        stop.cancel();
    });
    println!("{}", script.with().cancel(&token).run(()).unwrap_err());
    let _ = stopper.join();
    Ok(())
}
