//! Native functions as the VM's callbacks.

use std::sync::Arc;

use ottavino_gc_arena::{Collect, Gc};
use piccolo::{Callback, CallbackFn, CallbackReturn, Context, Error as RawError, Execution, Stack};

use super::{State, raise};
use crate::native::{CallContext, Native};
use crate::scope::Scope;

#[derive(Collect)]
#[collect(no_drop)]
struct NativeCallback<'gc> {
    state: Gc<'gc, State<'gc>>,
    #[collect(require_static)]
    native: Arc<Native>,
}

impl<'gc> CallbackFn<'gc> for NativeCallback<'gc> {
    fn call(
        &self,
        ctx: Context<'gc>,
        exec: Execution<'gc, '_>,
        stack: Stack<'gc, '_>,
    ) -> Result<CallbackReturn<'gc>, RawError<'gc>> {
        let scope = Scope::new(ctx, self.state);
        self.state.values_left.set(self.state.limits.values);
        let mut call = CallContext { scope, stack, exec, native: &self.native, returned: false };
        match self.native.call(&mut call) {
            Ok(()) => {
                if !call.returned {
                    call.stack.clear();
                }
                Ok(CallbackReturn::Return)
            }
            Err(error) => Err(raise::from_native(ctx, raise::position(&call.exec), error)),
        }
    }
}

/// A Lua function that calls `native`.
pub(crate) fn new_callback<'gc>(ctx: Context<'gc>, state: Gc<'gc, State<'gc>>, native: Arc<Native>) -> Callback<'gc> {
    Callback::new(&ctx, NativeCallback { state, native })
}
