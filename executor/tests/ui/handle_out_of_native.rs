//! A handle is of one call: a native cannot keep it.

use std::cell::RefCell;

use lunapool_interpreter::{CallContext, Handle};
use lunapool_modules::NativeModule;

thread_local! {
    static KEPT: RefCell<Option<Handle<'static>>> = const { RefCell::new(None) };
}

fn main() {
    let _module = NativeModule::new("keep", "1.0.0").raw("it", |call: &mut CallContext<'_, '_>| {
        let handle = call.handle(0);
        KEPT.with(|kept| kept.replace(Some(handle)));
        Ok(())
    });
}
