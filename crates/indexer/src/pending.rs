//! How much may wait for tantivy's threads. Its own queue takes ten thousand
//! notices, however long, and would hold most of a corpus.

use std::sync::{Arc, Condvar, Mutex};

/// Text that was handed over and is not indexed yet.
#[derive(Debug)]
pub(crate) struct Pending {
    /// How much of it there may be, in bytes.
    most: usize,
    bytes: Mutex<usize>,
    less: Condvar,
}

/// Leave to hand over so much text; given back when dropped.
#[derive(Debug)]
pub(crate) struct Permit {
    pending: Arc<Pending>,
    bytes: usize,
}

impl Pending {
    pub(crate) fn new(most: usize) -> Arc<Self> {
        Arc::new(Self {
            most,
            bytes: Mutex::new(0),
            less: Condvar::new(),
        })
    }

    /// Waits until `bytes` more may be handed over: what is longer than all
    /// that may wait goes alone.
    pub(crate) fn permit(self: &Arc<Self>, bytes: usize) -> Arc<Permit> {
        let waiting = self.bytes.lock().expect("no panics");
        let is_full = |waiting: &mut usize| *waiting > 0 && *waiting + bytes > self.most;
        *self.less.wait_while(waiting, is_full).expect("no panics") += bytes;
        Arc::new(Permit {
            pending: Arc::clone(self),
            bytes,
        })
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        // After a panic elsewhere nobody waits for it any more.
        if let Ok(mut waiting) = self.pending.bytes.lock() {
            *waiting -= self.bytes;
            self.pending.less.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::mpsc::channel, thread, time::Duration};

    use super::*;

    #[test]
    fn no_more_waits_than_may() {
        let pending = Pending::new(100);
        let first = pending.permit(60);
        // Both clones must go before there is room.
        let other = Arc::clone(&first);
        let (told, hear) = channel();
        let waiter = {
            let pending = Arc::clone(&pending);
            thread::spawn(move || {
                let permit = pending.permit(1000);
                told.send(()).expect("somebody hears");
                drop(permit);
            })
        };
        drop(first);
        assert!(hear.recv_timeout(Duration::from_millis(50)).is_err());
        drop(other);
        hear.recv_timeout(Duration::from_secs(10))
            .expect("there is room");
        waiter.join().expect("no panics");
        assert_eq!(*pending.bytes.lock().expect("no panics"), 0);
    }
}
