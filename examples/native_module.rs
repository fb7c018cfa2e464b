//! A module written in Rust: `cargo run --example native_module`.

use lunapool::{LuaString, NativeModule, Result, Script};

/// FNV-1a, 32 bits.
fn hash(text: LuaString) -> u32 {
    text.as_bytes().iter().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

/// What the script computes with it.
pub(crate) fn run() -> Result<u32> {
    let module = NativeModule::new("test", "1.0.0").function("hash", hash);
    let script = Script::builder("hash.lua")
        .source(
            "
            local api = require('test')

            function main(input)
                return api.hash(input)
            end
            ",
        )
        .module(module)
        .build()?;
    script.call("abcdef")
}

#[allow(dead_code)]
fn main() -> Result<()> {
    println!("{}", run()?); // 4282878506
    Ok(())
}
