//! The command `lunapool`: runs Lua scripts over values and streams of records.

mod arguments;
mod check;
mod exec;
mod failure;
mod json;
mod map;
mod output;
mod run;
mod source;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;

use crate::arguments::{Arguments, Command};

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Run(choices) => run::run(&choices),
        Command::Exec(choices) => exec::exec(&choices),
        Command::Map(choices) => map::map(&choices),
        Command::Check(choices) => check::check(&choices),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read the output has seen enough, which is how `| head` ends every command.
        Err(failure) if failure.is_closed_output() => ExitCode::SUCCESS,
        Err(failure) => {
            // With standard error gone, the exit code is all that is left to say it with.
            let _ = writeln!(io::stderr(), "lunapool: {failure}");
            ExitCode::FAILURE
        }
    }
}
