//! `require`: each module is loaded once per interpreter.

use std::pin::Pin;

use ottavino_gc_arena::{Collect, Gc};
use piccolo::{
    BoxSequence, Callback, CallbackReturn, Context, Error as RawError, Execution, Function, Sequence, SequencePoll,
    Stack, Value as Raw,
};

use super::state::Loading;
use super::{State, raise};
use crate::error::{Error, ErrorKind};
use crate::require::Loader;
use crate::scope::{Handle, Scope};

pub(super) fn install<'gc>(ctx: Context<'gc>, state: Gc<'gc, State<'gc>>) {
    let require = Callback::from_fn_with(&ctx, state, |state, ctx, exec, mut stack| {
        let thread = address(&exec);
        require(Scope::new(ctx, *state), thread, &mut stack)
            .map_err(|error| raise::from_native(ctx, raise::position(&exec), error))
    });
    ctx.set_global("require", require);
}

fn is_unfinished<'gc>(state: Gc<'gc, State<'gc>>, value: Raw<'gc>) -> bool {
    matches!(value, Raw::UserData(data) if data == state.unfinished)
}

/// Whether the coroutine at hand is loading a module. It must not yield then: nobody might ever resume it, and the
/// module would be neither there nor absent.
pub(super) fn is_loading(state: Gc<'_, State<'_>>, exec: &Execution<'_, '_>) -> bool {
    let thread = address(exec);
    state.loading.borrow().iter().any(|loading| loading.thread == thread)
}

fn address(exec: &Execution<'_, '_>) -> usize {
    Gc::as_ptr(exec.current_thread().thread.into_inner()).addr()
}

/// After a run that was stopped: what was being loaded was not.
pub(super) fn forget_unfinished<'gc>(ctx: Context<'gc>, state: Gc<'gc, State<'gc>>, key: Raw<'gc>, value: Raw<'gc>) {
    if is_unfinished(state, value) {
        let _ = state.loaded.set_raw(&ctx, key, Raw::Nil);
    }
}

fn require<'gc>(scope: Scope<'gc>, thread: usize, stack: &mut Stack<'gc, '_>) -> Result<CallbackReturn<'gc>, Error> {
    let Scope { ctx, state, .. } = scope;
    let Raw::String(name) = stack.get(0) else {
        let got = if stack.is_empty() { "no value" } else { Handle(stack.get(0)).type_name() };
        let message = format!("bad argument #1 to 'require' (string expected, got {got})");
        return Err(Error::new(ErrorKind::Runtime, message));
    };
    let name = name.display_lossy().to_string();
    let resolved = state.host.modules.resolve(&name)?;
    let key = ctx.intern(resolved.key.as_bytes());
    let known = state.loaded.get_raw(key.into());
    if is_unfinished(state, known) {
        let loading = state.loading.borrow();
        let from = loading.iter().position(|loading| loading.key == resolved.key).unwrap_or(0);
        let mut cycle: Vec<&str> = loading[from..].iter().map(|loading| &*loading.key).collect();
        cycle.push(&resolved.key);
        return Err(Error::new(ErrorKind::Module, format!("modules require each other: {}", cycle.join(" -> "))));
    }
    if !known.is_nil() {
        stack.replace(ctx, known);
        return Ok(CallbackReturn::Return);
    }
    match resolved.loader {
        Loader::Native(open) => {
            let value = open.open(scope)?.0;
            // A string is always a valid key.
            let _ = state.loaded.set_raw(&ctx, key.into(), value);
            stack.replace(ctx, value);
            Ok(CallbackReturn::Return)
        }
        Loader::Program(program) => {
            let closure = program.load(ctx, ctx.globals());
            let _ = state.loaded.set_raw(&ctx, key.into(), state.unfinished.into());
            state.loading.borrow_mut().push(Loading { key: resolved.key, thread });
            stack.drain(1..);
            let then = BoxSequence::new(&ctx, Keep { state, key });
            Ok(CallbackReturn::Call { function: Function::Closure(closure), then: Some(then) })
        }
    }
}

/// Keeps what a module's program returned.
#[derive(Collect)]
#[collect(no_drop)]
struct Keep<'gc> {
    state: Gc<'gc, State<'gc>>,
    key: piccolo::String<'gc>,
}

impl<'gc> Keep<'gc> {
    fn done(&self, ctx: Context<'gc>, value: Raw<'gc>) {
        self.state.loading.borrow_mut().retain(|loading| loading.key.as_bytes() != self.key.as_bytes());
        let _ = self.state.loaded.set_raw(&ctx, self.key.into(), value);
    }
}

impl<'gc> Sequence<'gc> for Keep<'gc> {
    fn poll(
        self: Pin<&mut Self>,
        ctx: Context<'gc>,
        _: Execution<'gc, '_>,
        mut stack: Stack<'gc, '_>,
    ) -> Result<SequencePoll<'gc>, RawError<'gc>> {
        // As in Lua, a module that returns nothing is `true`.
        let value = match stack.get(0) {
            Raw::Nil => Raw::Boolean(true),
            value => value,
        };
        self.done(ctx, value);
        stack.replace(ctx, value);
        Ok(SequencePoll::Return)
    }

    fn error(
        self: Pin<&mut Self>,
        ctx: Context<'gc>,
        _: Execution<'gc, '_>,
        error: RawError<'gc>,
        _: Stack<'gc, '_>,
    ) -> Result<SequencePoll<'gc>, RawError<'gc>> {
        self.done(ctx, Raw::Nil);
        Err(error)
    }
}
