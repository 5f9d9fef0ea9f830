//! What a test logs, at every level.

use std::cell::RefCell;
use std::io::Write;
use std::sync::Once;

use tracing::Level;

thread_local! {
    /// What this thread has logged. Each test has a thread, and the tasks of a single-threaded one run there.
    static LOG: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

struct Log;

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LOG.with_borrow_mut(|log| log.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Starts to keep logs, and forgets what this thread has logged so far.
pub(crate) fn capture() {
    static SUBSCRIBER: Once = Once::new();
    // For the whole process, and once: a subscriber of one thread misses places that another thread came by first.
    SUBSCRIBER.call_once(|| {
        tracing_subscriber::fmt().with_max_level(Level::TRACE).with_ansi(false).with_writer(|| Log).init();
    });
    LOG.take();
}

/// What this thread has logged since [`capture`].
pub(crate) fn captured() -> String {
    String::from_utf8(LOG.take()).unwrap()
}
