//! One error type for everything that can go wrong, one word wide so that a `Result` stays small on the hot path.
//!
//! What happened is opaque on purpose: callers branch on [`ErrorKind`], people read the `Display`. The parts that a
//! caller may want (position, traceback, the Lua value that was raised, the Rust error underneath) have accessors.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use crate::value::Value;

/// A result whose error is [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The Rust error underneath an [`Error`], shared because Lua may catch and raise it again any number of times.
pub(crate) type Source = Arc<dyn StdError + Send + Sync + 'static>;

/// What kind of failure an [`Error`] is.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The source text is not a Lua program.
    Syntax,
    /// The script does not define the function that was to be called, usually `main`.
    MissingMain,
    /// The script raised an error: `error(..)`, or an operation that Lua does not allow.
    Runtime,
    /// A native function returned an error or panicked.
    Native,
    /// A value could not be converted between Rust and Lua.
    Conversion,
    /// `require` failed: unknown or duplicate name, no matching version, a cycle.
    Module,
    /// The run met one of its [`Limits`](crate::Limits).
    Limit,
    /// The run was cancelled, or its pool was shut down before it began.
    Cancelled,
    /// The script was closed.
    Closed,
    /// A source file could not be read.
    Io,
}

/// Why a compilation, a conversion or a run failed.
///
/// Its `Display` is `fib.lua:3: attempt to index a nil value (local 'x')`: the chunk, the line where it is known,
/// and what was wrong.
///
/// ```
/// use lunapool_interpreter::{ErrorKind, Program};
///
/// let error = Program::compile("fib.lua", "function main(").unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Syntax);
/// assert_eq!(error.chunk(), Some("fib.lua"));
/// assert_eq!(error.line(), Some(1));
/// ```
#[derive(Clone)]
pub struct Error(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    detail: Detail,
    chunk: Option<Arc<str>>,
    line: Option<u64>,
    traceback: Option<String>,
    value: Option<Value>,
    source: Option<Source>,
}

#[derive(Clone)]
enum Detail {
    Message(Cow<'static, str>),
    /// A type mismatch, kept in parts so that a native call can word it as Lua does.
    Mismatch {
        expected: Cow<'static, str>,
        got: Cow<'static, str>,
    },
    /// Something inside a table; `path` reads like Lua: `[3].name`.
    Inside {
        path: String,
        detail: Box<Detail>,
    },
}

impl fmt::Display for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Detail::Message(message) => f.write_str(message),
            Detail::Mismatch { expected, got } => write!(f, "{expected} expected, got {got}"),
            Detail::Inside { path, detail } => write!(f, "{detail} at {path}"),
        }
    }
}

