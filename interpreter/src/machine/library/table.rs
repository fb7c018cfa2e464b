//! `table`. piccolo's own compiles two files of Lua for every machine, which takes longer than all the rest.
//!
//! The functions here look at the table itself, without its metamethods.

use std::sync::{Arc, OnceLock};

use ottavino_gc_arena::Gc;
use piccolo::{Callback, CallbackReturn, Context, Function, IntoValue, Table, Value as Raw};

use super::base::{give, table};
use super::{State, register, tostring_now};
use crate::error::{Error, ErrorKind, Result};
use crate::native::CallContext;
use crate::program::Program;
use crate::scope::Handle;

/// `table.unpack` gives at most this many results; Lua's own bound depends on its stack.
const MAX_RESULTS: i64 = 1_000_000;

/// One call moves at most this many elements: nothing looks at the limits of a run while it does.
const MAX_MOVES: i64 = 1 << 24;

/// The longest string that `table.concat` makes.
const MAX_STRING: usize = 1 << 30;

pub(super) fn install<'gc>(ctx: Context<'gc>, state: Gc<'gc, State<'gc>>) {
    let library = Table::new(&ctx);
    register(
        ctx,
        state,
        library,
        &[
            ("concat", concat),
            ("insert", insert),
            ("move", move_elements),
            ("pack", pack),
            ("remove", remove),
            ("unpack", unpack),
        ],
    );
    library.set_field(
        ctx,
        "sort",
        Callback::from_fn(&ctx, |ctx, _, mut stack| {
            let problem = match (stack.get(0), stack.get(1)) {
                (Raw::Table(_), Raw::Nil | Raw::Function(_)) => None,
                (Raw::Table(_), other) => Some(("2", "function", other)),
                (other, _) => Some(("1", "table", other)),
            };
            if let Some((index, expected, got)) = problem {
                let got = Handle(got).type_name();
                let message = format!("bad argument #{index} to 'sort' ({expected} expected, got {got})");
                return Err(message.into_value(ctx).into());
            }
            let Some(sort) = sort() else { return Err("'sort' is not available".into_value(ctx).into()) };
            stack.resize(2);
            let function = Function::Closure(sort.load(ctx, ctx.globals()));
            Ok(CallbackReturn::Call { function, then: None })
        }),
    );
    ctx.set_global("table", library);
}

/// Sorting calls the comparison at every step, so it is shortest in Lua; compiled once for all machines.
fn sort() -> Option<&'static Program> {
    static SORT: OnceLock<Option<Arc<Program>>> = OnceLock::new();
    let compile = || Program::compile("[table.sort]", include_str!("sort.lua")).ok().map(Arc::new);
    SORT.get_or_init(compile).as_deref()
}

fn wrong(call: &CallContext<'_, '_>, index: usize, what: &str) -> Error {
    call.bad_argument(index, Error::new(ErrorKind::Conversion, what.to_owned()))
}

fn few_enough(moves: i64) -> Result<()> {
    if moves <= MAX_MOVES { Ok(()) } else { Err(Error::new(ErrorKind::Runtime, "too many elements to move")) }
}

fn set<'gc>(call: &CallContext<'gc, '_>, table: Table<'gc>, index: i64, value: Raw<'gc>) {
    // An integer is always a valid key.
    let _ = table.set_raw(&call.scope.ctx, index.into(), value);
}

fn insert(call: &mut CallContext<'_, '_>) -> Result<()> {
    let list = table(call, 0)?;
    let end = list.length().saturating_add(1);
    let (at, value) = match call.len() {
        2 => (end, call.handle(1).0),
        3 => (call.argument(1)?, call.handle(2).0),
        _ => return Err(Error::new(ErrorKind::Runtime, "wrong number of arguments to 'insert'")),
    };
    if !(1..=end).contains(&at) {
        return Err(wrong(call, 1, "position out of bounds"));
    }
    few_enough(end - at)?;
    for index in (at..end).rev() {
        set(call, list, index + 1, list.get_raw(index.into()));
    }
    set(call, list, at, value);
    call.stack.clear();
    Ok(())
}

