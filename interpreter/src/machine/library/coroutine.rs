//! `coroutine`, where piccolo's differs from Lua's.

use std::pin::Pin;

use ottavino_gc_arena::{Collect, Gc};
use piccolo::{
    BoxSequence, Callback, CallbackReturn, Context, Error as RawError, Execution, IntoValue, Sequence, SequencePoll,
    Stack, Thread, ThreadMode, Value as Raw,
};

use super::State;
use super::calls::Protected;
use crate::machine::{raise, require};
use crate::scope::{Handle, Scope};

pub(super) fn install<'gc>(ctx: Context<'gc>, state: Gc<'gc, State<'gc>>) {
    let Raw::Table(library) = ctx.get_global_value("coroutine") else { return };
    for extra in ["continue", "yieldto"] {
        library.set_field(ctx, extra, Raw::Nil);
    }
    library.set_field(
        ctx,
        "yield",
        Callback::from_fn_with(&ctx, state, |state, ctx, exec, _| {
            if exec.current_thread().is_main {
                return Err("attempt to yield from outside a coroutine".into_value(ctx).into());
            }
            if require::is_loading(*state, &exec) {
                return Err("attempt to yield across a C-call boundary".into_value(ctx).into());
            }
            Ok(CallbackReturn::Yield { to_thread: None, then: None })
        }),
    );
    library.set_field(
        ctx,
        "isyieldable",
        Callback::from_fn(&ctx, |ctx, exec, mut stack| {
            stack.replace(ctx, !exec.current_thread().is_main);
            Ok(CallbackReturn::Return)
        }),
    );
    library.set_field(
        ctx,
        "create",
        Callback::from_fn(&ctx, |ctx, _, mut stack| {
            let thread = new_thread(ctx, stack.get(0), "create")?;
            stack.replace(ctx, thread);
            Ok(CallbackReturn::Return)
        }),
    );
    library.set_field(
        ctx,
        "resume",
        Callback::from_fn_with(&ctx, state, |state, ctx, _, mut stack| {
            let thread = thread_argument(ctx, stack.get(0), "resume")?;
            stack.pop_front();
            if let Some(problem) = not_resumable(thread) {
                stack.replace(ctx, (false, problem));
                return Ok(CallbackReturn::Return);
            }
            let then = Protected { state: *state, handler: Raw::Nil, handling: false };
            Ok(CallbackReturn::Resume { thread, then: Some(BoxSequence::new(&ctx, then)) })
        }),
    );
    library.set_field(
        ctx,
        "wrap",
        Callback::from_fn_with(&ctx, state, |state, ctx, _, mut stack| {
            let thread = new_thread(ctx, stack.get(0), "wrap")?;
            let resume = Callback::from_fn_with(&ctx, (thread, *state), |(thread, state), ctx, _, _| {
                if let Some(problem) = not_resumable(*thread) {
                    return Err(problem.into_value(ctx).into());
                }
                let then = Some(BoxSequence::new(&ctx, Wrapped { state: *state }));
                Ok(CallbackReturn::Resume { thread: *thread, then })
            });
            stack.replace(ctx, resume);
            Ok(CallbackReturn::Return)
        }),
    );
    library.set_field(
        ctx,
        "status",
        Callback::from_fn(&ctx, |ctx, exec, mut stack| {
            let thread = thread_argument(ctx, stack.get(0), "status")?;
            let status = if thread == exec.current_thread().thread {
                "running"
            } else {
                match thread.mode() {
                    ThreadMode::Stopped => "dead",
                    ThreadMode::Suspended => "suspended",
                    ThreadMode::Running | ThreadMode::Waiting | ThreadMode::Normal | ThreadMode::Result => "normal",
                }
            };
            stack.replace(ctx, status);
            Ok(CallbackReturn::Return)
        }),
    );
    library.set_field(
        ctx,
        "close",
        Callback::from_fn(&ctx, |ctx, _, mut stack| {
            let thread = thread_argument(ctx, stack.get(0), "close")?;
            match thread.mode() {
                ThreadMode::Stopped | ThreadMode::Suspended => {
                    let _ = thread.reset(&ctx);
                    stack.replace(ctx, true);
                    Ok(CallbackReturn::Return)
                }
                _ => Err("cannot close a running coroutine".into_value(ctx).into()),
            }
        }),
    );
}

fn new_thread<'gc>(ctx: Context<'gc>, function: Raw<'gc>, name: &str) -> Result<Thread<'gc>, RawError<'gc>> {
    let Raw::Function(function) = function else {
        let got = Handle(function).type_name();
        let message = format!("bad argument #1 to '{name}' (function expected, got {got})");
        return Err(message.into_value(ctx).into());
    };
    let thread = Thread::new(ctx);
    thread.start_suspended(&ctx, function)?;
    Ok(thread)
}

fn thread_argument<'gc>(ctx: Context<'gc>, value: Raw<'gc>, name: &str) -> Result<Thread<'gc>, RawError<'gc>> {
    match value {
        Raw::Thread(thread) => Ok(thread),
        other => {
            let got = Handle(other).type_name();
            let message = format!("bad argument #1 to '{name}' (coroutine expected, got {got})");
            Err(message.into_value(ctx).into())
        }
    }
}

fn not_resumable(thread: Thread<'_>) -> Option<&'static str> {
    match thread.mode() {
        ThreadMode::Suspended => None,
        ThreadMode::Stopped => Some("cannot resume dead coroutine"),
        _ => Some("cannot resume non-suspended coroutine"),
    }
}

/// A call of what `coroutine.wrap` gave: results pass, and errors pass in Lua's form.
#[derive(Collect)]
#[collect(no_drop)]
struct Wrapped<'gc> {
    state: Gc<'gc, State<'gc>>,
}

impl<'gc> Sequence<'gc> for Wrapped<'gc> {
    fn poll(
        self: Pin<&mut Self>,
        _: Context<'gc>,
        _: Execution<'gc, '_>,
        _: Stack<'gc, '_>,
    ) -> Result<SequencePoll<'gc>, RawError<'gc>> {
        Ok(SequencePoll::Return)
    }

    fn error(
        self: Pin<&mut Self>,
        ctx: Context<'gc>,
        _: Execution<'gc, '_>,
        error: RawError<'gc>,
        _: Stack<'gc, '_>,
    ) -> Result<SequencePoll<'gc>, RawError<'gc>> {
        Err(RawError::from_value(raise::to_value(Scope::new(ctx, self.state), &error)))
    }
}
