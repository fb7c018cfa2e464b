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

use std::cell::RefCell;
use std::collections::VecDeque;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError, RwLock};
use std::thread::{JoinHandle, ThreadId};
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
    worker_ids: Vec<ThreadId>,
    overflow: Arc<Overflow>,
    /// How many threads wait for a place in the queue.
    blocked: AtomicUsize,
    /// Cancelled when the pool is shut down at once.
    stop: CancelToken,
}

/// Tickets that found the queue full. Workers look here after each piece of work, so whoever has a ticket to send
/// never waits.
#[derive(Default)]
struct Overflow {
    count: AtomicUsize,
    tickets: Mutex<VecDeque<Arc<Lane>>>,
}

impl Overflow {
    fn push(&self, lane: Arc<Lane>) {
        let mut tickets = self.tickets();
        tickets.push_back(lane);
        self.count.store(tickets.len(), Ordering::SeqCst);
    }

    fn pop(&self) -> Option<Arc<Lane>> {
        if self.count.load(Ordering::SeqCst) == 0 {
            return None;
        }
        let mut tickets = self.tickets();
        let lane = tickets.pop_front();
        self.count.store(tickets.len(), Ordering::SeqCst);
        lane
    }

    fn tickets(&self) -> MutexGuard<'_, VecDeque<Arc<Lane>>> {
        self.tickets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What travels through the queue.
enum Work {
    /// A job.
    Task(Arc<dyn Task>),
    /// The right to run one job of a script that limits how many run at a time.
    Ticket(Arc<Lane>),
    /// There are tickets in the overflow.
    Overflow,
}

thread_local! {
    /// Of the pool that this thread belongs to.
    static WORKER: RefCell<Option<CancelToken>> = const { RefCell::new(None) };
}

/// Whether this thread belongs to a pool.
fn is_worker() -> bool {
    WORKER.try_with(|stop| stop.borrow().is_some()).unwrap_or(false)
}

/// What stops the runs that begin on this thread, if it belongs to a pool.
pub(crate) fn worker_stop() -> Option<CancelToken> {
    WORKER.try_with(|stop| stop.borrow().clone()).ok().flatten()
}

/// How long a worker that keeps interpreters waits for work before it looks for those that it could let go of.
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
        self.start(|name, worker| std::thread::Builder::new().name(name).spawn(move || worker.work()).ok())
    }

    fn start(self, spawn: impl Fn(String, Worker) -> Option<JoinHandle<()>>) -> Pool {
        let threads = self.threads.unwrap_or_else(cores);
        let queue = self.queue.unwrap_or(threads.saturating_mul(64));
        let (sender, receiver) = crossbeam_channel::bounded(queue);
        let worker = Worker { receiver, overflow: Arc::default(), stop: CancelToken::new() };
        let start = |index| spawn(format!("lunapool-{index}"), worker.clone());
        let workers: Vec<_> = (0..threads).filter_map(start).collect();
        Pool(Arc::new(Shared {
            threads: workers.len().max(1),
            queue,
            sender: RwLock::new(Some(sender)),
            worker_ids: workers.iter().map(|worker| worker.thread().id()).collect(),
            workers: Mutex::new(workers),
            overflow: worker.overflow.clone(),
            blocked: AtomicUsize::new(0),
            stop: worker.stop.clone(),
        }))
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// One thread of a pool. It has no part in what keeps the pool going.
#[derive(Clone)]
struct Worker {
    receiver: Receiver<Work>,
    overflow: Arc<Overflow>,
    stop: CancelToken,
}

impl Worker {
    /// Works until the queue is closed and empty.
    fn work(self) {
        WORKER.with(|stop| stop.replace(Some(self.stop.clone())));
        while let Some(work) = self.next() {
            self.perform(work);
            // One for one, so that neither the queue nor the overflow has to wait for the other to be empty.
            if let Some(lane) = self.overflow.pop() {
                self.perform(Work::Ticket(lane));
            }
        }
        while let Some(lane) = self.overflow.pop() {
            self.perform(Work::Ticket(lane));
        }
    }

    fn next(&self) -> Option<Work> {
        if self.overflow.count.load(Ordering::SeqCst) > 0 {
            return Some(self.receiver.try_recv().unwrap_or(Work::Overflow));
        }
        loop {
            if residents::is_empty() {
                return self.receiver.recv().ok();
            }
            match self.receiver.recv_timeout(IDLE) {
                Ok(work) => return Some(work),
                Err(RecvTimeoutError::Timeout) => residents::sweep_if_stale(),
                Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
    }

    fn perform(&self, work: Work) {
        match work {
            Work::Task(task) => run_task(&*task, &self.stop),
            Work::Ticket(lane) => lane.run_one(&self.stop),
            Work::Overflow => {}
        }
    }
}

fn run_task(task: &dyn Task, stop: &CancelToken) {
    // Jobs catch what runs do; what is left is what callers brought: a waker that panics, or a value as it is dropped.
    let _ = catch_unwind(AssertUnwindSafe(|| task.run(stop)));
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
        if self.0.worker_ids.contains(&std::thread::current().id()) {
            return;
        }
        // Held meanwhile: whoever else shuts the pool down waits for the same.
        let mut workers = self.0.workers.lock().unwrap_or_else(PoisonError::into_inner);
        for worker in workers.drain(..) {
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

    /// Hands `work` over, waiting while the queue is full, unless this is a worker, which must not wait.
    fn send(&self, work: Work) -> Result<(), Refused> {
        if is_worker() {
            return self.try_send(work);
        }
        let Some(sender) = self.sender() else { return Err(Refused::Closed) };
        match sender.try_send(work) {
            Ok(()) => Ok(()),
            Err(TrySendError::Disconnected(_)) => Err(Refused::NoThreads),
            Err(TrySendError::Full(work)) => {
                self.0.blocked.fetch_add(1, Ordering::SeqCst);
                let sent = sender.send(work);
                self.0.blocked.fetch_sub(1, Ordering::SeqCst);
                sent.map_err(|_| Refused::NoThreads)
            }
        }
    }

    fn try_send(&self, work: Work) -> Result<(), Refused> {
        let Some(sender) = self.sender() else { return Err(Refused::Closed) };
        sender.try_send(work).map_err(|error| match error {
            TrySendError::Full(_) => Refused::Full,
            TrySendError::Disconnected(_) => Refused::NoThreads,
        })
    }

    /// Hands a ticket over, to the overflow if the queue is full.
    fn send_ticket(&self, lane: &Arc<Lane>) -> Result<(), Refused> {
        let Err(refused) = self.try_send(Work::Ticket(lane.clone())) else { return Ok(()) };
        if refused != Refused::Full {
            return Err(refused);
        }
        self.0.overflow.push(lane.clone());
        // The queue may be empty by now, and the workers asleep. If it is still full, some worker comes by.
        let _ = self.try_send(Work::Overflow);
        Ok(())
    }

    /// The same, by a worker that has the ticket, and that looks into the overflow itself before it sleeps or ends.
    fn return_ticket(&self, lane: &Arc<Lane>) {
        // A place in the queue is for those who wait for one; a worker would always be faster.
        if self.0.blocked.load(Ordering::SeqCst) > 0 || self.send_ticket(lane).is_err() {
            self.0.overflow.push(lane.clone());
        }
    }

    fn accepts(&self) -> Result<(), Refused> {
        match self.is_shut_down() {
            true => Err(Refused::Closed),
            false if self.0.worker_ids.is_empty() => Err(Refused::NoThreads),
            false => Ok(()),
        }
    }
}

/// Why work was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refused {
    Full,
    Closed,
    /// The pool is open, but no thread serves it.
    NoThreads,
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").field("threads", &self.0.threads).field("queue", &self.0.queue).finish()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::Script;

    #[test]
    fn without_threads_jobs_run_where_they_are_submitted() {
        for concurrency in [None, Some(1)] {
            let pool = Pool::builder().threads(4).start(|_, _| None);
            assert!(!pool.is_shut_down());
            assert_eq!(pool.threads(), 1);
            let builder =
                Script::builder("here.lua").source("n = 0 function main() n = n + 1 return n end").pool(&pool);
            let builder = if let Some(jobs) = concurrency { builder.concurrency(jobs) } else { builder };
            let script = builder.build().unwrap();
            assert_eq!(script.submit(()).wait().unwrap().as_integer(), Some(1));
            assert_eq!(script.try_submit(()).unwrap().wait().unwrap().as_integer(), Some(2));
            let results: Vec<_> = script.run_batch([(), ()]).map(|result| result.unwrap().as_integer()).collect();
            assert_eq!(results, [Some(3), Some(4)]);
            assert_eq!(script.call::<i64>(()).unwrap(), 5);
            pool.shutdown();
            let error = script.submit(()).wait().unwrap_err();
            assert_eq!(error.to_string(), "here.lua: the pool is shut down");
        }
    }
}
