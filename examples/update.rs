//! Replaces a script while other threads run it: `cargo run --example update`.

use std::thread;

use lunapool::{Result, Script};

fn main() -> Result<()> {
    let script = Script::new("price.lua", "function main(net) return net * 1.19 end")?;

    thread::scope(|scope| {
        let readers: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| -> Result<(f64, f64)> {
                    let before: f64 = script.call(100)?;
                    // Each thread notices the new generation at its next run.
                    while script.generation().number() == 1 {
                        thread::yield_now();
                    }
                    Ok((before, script.call(100)?))
                })
            })
            .collect();

        // All or nothing: a version that cannot run leaves the old one in place, and says why.
        let refused = script.update("function main(net) return net * end").map(|_| ());
        println!("refused: {}", refused.map_or_else(|error| error.to_string(), |()| "no".into()));
        println!("still generation {}", script.generation());

        println!("now generation {}", script.update("function main(net) return net * 1.07 end")?);
        for reader in readers {
            if let Ok(prices) = reader.join() {
                println!("before and after: {:?}", prices?);
            }
        }
        Ok(())
    })
}
