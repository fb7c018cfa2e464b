//! What can be said on the command line.

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Runs Lua scripts over values and streams of records
#[derive(Parser)]
#[command(
    name = "lunapool",
    version,
    after_help = "\
Examples:
  lunapool run fib.lua 30
  lunapool map enrich.lua < records.jsonl > enriched.jsonl

`lunapool COMMAND --help` tells more about each command."
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    Run(Run),
    Exec(Exec),
    Map(Map),
    Check(Check),
}

/// Calls a script's `main` and prints its results as JSON
///
/// Each result is one line of JSON; nil is `null`. What the script prints comes before them.
#[derive(Args)]
#[command(after_help = "\
Examples:
  lunapool run fib.lua 30
  lunapool run --raw greet.lua '{\"name\": \"Ada\"}'
  lunapool run rules.lua --module text=lib/text.lua -- --an-argument-like-an-option")]
pub(crate) struct Run {
    /// The script, or - for standard input
    pub(crate) file: PathBuf,
    /// The arguments of `main`: JSON, or else a string
    #[arg(value_name = "ARG", allow_negative_numbers = true)]
    pub(crate) args: Vec<OsString>,
    /// Print strings as they are and not as JSON
    #[arg(long)]
    pub(crate) raw: bool,
    #[command(flatten)]
    pub(crate) modules: Modules,
}

/// Runs a Lua file as `lua FILE` does
///
/// There need not be a `main`. The arguments are strings and reach the script as `...`.
#[derive(Args)]
#[command(after_help = "\
Examples:
  lunapool exec hello.lua
  lunapool exec report.lua --module text=lib/text.lua 2024 --verbose
  lunapool exec report.lua -- --help")]
pub(crate) struct Exec {
    #[command(flatten)]
    pub(crate) modules: Modules,
    /// The script, or - for standard input
    pub(crate) file: PathBuf,
    /// The arguments of the script; behind the first, or behind --, nothing is an option of lunapool
    #[arg(value_name = "ARG", trailing_var_arg = true, allow_hyphen_values = true)]
    pub(crate) args: Vec<OsString>,
}

/// Calls a script's `main` for each line of JSON, on all cores
///
/// Results are written as lines of JSON in the order of the input; nil drops the record. What the script prints goes
/// to standard error.
#[derive(Args)]
#[command(after_help = "\
Examples:
  lunapool map enrich.lua < records.jsonl > enriched.jsonl
  tail -f events.jsonl | lunapool map filter.lua --on-error report
  lunapool map enrich.lua --module rules@1.2.0=lib/rules.lua --input records.jsonl --jobs 4")]
pub(crate) struct Map {
    /// The script
    #[arg(value_parser = script_file)]
    pub(crate) file: PathBuf,
    /// The file with the records. Standard input, unless this is given
    #[arg(long, value_name = "FILE")]
    pub(crate) input: Option<PathBuf>,
    /// What to do about a record that cannot be read, or that the script fails for
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = OnError::Fail)]
    pub(crate) on_error: OnError,
    /// How many records are worked on at a time. As many as there are cores, unless this is given
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<NonZeroUsize>,
    #[command(flatten)]
    pub(crate) modules: Modules,
}

/// Compiles files, and prints what is wrong with them
///
/// Nothing is run, and nothing is printed when all is well.
#[derive(Args)]
#[command(after_help = "\
Example:
  lunapool check scripts/*.lua")]
pub(crate) struct Check {
    /// The files, or - for standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OnError {
    /// Write what came before it, and stop
    Fail,
    /// Go on without it
    Skip,
    /// Write the error to standard error as a line of JSON, and go on
    Report,
}

#[derive(Args)]
pub(crate) struct Modules {
    /// A Lua file that scripts and modules can `require`. Can be given several times
    #[arg(long = "module", value_name = "NAME[@VERSION]=FILE")]
    pub(crate) files: Vec<ModuleFile>,
}

#[derive(Clone)]
pub(crate) struct ModuleFile {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) path: PathBuf,
}

impl FromStr for ModuleFile {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (module, path) = text.split_once('=').ok_or("NAME=FILE or NAME@VERSION=FILE is expected")?;
        let (name, version) = module.split_once('@').unwrap_or((module, "0.0.0"));
        if name.is_empty() || path.is_empty() {
            return Err("neither the name nor the file may be empty");
        }
        Ok(ModuleFile { name: name.to_owned(), version: version.to_owned(), path: path.into() })
    }
}

/// Standard input has the records, so the script cannot come from there.
fn script_file(text: &str) -> Result<PathBuf, &'static str> {
    if text == "-" { Err("the records are read from standard input, not the script") } else { Ok(text.into()) }
}
