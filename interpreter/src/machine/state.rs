//! What one machine keeps in its collected heap beside the globals.

use std::any::TypeId;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::sync::Arc;

use ottavino_gc_arena::Collect;
use ottavino_gc_arena::Gc;
use ottavino_gc_arena::lock::{Lock, RefLock};
use piccolo::{Context, Executor, Function, Table, Thread, UserData};

use super::library;
use crate::interpreter::Host;
use crate::limits::Limits;

#[derive(Collect)]
#[collect(no_drop)]
pub(crate) struct State<'gc> {
    pub(super) running: Gc<'gc, Lock<Running<'gc>>>,
    /// The global function `main` as the chunk defined it: looking it up is a good part of a short run.
    pub(super) main: Gc<'gc, Lock<Option<Function<'gc>>>>,
    /// The metatable of tables that are lists even when they are empty.
    pub(crate) array_meta: Table<'gc>,
    /// The metatable of tables that are maps even when they are empty.
    pub(crate) object_meta: Table<'gc>,
    pub(crate) error_meta: Table<'gc>,
    pub(crate) null: UserData<'gc>,
    /// What `require` returned, by the module's name and version.
    pub(super) loaded: Table<'gc>,
    /// The metatables of host objects, by their type.
    pub(crate) object_types: Gc<'gc, RefLock<ObjectTypes<'gc>>>,
    /// Stands in `loaded` for a module whose program runs.
    pub(super) unfinished: UserData<'gc>,
    /// The modules that are being loaded, the outermost first.
    #[collect(require_static)]
    pub(super) loading: RefCell<Vec<Loading>>,
    #[collect(require_static)]
    pub(crate) limits: Limits,
    /// How many values the conversion at hand may still touch.
    #[collect(require_static)]
    pub(crate) values_left: Cell<usize>,
    #[collect(require_static)]
    pub(super) host: Host,
}

#[derive(Collect, Default)]
#[collect(no_drop)]
pub(crate) struct ObjectTypes<'gc>(BTreeMap<TypeKey, Table<'gc>>);

#[derive(Collect, PartialEq, Eq, PartialOrd, Ord)]
#[collect(require_static)]
struct TypeKey(TypeId);

impl<'gc> ObjectTypes<'gc> {
    pub(crate) fn get(&self, id: TypeId) -> Option<Table<'gc>> {
        self.0.get(&TypeKey(id)).copied()
    }

    pub(crate) fn insert(&mut self, id: TypeId, metatable: Table<'gc>) {
        self.0.insert(TypeKey(id), metatable);
    }
}

/// What runs the bytecode: kept from run to run, and replaced after one that was stopped, because a thread never gives
/// up the room that its stack once took.
#[derive(Collect, Clone, Copy)]
#[collect(no_drop)]
pub(super) struct Running<'gc> {
    pub(super) executor: Executor<'gc>,
    pub(super) thread: Thread<'gc>,
}

impl<'gc> Running<'gc> {
    pub(super) fn new(ctx: Context<'gc>) -> Self {
        let thread = Thread::new(ctx);
        // A thread that was made a moment ago is stopped, which is all that an executor asks of it.
        Running { executor: Executor::run(&ctx, thread).unwrap_or_else(|_| Executor::new(ctx)), thread }
    }
}

/// A module that is being loaded.
pub(super) struct Loading {
    pub(super) key: Arc<str>,
    /// The address of the coroutine that requires it, which cannot yield until it is there.
    pub(super) thread: usize,
}

/// The marker that `json.null` is made of.
struct Null;

/// The marker for what is not there yet.
struct Unfinished;

impl<'gc> State<'gc> {
    pub(super) fn new(ctx: Context<'gc>, host: Host, limits: Limits) -> Gc<'gc, Self> {
        let null = UserData::new_static(&ctx, Null);
        let state = State {
            running: Gc::new(&ctx, Lock::new(Running::new(ctx))),
            main: Gc::new(&ctx, Lock::new(None)),
            array_meta: Table::new(&ctx),
            object_meta: Table::new(&ctx),
            error_meta: library::error_metatable(ctx),
            null,
            loaded: Table::new(&ctx),
            unfinished: UserData::new_static(&ctx, Unfinished),
            object_types: Gc::new(&ctx, RefLock::new(ObjectTypes::default())),
            loading: RefCell::default(),
            values_left: Cell::new(limits.values),
            limits,
            host,
        };
        null.set_metatable(&ctx, Some(library::null_metatable(ctx)));
        Gc::new(&ctx, state)
    }
}
