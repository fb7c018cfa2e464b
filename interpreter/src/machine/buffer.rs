//! Arguments on their way in and results on their way out, without an allocation for the usual few.

use piccolo::{Context, FromMultiValue, TypeError, Value as Raw};

use crate::error::Result;
use crate::scope::{Handle, Scope};

const INLINE: usize = 4;

/// A short list of values.
pub struct Buffer<'gc> {
    inline: [Raw<'gc>; INLINE],
    len: usize,
    spilled: Vec<Raw<'gc>>,
}

impl<'gc> Buffer<'gc> {
    pub(super) fn new() -> Self {
        Buffer { inline: [Raw::Nil; INLINE], len: 0, spilled: Vec::new() }
    }

    /// Adds a value at the end.
    pub fn push(&mut self, value: Handle<'gc>) {
        match self.inline.get_mut(self.len) {
            Some(slot) => *slot = value.0,
            None => self.spilled.push(value.0),
        }
        self.len += 1;
    }

    /// The value at `index`, or nil.
    #[must_use]
    pub fn get(&self, index: usize) -> Handle<'gc> {
        let value = if index < INLINE { self.inline.get(index) } else { self.spilled.get(index - INLINE) };
        Handle(value.copied().unwrap_or(Raw::Nil))
    }

    /// How many values there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Raw<'gc>> + '_ {
        self.inline[..self.len.min(INLINE)].iter().chain(&self.spilled).copied()
    }
}

impl<'gc> FromMultiValue<'gc> for Buffer<'gc> {
    fn from_multi_value(_: Context<'gc>, values: impl Iterator<Item = Raw<'gc>>) -> Result<Self, TypeError> {
        let mut buffer = Buffer::new();
        values.for_each(|value| buffer.push(Handle(value)));
        Ok(buffer)
    }
}

/// The arguments of one run, which become Lua values inside the machine's heap.
pub trait Arguments {
    /// Appends them to `buffer`. Called once.
    ///
    /// # Errors
    /// When one of them has no Lua form.
    fn write<'gc>(&mut self, scope: Scope<'gc>, buffer: &mut Buffer<'gc>) -> Result<()>;
}
