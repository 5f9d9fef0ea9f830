//! The house's rules: arrows point down, edges do not reach past the service, no model is named outside the registry.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::support::source;

/// Rooms from top to bottom; a room may use rooms on lower lines only.
const LINES: &[&[&str]] = &[
    &["main", "cli", "app", "config", "telemetry", "demo"],
    &["bot", "http"],
    &["service"],
    &["client", "store", "leader"],
    &["inbox"],
    &[
        "schema",
        "models",
        "form",
        "job",
        "ledger",
        "tariff",
        "transfer",
        "invoice",
        "promo",
        "referral",
        "star_subscription",
        "access",
        "alert",
        "announcement",
        "assortment",
        "audit",
        "quota",
        "user",
        "store_error",
        "clock",
        "backoff",
        "log_once",
        "mac",
        "mime",
        "sniff",
        "probe",
        "mp4",
        "sample",
        "market",
        "l10n",
    ],
];

/// Arrows inside a line.
const BESIDE: &[(&str, &str)] = &[
    ("cli", "app"),
    ("cli", "config"),
    ("cli", "telemetry"),
    ("cli", "demo"),
    ("app", "config"),
    ("telemetry", "config"),
    ("demo", "app"),
    ("demo", "config"),
    ("form", "models"),
    ("form", "schema"),
    ("models", "schema"),
    ("job", "schema"),
    ("market", "schema"),
    ("l10n", "schema"),
    ("sample", "schema"),
    ("sniff", "mime"),
    ("probe", "mime"),
    ("probe", "sniff"),
    ("probe", "mp4"),
    ("market", "models"),
    ("market", "ledger"),
    ("market", "clock"),
    ("l10n", "ledger"),
    ("job", "ledger"),
    ("job", "clock"),
    ("job", "tariff"),
    ("tariff", "schema"),
    ("tariff", "ledger"),
    ("transfer", "job"),
    ("transfer", "ledger"),
    ("transfer", "clock"),
    ("invoice", "job"),
    ("invoice", "ledger"),
    ("invoice", "clock"),
    ("promo", "ledger"),
    ("promo", "clock"),
    ("star_subscription", "invoice"),
    ("star_subscription", "job"),
    ("star_subscription", "clock"),
    ("referral", "job"),
    ("referral", "ledger"),
    ("referral", "clock"),
    ("referral", "transfer"),
    ("l10n", "tariff"),
    ("assortment", "models"),
    ("assortment", "schema"),
    ("assortment", "form"),
    ("assortment", "job"),
    ("assortment", "ledger"),
    ("assortment", "tariff"),
    ("access", "job"),
    ("access", "clock"),
    ("alert", "clock"),
    ("announcement", "clock"),
    ("announcement", "job"),
    ("announcement", "schema"),
    ("audit", "job"),
    ("audit", "clock"),
    ("quota", "clock"),
    ("quota", "ledger"),
    ("user", "job"),
    ("user", "clock"),
    ("store_error", "job"),
    ("store_error", "ledger"),
];

/// Arrows that would point down and are forbidden all the same: edges ask the service, and only edges speak to people.
const FORBIDDEN: &[(&str, &str)] = &[
    ("bot", "client"),
    ("bot", "store"),
    ("bot", "leader"),
    ("http", "client"),
    ("http", "store"),
    ("http", "leader"),
    ("service", "l10n"),
    ("client", "l10n"),
    ("store", "l10n"),
    ("leader", "l10n"),
];

/// The files of `src`, each with its room and its code without comments and unit tests.
fn code() -> Vec<(PathBuf, String, String)> {
    code_of("src")
}

/// The same of another folder of sources, where a room is a module.
fn code_of(folder: &str) -> Vec<(PathBuf, String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    source::files(folder)
        .into_iter()
        .map(|path| {
            let inside = path.strip_prefix(&root).unwrap();
            let room = inside.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs").to_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            let text = text.split("#[cfg(test)]\nmod tests").next().unwrap();
            let lines = text.lines().filter(|l| !l.trim_start().starts_with("//"));
            let code = lines.collect::<Vec<_>>().join("\n");
            (inside.to_owned(), room, code)
        })
        .collect()
}

fn line_of(room: &str) -> Option<usize> {
    LINES.iter().position(|line| line.contains(&room))
}

