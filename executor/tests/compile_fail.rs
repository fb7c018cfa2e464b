//! Proves that what would be unsound, or would only fail later, does not compile.

use lunapool_executor::Script;
use lunapool_interpreter::{Error, Handle, Interpreter, Program, Scope, Value};

#[cfg(feature = "threads")]
#[test]
fn what_must_not_compile_does_not() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/*.rs");
}

/// Is implemented once for what is not `Send`, and twice, so that the compiler cannot choose, for what is.
trait StaysHere<Why> {
    fn check() {}
}

struct NotSend;
struct IsSend;

impl<T: ?Sized> StaysHere<NotSend> for T {}
impl<T: ?Sized + Send> StaysHere<IsSend> for T {}

fn crosses_threads<T: Send + Sync + 'static>() {}

/// Compiling this is the test; the compiler's message would name the insides of the VM, and change with them.
#[test]
fn interpreters_stay_on_their_thread_and_scripts_do_not() {
    <Interpreter as StaysHere<_>>::check();
    <Handle<'static> as StaysHere<_>>::check();
    <Scope<'static> as StaysHere<_>>::check();
    crosses_threads::<Script>();
    crosses_threads::<Program>();
    crosses_threads::<Value>();
    crosses_threads::<Error>();
    #[cfg(feature = "threads")]
    {
        crosses_threads::<lunapool_executor::Pool>();
        crosses_threads::<lunapool_executor::Job>();
    }
}
