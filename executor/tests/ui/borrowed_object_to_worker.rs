//! A borrowed object is lent for the time of a call. A job outlives the call, so it cannot have one.

use lunapool_executor::Script;
use lunapool_interpreter::{LuaObject, ObjectType};

struct Person {
    name: String,
}

impl LuaObject for Person {
    const NAME: &'static str = "Person";

    fn describe(object: &mut ObjectType<Self>) {
        object.field("name", |person| &mut person.name);
    }
}

fn rename(script: &Script) {
    let mut person = Person { name: "Ada".into() };
    script.run(&mut person).unwrap();
    script.submit(&mut person).wait().unwrap();
}

fn main() {
    rename(&Script::new("rename.lua", "function main(person) end").unwrap());
}
