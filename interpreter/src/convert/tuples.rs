//! Several arguments and several results: tuples, `()`, and [`Variadic`].

use super::{Argument, FromLua, FromResults, IntoArgs, IntoLua, IntoResults};
use crate::error::Result;
use crate::machine::{Arguments, Buffer, Results};
use crate::native::Variadic;
use crate::scope::{Handle, Scope};

/// Arguments of different types and lifetimes, side by side.
struct List<T>(T);

impl Arguments for List<()> {
    fn write<'gc>(&mut self, _: Scope<'gc>, _: &mut Buffer<'gc>) -> Result<()> {
        Ok(())
    }
}

fn write<'gc, T: Argument + ?Sized>(argument: &mut T, scope: Scope<'gc>, buffer: &mut Buffer<'gc>) -> Result<()> {
    let value = argument.take(scope).map_err(|error| in_argument(buffer.len(), error))?;
    buffer.push(value);
    Ok(())
}

fn in_argument(index: usize, error: crate::error::Error) -> crate::error::Error {
    let message = format!("argument #{}: {}", index + 1, error.message());
    error.with_message(message)
}

impl IntoArgs for () {
    fn lend_all<R>(self, run: impl FnOnce(&mut dyn Arguments) -> R) -> R {
        run(&mut List(()))
    }
}

impl<T: IntoLua> IntoArgs for T {
    fn lend_all<R>(self, run: impl FnOnce(&mut dyn Arguments) -> R) -> R {
        self.lend(|value| run(&mut List((value,))))
    }
}

impl<T: IntoLua> Arguments for Option<Variadic<T>> {
    fn write<'gc>(&mut self, scope: Scope<'gc>, buffer: &mut Buffer<'gc>) -> Result<()> {
        for (index, value) in self.take().into_iter().flatten().enumerate() {
            buffer.push(value.into_lua(scope).map_err(|error| in_argument(index, error))?);
        }
        Ok(())
    }
}

impl<T: IntoLua> IntoArgs for Variadic<T> {
    fn lend_all<R>(self, run: impl FnOnce(&mut dyn Arguments) -> R) -> R {
        run(&mut Some(self))
    }
}

/// Calls `lend` on each value inside the closure of the one before, so that all loans last until `run` returns.
macro_rules! lend_each {
    ($run:ident [$($lent:ident)*]) => { $run(&mut List(($($lent,)*))) };
    ($run:ident [$($lent:ident)*] $value:ident $($rest:ident)*) => {
        $value.lend(|$value| lend_each!($run [$($lent)* $value] $($rest)*))
    };
}

macro_rules! tuples {
    ($($name:ident)*) => {
        impl<$($name: IntoLua),*> IntoArgs for ($($name,)*) {
            #[allow(non_snake_case)]
            fn lend_all<Out>(self, run: impl FnOnce(&mut dyn Arguments) -> Out) -> Out {
                let ($($name,)*) = self;
                lend_each!(run [] $($name)*)
            }
        }

        impl<$($name: Argument + ?Sized),*> Arguments for List<($(&mut $name,)*)> {
            #[allow(non_snake_case)]
            fn write<'gc>(&mut self, scope: Scope<'gc>, buffer: &mut Buffer<'gc>) -> Result<()> {
                let List(($($name,)*)) = self;
                $(write(&mut **$name, scope, buffer)?;)*
                Ok(())
            }
        }

        impl<$($name: IntoLua),*> IntoResults for ($($name,)*) {
            #[allow(non_snake_case)]
            fn into_results<'gc>(self, scope: Scope<'gc>, mut push: impl FnMut(Handle<'gc>)) -> Result<()> {
                let ($($name,)*) = self;
                $(push($name.into_lua(scope)?);)*
                Ok(())
            }
        }

        impl<$($name: FromLua),*> FromResults for ($($name,)*) {
            fn from_results<'gc>(results: &Results<'gc>, scope: Scope<'gc>) -> Result<Self> {
                let mut index = 0;
                Ok(($({
                    index += 1;
                    result::<$name>(results, index - 1, scope)?
                },)*))
            }
        }
    };
}

#[inline]
fn result<'gc, T: FromLua>(results: &Results<'gc>, index: usize, scope: Scope<'gc>) -> Result<T> {
    T::from_lua(results.get(index), scope).map_err(|error| {
        let error = if index >= results.len() { error.absent() } else { error };
        let message = format!("result #{}: {}", index + 1, error.message());
        error.with_message(message)
    })
}

tuples!(A);
tuples!(A B);
tuples!(A B C);
tuples!(A B C D);
tuples!(A B C D E);
tuples!(A B C D E F);
tuples!(A B C D E F G);
tuples!(A B C D E F G H);
tuples!(A B C D E F G H I);
tuples!(A B C D E F G H I J);
tuples!(A B C D E F G H I J K);
tuples!(A B C D E F G H I J K L);

impl IntoResults for () {
    fn into_results<'gc>(self, _: Scope<'gc>, _: impl FnMut(Handle<'gc>)) -> Result<()> {
        Ok(())
    }
}

impl<T: IntoLua> IntoResults for T {
    fn into_results<'gc>(self, scope: Scope<'gc>, mut push: impl FnMut(Handle<'gc>)) -> Result<()> {
        push(self.into_lua(scope)?);
        Ok(())
    }
}

impl<T: IntoLua> IntoResults for Variadic<T> {
    fn into_results<'gc>(self, scope: Scope<'gc>, mut push: impl FnMut(Handle<'gc>)) -> Result<()> {
        self.into_iter().try_for_each(|value| {
            push(value.into_lua(scope)?);
            Ok(())
        })
    }
}

impl FromResults for () {
    fn from_results<'gc>(_: &Results<'gc>, _: Scope<'gc>) -> Result<Self> {
        Ok(())
    }
}

impl<T: FromLua> FromResults for T {
    fn from_results<'gc>(results: &Results<'gc>, scope: Scope<'gc>) -> Result<Self> {
        result(results, 0, scope)
    }
}

impl<T: FromLua> FromResults for Variadic<T> {
    fn from_results<'gc>(results: &Results<'gc>, scope: Scope<'gc>) -> Result<Self> {
        (0..results.len()).map(|index| result(results, index, scope)).collect()
    }
}
