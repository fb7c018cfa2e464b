//! The inputs of a batch go to workers, so they cannot be borrowed objects either.

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

fn main() {
    let script = Script::new("rename.lua", "function main(person) end").unwrap();
    let mut people = vec![Person { name: "Ada".into() }];
    script.run_batch(people.iter_mut()).for_each(drop);
}
