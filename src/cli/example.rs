//! Examples for the help of every command, with models of this registry.

use crate::models;
use crate::schema::spec::{FieldSpec, Kind, ModelSpec};
use crate::service::Service;

/// The end of the program's help.
const FOOTER: &str = "\
Settings come from the environment and from a .env file in the working folder; the README lists them.
Exit codes: 0 done, 1 failed, 2 bad input, 130 interrupted.";

/// A task id.
const TASK: &str = "0123456789abcdef0123456789abcdef";

/// The commands with examples added to their help.
pub(super) fn add(cli: clap::Command) -> clap::Command {
    let top = [
        ("demo", "try the bot in the browser: no accounts, no cost"),
        ("run", "run it for real (TELEGRAM_BOT_TOKEN, KIE_API_KEY)"),
        ("models --type text_to_image", "what can be made, and for how much"),
    ];
    let commands: Vec<String> = cli.get_subcommands().map(|c| c.get_name().to_owned()).collect();
    // A build without the feature `demo` has no such command.
    let exists = |line: &str| commands.iter().any(|command| line.split(' ').next() == Some(command));
    let top = top.iter().filter(|(line, _)| exists(line));
    let mut lines: Vec<String> = top.map(|(line, what)| format!("{line:<29} {what}")).collect();
    for command in ["show", "validate", "generate"] {
        lines.extend(examples(command).into_iter().take(1));
    }
    let cli = cli.after_help(format!("{}\n\n{FOOTER}", block(&lines)));
    commands.into_iter().fold(cli, |cli, name| {
        let text = block(&examples(&name));
        cli.mut_subcommand(name, |command| command.after_help(text))
    })
}

fn block(lines: &[String]) -> String {
    lines.iter().fold("Examples:".to_owned(), |text, line| format!("{text}\n  kie-bot {line}"))
}

/// The examples of one command, without the program's name.
fn examples(command: &str) -> Vec<String> {
    let model = text_model();
    // Short enough for one line of a terminal: a wrapped line is hard to copy.
    let (id, input) = model.map_or(("MODEL", "{...}"), |spec| (spec.id, r#"{"prompt":"A red fox"}"#));
    let task = model.and_then(|spec| spec.tasks.first()).map_or("TYPE", |task| task.id);
    let with_input = format!("{id} --input '{input}'");
    match command {
        "run" => vec!["run".into()],
        "demo" => vec!["demo --port 8080".into(), "demo --script --out pictures".into()],
        "models" => {
            let provider = model.map_or("NAME", |spec| spec.provider);
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
            let file = file_model();
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

/// The required field of a model that has exactly one.
fn only_required_field(spec: &'static ModelSpec) -> Option<&'static FieldSpec> {
    let mut fields = spec.fields.iter().filter(|f| f.required && f.default.is_none());
    fields.next().filter(|_| fields.next().is_none())
}

/// A model that requires a text and nothing else.
fn text_model() -> Option<&'static ModelSpec> {
    let fits = |spec: &&ModelSpec| Service::offers(spec) && spec.fields.iter().any(|f| f.name == "prompt");
    models::all()
        .iter()
        .copied()
        .filter(fits)
        .find(|spec| only_required_field(spec).is_some_and(|f| matches!(f.kind, Kind::Text(_))))
}

/// A model that requires a file and nothing else, and its file field.
fn file_model() -> Option<(&'static ModelSpec, &'static FieldSpec)> {
    let offered = models::all().iter().copied().filter(|spec| Service::offers(spec));
    let one = |spec| only_required_field(spec).filter(|f| matches!(f.kind, Kind::Media(_))).map(|f| (spec, f));
    offered.into_iter().find_map(one)
}
