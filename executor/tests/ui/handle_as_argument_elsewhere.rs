//! A scope is of one call as well: nothing made in it leaves.

use lunapool_interpreter::{CallContext, Handle, Native};

fn main() {
    let mut outside: Vec<Handle<'_>> = Vec::new();
    let native = |call: &mut CallContext<'_, '_>| {
        outside.push(call.scope().string("kept"));
        Ok(())
    };
    let _native = Native::raw("keep", native);
}
