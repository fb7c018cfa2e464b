//! Conversions of whatever serde can serialise: [`Serde`], [`to_value`], [`from_value`], and serde for [`Value`].
//!
//! Lua tables and owned values are built by one serializer, over a [`Sink`](sink::Sink), and read by one deserializer,
//! over a [`Source`](source::Source).

mod de;
mod key;
mod ser;
mod sink;
mod source;
mod value;

use std::fmt::Display;
use std::ops::{Deref, DerefMut};

use serde::de::{DeserializeOwned, Expected, Unexpected};
use serde::{Serialize, de::Error as DeError, ser::Error as SerError};

use crate::convert::{FromLua, IntoLua};
use crate::error::{Error, ErrorKind, Result};
use crate::object::LuaField;
use crate::scope::{Handle, Scope};
use crate::value::Value;

/// How deeply owned values may nest, as deeply as [`Limits::depth`](crate::Limits::depth) lets Lua's by default.
const DEPTH: usize = 128;

/// Any [`Serialize`](serde::Serialize) as an argument, any [`DeserializeOwned`](serde::de::DeserializeOwned) as a
/// result, straight to and from Lua's own tables.
///
/// The forms are those of JSON: structs and maps are tables with fields, lists and tuples are sequences, a variant
/// without content is its name, one with content a table with that one field. `None` and `()` are `nil`, which is to
/// say that there is no such field, and `json.null` inside a list or a variant. Integer keys stay integers.
///
/// Types are as strict as serde's, but for one thing: a float with an integral value is an integer where one is asked
/// for, because `10 / 2` is one.
///
/// ```
/// use lunapool_interpreter::{Interpreter, Limits, NoModules, Program, Serde};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize)]
/// struct Order {
///     items: Vec<Item>,
/// }
///
/// #[derive(Serialize)]
/// struct Item {
///     price: f64,
///     count: u32,
/// }
///
/// #[derive(Deserialize, Debug, PartialEq)]
/// struct Invoice {
///     total: f64,
///     note: Option<String>,
/// }
///
/// let program = Program::compile("invoice.lua", r#"
///     function main(order)
///         local total = 0
///         for _, item in ipairs(order.items) do total = total + item.price * item.count end
///         return { total = total }
///     end
/// "#)?;
/// let mut lua = Interpreter::new(&program, &NoModules, Limits::default())?;
/// let order = Order { items: vec![Item { price: 2.5, count: 4 }] };
/// let Serde(invoice) = lua.call::<Serde<Invoice>>(Serde(&order))?;
/// assert_eq!(invoice, Invoice { total: 10.0, note: None });
/// # Ok::<(), lunapool_interpreter::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Serde<T>(pub T);

impl<T> Deref for Serde<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Serde<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T> From<T> for Serde<T> {
    fn from(value: T) -> Self {
        Serde(value)
    }
}

impl<T: Serialize> IntoLua for Serde<T> {
    fn into_lua<'gc>(self, scope: Scope<'gc>) -> Result<Handle<'gc>> {
        self.0.serialize(ser::Serializer(scope))
    }
}

impl<T: Serialize> IntoLua for &Serde<T> {
    fn into_lua<'gc>(self, scope: Scope<'gc>) -> Result<Handle<'gc>> {
        self.0.serialize(ser::Serializer(scope))
    }
}

impl<T: DeserializeOwned> FromLua for Serde<T> {
    fn from_lua<'gc>(value: Handle<'gc>, scope: Scope<'gc>) -> Result<Self> {
        T::deserialize(de::Deserializer(source::InLua { value, scope })).map(Serde)
    }
}

/// A field of a host object that scripts see by value, and replace as a whole.
impl<T: Serialize + DeserializeOwned + 'static> LuaField for Serde<T> {
    fn copy<'gc>(&self, scope: Scope<'gc>) -> Result<Option<Handle<'gc>>> {
        self.into_lua(scope).map(Some)
    }

    fn create<'gc>(value: Handle<'gc>, scope: Scope<'gc>) -> Result<Self> {
        Self::from_lua(value, scope)
    }
}

/// The owned Lua value of anything that serde can serialise, in the forms that [`Serde`] has.
///
/// Keys that are integers or booleans become their text, because a [`Table`](crate::Table) has string keys only. A
/// field that is `None` is there, and is [`Value::Nil`].
///
/// ```
/// use lunapool_interpreter::to_value;
///
/// let value = to_value(&[("a", 1), ("b", 2)])?;
/// assert_eq!(value.to_string(), "[[a, 1], [b, 2]]");
/// assert!(to_value(&u64::MAX).is_err());
/// # Ok::<(), lunapool_interpreter::Error>(())
/// ```
///
/// # Errors
/// When `value` contains an integer beyond `i64`, a map with other keys, or more than 128 levels.
pub fn to_value<T: Serialize + ?Sized>(value: &T) -> Result<Value> {
    value.serialize(ser::Serializer(sink::Owned { depth: 0 }))
}

/// Anything that serde can deserialise, from an owned Lua value.
///
/// ```
/// use lunapool_interpreter::{Value, from_value};
///
/// let pairs: Vec<(String, u8)> = from_value(Value::from(vec![vec![Value::from("a"), Value::from(1)]]))?;
/// assert_eq!(pairs, [("a".to_owned(), 1)]);
/// # Ok::<(), lunapool_interpreter::Error>(())
/// ```
///
/// # Errors
/// When `value` is of another form than `T`; the error says where.
pub fn from_value<T: DeserializeOwned>(value: Value) -> Result<T> {
    T::deserialize(de::Deserializer(source::InValue { value: &value, depth: 0 }))
}

impl SerError for Error {
    fn custom<T: Display>(message: T) -> Self {
        Error::new(ErrorKind::Conversion, message.to_string())
    }
}

impl DeError for Error {
    fn custom<T: Display>(message: T) -> Self {
        Error::new(ErrorKind::Conversion, message.to_string())
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Error::mismatch(expected.to_string(), type_name(unexpected))
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        match unexpected {
            Unexpected::Signed(value) => out_of_range(value, expected),
            Unexpected::Unsigned(value) => out_of_range(value, expected),
            Unexpected::Bytes(bytes) if std::str::from_utf8(bytes).is_err() => {
                Error::new(ErrorKind::Conversion, "string is not valid UTF-8")
            }
            _ => <Self as DeError>::custom(format_args!("invalid value: {unexpected}, expected {expected}")),
        }
    }
}

/// What a value is called in Lua.
fn type_name(unexpected: Unexpected<'_>) -> String {
    let name = match unexpected {
        Unexpected::Bool(_) => "boolean",
        Unexpected::Signed(_) | Unexpected::Unsigned(_) | Unexpected::Float(_) => "number",
        Unexpected::Str(_) | Unexpected::Bytes(_) | Unexpected::Char(_) => "string",
        Unexpected::Unit | Unexpected::Option => "nil",
        Unexpected::Seq => "sequence",
        Unexpected::Map => "table",
        other => return other.to_string(),
    };
    name.to_owned()
}

fn too_deep() -> String {
    format!("value nests deeper than {DEPTH} levels")
}

fn out_of_range(value: impl Display, name: impl Display) -> Error {
    Error::new(ErrorKind::Conversion, format!("{value} is out of range for {name}"))
}
