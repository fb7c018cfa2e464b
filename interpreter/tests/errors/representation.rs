//! Proves that an error is one word, crosses threads, and can be cloned, shown and boxed.

use lunapool_interpreter::{Error, Result};

use super::fails;

#[test]
fn an_error_and_its_result_are_one_word() {
    assert_eq!(size_of::<Error>(), size_of::<usize>());
    assert_eq!(size_of::<Result<()>>(), size_of::<usize>());
    fn crosses_threads<T: Send + Sync + 'static>() {}
    crosses_threads::<Error>();
}

#[test]
fn an_error_can_be_cloned_and_shown() {
    let error = fails("error({code = 7})");
    let copy = error.clone();
    assert_eq!(copy.to_string(), error.to_string());
    assert_eq!(copy.value(), error.value());
    assert_eq!(format!("{error:?}"), "Error { kind: Runtime, message: \"test.lua: (error object is a table value)\" }");
    // Boxed it is an error like any other.
    let boxed: Box<dyn std::error::Error + Send + Sync> = error.into();
    assert_eq!(boxed.to_string(), "test.lua: (error object is a table value)");
}
