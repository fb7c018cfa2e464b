//! Lends a Rust value to a script, which changes it: `cargo run --example person`.

use lunapool::{LuaObject, Result, Script};

/// A value of the program's own.
#[derive(Debug, LuaObject)]
#[lua(rename_all = "PascalCase")]
pub(crate) struct Person {
    name: String,
}

/// What the script returned, and the person's name afterwards.
pub(crate) fn run() -> Result<(String, String)> {
    let script = Script::new(
        "update.lua",
        "
        function main(input)
            input.Name = 'Updated'
            return input.Name
        end
        ",
    )?;
    let mut person = Person { name: "Roman".into() };
    let returned = script.call(&mut person)?;
    Ok((returned, person.name))
}

#[allow(dead_code)]
fn main() -> Result<()> {
    let (returned, name) = run()?;
    println!("{returned} {name}"); // Updated Updated
    Ok(())
}
