//! [`LuaString`]: bytes that are cheap to clone.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::Utf8Error;
use std::sync::Arc;

/// A Lua string: any bytes, shared, cheap to clone. Most are UTF-8, none has to be.
///
/// ```
/// use lunapool_interpreter::LuaString;
///
/// let text = LuaString::from("naïve");
/// assert_eq!(text.to_str()?, "naïve");
/// assert_eq!(LuaString::from(&b"\xff"[..]).as_bytes(), [0xff]);
/// # Ok::<(), std::str::Utf8Error>(())
/// ```
#[derive(Clone)]
pub struct LuaString(Repr);

/// Most strings that cross are names and short words, which need no allocation.
#[derive(Clone)]
enum Repr {
    Short { len: u8, bytes: [u8; SHORT] },
    Long(Arc<[u8]>),
}

/// As many as fit beside the length in three words.
const SHORT: usize = 22;

impl LuaString {
    #[inline]
    fn new(bytes: &[u8]) -> Self {
        match u8::try_from(bytes.len()) {
            Ok(len) if bytes.len() <= SHORT => {
                let mut short = [0; SHORT];
                short[..bytes.len()].copy_from_slice(bytes);
                LuaString(Repr::Short { len, bytes: short })
            }
            _ => LuaString(Repr::Long(bytes.into())),
        }
    }

    /// The bytes.
    #[inline]
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Repr::Short { len, bytes } => &bytes[..usize::from(*len)],
            Repr::Long(bytes) => bytes,
        }
    }

    /// The text.
    ///
    /// # Errors
    /// When the bytes are not valid UTF-8.
    pub fn to_str(&self) -> Result<&str, Utf8Error> {
        std::str::from_utf8(self.as_bytes())
    }

    /// The number of bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.as_bytes().len()
    }

    /// Whether there are no bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.as_bytes().is_empty()
    }
}

impl Default for LuaString {
    fn default() -> Self {
        Self::from("")
    }
}

impl From<&[u8]> for LuaString {
    fn from(bytes: &[u8]) -> Self {
        LuaString::new(bytes)
    }
}

impl From<Vec<u8>> for LuaString {
    fn from(bytes: Vec<u8>) -> Self {
        LuaString::new(&bytes)
    }
}

impl From<&str> for LuaString {
    fn from(text: &str) -> Self {
        LuaString::new(text.as_bytes())
    }
}

impl From<String> for LuaString {
    fn from(text: String) -> Self {
        LuaString::new(text.as_bytes())
    }
}

impl AsRef<[u8]> for LuaString {
    fn as_ref(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl Borrow<[u8]> for LuaString {
    fn borrow(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl PartialEq for LuaString {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for LuaString {}

impl PartialOrd for LuaString {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for LuaString {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

impl Hash for LuaString {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_bytes().hash(state);
    }
}

impl PartialEq<str> for LuaString {
    fn eq(&self, other: &str) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl PartialEq<&str> for LuaString {
    fn eq(&self, other: &&str) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

/// The text, with U+FFFD in place of what is not UTF-8.
impl fmt::Display for LuaString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        String::from_utf8_lossy(self.as_bytes()).fmt(f)
    }
}

impl fmt::Debug for LuaString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.as_bytes().escape_ascii())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_long_strings_are_alike() {
        for len in [0, 1, SHORT - 1, SHORT, SHORT + 1, 300] {
            let bytes = vec![b'x'; len];
            let string = LuaString::from(bytes.as_slice());
            assert_eq!(string.as_bytes(), bytes);
            assert_eq!(string, LuaString::from(bytes.clone()));
            assert!(string < LuaString::from([bytes, vec![b'y']].concat()));
        }
        assert_eq!(size_of::<LuaString>(), 3 * size_of::<usize>());
    }
}
