//! Nor can a conversion keep what it reads, or the scope that it reads it in.

use std::cell::RefCell;

use lunapool_interpreter::{FromLua, Handle, Result, Scope};

thread_local! {
    static KEPT: RefCell<Option<(Handle<'static>, Scope<'static>)>> = const { RefCell::new(None) };
}

struct Thief;

impl FromLua for Thief {
    fn from_lua<'gc>(value: Handle<'gc>, scope: Scope<'gc>) -> Result<Self> {
        KEPT.with(|kept| kept.replace(Some((value, scope))));
        Ok(Thief)
    }
}

fn main() {}
