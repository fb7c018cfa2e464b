//! A handle is of one call: a native cannot keep it.

use std::sync::Mutex;

use lunapool_interpreter::{CallContext, Handle};
use lunapool_modules::NativeModule;

fn main() {
    let kept: Mutex<Option<Handle<'static>>> = Mutex::new(None);
    let _module = NativeModule::new("keep", "1.0.0").raw("it", move |call: &mut CallContext<'_, '_>| {
        *kept.lock().unwrap() = Some(call.handle(0));
        Ok(())
    });
}
