//! Processes whose wall clock is wrong.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The variable with the number of seconds by which the clock is ahead.
pub(crate) const AHEAD: &str = "LYING_CLOCK_S";

/// A library that, loaded before all others, makes a process's clock lie. Compiled once.
pub(crate) fn library() -> &'static Path {
    static LIBRARY: OnceLock<PathBuf> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        let (folder, source) = (
            Path::new(env!("CARGO_TARGET_TMPDIR")),
            concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/fault/lying_clock.c"),
        );
        // Written under another name first: several test processes may do so at once.
        let (made, library) = (folder.join(format!("clock-{}.so", std::process::id())), folder.join("lying_clock.so"));
        let compiled =
            Command::new("cc").args(["-shared", "-fPIC", "-O1", "-o"]).arg(&made).args([source, "-ldl"]).status();
        assert!(compiled.expect("cc runs").success());
        std::fs::rename(made, &library).unwrap();
        library
    })
}
