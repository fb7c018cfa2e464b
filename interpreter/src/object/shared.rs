//! [`Shared`]: an object that outlives a call and crosses threads.

use std::any::Any;
use std::cell::Cell;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};

use super::access::{Access, AccessError};
use super::{LuaObject, new_object, object_data};
use crate::convert::{FromLua, IntoLua};
use crate::error::{Error, Result};
use crate::scope::{Handle, Scope};

/// A value behind an `Arc<Mutex<T>>` that scripts see as an object, on any thread and for as long as they like.
///
/// A script decides which objects meet in one call, so a plain mutex would let it deadlock the host. Locking here
/// fails instead when this thread has the value locked already, or holds another `Shared` while this one is taken.
///
/// ```
/// use lunapool_interpreter::{Interpreter, Limits, LuaObject, NoModules, ObjectType, Program, Shared};
///
/// struct Counter(u64);
///
/// impl LuaObject for Counter {
///     const NAME: &'static str = "Counter";
///     fn describe(object: &mut ObjectType<Self>) {
///         object.method_mut("next", |counter: &mut Counter| {
///             counter.0 += 1;
///             counter.0
///         });
///     }
/// }
///
/// let program = Program::compile("keep.lua", "function main(c) kept = kept or c return kept:next() end")?;
/// let mut lua = Interpreter::new(&program, &NoModules, Limits::default())?;
/// let counter = Shared::new(Counter(0));
/// assert_eq!(lua.call::<u64>(&counter)?, 1);
/// assert_eq!(lua.call::<u64>(())?, 2);
/// assert_eq!(counter.lock()?.0, 2);
/// # Ok::<(), lunapool_interpreter::Error>(())
/// ```
pub struct Shared<T>(Arc<Inner<T>>);

struct Inner<T> {
    /// The thread that has the value locked, or 0.
    owner: AtomicU64,
    value: Mutex<T>,
}

/// Access to the value of a [`Shared`], until it is dropped.
pub struct SharedGuard<'a, T> {
    value: MutexGuard<'a, T>,
    owner: &'a AtomicU64,
}

static THREADS: AtomicU64 = AtomicU64::new(1);

thread_local! {
    static THREAD: u64 = THREADS.fetch_add(1, Ordering::Relaxed);
    /// How many values this thread has locked.
    static HELD: Cell<usize> = const { Cell::new(0) };
}

impl<T> Shared<T> {
    /// Shares `value`.
    #[must_use]
    pub fn new(value: T) -> Self {
        Shared(Arc::new(Inner { owner: AtomicU64::new(0), value: Mutex::new(value) }))
    }

    fn try_lock(&self) -> Result<SharedGuard<'_, T>, AccessError> {
        let thread = THREAD.with(|thread| *thread);
        // Only this thread ever stores its own number, so reading it back is reading one's own write.
        if self.0.owner.load(Ordering::Relaxed) == thread {
            return Err(AccessError::Busy);
        }
        // A panic while the value was locked leaves it as it was at that moment, as it would without a lock.
        let value = if HELD.with(Cell::get) == 0 {
            self.0.value.lock().unwrap_or_else(PoisonError::into_inner)
        } else {
            match self.0.value.try_lock() {
                Ok(value) => value,
                Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
                Err(TryLockError::WouldBlock) => return Err(AccessError::Busy),
            }
        };
        self.0.owner.store(thread, Ordering::Relaxed);
        HELD.with(|held| held.set(held.get() + 1));
        Ok(SharedGuard { value, owner: &self.0.owner })
    }
}

impl<T: LuaObject> Shared<T> {
    /// Locks the value, waiting while another thread has it.
    ///
    /// # Errors
    /// When this thread has it locked already, and, for a thread that holds another `Shared`, when it is taken.
    pub fn lock(&self) -> Result<SharedGuard<'_, T>> {
        self.try_lock().map_err(|error| error.of(T::NAME))
    }
}

impl<T> Drop for SharedGuard<'_, T> {
    fn drop(&mut self) {
        self.owner.store(0, Ordering::Relaxed);
        HELD.with(|held| held.set(held.get() - 1));
    }
}

impl<T> Deref for SharedGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for SharedGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Shared(self.0.clone())
    }
}

impl<T: Default> Default for Shared<T> {
    fn default() -> Self {
        Shared::new(T::default())
    }
}

impl<T: LuaObject> fmt::Debug for Shared<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Shared").field(&T::NAME).finish()
    }
}

impl<T: 'static> Access for Shared<T> {
    fn with(&self, run: &mut dyn FnMut(&mut dyn Any)) -> Result<(), AccessError> {
        run(&mut *self.try_lock()?);
        Ok(())
    }

    fn identity(&self) -> Option<usize> {
        Some(Arc::as_ptr(&self.0).addr())
    }
}

impl<T: LuaObject> IntoLua for Shared<T> {
    fn into_lua<'gc>(self, scope: Scope<'gc>) -> Result<Handle<'gc>> {
        Ok(new_object::<T>(scope, Rc::new(self)))
    }
}

impl<T: LuaObject> IntoLua for &Shared<T> {
    fn into_lua<'gc>(self, scope: Scope<'gc>) -> Result<Handle<'gc>> {
        self.clone().into_lua(scope)
    }
}

impl<T: LuaObject> FromLua for Shared<T> {
    fn from_lua<'gc>(value: Handle<'gc>, _: Scope<'gc>) -> Result<Self> {
        let access: &dyn Any = &*object_data::<T>(value)?.access;
        match access.downcast_ref::<Shared<T>>() {
            Some(shared) => Ok(shared.clone()),
            None => Err(Error::mismatch(format!("shared {}", T::NAME), format!("a borrowed {}", T::NAME))),
        }
    }
}