/// The rooms that a piece of code re-exports with `pub use` or `pub(…) use`.
fn re_exported(code: &str) -> BTreeSet<String> {
    let mut rooms = BTreeSet::new();
    for (at, _) in code.match_indices("pub") {
        let rest = &code[at + "pub".len()..];
        let scope = rest.starts_with('(').then(|| rest.find(')')).flatten().map_or(0, |end| end + 1);
        let item = rest[scope..].split(';').next().unwrap().trim_start();
        if item.starts_with("use crate::") {
            rooms.extend(used(item));
        }
    }
    rooms
}

/// The rooms that a piece of code names as `crate::room`, also inside `use crate::{a, b::c}`.
fn used(code: &str) -> BTreeSet<String> {
    let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut rooms = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut start = true;
            for (i, c) in group.char_indices() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => start = true,
                    c if start && !c.is_whitespace() => {
                        rooms.insert(word(&group[i..]));
                        start = false;
                    }
                    _ => {}
                }
            }
        } else {
            rooms.insert(word(rest));
        }
    }
    rooms.retain(|room| line_of(room).is_some());
    rooms
}

#[test]
fn arrows_point_down() {
    let mut wrong = Vec::new();
    let mut unused = BESIDE.to_vec();
    for (path, room, code) in code() {
        if room == "lib" {
            continue;
        }
        let Some(own) = line_of(&room) else {
            wrong.push(format!("{}: the room `{room}` is on no line", path.display()));
            continue;
        };
        for other in used(&code).into_iter().filter(|other| *other != room) {
            let pair = (room.as_str(), other.as_str());
            unused.retain(|arrow| *arrow != pair);
            let lower = line_of(&other).is_some_and(|line| line > own);
            // What sells generation never depends on what pretends to.
            let simulated = other == "demo" && path != Path::new("cli/demo.rs");
            if simulated || FORBIDDEN.contains(&pair) || !(lower || BESIDE.contains(&pair)) {
                wrong.push(format!("{}: `{room}` may not use `{other}`", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "arrows that do not point down:\n{}", wrong.join("\n"));
    assert!(unused.is_empty(), "arrows that nobody needs: {unused:?}");
}

#[test]
fn the_service_re_exports_nothing_of_the_store() {
    let wrong: Vec<_> = code()
        .into_iter()
        .filter(|(_, room, code)| room == "service" && re_exported(code).contains("store"))
        .map(|(path, ..)| path.display().to_string())
        .collect();
    assert!(wrong.is_empty(), "edges would reach the store through the service: {wrong:?}");
}

#[test]
fn no_model_is_named_outside_the_registry() {
    let mut wrong = Vec::new();
    for (path, _, code) in code().into_iter().chain(code_of("schema/src")) {
        for spec in kie::models::all() {
            let plain = spec.id.contains('/') && code.contains(spec.id);
            if plain || code.contains(&format!("\"{}\"", spec.id)) {
                wrong.push(format!("{}: names {}", path.display(), spec.id));
            }
        }
    }
    assert!(wrong.is_empty(), "the registry is the only place for a model:\n{}", wrong.join("\n"));
}

#[test]
fn the_pure_line_is_pure() {
    let pure = LINES.last().unwrap();
    let rooms = code().into_iter().filter(|(_, room, _)| pure.contains(&room.as_str()) && room != "clock");
    for (path, _, code) in rooms.chain(code_of("schema/src")) {
        for forbidden in ["async fn", "tokio::", "std::fs", "std::env", "reqwest::"] {
            assert!(!code.contains(forbidden), "{}: `{forbidden}` does not belong on the pure line", path.display());
        }
    }
}

#[test]
fn re_exports_are_read() {
    let code = "use crate::store::Store;\npub(crate) mod x;\npub use crate::client::{A, B};\npub use x::Y;\n\
                pub(super) use crate::{job, store::Draft};";
    assert_eq!(re_exported(code), ["client", "job", "store"].map(str::to_owned).into());
    assert!(re_exported("pub struct A;\nuse crate::store::Store;").is_empty());
}

#[test]
fn groups_are_read() {
    let rooms = used("use crate::{clock::Clock, job::{Job, JobId}, store};\nlet x = crate::client::x();");
    assert_eq!(rooms, ["clock", "job", "client", "store"].map(str::to_owned).into());
}
