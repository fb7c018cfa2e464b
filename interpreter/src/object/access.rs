//! Ways to a value that Lua refers to.

use std::any::Any;
use std::marker::PhantomData;
use std::rc::Rc;

use crate::error::{Error, ErrorKind};

/// A way to a value: through a loan, a lock, or the value that it is a part of.
pub(super) trait Access: Any {
    /// Calls `run` with the value, once, unless there is an error.
    fn with(&self, run: &mut dyn FnMut(&mut dyn Any)) -> Result<(), AccessError>;

    /// The same for all ways to the same value, where that can be told.
    fn identity(&self) -> Option<usize>;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AccessError {
    /// The loan is over, or the part is not there any more.
    Gone,
    /// Somebody further up the stack is using it.
    Busy,
}

impl AccessError {
    pub(super) fn of(self, name: &str) -> Error {
        let message = match self {
            AccessError::Gone => format!("object '{name}' is no longer available"),
            AccessError::Busy => format!("object '{name}' is already in use"),
        };
        Error::new(ErrorKind::Runtime, message)
    }
}

/// Calls `run` with the value that `access` leads to.
pub(super) fn with<T: 'static, R>(access: &dyn Access, run: impl FnOnce(&mut T) -> R) -> Result<R, AccessError> {
    let (mut run, mut result) = (Some(run), None);
    access.with(&mut |value| {
        if let (Some(value), Some(run)) = (value.downcast_mut::<T>(), run.take()) {
            result = Some(run(value));
        }
    })?;
    result.ok_or(AccessError::Gone)
}

type Projection = dyn Fn(&mut dyn Any) -> Option<&mut dyn Any>;

/// A part of another value.
struct Part {
    whole: Rc<dyn Access>,
    project: Box<Projection>,
}

impl Access for Part {
    fn with(&self, run: &mut dyn FnMut(&mut dyn Any)) -> Result<(), AccessError> {
        let mut found = false;
        self.whole.with(&mut |whole| {
            if let Some(part) = (self.project)(whole) {
                found = true;
                run(part);
            }
        })?;
        if found { Ok(()) } else { Err(AccessError::Gone) }
    }

    fn identity(&self) -> Option<usize> {
        // A part may begin at the same address as its whole, so an address does not tell them apart.
        None
    }
}

/// Tells the compiler that what a closure gives lives as long as what it takes.
fn erase<P>(project: P) -> Box<Projection>
where
    P: for<'a> Fn(&'a mut dyn Any) -> Option<&'a mut dyn Any> + 'static,
{
    Box::new(project)
}

/// Where a field is: the way to it, for fields that Lua sees by reference.
pub struct Place<T> {
    pub(super) access: Rc<dyn Access>,
    field: PhantomData<fn() -> T>,
}

impl<T: 'static> Place<T> {
    pub(super) fn new<W: 'static>(
        whole: Rc<dyn Access>,
        project: impl for<'a> Fn(&'a mut W) -> Option<&'a mut T> + 'static,
    ) -> Self {
        let project = erase(move |whole: &mut dyn Any| Some(project(whole.downcast_mut::<W>()?)? as &mut dyn Any));
        Place { access: Rc::new(Part { whole, project }), field: PhantomData }
    }

    /// The place of a part of this field; `project` returns `None` when the part is gone.
    pub fn part<P: 'static>(&self, project: impl for<'a> Fn(&'a mut T) -> Option<&'a mut P> + 'static) -> Place<P> {
        Place::new(self.access.clone(), project)
    }

    /// Calls `run` with the field.
    pub(super) fn with<R>(&self, run: impl FnOnce(&mut T) -> R) -> Result<R, AccessError> {
        with(&*self.access, run)
    }
}
