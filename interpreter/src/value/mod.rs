//! [`Value`]: a Lua value that Rust owns, bound to no machine and no thread.

mod string;
mod table;

pub use string::LuaString;
pub use table::Table;

/// A Lua value that Rust owns.
///
/// It is `Send + Sync`: it keeps nothing of the machine it came from. Functions, coroutines and host objects have no
/// owned form.
///
/// ```
/// use lunapool_interpreter::Value;
///
/// let value = Value::from(vec![1, 2, 3]);
/// assert_eq!(value.to_string(), "[1, 2, 3]");
/// assert_eq!(Value::from("x").as_str(), Some("x"));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// `nil`. Inside an [`Array`](Value::Array) it crosses as `json.null`, because Lua's sequences have no holes.
    #[default]
    Nil,
    /// `true` or `false`.
    Bool(bool),
    /// An integer; it stays one on both sides.
    Integer(i64),
    /// A float; it stays one on both sides.
    Number(f64),
    /// A string of bytes.
    String(LuaString),
    /// A table whose keys are 1, 2, 3 … without a gap.
    Array(Vec<Value>),
    /// A table whose keys are strings, or an empty one.
    Table(Table),
}

impl Value {
    /// The name of the value's Lua type: `nil`, `boolean`, `number`, `string` or `table`.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self {
            Value::Nil => "nil",
            Value::Bool(_) => "boolean",
            Value::Integer(_) | Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(_) | Value::Table(_) => "table",
        }
    }

    /// Whether this is `nil`.
    #[must_use]
    pub fn is_nil(&self) -> bool {
        matches!(self, Value::Nil)
    }

    /// The boolean, if this is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The integer, if this is one. A float is not, even when it has an integral value.
    #[must_use]
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Value::Integer(value) => Some(*value),
            _ => None,
        }
    }

    /// The number as a float, if this is an integer or a float. Integers above 2^53 are rounded.
    #[must_use]
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Value::Integer(value) => Some(*value as f64),
            Value::Number(value) => Some(*value),
            _ => None,
        }
    }

    /// The text, if this is a string of valid UTF-8.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(value) => value.to_str().ok(),
            _ => None,
        }
    }

    /// The bytes, if this is a string.
    #[must_use]
    pub fn as_bytes(&self) -> Option<&[u8]> {
        match self {
            Value::String(value) => Some(value.as_bytes()),
            _ => None,
        }
    }

    /// The elements, if this is an array.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Value]> {
        match self {
            Value::Array(values) => Some(values),
            _ => None,
        }
    }

    /// The table, if this is one with string keys.
    #[must_use]
    pub fn as_table(&self) -> Option<&Table> {
        match self {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The value of the field `key`, if this is a table that has one.
    #[must_use]
    pub fn get(&self, key: impl AsRef<[u8]>) -> Option<&Value> {
        self.as_table()?.get(key)
    }
}

/// For people: strings at the top as they are, tables with their content.
impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Nil => f.write_str("nil"),
            Value::Bool(value) => value.fmt(f),
            Value::Integer(value) => value.fmt(f),
            Value::Number(value) => f.write_str(&crate::number::format_float(*value)),
            Value::String(value) => value.fmt(f),
            Value::Array(values) => {
                f.write_str("[")?;
                for (index, value) in values.iter().enumerate() {
                    if index > 0 {
                        f.write_str(", ")?;
                    }
                    value.fmt(f)?;
                }
                f.write_str("]")
            }
            Value::Table(table) => {
                f.write_str("{")?;
                for (index, (key, value)) in table.iter().enumerate() {
                    if index > 0 {
                        f.write_str(", ")?;
                    }
                    write!(f, "{key} = {value}")?;
                }
                f.write_str("}")
            }
        }
    }
}

macro_rules! from {
    ($($type:ty => |$value:ident| $into:expr;)*) => {$(
        impl From<$type> for Value {
            fn from($value: $type) -> Self {
                $into
            }
        }
    )*};
}

from! {
    bool => |value| Value::Bool(value);
    i8 => |value| Value::Integer(value.into());
    i16 => |value| Value::Integer(value.into());
    i32 => |value| Value::Integer(value.into());
    i64 => |value| Value::Integer(value);
    u8 => |value| Value::Integer(value.into());
    u16 => |value| Value::Integer(value.into());
    u32 => |value| Value::Integer(value.into());
    f32 => |value| Value::Number(value.into());
    f64 => |value| Value::Number(value);
    &str => |value| Value::String(value.into());
    String => |value| Value::String(value.into());
    &[u8] => |value| Value::String(value.into());
    LuaString => |value| Value::String(value);
    Table => |value| Value::Table(value);
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(values: Vec<T>) -> Self {
        Value::Array(values.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Nil, Into::into)
    }
}
