//! What the package `lunapool` promises as a whole: names, sizes, and what may cross threads.

use lunapool::{
    Error, ErrorKind, Generation, Job, LuaString, Modules, Pool, Program, Result, Run, Script, Shared, Table, Value,
};

fn crosses_threads<T: Send + Sync + 'static>() {}

#[test]
fn what_is_shared_between_threads_can_be() {
    crosses_threads::<Script>();
    crosses_threads::<Program>();
    crosses_threads::<Modules>();
    crosses_threads::<Pool>();
    crosses_threads::<Job>();
    crosses_threads::<Value>();
    crosses_threads::<Table>();
    crosses_threads::<LuaString>();
    crosses_threads::<Error>();
    crosses_threads::<Shared<String>>();
    crosses_threads::<Run<'static>>();
}

#[test]
fn errors_are_one_word_wide() {
    assert_eq!(size_of::<Error>(), size_of::<usize>());
    assert_eq!(size_of::<Result<()>>(), size_of::<usize>());
    assert_eq!(size_of::<Generation>(), size_of::<u64>());
}

#[test]
fn json_is_there_without_being_asked_for() -> Result<()> {
    let source = "local json = require('json') function main(text) return json.decode(text).a end";
    let script = Script::new("decode.lua", source)?;
    assert_eq!(script.call::<Vec<i64>>(r#"{"a":[1,2,3]}"#)?, [1, 2, 3]);
    Ok(())
}

#[test]
fn an_unknown_module_is_reported_when_the_script_is_built() {
    let error = Script::new("orders.lua", "\nlocal api = require('orders')\nfunction main() end").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Module);
    assert_eq!((error.chunk(), error.line()), (Some("orders.lua"), Some(2)));
    let text = error.to_string();
    assert!(text.starts_with("orders.lua:2: module 'orders' not found"), "{text}");
    assert!(text.contains("json"), "{text}");
}
