//! One log for the whole program: a global subscriber can be set once only, and one of a single thread misses the places
//! that another thread has passed first.

use std::cell::RefCell;
use std::io::Write;
use std::sync::Once;

use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::prelude::*;
use tracing_subscriber::{EnvFilter, fmt};

thread_local! {
    /// What this thread has logged since it asked for it. Each test has a thread, and the tasks of a single-threaded one run there.
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

/// Every log line of the program is written, at every level; `RUST_LOG=kie=debug` shows the chosen ones.
pub(crate) fn install() {
    static SUBSCRIBER: Once = Once::new();
    SUBSCRIBER.call_once(|| {
        let kept = fmt::layer().with_ansi(false).with_writer(|| Log).with_filter(LevelFilter::TRACE);
        let shown = fmt::layer().with_test_writer().with_filter(EnvFilter::from_default_env());
        tracing_subscriber::registry().with(kept).with(shown).init();
    });
}

/// Starts to keep what this thread logs.
pub(crate) fn capture() {
    install();
    LOG.set(Some(Vec::new()));
}

/// What this thread has logged since [`capture`].
pub(crate) fn captured() -> String {
    String::from_utf8(LOG.take().unwrap_or_default()).unwrap()
}
