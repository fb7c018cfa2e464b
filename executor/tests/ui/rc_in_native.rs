//! Natives are shared by all threads, so what they capture has to be.

use std::cell::Cell;
use std::rc::Rc;

use lunapool_modules::NativeModule;

fn main() {
    let count = Rc::new(Cell::new(0));
    let _module = NativeModule::new("count", "1.0.0").function("next", move || {
        count.set(count.get() + 1);
        count.get()
    });
}
