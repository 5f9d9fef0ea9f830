//! Turns `models/kie_models.yaml` into `OUT_DIR/models.rs` and, for the bot, the Fluent files of `src/l10n` into
//! methods; or says where and how they are wrong.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this is how a build script speaks to cargo")]

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

const REGISTRY: &str = "models/kie_models.yaml";

/// Files that cargo would not watch otherwise.
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
            // Cargo shows the standard error of a failed build script.
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

/// Writes the methods for the messages of the bot and of the command line, and the Fluent files of all languages. The
/// first language, English, is the reference.
#[cfg(feature = "bot")]
fn messages() -> Result<(), String> {
    use kie_codegen::messages::{Source, generate};
    use kie_schema::Lang;

    for (type_name, folder, file) in
        [("Messages", "src/l10n/bot", "messages.rs"), ("CliMessages", "src/l10n/cli", "cli_messages.rs")]
    {
        let mut texts = Vec::new();
        for lang in Lang::ALL {
            let name = format!("{folder}/{}.ftl", lang.code());
            let text = fs::read_to_string(&name).map_err(|error| format!("cannot read {name}: {error}"))?;
            texts.push((name, text));
        }
        let sources: Vec<Source<'_>> = texts.iter().map(|(name, text)| Source { name, text }).collect();
        let methods = generate(type_name, &sources).map_err(|mistakes| mistakes.to_string())?;
        let included = texts
            .iter()
            .map(|(name, _)| format!("    include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/{name}\")),\n"));
        let sources = format!(
            "/// The Fluent files, in the order of `Lang::ALL`.\nconst SOURCES: [&str; Lang::ALL.len()] = [\n{}];\n",
            included.collect::<String>()
        );
        write(file, &format!("{methods}\n{sources}"))?;
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
