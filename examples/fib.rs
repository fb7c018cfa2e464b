//! Calls a script's `main` with a number: `cargo run --example fib`.

use lunapool::{Result, Script};

/// What the script computes.
pub(crate) fn run() -> Result<i64> {
    let script = Script::new(
        "fib.lua",
        "
        function main(n)
            if n < 2 then return 1 end
            return main(n - 2) + main(n - 1)
        end
        ",
    )?;
    script.call(10)
}

#[allow(dead_code)]
fn main() -> Result<()> {
    println!("{}", run()?); // 89
    Ok(())
}
