//! [`Lane`]: how scripts with a bound on their concurrency share a pool.
//!
//! Jobs of such a script wait in a queue of their own. Only tickets travel through the pool's queue, never more than
//! the bound: a worker that meets one runs one job of the lane, and sends the ticket back to the end of the queue, so
//! that other scripts have their turn in between. A ticket that finds the queue full goes to the pool's overflow, so
//! only a full lane makes anybody wait.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crossbeam_channel::{Receiver, Sender, TrySendError};
use lunapool_interpreter::CancelToken;

use super::job::Task;
use super::{Pool, Refused};

/// How many jobs may wait in one lane.
const QUEUE: usize = 256;

pub(crate) struct Lane {
    sender: Sender<Arc<dyn Task>>,
    receiver: Receiver<Arc<dyn Task>>,
    tickets: AtomicUsize,
    limit: usize,
    /// The pool that the tickets are in. Weak in effect: only kept while there are tickets.
    pool: Mutex<Option<Pool>>,
}

impl Lane {
    pub(crate) fn new(limit: usize) -> Arc<Self> {
        let (sender, receiver) = crossbeam_channel::bounded(QUEUE);
        Arc::new(Lane { sender, receiver, tickets: AtomicUsize::new(0), limit, pool: Mutex::new(None) })
    }

    pub(super) fn submit(self: &Arc<Self>, pool: &Pool, task: Arc<dyn Task>) -> Result<(), Refused> {
        if super::is_worker() {
            return self.try_submit(pool, task);
        }
        pool.accepts()?;
        // The lane owns both ends, so they are never disconnected.
        self.sender.send(task).map_err(|_| Refused::Closed)?;
        self.add_ticket(pool);
        Ok(())
    }

    pub(super) fn try_submit(self: &Arc<Self>, pool: &Pool, task: Arc<dyn Task>) -> Result<(), Refused> {
        pool.accepts()?;
        self.sender.try_send(task).map_err(|error| match error {
            TrySendError::Full(_) => Refused::Full,
            TrySendError::Disconnected(_) => Refused::Closed,
        })?;
        self.add_ticket(pool);
        Ok(())
    }

    /// Sends one more ticket, if the bound allows it.
    fn add_ticket(self: &Arc<Self>, pool: &Pool) {
        if !self.take_ticket() {
            return;
        }
        *self.pool() = Some(pool.clone());
        if pool.send_ticket(self).is_err() {
            // Shut down in between: nobody else may come for these jobs.
            self.run_all(&pool.0.stop);
        }
    }

    fn take_ticket(&self) -> bool {
        let more = |tickets| (tickets < self.limit).then_some(tickets + 1);
        self.tickets.fetch_update(Ordering::SeqCst, Ordering::SeqCst, more).is_ok()
    }

    /// What a worker does with a ticket: one job, and then the ticket goes to the end of the queue.
    pub(super) fn run_one(self: &Arc<Self>, stop: &CancelToken) {
        if let Ok(task) = self.receiver.try_recv() {
            super::run_task(&*task, stop);
        }
        let pool = if self.receiver.is_empty() { None } else { self.pool().clone() };
        match pool {
            Some(pool) => pool.return_ticket(self),
            None => self.drop_ticket(stop),
        }
    }

    /// Runs what is there with the ticket at hand, and gives the ticket up.
    fn run_all(self: &Arc<Self>, stop: &CancelToken) {
        while let Ok(task) = self.receiver.try_recv() {
            super::run_task(&*task, stop);
        }
        self.drop_ticket(stop);
    }

    /// Gives the ticket up, unless a job arrived whose sender saw the ticket still taken.
    fn drop_ticket(self: &Arc<Self>, stop: &CancelToken) {
        let pool = self.pool().clone();
        self.tickets.fetch_sub(1, Ordering::SeqCst);
        if !self.receiver.is_empty() && self.take_ticket() {
            match pool {
                Some(pool) if super::is_worker() => pool.return_ticket(self),
                _ => self.run_all(stop),
            }
            return;
        }
        drop(pool);
        let mut pool = self.pool();
        // Looked at under the lock, where whoever takes a ticket then says which pool it is in.
        let unused = if self.tickets.load(Ordering::SeqCst) == 0 { pool.take() } else { None };
        // It may be the last of the pool, which ends when it is dropped: not under the lock.
        drop(pool);
        drop(unused);
    }

    fn pool(&self) -> MutexGuard<'_, Option<Pool>> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
