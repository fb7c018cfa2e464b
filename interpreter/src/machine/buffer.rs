//! Arguments on their way in and results on their way out, without an allocation for the usual few.

use piccolo::{Context, FromMultiValue, TypeError, Value as Raw};

use crate::error::Result;
use crate::scope::{Handle, Scope};

const INLINE: usize = 4;

/// The arguments of a call, in the machine's heap.
pub struct Buffer<'gc> {
    inline: [Raw<'gc>; INLINE],
    len: usize,
    spilled: Vec<Raw<'gc>>,
}

impl<'gc> Buffer<'gc> {
    #[inline]
    pub(super) fn new() -> Self {
        Buffer { inline: [Raw::Nil; INLINE], len: 0, spilled: Vec::new() }
    }

    /// Adds a value at the end.
    #[inline]
    pub fn push(&mut self, value: Handle<'gc>) {
        match self.inline.get_mut(self.len) {
            Some(slot) => *slot = value.0,
            None => self.spilled.push(value.0),
        }
        self.len += 1;
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

    #[inline]
    pub(super) fn iter(&self) -> impl Iterator<Item = Raw<'gc>> + '_ {
        self.inline[..self.len.min(INLINE)].iter().chain(&self.spilled).copied()
    }
}

/// The results of a call, in the machine's heap.
///
/// It is as small as it can be: it is moved several times on its way out, and most calls have one result or none.
pub struct Results<'gc> {
    first: Option<Raw<'gc>>,
    rest: Option<Box<[Raw<'gc>]>>,
}

impl<'gc> Results<'gc> {
    /// The result at `index`, counted from 0, or nil.
    #[inline]
    #[must_use]
    pub fn get(&self, index: usize) -> Handle<'gc> {
        let value = match index {
            0 => self.first,
            _ => self.rest.as_ref().and_then(|rest| rest.get(index - 1).copied()),
        };
        Handle(value.unwrap_or(Raw::Nil))
    }

    /// How many results there are.
    #[must_use]
    pub fn len(&self) -> usize {
        usize::from(self.first.is_some()) + self.rest.as_ref().map_or(0, |rest| rest.len())
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.first.is_none()
    }
}

impl<'gc> FromMultiValue<'gc> for Results<'gc> {
    #[inline]
    fn from_multi_value(_: Context<'gc>, mut values: impl Iterator<Item = Raw<'gc>>) -> Result<Self, TypeError> {
        let first = values.next();
        let rest = values.next().map(|second| {
            let mut rest = vec![second];
            rest.extend(values);
            rest.into_boxed_slice()
        });
        Ok(Results { first, rest })
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
