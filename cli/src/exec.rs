//! `lunapool exec`: a file, as `lua FILE` runs it.

use lunapool::{Budget, Interpreter, LuaString, Stdlib, Variadic};

use crate::arguments::Exec;
use crate::failure::Failure;
use crate::output::Output;
use crate::source;

pub(crate) fn exec(choices: &Exec) -> Result<(), Failure> {
    let output = Output::new();
    let outcome = execute(choices, &output);
    output.finish(outcome)
}

fn execute(choices: &Exec, output: &Output) -> Result<(), Failure> {
    let program = source::program(&choices.file)?;
    let args: Variadic<LuaString> = choices.args.iter().map(|arg| arg.as_encoded_bytes().into()).collect();
    Interpreter::builder(&program)
        .modules(source::registry(&choices.modules)?)
        .stdlib(Stdlib::FULL)
        .limits(source::limits())
        .budget(Budget { cancel: Some(output.cancel()), ..Budget::default() })
        .on_print(output.print())
        .build_with(args)?;
    Ok(())
}
