//! What a worker gets has to be able to go to another thread.

use std::rc::Rc;

use lunapool_executor::Script;
use lunapool_interpreter::{Handle, IntoLua, Result, Scope};

struct Local(Rc<i64>);

impl IntoLua for Local {
    fn into_lua<'gc>(self, scope: Scope<'gc>) -> Result<Handle<'gc>> {
        (*self.0).into_lua(scope)
    }
}

fn main() {
    let script = Script::new("a.lua", "function main() end").unwrap();
    script.run(Local(Rc::new(1))).unwrap();
    script.submit(Local(Rc::new(1))).wait().unwrap();
}
