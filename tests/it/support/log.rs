//! One log for the whole test program: a global subscriber can be set only once, and a thread's own subscriber misses
//! the callsites that another thread has registered first.

use std::cell::RefCell;
use std::io::Write;
use std::sync::Once;

use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::prelude::*;
use tracing_subscriber::{EnvFilter, fmt};

thread_local! {
    /// The log of this thread since [`capture`]. Each test has its own thread, which also runs the tasks of a
    /// single-threaded one.
    static LOG: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

struct Log;

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LOG.with_borrow_mut(|log| log.as_mut().map(|log| log.extend_from_slice(bytes)));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Formats every log line at every level; `RUST_LOG=kie=debug` shows those that match.
pub(crate) fn install() {
    static SUBSCRIBER: Once = Once::new();
    SUBSCRIBER.call_once(|| {
        let kept = fmt::layer().with_ansi(false).with_writer(|| Log).with_filter(LevelFilter::TRACE);
        let shown = fmt::layer().with_test_writer().with_filter(EnvFilter::from_default_env());
        tracing_subscriber::registry().with(kept).with(shown).init();
    });
}

/// Starts to record the log of this thread.
pub(crate) fn capture() {
    install();
    LOG.set(Some(Vec::new()));
}

/// The log of this thread since [`capture`].
pub(crate) fn captured() -> String {
    String::from_utf8(LOG.take().unwrap_or_default()).unwrap()
}
