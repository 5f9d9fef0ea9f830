//! Every file in `accept/` is taken, every file in `refuse/` is refused with the text beside it.
//!
//! `UPDATE=1 cargo test -p kie-codegen --test fixture` rewrites the expected texts; read the difference before you commit it.

#![allow(clippy::unwrap_used, reason = "a panic in a test is how it fails")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

use kie_codegen::diagnostic::Code;
use kie_codegen::parse;

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "{} holds no fixtures", folder.display());
    files
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

fn update() -> bool {
    env::var_os("UPDATE").is_some_and(|value| value == "1")
}

/// Compares with the file, or rewrites it.
fn agree(path: &Path, actual: &str, wrong: &mut Vec<String>) {
    if update() {
        fs::write(path, actual).unwrap();
        return;
    }
    let expected = fs::read_to_string(path).unwrap_or_default();
    if expected != actual {
        wrong.push(format!("{}\n--- expected\n{expected}\n--- actual\n{actual}", name(path)));
    }
}

#[test]
fn refused_files_are_explained() {
    let mut wrong = Vec::new();
    for path in files("refuse") {
        let text = fs::read_to_string(&path).unwrap();
        match parse::registry(&name(&path), &text) {
            Ok(_) => wrong.push(format!("{} is taken", name(&path))),
            Err(mistakes) => agree(&path.with_extension("stderr"), &format!("{mistakes}\n"), &mut wrong),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn accepted_files_are_taken() {
    let mut wrong = Vec::new();
    for path in files("accept") {
        let text = fs::read_to_string(&path).unwrap();
        match kie_codegen::generate(&name(&path), &text) {
            Err(mistakes) => wrong.push(format!("{}\n{mistakes}", name(&path))),
            Ok(generated) => {
                let expected = path.with_extension("rs");
                if expected.exists() {
                    agree(&expected, &generated.code, &mut wrong);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn every_code_has_a_fixture() {
    let mut seen = BTreeSet::new();
    for path in files("refuse") {
        let text = fs::read_to_string(&path).unwrap();
        if let Err(mistakes) = parse::registry(&name(&path), &text) {
            seen.extend(mistakes.list().iter().map(|mistake| mistake.code));
        }
    }
    let missing: Vec<String> = Code::ALL
        .iter()
        .filter(|(code, _)| !seen.contains(code))
        .map(|(code, meaning)| format!("{code} {meaning}"))
        .collect();
    assert!(missing.is_empty(), "no fixture shows: {}", missing.join("; "));
}

#[test]
fn codes_are_numbered_once() {
    let numbers: BTreeSet<String> = Code::ALL.iter().map(|(code, _)| code.to_string()).collect();
    assert_eq!(numbers.len(), Code::ALL.len());
}
