//! One interpreter without any threads, for tools and games: `cargo run --example interpreter`.

use lunapool::{Interpreter, Limits, Modules, Program, Result};

fn main() -> Result<()> {
    let program = Program::compile(
        "counter.lua",
        "
        local json = require('json')
        local seen = {}

        function main(word)
            seen[word] = (seen[word] or 0) + 1
            return seen[word]
        end

        function report()
            return json.encode(seen)
        end
        ",
    )?;
    let mut lua = Interpreter::new(&program, &Modules::default(), Limits::default())?;
    for word in ["to", "be", "or", "not", "to", "be"] {
        lua.run(word)?;
    }
    println!("{}", lua.call_function::<String>("report", ())?); // {"be":2,"not":1,"or":1,"to":2}
    Ok(())
}
