//! The README's table of settings equals the one in the code.

use kie::config::SETTINGS;

#[test]
fn settings_table_matches_the_code() {
    let readme = include_str!("../../README.md");
    let rows: Vec<&str> =
        readme.split("|---|---|---|\n").nth(1).unwrap().lines().take_while(|line| line.starts_with('|')).collect();
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
fn readme_is_short() {
    assert!(include_str!("../../README.md").lines().count() < 200);
}
