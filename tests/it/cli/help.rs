//! Help and usage.

use std::process::{Command, Stdio};

use kie::models;

use crate::cli::fixture::{call, environment};

/// The commands that the program's help lists.
fn commands(help: &str) -> Vec<&str> {
    let list = help.split_once("Commands:\n").unwrap().1;
    let lines = list.lines().take_while(|line| !line.is_empty());
    // The description of a command may take several lines, which are indented further.
    let names = lines
        .filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next().filter(|_| !line.starts_with("   ")));
    names.filter(|name| *name != "help").collect()
}

#[test]
fn every_command_shows_examples_that_name_real_models() {
    let top = call(&["--help"]);
    assert_eq!((top.code, top.err.as_str()), (Some(0), ""), "{top:?}");
    assert!(top.out.contains("Examples:\n  kie-bot demo") && top.out.contains("Exit codes: 0 done, 1 failed"));
    let commands = commands(&top.out);
    assert!(commands.len() >= 14 && commands.contains(&"sanity"), "{commands:?}");
    for command in commands {
        let help = call(&[command, "--help"]);
        assert_eq!(help.code, Some(0));
        let examples = help.out.split_once("Examples:\n").unwrap_or_else(|| panic!("{}", help.out)).1;
        assert!(examples.lines().all(|line| line.starts_with(&format!("  kie-bot {command}"))), "{examples}");
        for line in examples.lines().filter(|line| !line.contains("--jsonl")) {
            let words: Vec<&str> = line.split_whitespace().collect();
            if ["show", "validate", "price", "generate"].contains(&command) {
                assert!(models::find(words[2]).is_some(), "{line}");
            }
            if let Some(input) = line.split('\'').nth(1).filter(|_| line.contains(" --input ")) {
                assert_eq!(call(&["validate", words[2], "--input", input]).code, Some(0), "{line}");
            }
        }
    }
}

#[test]
fn wrong_usage_exits_with_two() {
    for args in [vec![], vec!["fly"], vec!["models", "--status", "dead"], vec!["--lang", "fr", "models"], vec!["show"]]
    {
        let done = call(&args);
        assert_eq!((done.code, done.out.as_str()), (Some(2), ""), "{args:?} {done:?}");
        assert!(!done.err.is_empty());
    }
    let version = call(&["--version"]);
    assert_eq!(version.out, format!("kie-bot {}\n", env!("CARGO_PKG_VERSION")));
}

/// The output on a terminal; `None` without the program `script`.
fn on_a_terminal(args: &str, no_color: bool) -> Option<String> {
    let line = format!("{} {args}", env!("CARGO_BIN_EXE_kie-bot"));
    let mut command = Command::new("script");
    command.env_clear().envs(environment()).env("TERM", "xterm").stdin(Stdio::null());
    if no_color {
        command.env("NO_COLOR", "1");
    }
    let done = command.args(["-qec", &line, "/dev/null"]).output().ok()?;
    Some(String::from_utf8_lossy(&done.stdout).into_owned())
}

#[test]
fn colours_stay_away_when_they_are_not_wanted() {
    let Some(coloured) = on_a_terminal("--help", false) else { return };
    assert!(coloured.contains('\u{1b}'), "a terminal is lent: {coloured}");
    for args in ["--help", "models", "models --status dead", "show none"] {
        let plain = on_a_terminal(args, true).unwrap();
        assert!(!plain.is_empty() && !plain.contains('\u{1b}'), "{args}: {plain:?}");
    }
}
