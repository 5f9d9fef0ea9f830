//! A PostgreSQL database for one test, created and dropped by it.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU32, Ordering};

use futures::FutureExt;

use crate::support::postgres::{execute, in_database};

/// Runs `test` with the URL of a new empty database, and drops the database also when the test fails.
pub(crate) async fn with_database<F: Future<Output = ()>>(test: impl FnOnce(String) -> F) {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    execute(&format!("CREATE DATABASE {name}")).await;
    let outcome = AssertUnwindSafe(test(in_database(&name))).catch_unwind().await;
    execute(&format!("DROP DATABASE {name} WITH (FORCE)")).await;
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}
