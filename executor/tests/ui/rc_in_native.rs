//! Natives are shared by all threads, so what they capture has to be.

use std::cell::Cell;
use std::rc::Rc;

use lunapool_interpreter::{CallContext, Native};

fn main() {
    let count = Rc::new(Cell::new(0));
    let native = move |call: &mut CallContext<'_, '_>| call.set_result(count.get());
    let _native = Native::raw("next", native);
}
