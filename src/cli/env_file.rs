//! The `.env` file: settings of the working folder.

use std::collections::HashSet;
use std::iter::Peekable;
use std::path::Path;
use std::str::CharIndices;

use crate::l10n::CliMessages;

/// What is wrong with the `.env` file.
#[derive(Debug)]
pub(super) enum EnvError {
    /// A line that is no `NAME=value`: its number, if known. The line itself is not shown, because it may hold a key.
    Line(Option<usize>),
    /// A `$` that stands for no variable: the number of the line and the setting. What follows the `$` is not shown, because
    /// it may be a part of a password.
    Dollar { line: usize, name: String },
    /// A value that cannot be expanded.
    Value,
    /// The file cannot be read.
    Read(std::io::Error),
}

impl EnvError {
    pub(super) fn sentence(&self, path: &Path, messages: &CliMessages) -> String {
        let why = match self {
            Self::Line(Some(number)) => messages.env_line(*number),
            Self::Line(None) => messages.env_some_line(),
            Self::Dollar { line, name } => messages.env_dollar(*line, name),
            Self::Value => messages.env_value(),
            Self::Read(error) => error.to_string(),
        };
        messages.cannot_read(&path.display().to_string(), &why)
    }
}

/// Reads settings from a file in the working directory into the environment; variables that are already set win. A
/// missing file is no error.
pub(super) fn read(path: &Path) -> Result<(), EnvError> {
    // A text that is no UTF-8 is refused below.
    if let Ok(text) = std::fs::read_to_string(path)
        && let Some(error) = lost_dollar(&text, |name| std::env::var_os(name).is_some())
    {
        return Err(error);
    }
    match dotenvy::from_path(path) {
        Ok(()) => Ok(()),
        Err(error) if error.not_found() => Ok(()),
        Err(dotenvy::Error::LineParse(part, _)) => {
            // `part` may be the value alone, so the line is found by its end.
            let text = std::fs::read_to_string(path).unwrap_or_default();
            Err(EnvError::Line(text.lines().position(|line| line.trim().ends_with(part.trim())).map(|at| at + 1)))
        }
        Err(dotenvy::Error::Io(error)) => Err(EnvError::Read(error)),
        Err(_) => Err(EnvError::Value),
    }
}

/// The first `$` that would be replaced by nothing: what follows it is the name of no variable, neither of the environment nor
/// of an earlier line. Such a `$` belongs to a password, which would be another one without it.
fn lost_dollar(text: &str, is_set: impl Fn(&str) -> bool) -> Option<EnvError> {
    let mut earlier = HashSet::new();
    let mut rest = text;
    while let Some((key, value)) = rest.split_once('=') {
        // What has no `=` is a comment, an empty line, or refused by the parser.
        let begun = key.rfind('\n').map_or(0, |at| at + 1);
        let name = key[begun..].trim();
        if name.starts_with('#') {
            rest = value.split_once('\n').map_or("", |(_, rest)| rest);
            continue;
        }
        let name = name.strip_prefix("export ").unwrap_or(name).trim();
        let (dollar, end) = value_end(value, |variable| is_set(variable) || earlier.contains(variable));
        if dollar {
            let line = text[..text.len() - value.len()].matches('\n').count() + 1;
            return Some(EnvError::Dollar { line, name: name.to_owned() });
        }
        earlier.insert(name.to_owned());
        rest = &value[end..];
    }
    None
}

/// Walks over a value by the rules of the parser: whether it has a `$` that is lost, and where the value ends.
fn value_end(value: &str, is_known: impl Fn(&str) -> bool) -> (bool, usize) {
    let mut chars = value.char_indices().peekable();
    let mut quote = None;
    let mut is_begun = false;
    while let Some((at, c)) = chars.next() {
        match (c, quote) {
            ('\'', Some('\'')) | ('"', Some('"')) => quote = None,
            (_, Some('\'')) => {}
            ('\\', _) => drop(chars.next()),
            ('$', _) if !is_known(&variable(&mut chars)) => return (true, at),
            ('\'' | '"', None) => quote = Some(c),
            ('\n', None) => return (false, at),
            // What follows a space outside of quotes is a comment, or refused by the parser.
            (' ' | '\t', None) if is_begun => {
                return (false, value[at..].find('\n').map_or(value.len(), |end| at + end));
            }
            _ => {}
        }
        is_begun |= !matches!(c, ' ' | '\t');
    }
    (false, value.len())
}

/// The name after a `$`, with or without braces; empty when there is none.
fn variable(chars: &mut Peekable<CharIndices<'_>>) -> String {
    let braces = chars.next_if(|(_, c)| *c == '{').is_some();
    let mut name = String::new();
    while let Some((_, c)) =
        chars.next_if(|(_, c)| if braces { !matches!(*c, '}' | '\n') } else { c.is_alphanumeric() })
    {
        name.push(c);
    }
    if braces {
        chars.next_if(|(_, c)| *c == '}');
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dollar_that_stands_for_nothing_is_found() {
        let lost = |text: &str| match lost_dollar(text, |name| name == "HOME") {
            Some(EnvError::Dollar { line, name }) => Some((line, name)),
            _ => None,
        };
        let found = |line, name: &str| Some((line, name.to_owned()));
        assert_eq!(lost("LOG=info\n\nDATABASE_URL=postgres://bot:s3cr$tPass@h/kie\n"), found(3, "DATABASE_URL"));
        assert_eq!(lost("export A = \"x\ny$z\"\n"), found(1, "A"));
        assert_eq!(lost("A=x$@y"), found(1, "A"), "a dollar alone is lost as well");
        assert_eq!(lost("A=${LATER}\nLATER=1"), found(1, "A"));
        assert_eq!(lost("A='x$y' $z\nB=$q"), found(2, "B"), "behind a value nothing is expanded");
        for kept in [
            "A='s3cr$tPass'",
            "A=s3cr\\$tPass",
            "A=\"s3cr\\$tPass\"",
            "A=$HOME/x\nB=${HOME}/y",
            "PASS=1\nA=postgres://u:${PASS}@h",
            "EMPTY=\nA=$EMPTY",
            "# A=$x\nB=1 # $y\n#\nC=2",
            "A='one\n$two'\nB=1",
            "no value $x",
            "",
        ] {
            assert_eq!(lost(kept), None, "{kept}");
        }
    }
}
