//! The built-in module `json`, which scripts `require`, and its two directions for hosts.
//!
//! | in Lua | |
//! |---|---|
//! | `encode(value [, options])` | the text of a value; `true` or `{ indent = 2 }` makes it readable |
//! | `decode(text)` | the value of a text, or `nil` and what is wrong with the text |
//! | `array(...)` | an empty array, the sequence that is given, or an array of what is given |
//! | `object([table])` | an empty object, or the table that is given, which is an object when it is empty |
//! | `null` | what stands for nothing inside an array |
//!
//! Integers stay integers and floats stay floats, both exactly; what does not fit is an error and never a rounding.
//! Fields are written in the order of their names, and those that are null are absent from what `decode` gives. An
//! empty table is `[]` unless it came from `object` or was read as `{}`. A table that is neither a sequence nor has
//! string keys only, a value without a text, and a string that is not UTF-8 are errors that say where they are.
//!
//! ```
//! use lunapool_interpreter::{Interpreter, Limits, Program};
//! use lunapool_modules::Modules;
//!
//! let program = Program::compile("visits.lua", r#"
//!     local json = require("json")
//!     function main(text)
//!         local user = json.decode(text)
//!         user.visits = user.visits + 1
//!         return json.encode(user)
//!     end
//! "#)?;
//! let mut lua = Interpreter::new(&program, &Modules::default(), Limits::default())?;
//! let text: String = lua.call(r#"{ "visits": 2, "name": "Roman", "tags": [] }"#)?;
//! assert_eq!(text, r#"{"name":"Roman","tags":[],"visits":3}"#);
//! # Ok::<(), lunapool_interpreter::Error>(())
//! ```

// Tables cross between Lua and text without an owned value in between, which is most of the cost of doing it
// otherwise. What Lua cannot tell apart, an empty array and an empty object, is marked on the table.

mod decode;
mod encode;

use lunapool_interpreter::{
    CallContext, EmptyAs, Error, ErrorKind, IntoReturn, LuaString, Result, Shape, TableHandle, Value, View,
};

use crate::native::NativeModule;

pub use self::decode::decode as from_text;
pub use self::encode::encode as to_text;

/// More would only make the text longer.
const MAX_INDENT: usize = 16;

/// What `pretty` means.
const USUAL_INDENT: usize = 2;

pub(crate) fn module() -> NativeModule {
    NativeModule::new("json", env!("CARGO_PKG_VERSION"))
        .raw("encode", encode)
        .raw("decode", decode)
        .raw("array", array)
        .raw("object", object)
        .null("null")
}

/// `encode(value [, options])`
fn encode(call: &mut CallContext<'_, '_>) -> Result<()> {
    if call.is_empty() {
        return Err(bad_argument(1, "encode", "value expected"));
    }
    let indent = indent(call)?;
    let text = encode::encode(call.handle(0), call.scope(), indent, EmptyAs::Array)?;
    call.set_handle(call.scope().string(text));
    Ok(())
}

/// The second argument of `encode`: nothing, a boolean, or `{ pretty = true, indent = 4 }`.
fn indent(call: &CallContext<'_, '_>) -> Result<Option<usize>> {
    let scope = call.scope();
    let options = call.handle(1);
    let (mut pretty, mut indent) = (None, None);
    match options.view(scope) {
        View::Nil => {}
        View::Bool(value) => pretty = Some(value),
        View::Table(table) => {
            for (key, value) in table.iter() {
                match (key.view(scope), value.view(scope)) {
                    (View::String(b"pretty"), View::Bool(value)) => pretty = Some(value),
                    (View::String(b"indent"), View::Integer(value)) => {
                        let width = usize::try_from(value).ok().filter(|width| *width <= MAX_INDENT);
                        let wrong = || bad_argument(2, "encode", &format!("indent must be 0 to {MAX_INDENT}"));
                        indent = Some(width.ok_or_else(wrong)?);
                    }
                    (View::String(b"pretty"), _) => {
                        let detail = format!("boolean expected, got {} at .pretty", value.type_name());
                        return Err(bad_argument(2, "encode", &detail));
                    }
                    (View::String(b"indent"), _) => {
                        let detail = format!("integer expected, got {} at .indent", value.type_name());
                        return Err(bad_argument(2, "encode", &detail));
                    }
                    _ => {
                        let detail = format!("unknown option {}", encode::key_text(key, scope));
                        return Err(bad_argument(2, "encode", &detail));
                    }
                }
            }
        }
        _ => {
            let detail = format!("boolean or table expected, got {}", options.type_name());
            return Err(bad_argument(2, "encode", &detail));
        }
    }
    let width = indent.unwrap_or(if pretty == Some(true) { USUAL_INDENT } else { 0 });
    Ok(Some(width).filter(|width| *width > 0 && pretty != Some(false)))
}

