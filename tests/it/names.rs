//! A word has one meaning in the whole project, and it is the field's own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::support::source;

/// Names that were replaced by the field's own terms: no public item has one of them.
const RETIRED: &[&str] = &[
    // The bot.
    "Talk",
    "hear",
    "words",
    "content",
    "Sent",
    "say",
    "turn_to",
    "place_form",
    "confess",
    "own_up",
    "apologise",
    "welcome_back",
    "Fate",
    "Differences",
    "Around",
    "Sort",
    "Press",
    "FormAct",
    "JobAct",
    "Spot",
    // Queues, store and service.
    "Place",
    "Hand",
    "Hands",
    "Desk",
    "Turn",
    "Hold",
    "Exchange",
    "Exchanged",
    "exchange",
    "turns",
    "join",
    "stay",
    "leave",
    "clear_holders",
    "Bell",
    "Bells",
    "Herald",
    "News",
    "Among",
    "Said",
    "insist",
    "outwait",
    "adopt",
    "take_up",
    "is_answered",
    "is_unanswered",
    "is_news",
    "is_over",
    "turn_over",
    "Prepared",
    "Step",
    "Arg",
    "patience",
    "PATIENCE",
    // The client.
    "Looks",
    "look",
    "Watch",
    "Started",
    "observe",
    "Call",
    "Heard",
    "Stage",
    "create_turn",
    "take_turn",
    // The schema.
    "Fault",
    "seed",
    "Quiet",
    "Sheet",
    "Tree",
    "stray",
    "View",
    "Visible",
    "Fields",
    "BLANK",
    "Implied",
    "Unpriced",
    "Demand",
    "Named",
    // The command line and the simulators.
    "settle",
    "settle_log",
    "Ending",
    "Phrases",
    "Words",
    "World",
    "Sim",
    "Room",
    "Site",
];

/// Words that name at most one type.
const SINGLE: &[&str] = &[
    "Accepted",
    "Change",
    "Failure",
    "Keys",
    "Limits",
    "MediaKind",
    "Members",
    "Node",
    "Object",
    "Output",
    "Record",
    "Report",
    "Row",
    "Scope",
    "Shape",
    "State",
    "Status",
    "Table",
    "Target",
    "Task",
    "Trouble",
    "Update",
    "Verdict",
];

/// A named item: `pub fn name`, `pub(crate) struct Name`, ...
#[derive(Debug, PartialEq)]
struct Item {
    file: PathBuf,
    keyword: String,
    name: String,
    /// What follows the name on its line.
    rest: String,
}

/// The items of a line, if it begins one that other modules can name.
fn item(file: &Path, line: &str) -> Option<Item> {
    let line = line.trim_start().strip_prefix("pub")?;
    let line = match line.strip_prefix('(') {
        Some(limited) => limited.split_once(')')?.1,
        None => line,
    };
    let mut words = line.split_whitespace().skip_while(|word| matches!(*word, "async" | "unsafe" | "extern"));
    let mut keyword = words.next()?;
    let mut name = words.next()?;
    if keyword == "const" && name == "fn" {
        (keyword, name) = ("fn", words.next()?);
    }
    if !["struct", "enum", "trait", "type", "fn", "const", "static", "mod"].contains(&keyword) {
        return None;
    }
    let end = name.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(name.len());
    let rest = line.split_once(name).map(|(_, rest)| format!("{}{rest}", &name[end..])).unwrap_or_default();
    Some(Item { file: file.to_owned(), keyword: keyword.to_owned(), name: name[..end].to_owned(), rest })
}

/// The public items of the project's own code, unit tests left out.
fn items() -> Vec<Item> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files: Vec<PathBuf> = ["src", "codegen/src", "schema/src"].into_iter().flat_map(source::files).collect();
    let mut all = Vec::new();
    for path in files.iter().filter(|path| !path.ends_with("tests.rs")) {
        let text = std::fs::read_to_string(path).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
        all.extend(code.lines().filter_map(|line| item(path.strip_prefix(root).unwrap(), line)));
    }
    assert!(all.len() > 1000, "{} items were found", all.len());
    all
}

#[test]
fn retired_words_name_nothing() {
    let items = items();
    let wrong = items.iter().filter(|item| RETIRED.contains(&item.name.as_str()));
    let wrong: Vec<String> =
        wrong.map(|item| format!("{}: {} {}", item.file.display(), item.keyword, item.name)).collect();
    assert!(wrong.is_empty(), "retired names:\n{}", wrong.join("\n"));
}

#[test]
fn a_word_names_one_type() {
    let mut types: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let items = items();
    for item in items.iter().filter(|item| matches!(item.keyword.as_str(), "struct" | "enum" | "trait" | "type")) {
        types.entry(&item.name).or_default().push(item.file.display().to_string());
    }
    let wrong: Vec<_> = types.iter().filter(|(name, files)| SINGLE.contains(name) && files.len() > 1).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_predicate_never_acts() {
    let predicates = items().into_iter().filter(|item| item.keyword == "fn" && item.name.starts_with("is_"));
    let acts = predicates.filter(|item| !item.rest.contains("-> bool") || item.rest.contains("&mut"));
    let wrong: Vec<String> = acts.map(|item| format!("{}: {}{}", item.file.display(), item.name, item.rest)).collect();
    assert!(wrong.is_empty(), "functions called `is_..` that are no plain predicates:\n{}", wrong.join("\n"));
}

#[test]
fn items_are_read() {
    let read = |line| item(Path::new("a.rs"), line).map(|item| (item.keyword, item.name, item.rest));
    let of = |keyword: &str, name: &str, rest: &str| Some((keyword.to_owned(), name.to_owned(), rest.to_owned()));
    assert_eq!(read("pub struct Job {"), of("struct", "Job", " {"));
    assert_eq!(read("    pub(crate) async fn send(&self) {"), of("fn", "send", "(&self) {"));
    assert_eq!(read("pub const fn is_new(self) -> bool {"), of("fn", "is_new", "(self) -> bool {"));
    assert_eq!(read("pub const LIMIT: u8 = 1;"), of("const", "LIMIT", ": u8 = 1;"));
    assert_eq!(read("fn private() {}"), None);
    assert_eq!(read("pub use a::B;"), None);
}
