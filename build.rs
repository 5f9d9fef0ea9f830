//! Turns `models/kie_models.yaml` into `OUT_DIR/models.rs` and, for the bot, the Fluent files of `src/l10n` into methods; or says
//! where and how they are wrong.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is how a build script speaks to cargo")]

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

const REGISTRY: &str = "models/kie_models.yaml";

/// What the compiler does not watch by itself.
const WATCHED: &[&str] = &[
    "build.rs",
    REGISTRY,
    "src/l10n/bot",
    "src/l10n/cli",
    "src/store/sqlite/migrations",
    "src/store/postgres/migrations",
];

fn main() -> ExitCode {
    for path in WATCHED {
        println!("cargo:rerun-if-changed={path}");
    }
    match generate().and_then(|()| messages()) {
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
    write("models.rs", &generated.code)
}

/// The methods for the messages of the bot and of the command line. English is the reference, whatever else is there.
#[cfg(feature = "bot")]
fn messages() -> Result<(), String> {
    use kie_codegen::messages::{Source, generate};

    for (type_name, folder, file) in
        [("Messages", "src/l10n/bot", "messages.rs"), ("CliMessages", "src/l10n/cli", "cli_messages.rs")]
    {
        let mut texts = Vec::new();
        for entry in fs::read_dir(folder).map_err(|error| format!("cannot read {folder}: {error}"))? {
            let path = entry.map_err(|error| format!("cannot read {folder}: {error}"))?.path();
            if path.extension().is_some_and(|extension| extension == "ftl") {
                let name = path.display().to_string();
                let text = fs::read_to_string(&path).map_err(|error| format!("cannot read {name}: {error}"))?;
                texts.push((!name.ends_with("/en.ftl"), name, text));
            }
        }
        texts.sort();
        let sources: Vec<Source<'_>> = texts.iter().map(|(_, name, text)| Source { name, text }).collect();
        write(file, &generate(type_name, &sources).map_err(|mistakes| mistakes.to_string())?)?;
    }
    Ok(())
}

#[cfg(not(feature = "bot"))]
fn messages() -> Result<(), String> {
    Ok(())
}

fn write(file: &str, code: &str) -> Result<(), String> {
    let folder = env::var("OUT_DIR").map_err(|error| format!("OUT_DIR: {error}"))?;
    let path = Path::new(&folder).join(file);
    fs::write(&path, code).map_err(|error| format!("cannot write {}: {error}", path.display()))
}
