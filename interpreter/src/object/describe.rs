//! [`ObjectType`]: what a type of objects has.

use super::access::Place;
use super::{LuaObject, ObjectData, object_data};
use crate::convert::{FromArguments, FromLua, IntoLua, IntoReturn};
use crate::error::Result;
use crate::native::{CallContext, Native, NativeFunction};
use crate::object::LuaField;
use crate::scope::{Handle, Scope};
use crate::value::LuaString;

pub(super) type Get = dyn for<'gc> Fn(&ObjectData, Scope<'gc>) -> Result<Handle<'gc>> + Send + Sync;
pub(super) type Set = dyn for<'gc> Fn(&ObjectData, Handle<'gc>, Scope<'gc>) -> Result<()> + Send + Sync;
pub(super) type GetAny = dyn for<'gc> Fn(&ObjectData, Handle<'gc>, Scope<'gc>) -> Result<Handle<'gc>> + Send + Sync;
pub(super) type SetAny = dyn for<'gc> Fn(&ObjectData, Handle<'gc>, Handle<'gc>, Scope<'gc>) -> Result<()> + Send + Sync;

/// The fields, methods and metamethods of a type of objects, as [`LuaObject::describe`] lists them.
///
/// Of two members of one name the later counts.
pub struct ObjectType<T> {
    pub(super) fields: Vec<Field>,
    pub(super) methods: Vec<Native>,
    pub(super) metamethods: Vec<(Metamethod, Native)>,
    pub(super) index: Option<Box<GetAny>>,
    pub(super) new_index: Option<Box<SetAny>>,
    object: std::marker::PhantomData<fn() -> T>,
}

pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) get: Option<Box<Get>>,
    pub(super) set: Option<Box<Set>>,
}

/// A metamethod that an object may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[allow(missing_docs)]
pub enum Metamethod {
    Add,
    Sub,
    Mul,
    Div,
    Mod,
    Pow,
    Unm,
    IDiv,
    BAnd,
    BOr,
    BXor,
    BNot,
    Shl,
    Shr,
    Concat,
    Len,
    Eq,
    Lt,
    Le,
    Call,
    ToString,
    Pairs,
}

impl Metamethod {
    pub(super) fn name(self) -> &'static str {
        match self {
            Metamethod::Add => "__add",
            Metamethod::Sub => "__sub",
            Metamethod::Mul => "__mul",
            Metamethod::Div => "__div",
            Metamethod::Mod => "__mod",
            Metamethod::Pow => "__pow",
            Metamethod::Unm => "__unm",
            Metamethod::IDiv => "__idiv",
            Metamethod::BAnd => "__band",
            Metamethod::BOr => "__bor",
            Metamethod::BXor => "__bxor",
            Metamethod::BNot => "__bnot",
            Metamethod::Shl => "__shl",
            Metamethod::Shr => "__shr",
            Metamethod::Concat => "__concat",
            Metamethod::Len => "__len",
            Metamethod::Eq => "__eq",
            Metamethod::Lt => "__lt",
            Metamethod::Le => "__le",
            Metamethod::Call => "__call",
            Metamethod::ToString => "__tostring",
            Metamethod::Pairs => "__pairs",
        }
    }
}

impl<T: LuaObject> ObjectType<T> {
    pub(super) fn new() -> Self {
        let mut object = ObjectType {
            fields: Vec::new(),
            methods: Vec::new(),
            metamethods: Vec::new(),
            index: None,
            new_index: None,
            object: std::marker::PhantomData,
        };
        T::describe(&mut object);
        object
    }

    fn entry(&mut self, name: &'static str) -> &mut Field {
        let index = match self.fields.iter().position(|field| field.name == name) {
            Some(index) => index,
            None => {
                self.fields.push(Field { name, get: None, set: None });
                self.fields.len() - 1
            }
        };
        &mut self.fields[index]
    }

    /// A field that scripts read and assign, by the way to it: `|person| &mut person.name`.
    pub fn field<F, P>(&mut self, name: &'static str, project: P) -> &mut Self
    where
        F: LuaField,
        P: for<'a> Fn(&'a mut T) -> &'a mut F + Clone + Send + Sync + 'static,
    {
        let assign = project.clone();
        self.readonly(name, project);
        self.entry(name).set = Some(Box::new(move |data, value, scope| {
            // The new value first: making it may call for the very object that it goes into.
            let value = F::create(value, scope)?;
            data.with(|object| *assign(object) = value)
        }));
        self
    }

    /// A field that scripts read and may not assign. Objects in it can be changed all the same.
    pub fn readonly<F, P>(&mut self, name: &'static str, project: P) -> &mut Self
    where
        F: LuaField,
        P: for<'a> Fn(&'a mut T) -> &'a mut F + Clone + Send + Sync + 'static,
    {
        self.entry(name).get = Some(Box::new(move |data, scope| {
            if let Some(value) = data.with(|object| project(object).copy(scope))?? {
                return Ok(value);
            }
            let project = project.clone();
            F::refer(Place::new(data.access.clone(), move |object| Some(project(object))), scope)
        }));
        self
    }

