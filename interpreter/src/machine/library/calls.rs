//! Base functions that call back into Lua: `pcall` and its kin, and whatever looks for `__tostring`.

use std::io::Write;
use std::pin::Pin;

use ottavino_gc_arena::{Collect, Gc};
use piccolo::meta_ops::{self, MetaResult};
use piccolo::{
    BoxSequence, Callback, CallbackReturn, Context, Error as RawError, Execution, IntoValue, Sequence, SequencePoll,
    Stack, Value as Raw,
};

use super::{State, base};
use crate::machine::raise;
use crate::number::format_float;
use crate::scope::{Handle, Scope};

pub(super) fn install<'gc>(ctx: Context<'gc>, state: Gc<'gc, State<'gc>>) {
    ctx.set_global(
        "error",
        Callback::from_fn(&ctx, |ctx, exec, stack| Err(base::error(ctx, &exec, stack.get(0), stack.get(1)))),
    );
    ctx.set_global(
        "pcall",
        Callback::from_fn_with(&ctx, state, |state, ctx, _, mut stack| protected(ctx, *state, &mut stack, 0, Raw::Nil)),
    );
    ctx.set_global(
        "xpcall",
        Callback::from_fn_with(&ctx, state, |state, ctx, _, mut stack| {
            let handler = stack.get(1);
            if !matches!(handler, Raw::Function(_)) {
                let got = if stack.len() < 2 { "no value" } else { Handle(handler).type_name() };
                let message = format!("bad argument #2 to 'xpcall' (function expected, got {got})");
                return Err(message.into_value(ctx).into());
            }
            protected(ctx, *state, &mut stack, 1, handler)
        }),
    );
    ctx.set_global(
        "tostring",
        Callback::from_fn(&ctx, |ctx, _, mut stack| {
            if stack.is_empty() {
                return Err("bad argument #1 to 'tostring' (value expected)".into_value(ctx).into());
            }
            match tostring(ctx, stack.get(0))? {
                MetaResult::Value(text) => {
                    stack.replace(ctx, text);
                    Ok(CallbackReturn::Return)
                }
                MetaResult::Call(call) => {
                    stack.clear();
                    stack.extend(call.args);
                    let then = Some(BoxSequence::new(&ctx, Checked));
                    Ok(CallbackReturn::Call { function: call.function, then })
                }
            }
        }),
    );
    ctx.set_global(
        "print",
        Callback::from_fn_with(&ctx, state, |state, ctx, _, _| {
            let line = Printing { state: *state, line: Vec::new(), next: 0, called: false };
            Ok(CallbackReturn::Sequence(BoxSequence::new(&ctx, line)))
        }),
    );
}

/// Calls the first value of the stack with what follows, past `skip` further ones, and catches its error.
fn protected<'gc>(
    ctx: Context<'gc>,
    state: Gc<'gc, State<'gc>>,
    stack: &mut Stack<'gc, '_>,
    skip: usize,
    handler: Raw<'gc>,
) -> Result<CallbackReturn<'gc>, RawError<'gc>> {
    if stack.is_empty() {
        return Err("bad argument #1 to 'pcall' (value expected)".into_value(ctx).into());
    }
    match meta_ops::call(ctx, stack.get(0)) {
        Ok(function) => {
            stack.drain(0..=skip.min(stack.len() - 1));
            let then = Some(BoxSequence::new(&ctx, Protected { state, handler, handling: false }));
            Ok(CallbackReturn::Call { function, then })
        }
        Err(error) => {
            let error = raise::to_value(Scope::new(ctx, state), &error.into());
            stack.replace(ctx, (false, error));
            Ok(CallbackReturn::Return)
        }
    }
}

/// Turns the outcome of a call into `true, …` or `false, error`.
#[derive(Collect)]
#[collect(no_drop)]
pub(super) struct Protected<'gc> {
    pub(super) state: Gc<'gc, State<'gc>>,
    /// What `xpcall` gives the error to, or nil.
    pub(super) handler: Raw<'gc>,
    pub(super) handling: bool,
}

impl<'gc> Sequence<'gc> for Protected<'gc> {
    fn poll(
        self: Pin<&mut Self>,
        ctx: Context<'gc>,
        _: Execution<'gc, '_>,
        mut stack: Stack<'gc, '_>,
    ) -> Result<SequencePoll<'gc>, RawError<'gc>> {
        if self.handling {
            // A handler has exactly one result.
            stack.resize(1);
        }
        stack.into_front(ctx, !self.handling);
        Ok(SequencePoll::Return)
    }

    fn error(
        mut self: Pin<&mut Self>,
        ctx: Context<'gc>,
        _: Execution<'gc, '_>,
        error: RawError<'gc>,
        mut stack: Stack<'gc, '_>,
    ) -> Result<SequencePoll<'gc>, RawError<'gc>> {
        let value = raise::to_value(Scope::new(ctx, self.state), &error);
        if let (false, false, Ok(function)) = (self.handler.is_nil(), self.handling, meta_ops::call(ctx, self.handler))
        {
            self.handling = true;
            stack.replace(ctx, value);
            return Ok(SequencePoll::Call { function, bottom: 0 });
        }
        stack.replace(ctx, (false, value));
        Ok(SequencePoll::Return)
    }
}

