//! Why a command ended with exit code 1.

use std::fmt;
use std::io;

use lunapool::Error;

use crate::json::Unreadable;

pub(crate) enum Failure {
    /// A script or a module.
    Script(Error),
    /// Several things, one line each.
    Several(Vec<Error>),
    /// The script, for the record on this line of the input.
    Record {
        error: Error,
        line: u64,
    },
    /// The records could not be read.
    Input {
        name: String,
        error: io::Error,
    },
    Output(io::Error),
    /// The system gave no further thread.
    Thread(io::Error),
}

impl Failure {
    /// Whether all that happened is that nobody reads the output any more.
    pub(crate) fn is_closed_output(&self) -> bool {
        matches!(self, Failure::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::Script(error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Script(error) => error.fmt(f),
            Failure::Several(errors) => {
                let lines: Vec<_> = errors.iter().map(Error::to_string).collect();
                f.write_str(&lines.join("\nlunapool: "))
            }
            Failure::Record { error, line } => write!(f, "{} (input line {line})", message(error)),
            Failure::Input { name, error } => write!(f, "cannot read {name}: {error}"),
            Failure::Output(error) => write!(f, "cannot write the output: {error}"),
            Failure::Thread(error) => write!(f, "cannot start a thread: {error}"),
        }
    }
}

/// What was wrong with a record. When it is the input's fault, the script's name would only mislead.
pub(crate) fn message(error: &Error) -> String {
    error.downcast_ref::<Unreadable>().map_or_else(|| error.to_string(), Unreadable::to_string)
}
