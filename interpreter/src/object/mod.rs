//! Host objects: Rust values that Lua sees by reference.
//!
//! An object reaches Lua as a userdata that knows how to get at the value: a loan that ends with the call (`lend`), a
//! shared value (`shared`), or a part of another object (`access`). Lua only ever holds the way to the value, so what
//! is gone, or in use, is an error and never undefined.

mod access;
mod describe;
mod dispatch;
mod field;
mod lend;
mod shared;

use std::any::TypeId;
use std::rc::Rc;

use ottavino_gc_arena::Gc;
use piccolo::{Table, UserData};

pub use self::describe::{Metamethod, Method, MethodMut, ObjectType};
pub use self::field::LuaField;
pub use self::lend::ObjectRef;
pub use self::shared::{Shared, SharedGuard};

use self::access::Access;
pub use self::access::Place;
use crate::error::{Error, ErrorKind, Result};
use crate::scope::{Handle, Scope};

/// A Rust type whose values Lua sees by reference: with fields, methods and metamethods.
///
/// Usually derived: `#[derive(LuaObject)]` makes every field of a struct one of the object. By hand:
///
/// ```
/// use lunapool_interpreter::{Interpreter, Limits, LuaObject, Metamethod, NoModules, ObjectType, Program};
///
/// struct Account {
///     balance: i64,
/// }
///
/// impl LuaObject for Account {
///     const NAME: &'static str = "Account";
///
///     fn describe(object: &mut ObjectType<Self>) {
///         object
///             .getter("balance", |account| account.balance)
///             .method_mut("deposit", |account: &mut Account, amount: i64| account.balance += amount)
///             .metamethod(Metamethod::ToString, |account: &Account| format!("Account({})", account.balance));
///     }
/// }
///
/// let source = "function main(account) account:deposit(5) return tostring(account) end";
/// let program = Program::compile("account.lua", source)?;
/// let mut lua = Interpreter::new(&program, &NoModules, Limits::default())?;
///
/// let mut account = Account { balance: 10 };
/// assert_eq!(lua.call::<String>(&mut account)?, "Account(15)");
/// assert_eq!(account.balance, 15);
/// # Ok::<(), lunapool_interpreter::Error>(())
/// ```
pub trait LuaObject: Sized + 'static {
    /// The name that scripts and error messages see.
    const NAME: &'static str;

    /// Says what the object has. Called once in each interpreter that meets the type.
    fn describe(object: &mut ObjectType<Self>);
}

/// What the userdata of an object holds.
pub(crate) struct ObjectData {
    access: Rc<dyn Access>,
    type_id: TypeId,
    name: &'static str,
}

impl ObjectData {
    /// Calls `run` with the object.
    fn with<T: LuaObject, R>(&self, run: impl FnOnce(&mut T) -> R) -> Result<R> {
        access::with(&*self.access, run).map_err(|error| error.of(self.name))
    }
}

/// The name of an object's type, if the userdata is one.
pub(crate) fn type_name(data: UserData<'_>) -> Option<&'static str> {
    data.downcast_static::<ObjectData>().ok().map(|data| data.name)
}

/// A value of type `T` in Lua.
fn new_object<'gc, T: LuaObject>(scope: Scope<'gc>, access: Rc<dyn Access>) -> Handle<'gc> {
    let data = ObjectData { access, type_id: TypeId::of::<T>(), name: T::NAME };
    let userdata = UserData::new_static(&scope.ctx, data);
    userdata.set_metatable(&scope.ctx, Some(metatable::<T>(scope)));
    Handle(userdata.into())
}

/// The object of type `T` that `value` is.
fn object_data<'gc, T: LuaObject>(value: Handle<'gc>) -> Result<&'gc ObjectData> {
    let mismatch = || Error::mismatch(T::NAME, value.type_name());
    let piccolo::Value::UserData(data) = value.0 else { return Err(mismatch()) };
    let data = data.downcast_static::<ObjectData>().map_err(|_| mismatch())?;
    if data.type_id == TypeId::of::<T>() { Ok(data) } else { Err(mismatch()) }
}

/// The metatable of all objects of type `T` in this machine, made when the first of them arrives.
fn metatable<'gc, T: LuaObject>(scope: Scope<'gc>) -> Table<'gc> {
    let types: Gc<'gc, _> = scope.state.object_types;
    let known = types.borrow().get(TypeId::of::<T>());
    known.unwrap_or_else(|| {
        let table = dispatch::new_metatable::<T>(scope);
        types.borrow_mut(&scope.ctx).insert(TypeId::of::<T>(), table);
        table
    })
}

fn no_assignment(name: &str) -> Error {
    Error::new(ErrorKind::Runtime, format!("an object of type {name} cannot be replaced, only changed"))
}
