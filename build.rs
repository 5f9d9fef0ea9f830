//! Turns `models/kie_models.yaml` into `OUT_DIR/models.rs`, or says where and how it is wrong.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is how a build script speaks to cargo")]

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

const REGISTRY: &str = "models/kie_models.yaml";

/// What the compiler does not watch by itself.
const WATCHED: &[&str] = &["build.rs", REGISTRY, "src/store/sqlite/migrations", "src/store/postgres/migrations"];

fn main() -> ExitCode {
    for path in WATCHED {
        println!("cargo:rerun-if-changed={path}");
    }
    match generate() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            // Cargo shows what a failed build script wrote here, as it is.
            eprintln!("\n{message}\n");
            ExitCode::FAILURE
        }
    }
}

fn generate() -> Result<(), String> {
    let text = fs::read_to_string(REGISTRY).map_err(|error| format!("cannot read {REGISTRY}: {error}"))?;
    let generated = kie_codegen::generate(REGISTRY, &text).map_err(|mistakes| mistakes.to_string())?;
    let folder = env::var("OUT_DIR").map_err(|error| format!("OUT_DIR: {error}"))?;
    let path = Path::new(&folder).join("models.rs");
    fs::write(&path, generated.code).map_err(|error| format!("cannot write {}: {error}", path.display()))
}
