//! Base functions that piccolo has not, or has otherwise than Lua.

use ottavino_gc_arena::Gc;
use piccolo::{Context, Table, Value as Raw};

use super::{State, register};
use crate::error::{Error, ErrorKind, Result};
use crate::machine::raise;
use crate::native::CallContext;
use crate::program::Program;
use crate::scope::{Handle, View};

pub(super) fn install<'gc>(ctx: Context<'gc>, state: Gc<'gc, State<'gc>>) {
    let globals = ctx.globals();
    register(
        ctx,
        state,
        globals,
        &[
            ("collectgarbage", collectgarbage),
            ("getmetatable", getmetatable),
            ("load", load),
            ("rawequal", rawequal),
            ("rawlen", rawlen),
            ("setmetatable", setmetatable),
        ],
    );
    globals.set_field(ctx, "_VERSION", "Lua 5.4");
    globals.set_field(ctx, "_G", globals);
}

/// The argument at `index` as a table, or Lua's error.
pub(super) fn table<'gc>(call: &CallContext<'gc, '_>, index: usize) -> Result<Table<'gc>> {
    match call.handle(index).0 {
        Raw::Table(table) => Ok(table),
        _ => Err(call.bad_argument(index, Error::mismatch("table", call.handle(index).type_name()))),
    }
}

/// Leaves one value as the result.
pub(super) fn give<'gc>(call: &mut CallContext<'gc, '_>, value: impl Into<Raw<'gc>>) -> Result<()> {
    call.set_handle(Handle(value.into()));
    Ok(())
}

/// The collector works between slices of a run, so these have nothing to do but answer.
fn collectgarbage(call: &mut CallContext<'_, '_>) -> Result<()> {
    let what: Option<String> = call.argument(0)?;
    match what.as_deref().unwrap_or("collect") {
        "count" => {
            let bytes = call.scope.ctx.metrics().total_allocation();
            give(call, bytes as f64 / 1024.0)
        }
        "collect" | "step" | "stop" | "restart" | "incremental" | "generational" => give(call, 0),
        "isrunning" => give(call, true),
        other => {
            let message = format!("bad argument #1 to 'collectgarbage' (invalid option '{other}')");
            Err(Error::new(ErrorKind::Runtime, message))
        }
    }
}

fn metatable<'gc>(value: Handle<'gc>) -> Option<Table<'gc>> {
    match value.0 {
        Raw::Table(table) => table.metatable(),
        Raw::UserData(data) => data.metatable(),
        _ => None,
    }
}

fn getmetatable(call: &mut CallContext<'_, '_>) -> Result<()> {
    let Some(meta) = metatable(call.handle(0)) else { return give(call, Raw::Nil) };
    match meta.get_raw(call.scope.name("__metatable").0) {
        Raw::Nil => give(call, meta),
        protected => give(call, protected),
    }
}

fn setmetatable(call: &mut CallContext<'_, '_>) -> Result<()> {
    let target = table(call, 0)?;
    let meta = match call.handle(1).view(call.scope) {
        View::Table(meta) => Some(meta.0),
        View::Nil if call.len() > 1 => None,
        _ => return Err(call.bad_argument(1, Error::mismatch("nil or table", call.handle(1).type_name()))),
    };
    if let Some(meta) = target.metatable()
        && !meta.get_raw(call.scope.name("__metatable").0).is_nil()
    {
        return Err(Error::new(ErrorKind::Runtime, "cannot change a protected metatable"));
    }
    target.set_metatable(&call.scope.ctx, meta);
    give(call, target)
}

fn rawequal(call: &mut CallContext<'_, '_>) -> Result<()> {
    let same = crate::scope::raw_equal(call.handle(0), call.handle(1));
    give(call, same)
}

fn rawlen(call: &mut CallContext<'_, '_>) -> Result<()> {
    let length = match call.handle(0).0 {
        Raw::Table(table) => table.length(),
        Raw::String(text) => text.len(),
        _ => return Err(call.bad_argument(0, Error::mismatch("table or string", call.handle(0).type_name()))),
    };
    give(call, length)
}

/// `load(text [, name [, mode [, env]]])`; only texts, as of now.
fn load<'gc>(call: &mut CallContext<'gc, '_>) -> Result<()> {
    let Raw::String(text) = call.handle(0).0 else {
        return Err(call.bad_argument(0, Error::mismatch("string", call.handle(0).type_name())));
    };
    let name: Option<String> = call.argument(1)?;
    let env = if call.len() > 3 { table(call, 3)? } else { call.scope.ctx.globals() };
    let name = name.unwrap_or_else(|| text.display_lossy().to_string());
    match Program::compile(chunk_name(&name), text.as_bytes()) {
        Ok(program) => {
            let closure = program.load(call.scope.ctx, env);
            give(call, closure)
        }
        Err(error) => {
            let message = call.scope.string(error.to_string());
            call.set_handle(call.scope.nil());
            call.stack.push_back(message.0);
            Ok(())
        }
    }
}

/// What Lua shows of a chunk's name: files without their mark, texts as `[string "…"]`.
fn chunk_name(name: &str) -> String {
    if let Some(name) = name.strip_prefix(['=', '@']) {
        return name.to_owned();
    }
    let line = name.lines().next().unwrap_or_default();
    let short: String = line.chars().take(40).collect();
    let dots = if short.len() < name.len() { "..." } else { "" };
    format!("[string \"{short}{dots}\"]")
}

/// `error(value [, level])` for the VM, which alone knows the caller's position.
pub(super) fn error<'gc>(
    ctx: Context<'gc>,
    exec: &piccolo::Execution<'gc, '_>,
    value: Raw<'gc>,
    level: Raw<'gc>,
) -> piccolo::Error<'gc> {
    // Further levels than the caller's own are not known yet; those messages go without a position.
    let wanted = matches!(level, Raw::Nil | Raw::Integer(1));
    match (value, raise::position(exec)) {
        (Raw::String(text), Some((chunk, line))) if wanted => {
            let mut message = format!("{chunk}:{line}: ").into_bytes();
            message.extend_from_slice(text.as_bytes());
            piccolo::Error::from_value(piccolo::String::from_slice(&ctx, &message).into())
        }
        _ => piccolo::Error::from_value(value),
    }
}