/// `tostring`, or the call of the metamethod that says it.
fn tostring<'gc>(ctx: Context<'gc>, value: Raw<'gc>) -> Result<MetaResult<'gc, 1>, RawError<'gc>> {
    match value {
        Raw::Number(_) => Ok(MetaResult::Value(tostring_now(ctx, value).into())),
        Raw::Table(_) | Raw::UserData(_) => {
            let meta = match value {
                Raw::Table(table) => table.metatable(),
                Raw::UserData(data) => data.metatable(),
                _ => None,
            };
            let has = |key: &'static str| meta.is_some_and(|meta| !meta.get_value(ctx, key).is_nil());
            if has("__tostring") {
                return Ok(meta_ops::tostring(ctx, value)?);
            }
            let name = meta.map_or(Raw::Nil, |meta| meta.get_value(ctx, "__name"));
            match name {
                Raw::String(name) => {
                    let plain = tostring_now(ctx, value).display_lossy().to_string();
                    let address = plain.split_once(": ").map_or("", |(_, address)| address);
                    let text = format!("{}: {address}", name.display_lossy());
                    Ok(MetaResult::Value(ctx.intern(text.as_bytes()).into()))
                }
                _ => Ok(MetaResult::Value(tostring_now(ctx, value).into())),
            }
        }
        _ => Ok(MetaResult::Value(tostring_now(ctx, value).into())),
    }
}

/// `tostring` without metamethods.
pub(in crate::machine) fn tostring_now<'gc>(ctx: Context<'gc>, value: Raw<'gc>) -> piccolo::String<'gc> {
    let text = match value {
        Raw::String(text) => return text,
        Raw::Number(number) => format_float(number),
        Raw::Table(table) => format!("table: {:p}", Gc::as_ptr(table.into_inner())),
        Raw::UserData(data) => format!("{}: {:p}", Handle(value).type_name(), Gc::as_ptr(data.into_inner())),
        Raw::Thread(thread) => format!("thread: {:p}", Gc::as_ptr(thread.into_inner())),
        Raw::Function(piccolo::Function::Closure(f)) => format!("function: {:p}", Gc::as_ptr(f.into_inner())),
        Raw::Function(piccolo::Function::Callback(f)) => {
            format!("function: builtin: {:p}", Gc::as_ptr(f.into_inner()))
        }
        other => other.display().to_string(),
    };
    ctx.intern(text.as_bytes())
}

/// `__tostring` has to give a string, or a number, which is as good as one.
#[derive(Collect)]
#[collect(require_static)]
struct Checked;

impl<'gc> Sequence<'gc> for Checked {
    fn poll(
        self: Pin<&mut Self>,
        ctx: Context<'gc>,
        _: Execution<'gc, '_>,
        mut stack: Stack<'gc, '_>,
    ) -> Result<SequencePoll<'gc>, RawError<'gc>> {
        match stack.get(0) {
            text @ (Raw::String(_) | Raw::Integer(_) | Raw::Number(_)) => {
                stack.replace(ctx, tostring_now(ctx, text));
                Ok(SequencePoll::Return)
            }
            _ => Err("'__tostring' must return a string".into_value(ctx).into()),
        }
    }
}

/// `print`, between the calls of `__tostring` that it needs.
#[derive(Collect)]
#[collect(no_drop)]
struct Printing<'gc> {
    state: Gc<'gc, State<'gc>>,
    line: Vec<u8>,
    /// The argument at hand.
    next: usize,
    /// Whether a metamethod was called for it.
    called: bool,
}

impl<'gc> Sequence<'gc> for Printing<'gc> {
    fn poll(
        mut self: Pin<&mut Self>,
        ctx: Context<'gc>,
        _: Execution<'gc, '_>,
        mut stack: Stack<'gc, '_>,
    ) -> Result<SequencePoll<'gc>, RawError<'gc>> {
        loop {
            let text = if self.called {
                // The metamethod's result stands after all arguments.
                let text = stack.get(stack.len() - 1);
                stack.pop_back();
                self.called = false;
                match text {
                    Raw::String(_) | Raw::Integer(_) | Raw::Number(_) => tostring_now(ctx, text),
                    _ => return Err("'__tostring' must return a string".into_value(ctx).into()),
                }
            } else if self.next < stack.len() {
                match tostring(ctx, stack.get(self.next))? {
                    MetaResult::Value(Raw::String(text)) => text,
                    MetaResult::Value(other) => tostring_now(ctx, other),
                    MetaResult::Call(call) => {
                        let bottom = stack.len();
                        stack.extend(call.args);
                        self.called = true;
                        return Ok(SequencePoll::Call { function: call.function, bottom });
                    }
                }
            } else {
                break;
            };
            if self.next > 0 {
                self.line.push(b'\t');
            }
            self.line.extend_from_slice(text.as_bytes());
            self.next += 1;
        }
        match &self.state.host.print {
            Some(print) => print(&self.line),
            None => {
                self.line.push(b'\n');
                // Nobody is left to tell when standard output is gone.
                let _ = std::io::stdout().write_all(&self.line);
            }
        }
        stack.clear();
        Ok(SequencePoll::Return)
    }
}
