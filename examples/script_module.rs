//! A module written in Lua: `cargo run --example script_module`.

use lunapool::{Result, Script, ScriptModule};

/// What the script computes with it.
pub(crate) fn run() -> Result<i64> {
    let module = ScriptModule::new(
        "demo_mod",
        "1.0.0",
        "
        local demo_mod = {} -- The main table

        function demo_mod.Mult(a, b)
            return a * b
        end

        return demo_mod
        ",
    )?;
    let script = Script::builder("test.lua")
        .source(
            "
            local demo = require('demo_mod')

            function main(input)
                return demo.Mult(5, 5)
            end
            ",
        )
        .module(module)
        .build()?;
    script.call(())
}

#[allow(dead_code)]
fn main() -> Result<()> {
    println!("{}", run()?); // 25
    Ok(())
}
