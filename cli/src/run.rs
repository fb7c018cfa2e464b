//! `lunapool run`: one call of `main`.

use lunapool::{Budget, FromLua, Interpreter, Variadic};

use crate::arguments::Run;
use crate::failure::Failure;
use crate::json::{Argument, RawText, Text};
use crate::output::Output;
use crate::source;

pub(crate) fn run(choices: &Run) -> Result<(), Failure> {
    let output = Output::new();
    let outcome = match choices.raw {
        true => call::<RawText>(choices, &output, |text| &text.0),
        false => call::<Text>(choices, &output, |text| &text.0),
    };
    output.finish(outcome)
}

fn call<R: FromLua>(choices: &Run, output: &Output, bytes: fn(&R) -> &[u8]) -> Result<(), Failure> {
    let program = source::program(&choices.file)?;
    let budget = Budget { cancel: Some(output.cancel()), ..Budget::default() };
    let mut lua = Interpreter::builder(&program)
        .modules(source::registry(&choices.modules)?)
        .limits(source::limits())
        .budget(budget.clone())
        .on_print(output.print())
        .build()?;
    let args = choices.args.iter().map(|arg| Argument(arg.as_encoded_bytes())).collect::<Variadic<_>>();
    let results: Variadic<R> = lua.call_with(None, args, &budget)?;
    if results.is_empty() {
        output.line(b"null");
    }
    for result in results.iter() {
        output.line(bytes(result));
    }
    Ok(())
}