fn remove(call: &mut CallContext<'_, '_>) -> Result<()> {
    let list = table(call, 0)?;
    let size = list.length();
    let at: i64 = if call.len() > 1 { call.argument(1)? } else { size };
    if call.len() > 1 && !(1..=size.saturating_add(1)).contains(&at) && !(size == 0 && at == 0) {
        return Err(wrong(call, 1, "position out of bounds"));
    }
    let removed = list.get_raw(at.into());
    few_enough(size.saturating_sub(at))?;
    for index in at..size {
        set(call, list, index, list.get_raw((index + 1).into()));
    }
    if at <= size {
        set(call, list, size.max(at), Raw::Nil);
    }
    give(call, removed)
}

fn concat(call: &mut CallContext<'_, '_>) -> Result<()> {
    let list = table(call, 0)?;
    let separator: Option<crate::value::LuaString> = call.argument(1)?;
    let separator = separator.unwrap_or_default();
    let first: i64 = call.argument::<Option<i64>>(2)?.unwrap_or(1);
    let last: i64 = call.argument::<Option<i64>>(3)?.unwrap_or_else(|| list.length());
    let mut text = Vec::new();
    for index in first..=last {
        let value = list.get_raw(index.into());
        if !matches!(value, Raw::String(_) | Raw::Integer(_) | Raw::Number(_)) {
            let name = Handle(value).type_name();
            let message = format!("invalid value ({name}) at index {index} in table for 'concat'");
            return Err(Error::new(ErrorKind::Runtime, message));
        }
        text.extend_from_slice(tostring_now(call.scope.ctx, value).as_bytes());
        if index < last {
            text.extend_from_slice(separator.as_bytes());
        }
        if text.len() > MAX_STRING {
            return Err(Error::new(ErrorKind::Runtime, "resulting string too large"));
        }
    }
    let text = piccolo::String::from_slice(&call.scope.ctx, &text);
    give(call, text)
}

fn pack(call: &mut CallContext<'_, '_>) -> Result<()> {
    let count = call.len();
    let list = call.scope.table(count, 1)?;
    for index in 0..count {
        list.set_element(call.scope, index, call.handle(index));
    }
    list.set_field(call.scope, "n", Handle(Raw::Integer(i64::try_from(count).unwrap_or(i64::MAX))));
    give(call, list.0)
}

fn unpack(call: &mut CallContext<'_, '_>) -> Result<()> {
    let list = table(call, 0)?;
    let first: i64 = call.argument::<Option<i64>>(1)?.unwrap_or(1);
    let last: i64 = call.argument::<Option<i64>>(2)?.unwrap_or_else(|| list.length());
    if last.checked_sub(first).is_none_or(|span| span >= MAX_RESULTS) && last >= first {
        return Err(Error::new(ErrorKind::Runtime, "too many results to unpack"));
    }
    call.returned = true;
    call.stack.clear();
    for index in first..=last {
        call.stack.push_back(list.get_raw(index.into()));
    }
    Ok(())
}

fn move_elements(call: &mut CallContext<'_, '_>) -> Result<()> {
    let from = table(call, 0)?;
    let (first, last, at): (i64, i64, i64) = (call.argument(1)?, call.argument(2)?, call.argument(3)?);
    let to = if call.handle(4).is_nil() { from } else { table(call, 4)? };
    if last >= first {
        let span = last.checked_sub(first).filter(|span| *span < i64::MAX);
        let Some(span) = span else { return Err(wrong(call, 2, "too many elements to move")) };
        few_enough(span)?;
        if at.checked_add(span).is_none() {
            return Err(wrong(call, 3, "destination wrap around"));
        }
        let copy = |offset: i64| set(call, to, at + offset, from.get_raw((first + offset).into()));
        // Where the ranges overlap, the direction decides what is read before it is overwritten.
        if at > last || at <= first || to != from { (0..=span).for_each(copy) } else { (0..=span).rev().for_each(copy) }
    }
    give(call, to)
}
