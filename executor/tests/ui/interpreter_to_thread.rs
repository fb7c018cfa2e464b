//! An interpreter stays on the thread that it was made on.

use lunapool_interpreter::{Interpreter, Limits, NoModules, Program};

fn is_send<T: Send>(_: T) {}

fn main() {
    let program = Program::compile("a.lua", "function main() end").unwrap();
    is_send(Interpreter::new(&program, &NoModules, Limits::default()).unwrap());
}
