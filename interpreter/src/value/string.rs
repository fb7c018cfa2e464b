//! [`LuaString`]: bytes that are cheap to clone.

use std::borrow::Borrow;
use std::fmt;
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
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LuaString(Arc<[u8]>);

impl LuaString {
    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The text.
    ///
    /// # Errors
    /// When the bytes are not valid UTF-8.
    pub fn to_str(&self) -> Result<&str, Utf8Error> {
        std::str::from_utf8(&self.0)
    }

    /// The number of bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Default for LuaString {
    fn default() -> Self {
        Self::from("")
    }
}

impl From<&[u8]> for LuaString {
    fn from(bytes: &[u8]) -> Self {
        LuaString(bytes.into())
    }
}

impl From<Vec<u8>> for LuaString {
    fn from(bytes: Vec<u8>) -> Self {
        LuaString(bytes.into())
    }
}

impl From<&str> for LuaString {
    fn from(text: &str) -> Self {
        LuaString(text.as_bytes().into())
    }
}

impl From<String> for LuaString {
    fn from(text: String) -> Self {
        LuaString(text.into_bytes().into())
    }
}

impl AsRef<[u8]> for LuaString {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Borrow<[u8]> for LuaString {
    fn borrow(&self) -> &[u8] {
        &self.0
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
        String::from_utf8_lossy(&self.0).fmt(f)
    }
}

impl fmt::Debug for LuaString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.escape_ascii())
    }
}
