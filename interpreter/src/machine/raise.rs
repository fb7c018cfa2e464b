//! Errors on their way between Rust and Lua.
//!
//! In Lua an error is a value. What a native function fails with is a userdata that carries our [`Error`], so that it
//! comes out of `pcall`, through `error` again, and reaches Rust as what it was. Everything else that we raise is a
//! string with the position in front, as in Lua.

use piccolo::error::LuaError;
use piccolo::meta_ops::MetaOperatorError;
use piccolo::thread::VMError;
use piccolo::{Error as RawError, Execution, IntoValue, MetaMethod, RuntimeError, UserData, Value as Raw};

use crate::convert::FromLua;
use crate::error::{Error, ErrorKind};
use crate::scope::{Handle, Scope};
use crate::value::Value;

/// Chunk and line of the Lua function that called the native at hand.
///
/// There is none after a tail call: the caller's frame is gone.
pub(crate) fn position(exec: &Execution<'_, '_>) -> Option<(String, u64)> {
    let frame = exec.upper_lua_frame()?;
    Some((frame.chunk_name.display_lossy().to_string(), frame.current_line.0.saturating_add(1)))
}

/// The Lua error for a failure of a native function.
pub(super) fn from_native<'gc>(
    ctx: piccolo::Context<'gc>,
    position: Option<(String, u64)>,
    error: Error,
) -> RawError<'gc> {
    let error = match &position {
        Some((chunk, line)) => error.at(chunk, Some(*line)),
        None => error,
    };
    match error.kind() {
        // What Lua itself would have said: a wrong argument, an operation that is not allowed.
        ErrorKind::Runtime | ErrorKind::Conversion if error.value().is_none() => {
            RawError::from_value(error.to_string().into_value(ctx))
        }
        _ => RuntimeError::new(error).into(),
    }
}

/// What `pcall` gives to the script for an error.
pub(super) fn to_value<'gc>(scope: Scope<'gc>, error: &RawError<'gc>) -> Raw<'gc> {
    match error {
        RawError::Lua(LuaError(value)) => *value,
        RawError::Runtime(error) if error.is::<Error>() => {
            let data = UserData::new_static(&scope.ctx, error.clone());
            data.set_metatable(&scope.ctx, Some(scope.state.error_meta));
            data.into()
        }
        RawError::Runtime(error) => scope.string(describe(error)).0,
    }
}

/// The Rust error inside an error value, if it is one of ours.
pub(crate) fn carried(value: Raw<'_>) -> Option<Error> {
    let Raw::UserData(data) = value else { return None };
    data.downcast_static::<RuntimeError>().ok()?.downcast::<Error>().cloned()
}

/// What the host gets for an error that the script did not catch.
pub(super) fn to_error<'gc>(scope: Scope<'gc>, error: &RawError<'gc>) -> Error {
    match error {
        RawError::Runtime(error) => match error.downcast::<Error>() {
            Some(error) => error.clone(),
            None => Error::new(ErrorKind::Runtime, describe(error)),
        },
        RawError::Lua(LuaError(Raw::String(text))) => from_text(&text.display_lossy().to_string()),
        RawError::Lua(LuaError(value)) => {
            if let Some(error) = carried(*value) {
                return error;
            }
            let handle = Handle(*value);
            let message = format!("(error object is a {} value)", handle.type_name());
            let error = match value {
                Raw::Integer(_) | Raw::Number(_) => {
                    Error::new(ErrorKind::Runtime, String::from_lua(handle, scope).unwrap_or(message))
                }
                _ => Error::new(ErrorKind::Runtime, message),
            };
            match Value::from_lua(handle, scope) {
                Ok(value) => error.with_value(value),
                Err(_) => error,
            }
        }
    }
}

/// Takes the position that `error` and the natives put in front of a message off again.
fn from_text(text: &str) -> Error {
    let whole = || Error::new(ErrorKind::Runtime, text.to_owned());
    let mut searched = 0;
    while let Some(colon) = text[searched..].find(':').map(|found| searched + found) {
        let rest = &text[colon + 1..];
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if let (Ok(line), Some(message)) = (rest[..digits].parse(), rest[digits..].strip_prefix(": ")) {
            if colon == 0 || text[..colon].contains('\n') {
                break;
            }
            return Error::new(ErrorKind::Runtime, message.to_owned()).at(&text[..colon], Some(line));
        }
        searched = colon + 1;
    }
    whole()
}

/// An error of the VM in Lua's words.
fn describe(error: &RuntimeError) -> String {
    if let Some(error) = error.downcast::<VMError>() {
        return match error {
            VMError::BadCall(error) => format!("attempt to call {}", last_words(&error.to_string())),
            VMError::OperatorError(error) => describe_operator(error),
            other => other.to_string(),
        };
    }
    if let Some(error) = error.downcast::<MetaOperatorError>() {
        return describe_operator(error);
    }
    if let Some(error) = error.downcast::<piccolo::TypeError>() {
        return format!("bad argument ({} expected, got {})", error.expected, error.found);
    }
    if let Some(error) = error.downcast::<piccolo::meta_ops::MetaCallError>() {
        return format!("attempt to call {}", last_words(&error.to_string()));
    }
    // Outer contexts first, as `anyhow` prints a chain.
    format!("{:#}", error.0)
}

/// `could not call a nil value` says which value at its end.
fn last_words(text: &str) -> &str {
    text.strip_prefix("could not call ").unwrap_or(text)
}

fn describe_operator(error: &MetaOperatorError) -> String {
    use MetaMethod as M;
    match error {
        MetaOperatorError::Call(method, error) => {
            format!("attempt to call {} (metamethod '{}')", last_words(&error.to_string()), &method.name()[2..])
        }
        MetaOperatorError::Unary(method, name) => match method {
            M::Index | M::NewIndex => format!("attempt to index a {name} value"),
            M::Len => format!("attempt to get length of a {name} value"),
            M::Call => format!("attempt to call a {name} value"),
            M::BNot => format!("attempt to perform bitwise operation on a {name} value"),
            _ => format!("attempt to perform arithmetic on a {name} value"),
        },
        MetaOperatorError::Binary(method, left, right) => {
            let culprit = |fine: &[&str]| if fine.contains(left) { right } else { left };
            match method {
                M::Lt | M::Le if left == right => format!("attempt to compare two {left} values"),
                M::Lt | M::Le => format!("attempt to compare {left} with {right}"),
                M::Concat => format!("attempt to concatenate a {} value", culprit(&["string", "number"])),
                M::BAnd | M::BOr | M::BXor | M::Shl | M::Shr => {
                    format!("attempt to perform bitwise operation on a {} value", culprit(&["number"]))
                }
                _ => format!("attempt to perform arithmetic on a {} value", culprit(&["number"])),
            }
        }
        MetaOperatorError::IndexKeyError(error) => match error {
            piccolo::table::InvalidTableKey::IsNaN => "table index is NaN".into(),
            piccolo::table::InvalidTableKey::IsNil => "table index is nil".into(),
        },
        MetaOperatorError::ConcatOverflow => "resulting string too large".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_read_back() {
        let error = from_text("dir/a.lua:12: boom: 3");
        assert_eq!((error.chunk(), error.line()), (Some("dir/a.lua"), Some(12)));
        assert_eq!(error.message(), "boom: 3");
        assert_eq!(error.to_string(), "dir/a.lua:12: boom: 3");
        let plain = from_text("http://x: no");
        assert_eq!((plain.chunk(), plain.to_string().as_str()), (None, "http://x: no"));
        assert_eq!(from_text(":3: x").chunk(), None);
    }
}
