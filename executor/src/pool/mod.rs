//! [`Pool`]: worker threads fed by one bounded queue.
//!
//! A worker is a thread like any other: it keeps interpreters of its own, and a job is a run, there. Handing a job over
//! costs many times a short run, so the pool is for work that should not block its caller, for many jobs in flight
//! and for batches.
//!
//! A worker that waits for a job which nobody has begun runs that job itself, and a worker that meets a full queue
//! runs its new job at once. So jobs may submit jobs, to the same pool too, and no two of them wait for each other.

mod batch;
mod job;
mod lane;

use std::cell::Cell;
use std::fmt;
use std::sync::{Arc, LazyLock, Mutex, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, TrySendError};
use lunapool_interpreter::CancelToken;

pub use self::batch::Batch;
pub use self::job::{Job, TrySubmitError};
pub(crate) use self::lane::Lane;

use self::job::Task;
use crate::residents;

/// Worker threads that run jobs of scripts.
///
/// Cloning shares it. When the last clone is gone, jobs that were accepted are still run, and the threads end by
/// themselves.
///
/// ```
/// use lunapool_executor::{Pool, Script};
///
/// let pool = Pool::builder().threads(2).build();
/// let script = Script::builder("double.lua").source("function main(x) return 2 * x end").pool(&pool).build()?;
///
/// let job = script.submit(21);
/// assert_eq!(job.wait()?.as_integer(), Some(42));
///
/// let doubled: Vec<i64> = script.run_batch(0..1000).map(|result| result.unwrap().as_integer().unwrap()).collect();
/// assert_eq!(doubled[999], 1998);
/// # Ok::<(), lunapool_interpreter::Error>(())
/// ```
#[derive(Clone)]
pub struct Pool(Arc<Shared>);

struct Shared {
    threads: usize,
    queue: usize,
    /// Gone once the pool was shut down. Workers end when all senders are.
    sender: RwLock<Option<Sender<Work>>>,
    workers: Mutex<Vec<JoinHandle<()>>>,
    /// Cancelled when the pool is shut down at once.
    stop: CancelToken,
}

/// What travels through the queue.
enum Work {
    /// A job.
    Task(Arc<dyn Task>),
    /// The right to run one job of a script that limits how many run at a time.
    Ticket(Arc<Lane>),
}

thread_local! {
    static IS_WORKER: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread belongs to a pool.
fn is_worker() -> bool {
    IS_WORKER.with(Cell::get)
}

/// How long a worker waits for work before it looks for interpreters that it could let go of.
const IDLE: Duration = Duration::from_secs(1);

/// Says what a [`Pool`] is made of.
#[derive(Debug, Clone, Default)]
pub struct PoolBuilder {
    threads: Option<usize>,
    queue: Option<usize>,
}

impl PoolBuilder {
    /// How many threads. As many as the machine runs at a time, unless this is called; 0 is 1.
    #[must_use]
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = Some(threads.max(1));
        self
    }

    /// How many jobs may wait. 64 for each thread, unless this is called; 0 is 1.
    #[must_use]
    pub fn queue(mut self, jobs: usize) -> Self {
        self.queue = Some(jobs.max(1));
        self
    }

    /// Starts the threads.
    ///
    /// Where threads cannot be started at all, jobs run on the thread that submits them.
    #[must_use]
    pub fn build(self) -> Pool {
        let threads = self.threads.unwrap_or_else(cores);
        let queue = self.queue.unwrap_or(threads.saturating_mul(64));
        let (sender, receiver) = crossbeam_channel::bounded(queue);
        let stop = CancelToken::new();
        let start = |index| {
            let (receiver, stop) = (receiver.clone(), stop.clone());
            let name = format!("lunapool-{index}");
            std::thread::Builder::new().name(name).spawn(move || work(&receiver, &stop)).ok()
        };
        let workers: Vec<_> = (0..threads).filter_map(start).collect();
        let sender = (!workers.is_empty()).then_some(sender);
        Pool(Arc::new(Shared {
            threads: workers.len().max(1),
            queue,
            sender: RwLock::new(sender),
            workers: Mutex::new(workers),
            stop,
        }))
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// What a worker does until the queue is closed and empty.
fn work(receiver: &Receiver<Work>, stop: &CancelToken) {
    IS_WORKER.with(|is_worker| is_worker.set(true));
    loop {
        let work = match receiver.recv_timeout(IDLE) {
            Ok(work) => work,
            Err(RecvTimeoutError::Timeout) => {
                residents::sweep_if_stale();
                match receiver.recv() {
                    Ok(work) => work,
                    Err(_) => return,
                }
            }
            Err(RecvTimeoutError::Disconnected) => return,
        };
        match work {
            Work::Task(task) => task.run(stop),
            Work::Ticket(lane) => lane.run_one(stop),
        }
    }
}

impl Pool {
    /// A pool with more choices.
    #[must_use]
    pub fn builder() -> PoolBuilder {
        PoolBuilder::default()
    }

    /// The process-wide pool: one thread for each core. It is started when it is first used and never shut down.
    #[must_use]
    pub fn global() -> &'static Pool {
        static GLOBAL: LazyLock<Pool> = LazyLock::new(|| Pool::builder().build());
        &GLOBAL
    }

    /// How many threads it has.
    #[must_use]
    pub fn threads(&self) -> usize {
        self.0.threads
    }

    /// Accepts no more jobs, runs those that were accepted, and waits for the threads to end. Called on one of its own
    /// threads, it does not wait.
    pub fn shutdown(&self) {
        let closed = self.0.sender.write().unwrap_or_else(PoisonError::into_inner).take();
        drop(closed);
        let workers = std::mem::take(&mut *self.0.workers.lock().unwrap_or_else(PoisonError::into_inner));
        let me = std::thread::current().id();
        if workers.iter().any(|worker| worker.thread().id() == me) {
            return;
        }
        for worker in workers {
            // Workers catch what their jobs do; one that panicked all the same has nothing left to wait for.
            let _ = worker.join();
        }
    }

    /// Accepts no more jobs, cancels those that run and those that wait, and waits for the threads to end.
    pub fn shutdown_now(&self) {
        self.0.stop.cancel();
        self.shutdown();
    }

    /// Whether the pool accepts no more jobs.
    #[must_use]
    pub fn is_shut_down(&self) -> bool {
        self.sender().is_none()
    }

    fn sender(&self) -> Option<Sender<Work>> {
        self.0.sender.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Hands `work` over, waiting while the queue is full. Gives it back when the pool is shut down, or when it is
    /// full and this is a worker, which must not wait.
    fn send(&self, work: Work) -> Result<(), Refused> {
        let Some(sender) = self.sender() else { return Err(Refused::Closed) };
        if is_worker() {
            return Self::try_send(&sender, work);
        }
        sender.send(work).map_err(|_| Refused::Closed)
    }

    fn try_send(sender: &Sender<Work>, work: Work) -> Result<(), Refused> {
        sender.try_send(work).map_err(|error| match error {
            TrySendError::Full(_) => Refused::Full,
            TrySendError::Disconnected(_) => Refused::Closed,
        })
    }
}

/// Why work was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refused {
    Full,
    Closed,
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").field("threads", &self.0.threads).field("queue", &self.0.queue).finish()
    }
}