impl Error {
    /// An error of `kind` that says `message`.
    #[must_use]
    pub fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self::with_detail(kind, Detail::Message(message.into()))
    }

    /// An error of kind [`ErrorKind::Native`] around a Rust error, which [`StdError::source`] gives back.
    ///
    /// An [`Error`] stays what it is.
    #[must_use]
    pub fn native<E: StdError + Send + Sync + 'static>(source: E) -> Self {
        let source: Arc<dyn StdError + Send + Sync> = Arc::new(source);
        if let Some(error) = source.downcast_ref::<Error>() {
            return error.clone();
        }
        let mut error = Self::new(ErrorKind::Native, source.to_string());
        error.inner().source = Some(source);
        error
    }

    /// A conversion error: `expected` was wanted, `got` was there. Both are the words of a message, such as `string`.
    #[must_use]
    pub fn mismatch(expected: impl Into<Cow<'static, str>>, got: impl Into<Cow<'static, str>>) -> Self {
        Self::with_detail(ErrorKind::Conversion, Detail::Mismatch { expected: expected.into(), got: got.into() })
    }

    fn with_detail(kind: ErrorKind, detail: Detail) -> Self {
        Error(Arc::new(Inner { kind, detail, chunk: None, line: None, traceback: None, value: None, source: None }))
    }

    /// What kind of failure this is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The name of the chunk where it happened, if it happened in one.
    #[must_use]
    pub fn chunk(&self) -> Option<&str> {
        self.0.chunk.as_deref()
    }

    /// The line in [`chunk`](Self::chunk), counted from 1, where it is known.
    #[must_use]
    pub fn line(&self) -> Option<u64> {
        self.0.line
    }

    /// The Lua call stack at the moment of the error, where it is known.
    #[must_use]
    pub fn traceback(&self) -> Option<&str> {
        self.0.traceback.as_deref()
    }

    /// What was wrong, without the position.
    #[must_use]
    pub fn message(&self) -> String {
        self.0.detail.to_string()
    }

    /// The value that the script raised, when it raised something other than a string: `error({ code = 7 })`.
    #[must_use]
    pub fn value(&self) -> Option<&Value> {
        self.0.value.as_ref()
    }

    /// The first error of type `E` among this error's sources: the value that a native function returned.
    #[must_use]
    pub fn downcast_ref<E: StdError + 'static>(&self) -> Option<&E> {
        let mut source = self.source();
        while let Some(error) = source {
            if let Some(found) = error.downcast_ref::<E>() {
                return Some(found);
            }
            source = error.source();
        }
        None
    }

    /// The same error, said to have happened in `chunk` at `line` if it has no position yet.
    #[must_use]
    pub fn at(mut self, chunk: &str, line: Option<u64>) -> Self {
        if self.0.chunk.is_none() {
            let inner = self.inner();
            inner.chunk = Some(chunk.into());
            inner.line = inner.line.or(line);
        }
        self
    }

    pub(crate) fn on_line(mut self, line: u64) -> Self {
        self.inner().line = Some(line);
        self
    }

    pub(crate) fn with_kind(mut self, kind: ErrorKind) -> Self {
        self.inner().kind = kind;
        self
    }

    /// The same error, about the element `key` of the value at hand; callers add the outer steps one by one.
    #[must_use]
    pub fn inside(mut self, key: impl fmt::Display) -> Self {
        let inner = self.inner();
        match &mut inner.detail {
            Detail::Inside { path, .. } => path.insert_str(0, &key.to_string()),
            detail => {
                let whole = std::mem::replace(detail, Detail::Message("".into()));
                *detail = Detail::Inside { path: key.to_string(), detail: Box::new(whole) };
            }
        }
        self
    }

    /// The same error, with the words of its type mismatch changed to say that there was no argument at all.
    pub(crate) fn absent(mut self) -> Self {
        if let Detail::Mismatch { got, .. } = &mut self.inner().detail {
            *got = "no value".into();
        }
        self
    }

    /// The same error with another message.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<Cow<'static, str>>) -> Self {
        self.inner().detail = Detail::Message(message.into());
        self
    }

    pub(crate) fn with_value(mut self, value: Value) -> Self {
        self.inner().value = Some(value);
        self
    }

    /// Errors are rarely shared while they are being built, so this rarely copies.
    fn inner(&mut self) -> &mut Inner {
        Arc::make_mut(&mut self.0)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.0.chunk, self.0.line) {
            (Some(chunk), Some(line)) => write!(f, "{chunk}:{line}: ")?,
            (Some(chunk), None) => write!(f, "{chunk}: ")?,
            (None, _) => {}
        }
        self.0.detail.fmt(f)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error").field("kind", &self.0.kind).field("message", &self.to_string()).finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_one_word_wide() {
        assert_eq!(size_of::<Error>(), size_of::<usize>());
        assert_eq!(size_of::<Result<()>>(), size_of::<usize>());
    }

    #[test]
    fn a_path_grows_outwards() {
        let error = Error::mismatch("string", "nil").inside(".name").inside("[3]");
        assert_eq!(error.to_string(), "string expected, got nil at [3].name");
    }

    #[test]
    fn an_error_of_ours_is_not_wrapped_again() {
        let inner = Error::new(ErrorKind::Closed, "closed");
        assert_eq!(Error::native(inner).kind(), ErrorKind::Closed);
    }
}
