//! The examples of the Go library's README, with the results that it promises.

#[path = "../examples/fib.rs"]
mod fib;
#[path = "../examples/native_module.rs"]
mod native_module;
#[path = "../examples/person.rs"]
mod person;
#[path = "../examples/script_module.rs"]
mod script_module;

use lunapool::Result;

#[test]
fn fib_of_10_is_89() -> Result<()> {
    assert_eq!(fib::run()?, 89);
    Ok(())
}

#[test]
fn the_person_is_updated_on_both_sides() -> Result<()> {
    assert_eq!(person::run()?, ("Updated".to_owned(), "Updated".to_owned()));
    Ok(())
}

#[test]
fn the_hash_is_that_of_fnv() -> Result<()> {
    assert_eq!(native_module::run()?, 4_282_878_506);
    Ok(())
}

#[test]
fn the_script_module_multiplies() -> Result<()> {
    assert_eq!(script_module::run()?, 25);
    Ok(())
}
