//! The interim standard library: piccolo's own where it behaves, ours where it does not.
//!
//! The next step of the project replaces it; what stands here is what scripts cannot do without until then. Functions
//! that call nothing back are [`Native`]s like everybody else's; those that do (`calls`, `coroutine`) are the VM's.

mod base;
mod calls;
mod coroutine;
mod table;

use std::sync::Arc;

use ottavino_gc_arena::Gc;
use piccolo::{Callback, CallbackReturn, Context, MetaMethod, Table, Value as Raw, stdlib};

use super::{State, native::new_callback, raise, require};
use crate::error::Result;
use crate::native::{CallContext, Native};
use crate::stdlib::Stdlib;

pub(super) use calls::tostring_now;

pub(super) fn load<'gc>(ctx: Context<'gc>, state: Gc<'gc, State<'gc>>) {
    require::install(ctx, state);
    let profile = state.host.stdlib;
    if profile == Stdlib::NONE {
        return;
    }
    stdlib::load_base(ctx);
    stdlib::load_string(ctx);
    stdlib::load_math(ctx);
    stdlib::load_coroutine(ctx);
    base::install(ctx, state);
    calls::install(ctx, state);
    coroutine::install(ctx, state);
    table::install(ctx, state);
    if profile == Stdlib::PURE
        && let Raw::Table(math) = ctx.get_global_value("math")
    {
        math.set_field(ctx, "random", Raw::Nil);
        math.set_field(ctx, "randomseed", Raw::Nil);
    }
}

type Function = for<'gc, 'a> fn(&mut CallContext<'gc, 'a>) -> Result<()>;

/// Puts functions into a table.
fn register<'gc>(
    ctx: Context<'gc>,
    state: Gc<'gc, State<'gc>>,
    table: Table<'gc>,
    functions: &[(&'static str, Function)],
) {
    for &(name, function) in functions {
        table.set_field(ctx, name, new_callback(ctx, state, Arc::new(Native::raw(name, function))));
    }
}

/// What errors of Rust look like in Lua: `tostring(e)` and `"…" .. e` give the message.
pub(super) fn error_metatable<'gc>(ctx: Context<'gc>) -> Table<'gc> {
    let meta = Table::new(&ctx);
    meta.set_field(
        ctx,
        MetaMethod::ToString.name(),
        Callback::from_fn(&ctx, |ctx, _, mut stack| {
            stack.replace(ctx, raise::carried(stack.get(0)).map(|error| error.to_string()));
            Ok(CallbackReturn::Return)
        }),
    );
    meta.set_field(
        ctx,
        MetaMethod::Concat.name(),
        Callback::from_fn(&ctx, |ctx, _, mut stack| {
            let mut whole = Vec::new();
            for part in [stack.get(0), stack.get(1)] {
                match raise::carried(part) {
                    Some(error) => whole.extend_from_slice(error.to_string().as_bytes()),
                    None => whole.extend_from_slice(tostring_now(ctx, part).as_bytes()),
                }
            }
            stack.replace(ctx, piccolo::String::from_slice(&ctx, &whole));
            Ok(CallbackReturn::Return)
        }),
    );
    meta
}

pub(super) fn null_metatable<'gc>(ctx: Context<'gc>) -> Table<'gc> {
    let meta = Table::new(&ctx);
    let tostring = Callback::from_fn(&ctx, |ctx, _, mut stack| {
        stack.replace(ctx, "null");
        Ok(CallbackReturn::Return)
    });
    meta.set_field(ctx, MetaMethod::ToString.name(), tostring);
    meta
}