    /// A field whose value is computed.
    pub fn getter<V, G>(&mut self, name: &'static str, get: G) -> &mut Self
    where
        V: IntoLua,
        G: Fn(&T) -> V + Send + Sync + 'static,
    {
        self.entry(name).get =
            Some(Box::new(move |data, scope| data.with(|object: &mut T| get(object))?.into_lua(scope)));
        self
    }

    /// What an assignment to a field does.
    pub fn setter<V, S>(&mut self, name: &'static str, set: S) -> &mut Self
    where
        V: FromLua,
        S: Fn(&mut T, V) + Send + Sync + 'static,
    {
        self.entry(name).set = Some(Box::new(move |data, value, scope| {
            let value = V::from_lua(value, scope)?;
            data.with(|object: &mut T| set(object, value))
        }));
        self
    }

    /// A method that looks at the object: `|person: &Person, other: String| …`, up to 11 arguments more.
    pub fn method<A, M: Method<T, A>>(&mut self, name: &'static str, method: M) -> &mut Self {
        self.methods.push(Native::raw(name, move |call| method.call(call)));
        self
    }

    /// A method that changes the object: `|person: &mut Person, name: String| …`.
    pub fn method_mut<A, M: MethodMut<T, A>>(&mut self, name: &'static str, method: M) -> &mut Self {
        self.methods.push(Native::raw(name, move |call| method.call(call)));
        self
    }

    /// A metamethod whose first operand is the object.
    pub fn metamethod<A, M: Method<T, A>>(&mut self, which: Metamethod, method: M) -> &mut Self {
        self.metamethods.push((which, Native::raw(which.name(), move |call| method.call(call))));
        self
    }

    /// A metamethod that takes its operands as they come; one that is an object is an [`ObjectRef`](super::ObjectRef).
    pub fn meta_function<A, F: NativeFunction<A>>(&mut self, which: Metamethod, function: F) -> &mut Self {
        self.metamethods.push((which, Native::typed(which.name(), function)));
        self
    }

    /// What reading a field gives that is neither a field nor a method; `None` is nil.
    pub fn index<V, I>(&mut self, index: I) -> &mut Self
    where
        V: IntoLua,
        I: Fn(&T, LuaString) -> Option<V> + Send + Sync + 'static,
    {
        self.index = Some(Box::new(move |data, key, scope| {
            let key = LuaString::from_lua(key, scope)?;
            data.with(|object: &mut T| index(object, key))?.into_lua(scope)
        }));
        self
    }

    /// What assigning to a field does that is not one.
    pub fn new_index<V, I>(&mut self, new_index: I) -> &mut Self
    where
        V: FromLua,
        I: Fn(&mut T, LuaString, V) + Send + Sync + 'static,
    {
        self.new_index = Some(Box::new(move |data, key, value, scope| {
            let (key, value) = (LuaString::from_lua(key, scope)?, V::from_lua(value, scope)?);
            data.with(|object: &mut T| new_index(object, key, value))
        }));
        self
    }
}

/// A closure that takes `&T` and up to 11 arguments.
pub trait Method<T, A>: Send + Sync + 'static {
    /// Converts the arguments and calls the closure.
    ///
    /// # Errors
    /// Those of the conversions, and what the closure returns.
    fn call(&self, call: &mut CallContext<'_, '_>) -> Result<()>;
}

/// A closure that takes `&mut T` and up to 11 arguments.
pub trait MethodMut<T, A>: Send + Sync + 'static {
    /// Converts the arguments and calls the closure.
    ///
    /// # Errors
    /// Those of the conversions, and what the closure returns.
    fn call(&self, call: &mut CallContext<'_, '_>) -> Result<()>;
}

macro_rules! methods {
    ($trait:ident [$($mutable:ident)?] $($name:ident)*) => {
        impl<F, T, R, $($name),*> $trait<T, ($($name,)*)> for F
        where
            T: LuaObject,
            F: Fn(&$($mutable)? T, $($name),*) -> R + Send + Sync + 'static,
            R: IntoReturn,
            $($name: FromArguments,)*
        {
            #[allow(non_snake_case, unused_mut, unused_variables, unused_assignments)]
            fn call(&self, call: &mut CallContext<'_, '_>) -> Result<()> {
                let data = object_data::<T>(call.handle(0)).map_err(|error| call.bad_argument(0, error))?;
                let mut index = 1;
                $(let $name = $name::from_arguments(call, &mut index)?;)*
                data.with(|object: &mut T| self(object, $($name),*))?.into_return(call)
            }
        }
    };
}

macro_rules! each_arity {
    ($trait:ident [$($mutable:ident)?]) => {
        methods!($trait [$($mutable)?]);
        methods!($trait [$($mutable)?] A);
        methods!($trait [$($mutable)?] A B);
        methods!($trait [$($mutable)?] A B C);
        methods!($trait [$($mutable)?] A B C D);
        methods!($trait [$($mutable)?] A B C D E);
        methods!($trait [$($mutable)?] A B C D E G);
        methods!($trait [$($mutable)?] A B C D E G H);
        methods!($trait [$($mutable)?] A B C D E G H I);
        methods!($trait [$($mutable)?] A B C D E G H I J);
        methods!($trait [$($mutable)?] A B C D E G H I J K);
        methods!($trait [$($mutable)?] A B C D E G H I J K L);
    };
}

each_arity!(Method []);
each_arity!(MethodMut [mut]);
