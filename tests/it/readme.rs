//! What is written for people about settings equals the list in the code.

use kie::config::SETTINGS;

#[test]
fn settings_table_matches_the_code() {
    let page = include_str!("../../docs/settings.md");
    let rows: Vec<&str> =
        page.split("|---|---|---|\n").nth(1).unwrap().lines().take_while(|line| line.starts_with('|')).collect();
    let expected: Vec<String> = SETTINGS
        .iter()
        .map(|s| {
            let default = if s.default.is_empty() { String::new() } else { format!("`{}` ", s.default) };
            format!("| `{}` | {} | {default}|", s.name, s.meaning)
        })
        .collect();
    assert_eq!(rows, expected);
}

#[test]
fn example_of_the_env_file_has_every_setting_with_its_default() {
    let file = include_str!("../../.env.example");
    let settings: Vec<&str> = file.split("\n\n").skip(1).collect();
    let expected: Vec<String> =
        SETTINGS.iter().map(|s| format!("# {}\n# {}={}", s.meaning, s.name, s.default)).collect();
    assert_eq!(settings.iter().map(|text| text.trim_end()).collect::<Vec<_>>(), expected);
}

#[test]
fn example_of_the_env_file_is_read_as_it_is_and_with_every_line_taken_in() {
    let file = include_str!("../../.env.example");
    assert_eq!(dotenvy_names(file), Vec::<String>::new());
    let taken: String = file
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(rest) if SETTINGS.iter().any(|s| rest.starts_with(&format!("{}=", s.name))) => format!("{rest}\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    assert_eq!(dotenvy_names(&taken), SETTINGS.iter().map(|s| s.name.to_owned()).collect::<Vec<_>>());
}

/// Names of what an environment file sets.
fn dotenvy_names(text: &str) -> Vec<String> {
    dotenvy::from_read_iter(text.as_bytes()).map(|item| item.unwrap().0).collect()
}

#[test]
fn readme_is_short() {
    assert!(include_str!("../../README.md").lines().count() < 200);
}
