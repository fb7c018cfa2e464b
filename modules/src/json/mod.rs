//! The built-in module `json`.
//!
//! Tables cross between Lua and text without an owned value in between, which is most of the cost of doing it
//! otherwise. What Lua cannot tell apart, an empty array and an empty object, is marked on the table.

mod decode;
mod encode;

use lunapool_interpreter::{
    CallContext, EmptyAs, Error, ErrorKind, Handle, IntoLua, IntoReturn, LuaString, Result, Scope, Shape, TableHandle,
    Value, Variadic, View,
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
    call.set_result(Text(&text))
}

/// Bytes on their way into Lua; as a slice they would become a list of numbers.
struct Text<'a>(&'a [u8]);

impl IntoLua for Text<'_> {
    fn into_lua<'gc>(self, scope: Scope<'gc>) -> Result<Handle<'gc>> {
        Ok(scope.string(self.0))
    }
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
        View::String(text) => call.set_result(Decoded(text)),
        // A number is its text, as everywhere; anything else fails in the words of other natives.
        _ => {
            let text: LuaString = call.argument(0)?;
            call.set_result(Decoded(text.as_bytes()))
        }
    };
    decoded.or_else(|error| (Value::Nil, error.message()).into_return(call))
}

struct Decoded<'a>(&'a [u8]);

impl IntoLua for Decoded<'_> {
    fn into_lua<'gc>(self, scope: Scope<'gc>) -> Result<Handle<'gc>> {
        decode::decode(self.0, scope)
    }
}

/// `array(...)`: an empty array, the sequence that is given, or a new array of what is given.
fn array(call: &mut CallContext<'_, '_>) -> Result<()> {
    let scope = call.scope();
    if call.is_empty() {
        return call.set_result(Empty(EmptyAs::Array));
    }
    if let (1, View::Table(table)) = (call.len(), call.handle(0).view(scope))
        && (table.is_empty() || matches!(table.shape(scope), Ok(Shape::Sequence(_))))
    {
        return mark(call, table, EmptyAs::Array);
    }
    let values: Variadic<Value> = (0..call.len()).map(|index| call.argument(index)).collect::<Result<_>>()?;
    call.set_result(values.0)
}

/// `object([table])`: the table, which is an object even when it is empty.
fn object(call: &mut CallContext<'_, '_>) -> Result<()> {
    let scope = call.scope();
    match call.handle(0).view(scope) {
        View::Nil => call.set_result(Empty(EmptyAs::Object)),
        View::Table(_) if call.len() > 1 => {
            Err(Error::new(ErrorKind::Runtime, "wrong number of arguments to 'object'"))
        }
        View::Table(table) => match table.shape(scope) {
            Ok(Shape::Sequence(1..)) => {
                Err(bad_argument(1, "object", "table with string keys expected, got a sequence"))
            }
            _ => mark(call, table, EmptyAs::Object),
        },
        _ => {
            let detail = format!("table expected, got {}", call.handle(0).type_name());
            Err(bad_argument(1, "object", &detail))
        }
    }
}

/// Gives back the only argument, which says from now on what it stands for when it is empty.
fn mark<'gc>(call: &mut CallContext<'gc, '_>, table: TableHandle<'gc>, meaning: EmptyAs) -> Result<()> {
    table.set_empty_as(call.scope(), meaning);
    if table.is_empty() && table.empty_as(call.scope()) != meaning {
        // The table has a metatable of its own, which the mark would have to replace.
        return call.set_result(Empty(meaning));
    }
    // A native that sets no result leaves its arguments as its results.
    Ok(())
}

struct Empty(EmptyAs);

impl IntoLua for Empty {
    fn into_lua<'gc>(self, scope: Scope<'gc>) -> Result<Handle<'gc>> {
        Ok(scope.empty(self.0).into())
    }
}

fn bad_argument(number: usize, function: &str, detail: &str) -> Error {
    Error::new(ErrorKind::Runtime, format!("bad argument #{number} to '{function}' ({detail})"))
}
