//! JSON text to Lua values.
//!
//! serde_json reads the text and hands each part to visitors that build the tables at once.

use std::cell::Cell;
use std::fmt;

use lunapool_interpreter::{EmptyAs, Error, ErrorKind, Handle, Result, Scope};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

const TOO_LARGE: &str = "integer out of range";

/// 2^63: integers are at least this far from 0 before serde_json makes floats of them.
const FIRST_ROUNDED: f64 = 9_223_372_036_854_775_808.0;

/// The value that a JSON text stands for; null is nil.
///
/// # Errors
/// What is wrong with the text, and where.
pub fn decode<'gc>(text: &[u8], scope: Scope<'gc>) -> Result<Handle<'gc>> {
    let seen_large = Cell::new(false);
    let mut source = serde_json::Deserializer::from_slice(text);
    let seed = Element { scope, seen_large: &seen_large };
    let malformed = |error: serde_json::Error| Error::new(ErrorKind::Runtime, error.to_string());
    let value = seed.deserialize(&mut source).map_err(malformed)?;
    source.end().map_err(malformed)?;
    if seen_large.get() {
        refuse_rounded(text)?;
    }
    Ok(value)
}

/// Any value; null is nil.
#[derive(Clone, Copy)]
struct Element<'a, 'gc> {
    scope: Scope<'gc>,
    /// Whether a float was seen that the text may have written as an integer.
    seen_large: &'a Cell<bool>,
}

impl<'gc> Element<'_, 'gc> {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        // The words of serde_json, whose own limit comes first unless the interpreter's is lower.
        let scope = self.scope.deeper().map_err(|_| E::custom("recursion limit exceeded"))?;
        Ok(Element { scope, ..self })
    }

    fn charge<E: serde::de::Error>(self) -> Result<(), E> {
        self.scope.charge(1).map_err(to_serde)
    }
}

fn to_serde<E: serde::de::Error>(error: Error) -> E {
    E::custom(error.message())
}

impl<'de, 'gc> DeserializeSeed<'de> for Element<'_, 'gc> {
    type Value = Handle<'gc>;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Handle<'gc>, D::Error> {
        source.deserialize_any(self)
    }
}

impl<'de, 'gc> Visitor<'de> for Element<'_, 'gc> {
    type Value = Handle<'gc>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Handle<'gc>, E> {
        Ok(self.scope.nil())
    }

    fn visit_bool<E>(self, value: bool) -> Result<Handle<'gc>, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Handle<'gc>, E> {
        Ok(value.into())
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Handle<'gc>, E> {
        i64::try_from(value).map(Handle::from).map_err(|_| E::custom(TOO_LARGE))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Handle<'gc>, E> {
        if value.abs() >= FIRST_ROUNDED {
            self.seen_large.set(true);
        }
        Ok(value.into())
    }

    fn visit_str<E>(self, text: &str) -> Result<Handle<'gc>, E> {
        Ok(self.scope.string(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Handle<'gc>, A::Error> {
        let inner = self.deeper()?;
        let table = self.scope.empty(EmptyAs::Unsaid);
        let mut length = 0_i64;
        while let Some(value) = elements.next_element_seed(inner)? {
            self.charge()?;
            length += 1;
            // A nil would end the sequence here.
            let value = if value.is_nil() { self.scope.null() } else { value };
            table.set(self.scope, length.into(), value).map_err(to_serde)?;
        }
        if length == 0 {
            table.set_empty_as(self.scope, EmptyAs::Array);
        }
        Ok(table.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Handle<'gc>, A::Error> {
        let inner = self.deeper()?;
        let table = self.scope.empty(EmptyAs::Unsaid);
        while let Some(key) = fields.next_key_seed(Key(self.scope))? {
            self.charge()?;
            // A nil takes an earlier field of that name away.
            let value = fields.next_value_seed(inner)?;
            table.set(self.scope, key, value).map_err(to_serde)?;
        }
        if table.is_empty() {
            table.set_empty_as(self.scope, EmptyAs::Object);
        }
        Ok(table.into())
    }
}

/// The name of a field, which other tables are likely to have as well.
struct Key<'gc>(Scope<'gc>);

impl<'de, 'gc> DeserializeSeed<'de> for Key<'gc> {
    type Value = Handle<'gc>;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Handle<'gc>, D::Error> {
        source.deserialize_str(self)
    }
}

impl<'gc> Visitor<'_> for Key<'gc> {
    type Value = Handle<'gc>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Handle<'gc>, E> {
        Ok(self.0.name(name))
    }
}

/// Fails at the first integer that is out of range. serde_json does so up to 64 bits and rounds beyond; and it does
/// not tell how a float was written, so a text that has a large one is looked through once more.
fn refuse_rounded(text: &[u8]) -> Result<()> {
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        match byte {
            b'"' => at = after_string(text, at + 1),
            b'-' | b'0'..=b'9' => {
                let rest = &text[at..];
                let is_part = |byte: &u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
                let length = rest.iter().position(|byte| !is_part(byte)).unwrap_or(rest.len());
                at += length;
                let number = std::str::from_utf8(&rest[..length]).unwrap_or_default();
                if !number.contains(['.', 'e', 'E']) && number.parse::<i64>().is_err() {
                    return Err(Error::new(ErrorKind::Runtime, format!("{TOO_LARGE}{}", Position { text, at })));
                }
            }
            _ => at += 1,
        }
    }
    Ok(())
}

/// The index behind the string whose content begins at `at`.
fn after_string(text: &[u8], mut at: usize) -> usize {
    loop {
        match text.get(at) {
            Some(b'\\') => at += 2,
            Some(b'"') | None => return at + 1,
            Some(_) => at += 1,
        }
    }
}

/// Where in the text, in serde_json's words.
struct Position<'a> {
    text: &'a [u8],
    at: usize,
}

impl fmt::Display for Position<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let before = &self.text[..self.at.min(self.text.len())];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let column = before.iter().rev().take_while(|byte| **byte != b'\n').count();
        write!(f, " at line {line} column {column}")
    }
}