/// `decode(text)`: the value, or nil and what is wrong with the text.
fn decode(call: &mut CallContext<'_, '_>) -> Result<()> {
    let decoded = match call.handle(0).view(call.scope()) {
        View::String(text) => decode::decode(text, call.scope()),
        // A number is its text, as everywhere; anything else fails in the words of other natives.
        _ => decode::decode(call.argument::<LuaString>(0)?.as_bytes(), call.scope()),
    };
    match decoded {
        Ok(value) => {
            call.set_handle(value);
            Ok(())
        }
        Err(error) => (Value::Nil, error.message()).into_return(call),
    }
}

/// `array(...)`: an empty array, the sequence that is given, or a new array of what is given.
fn array(call: &mut CallContext<'_, '_>) -> Result<()> {
    let scope = call.scope();
    if call.is_empty() {
        call.set_handle(scope.empty(EmptyAs::Array).into());
        return Ok(());
    }
    if let (1, View::Table(table)) = (call.len(), call.handle(0).view(scope))
        && (table.is_empty() || matches!(table.shape(scope), Ok(Shape::Sequence(_))))
    {
        mark(call, table, EmptyAs::Array);
        return Ok(());
    }
    let list = scope.table(call.len(), 0)?;
    for index in 0..call.len() {
        let value = call.handle(index);
        // A sequence has no holes: nothing is `null` in it.
        list.set_element(scope, index, if value.is_nil() { scope.null() } else { value });
    }
    call.set_handle(list.into());
    Ok(())
}

/// `object([table])`: the table, which is an object even when it is empty.
fn object(call: &mut CallContext<'_, '_>) -> Result<()> {
    let scope = call.scope();
    match call.handle(0).view(scope) {
        View::Nil => {
            call.set_handle(scope.empty(EmptyAs::Object).into());
            Ok(())
        }
        View::Table(_) if call.len() > 1 => {
            Err(Error::new(ErrorKind::Runtime, "wrong number of arguments to 'object'"))
        }
        View::Table(table) => match table.shape(scope) {
            Ok(Shape::Sequence(1..)) => {
                Err(bad_argument(1, "object", "table with string keys expected, got a sequence"))
            }
            _ => {
                mark(call, table, EmptyAs::Object);
                Ok(())
            }
        },
        _ => {
            let detail = format!("table expected, got {}", call.handle(0).type_name());
            Err(bad_argument(1, "object", &detail))
        }
    }
}

/// Gives back `table`, which says from now on what it stands for when it is empty.
fn mark<'gc>(call: &mut CallContext<'gc, '_>, table: TableHandle<'gc>, meaning: EmptyAs) {
    table.set_empty_as(call.scope(), meaning);
    let marked = !table.is_empty() || table.empty_as(call.scope()) == meaning;
    // A table with a metatable of its own cannot bear the mark.
    call.set_handle(if marked { table.into() } else { call.scope().empty(meaning).into() });
}

fn bad_argument(number: usize, function: &str, detail: &str) -> Error {
    Error::new(ErrorKind::Runtime, format!("bad argument #{number} to '{function}' ({detail})"))
}
