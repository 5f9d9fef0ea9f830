//! Examples under the help of every command, with models that this registry really has.

use crate::models;
use crate::schema::spec::{FieldSpec, Kind, ModelSpec};
use crate::service::Service;

const END: &str = "\
Settings come from the environment and from a .env file in the working folder; the README lists them.
Exit codes: 0 done, 1 failed, 2 bad input, 130 interrupted.";

/// Stands for a task.
const TASK: &str = "0123456789abcdef0123456789abcdef";

/// The same commands with examples.
pub(super) fn add(cli: clap::Command) -> clap::Command {
    let top = [
        ("demo", "try the bot in the browser: no accounts, no cost"),
        ("run", "run it for real (TELEGRAM_BOT_TOKEN, KIE_API_KEY)"),
        ("models --type text_to_image", "what can be made, and for how much"),
    ];
    let commands: Vec<String> = cli.get_subcommands().map(|c| c.get_name().to_owned()).collect();
    // A build without the simulators has no `demo`.
    let exists = |line: &str| commands.iter().any(|command| line.split(' ').next() == Some(command));
    let top = top.iter().filter(|(line, _)| exists(line));
    let mut lines: Vec<String> = top.map(|(line, what)| format!("{line:<29} {what}")).collect();
    for command in ["show", "validate", "generate"] {
        lines.extend(of(command).into_iter().take(1));
    }
    let cli = cli.after_help(format!("{}\n\n{END}", block(&lines)));
    commands.into_iter().fold(cli, |cli, name| {
        let examples = block(&of(&name));
        cli.mut_subcommand(name, |command| command.after_help(examples))
    })
}

fn block(lines: &[String]) -> String {
    lines.iter().fold("Examples:".to_owned(), |text, line| format!("{text}\n  kie-bot {line}"))
}

/// The examples of one command, without the program's name.
fn of(command: &str) -> Vec<String> {
    let words = words();
    // Short enough for one line of a terminal: a broken line cannot be copied.
    let (id, input) = words.map_or(("MODEL", "{...}"), |spec| (spec.id, r#"{"prompt":"A red fox"}"#));
    let task = words.and_then(|spec| spec.tasks.first()).map_or("TYPE", |task| task.id);
    let with_input = format!("{id} --input '{input}'");
    match command {
        "run" => vec!["run".into()],
        "demo" => vec!["demo --port 8080".into(), "demo --script --out pictures".into()],
        "models" => {
            let provider = words.map_or("NAME", |spec| spec.provider);
            vec![
                format!("models --type {task}"),
                format!("models --provider '{provider}' fast"),
                "models --status all --json".into(),
            ]
        }
        "registry" => vec![
            "registry stats".into(),
            "registry check --live --save answers.json".into(),
            "registry check --offline answers.json --json".into(),
            format!("registry import {id}"),
        ],
        "show" => vec![format!("show {id}"), format!("show {id} --json")],
        "validate" => vec![
            format!("validate {with_input}"),
            format!("validate {id} -f prompt=\"A red fox\" --json"),
            "validate --jsonl < inputs.jsonl > verdicts.jsonl".into(),
        ],
        "generate" => {
            let mut lines = vec![
                format!("generate {with_input} --out ."),
                format!("generate {id} -f prompt=\"A red fox\" --max-credits 20 --json"),
                format!("generate {id} -f prompt=\"A red fox\" --dry-run"),
                format!("generate {id} -f prompt=\"A red fox\" --out . --name '{{model}}-{{number}}.{{ext}}'"),
            ];
            let file = picture();
            lines.extend(
                file.map(|(spec, field)| format!("generate {} --media {}=photo.png --out .", spec.id, field.name)),
            );
            lines
        }
        "jobs" => vec!["jobs --state unknown".into(), "jobs --json --limit 10".into(), "jobs retry JOB".into()],
        "price" => vec![format!("price {id}"), format!("price {with_input} --json")],
        "task" => vec![format!("task {TASK}"), format!("task {TASK} --wait --out .")],
        "upload" => vec!["upload photo.png".into(), "upload photo.png https://example.com/cat.jpg --json".into()],
        "credits" => vec!["credits".into(), "credits --json".into()],
        "sanity" => vec![
            "sanity".into(),
            format!("sanity --type {task} --live --max-credits 20"),
            "sanity --all --live --max-credits 5000 --json".into(),
        ],
        _ => Vec::new(),
    }
}

fn needed(spec: &'static ModelSpec) -> Option<&'static FieldSpec> {
    let mut fields = spec.fields.iter().filter(|f| f.required && f.default.is_none());
    fields.next().filter(|_| fields.next().is_none())
}

/// A model that needs some words and nothing else.
fn words() -> Option<&'static ModelSpec> {
    let fits = |spec: &&ModelSpec| Service::offers(spec) && spec.fields.iter().any(|f| f.name == "prompt");
    models::all()
        .iter()
        .copied()
        .filter(fits)
        .find(|spec| needed(spec).is_some_and(|f| matches!(f.kind, Kind::Text(_))))
}

/// A model that needs a file and nothing else.
fn picture() -> Option<(&'static ModelSpec, &'static FieldSpec)> {
    let offered = models::all().iter().copied().filter(|spec| Service::offers(spec));
    let one = |spec| needed(spec).filter(|f| matches!(f.kind, Kind::Media(_))).map(|f| (spec, f));
    offered.into_iter().find_map(one)
}
