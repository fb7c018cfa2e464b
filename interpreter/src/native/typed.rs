//! Typed closures as native functions, by one small macro over the number of arguments.

use super::CallContext;
use crate::convert::{FromArguments, IntoReturn};
use crate::error::Result;

/// A closure whose arguments have a Lua form and whose result has one, or is a `Result` of such.
///
/// `A` is the tuple of the argument types; the compiler finds it.
pub trait NativeFunction<A>: Send + Sync + 'static {
    /// Converts the arguments, calls the closure, and leaves its results.
    ///
    /// # Errors
    /// Those of the conversions, and what the closure returns.
    fn call(&self, call: &mut CallContext<'_, '_>) -> Result<()>;
}

macro_rules! native_function {
    ($($name:ident)*) => {
        impl<F, R, $($name),*> NativeFunction<($($name,)*)> for F
        where
            F: Fn($($name),*) -> R + Send + Sync + 'static,
            R: IntoReturn,
            $($name: FromArguments,)*
        {
            #[allow(non_snake_case, unused_mut, unused_variables)]
            fn call(&self, call: &mut CallContext<'_, '_>) -> Result<()> {
                let mut index = 0;
                $(let $name = $name::from_arguments(call, &mut index)?;)*
                self($($name),*).into_return(call)
            }
        }
    };
}

native_function!();
native_function!(A);
native_function!(A B);
native_function!(A B C);
native_function!(A B C D);
native_function!(A B C D E);
native_function!(A B C D E G);
native_function!(A B C D E G H);
native_function!(A B C D E G H I);
native_function!(A B C D E G H I J);
native_function!(A B C D E G H I J K);
native_function!(A B C D E G H I J K L);
native_function!(A B C D E G H I J K L M);
