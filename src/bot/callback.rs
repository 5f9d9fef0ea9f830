//! Callback data of buttons: a typed, versioned grammar of at most 64 bytes, Telegram's limit.
//!
//! ```text
//! 1h                        home                     1L            choose a language
//! 1t<task>:<page>           models of a task         1l<code>      this language
//! 1m<model>                 card of a model          1J            last jobs
//! 1n<model>                 a new form               1j<action><job>   act on a job
//! 1f<nonce>:<path>:<action> act on a form            1-            nothing (a label)
//! 1s<job><task>             follow-up: what a task type makes of a job's result
//! 1s<job><task>:<file>:<page>    models of the type for a file of it
//! 1w<job><file>:<short id>  a new form of a model with that file
//! ```
//!
//! A model id has at most 48 bytes and a job id 32, so nothing is cut, and a button works in every process. Both do not fit
//! into one button: beside a job, a model goes by its [short id](super::follow_up::short_id).

use std::fmt;
use std::str::FromStr;

use super::field_path::FieldPath;
use crate::job::JobId;

/// The grammar's version: the first byte of every button.
const VERSION: char = '1';
/// Bytes of a job's id.
const JOB: usize = 32;

/// What a button does when it is pressed.
///
/// In a `FollowUp`, `at` is the index of the file and the page of models; the button under the result itself has none. The
/// `model` of `StartWith` is a short id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ButtonData {
    Home,
    Nothing,
    Languages,
    Language { code: String },
    Task { task: String, page: u16 },
    Model { model: String },
    Start { model: String },
    Jobs,
    Job { id: JobId, action: JobAction },
    Form { nonce: String, path: FieldPath, action: FormAction },
    FollowUp { id: JobId, task: String, at: Option<(u16, u16)> },
    StartWith { id: JobId, file: u16, model: String },
}

/// What to do with a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum JobAction {
    /// Stop waiting.
    Detach,
    /// Show the result or the state again.
    Show,
    /// The same order once more.
    Repeat,
    /// A form filled as this job was.
    Change,
    /// After a lost reply: send it as a new task.
    Resend,
    /// After a lost reply: let it be.
    Leave,
}

impl JobAction {
    const ALL: [(char, Self); 6] = [
        ('d', Self::Detach),
        ('s', Self::Show),
        ('r', Self::Repeat),
        ('c', Self::Change),
        ('n', Self::Resend),
        ('l', Self::Leave),
    ];
}

/// What to do in a form, with the field or item at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FormAction {
    /// Open the editor of the field or item; the form itself when the path is empty.
    Open,
    /// Another page of options.
    Page(u16),
    /// Take an option (0 and 1 are no and yes).
    Set(u16),
    /// Forget the value.
    Clear,
    /// Forget the last item.
    Pop,
    /// Add an item.
    Add,
    /// Finish editing this field or item.
    Done,
    /// Go on without a value.
    Skip,
    /// Remove this item from its list.
    Remove,
    /// Fold or unfold the advanced fields.
    Fold,
    /// What was sent belongs here.
    Use,
    /// An earlier job of the user.
    Task(JobId),
    /// Order it.
    Generate,
}

/// Why a button was not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ParseError {
    /// Made by another version of the bot.
    #[error("a button of another version")]
    Version,
    /// No such word in this version.
    #[error("an unknown button")]
    Unknown,
    /// A known word with a broken rest.
    #[error("a button without a valid {0}")]
    Part(&'static str),
}

impl fmt::Display for ButtonData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{VERSION}")?;
        match self {
            Self::Home => f.write_str("h"),
            Self::Nothing => f.write_str("-"),
            Self::Languages => f.write_str("L"),
            Self::Language { code } => write!(f, "l{code}"),
            Self::Task { task, page } => write!(f, "t{task}:{page}"),
            Self::Model { model } => write!(f, "m{model}"),
            Self::Start { model } => write!(f, "n{model}"),
            Self::Jobs => f.write_str("J"),
            Self::Job { id, action } => {
                let letter = JobAction::ALL.iter().find(|(_, a)| a == action).map_or('s', |(c, _)| *c);
                write!(f, "j{letter}{id}")
            }
            Self::Form { nonce, path, action } => write!(f, "f{nonce}:{path}:{action}"),
            Self::FollowUp { id, task, at: None } => write!(f, "s{id}{task}"),
            Self::FollowUp { id, task, at: Some((file, page)) } => write!(f, "s{id}{task}:{file}:{page}"),
            Self::StartWith { id, file, model } => write!(f, "w{id}{file}:{model}"),
        }
    }
}

impl fmt::Display for FormAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open => f.write_str("o"),
            Self::Page(n) => write!(f, "p{n}"),
            Self::Set(n) => write!(f, "s{n}"),
            Self::Clear => f.write_str("c"),
            Self::Pop => f.write_str("r"),
            Self::Add => f.write_str("a"),
            Self::Done => f.write_str("d"),
            Self::Skip => f.write_str("k"),
            Self::Remove => f.write_str("x"),
            Self::Fold => f.write_str("m"),
            Self::Use => f.write_str("u"),
            Self::Task(id) => write!(f, "t{id}"),
            Self::Generate => f.write_str("g"),
        }
    }
}

impl FromStr for ButtonData {
    type Err = ParseError;

    fn from_str(data: &str) -> Result<Self, ParseError> {
        let rest = data.strip_prefix(VERSION).ok_or(ParseError::Version)?;
        let mut chars = rest.chars();
        let word = chars.next().ok_or(ParseError::Unknown)?;
        let rest = chars.as_str();
        match word {
            'h' => bare(rest, Self::Home),
            '-' => bare(rest, Self::Nothing),
            'L' => bare(rest, Self::Languages),
            'J' => bare(rest, Self::Jobs),
            'l' => Ok(Self::Language { code: some(rest, "language")? }),
            'm' => Ok(Self::Model { model: some(rest, "model")? }),
            'n' => Ok(Self::Start { model: some(rest, "model")? }),
            't' => {
                let (task, page) = rest.rsplit_once(':').ok_or(ParseError::Part("page"))?;
                Ok(Self::Task { task: some(task, "task")?, page: number(page, "page")? })
            }
            'j' => {
                let mut chars = rest.chars();
                let letter = chars.next().ok_or(ParseError::Part("action"))?;
                let action = JobAction::ALL.iter().find(|(c, _)| *c == letter).ok_or(ParseError::Part("action"))?.1;
                Ok(Self::Job { id: job(chars.as_str())?, action })
            }
            'f' => {
                let mut parts = rest.splitn(3, ':');
                let nonce = some(parts.next().unwrap_or_default(), "nonce")?;
                let path = parts.next().and_then(|p| p.parse().ok()).ok_or(ParseError::Part("path"))?;
                let action = parts.next().ok_or(ParseError::Part("action"))?.parse()?;
                Ok(Self::Form { nonce, path, action })
            }
            's' => {
                let (id, rest) = job_and_rest(rest)?;
                let (task, at) = match rest.split_once(':') {
                    None => (rest, None),
                    Some((task, at)) => {
                        let (file, page) = at.split_once(':').ok_or(ParseError::Part("page"))?;
                        (task, Some((number(file, "file")?, number(page, "page")?)))
                    }
                };
                Ok(Self::FollowUp { id, task: some(task, "task")?, at })
            }
            'w' => {
                let (id, rest) = job_and_rest(rest)?;
                let (file, model) = rest.split_once(':').ok_or(ParseError::Part("model"))?;
                Ok(Self::StartWith { id, file: number(file, "file")?, model: some(model, "model")? })
            }
            _ => Err(ParseError::Unknown),
        }
    }
}

impl FromStr for FormAction {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut chars = text.chars();
        let letter = chars.next().ok_or(ParseError::Part("action"))?;
        let rest = chars.as_str();
        match letter {
            'o' => bare(rest, Self::Open),
            'p' => Ok(Self::Page(number(rest, "page")?)),
            's' => Ok(Self::Set(number(rest, "option")?)),
            'c' => bare(rest, Self::Clear),
            'r' => bare(rest, Self::Pop),
            'a' => bare(rest, Self::Add),
            'd' => bare(rest, Self::Done),
            'k' => bare(rest, Self::Skip),
            'x' => bare(rest, Self::Remove),
            'm' => bare(rest, Self::Fold),
            'u' => bare(rest, Self::Use),
            't' => Ok(Self::Task(job(rest)?)),
            'g' => bare(rest, Self::Generate),
            _ => Err(ParseError::Part("action")),
        }
    }
}

fn bare<T>(rest: &str, value: T) -> Result<T, ParseError> {
    if rest.is_empty() { Ok(value) } else { Err(ParseError::Unknown) }
}

fn some(text: &str, part: &'static str) -> Result<String, ParseError> {
    if text.is_empty() { Err(ParseError::Part(part)) } else { Ok(text.to_owned()) }
}

fn number(text: &str, part: &'static str) -> Result<u16, ParseError> {
    text.parse().map_err(|_| ParseError::Part(part))
}

fn job_and_rest(text: &str) -> Result<(JobId, &str), ParseError> {
    let (id, rest) = text.split_at_checked(JOB).ok_or(ParseError::Part("job"))?;
    Ok((job(id)?, rest))
}

fn job(text: &str) -> Result<JobId, ParseError> {
    let hex = text.len() == JOB && text.bytes().all(|b| b.is_ascii_hexdigit());
    if hex { Ok(JobId(text.to_owned())) } else { Err(ParseError::Part("job")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models;
    use crate::schema::spec::{FieldSpec, Kind};

    /// Telegram's limit in bytes.
    const LIMIT: usize = 64;

    fn round_trip(press: ButtonData) {
        let data = press.to_string();
        assert!(data.len() <= LIMIT, "{data} has {} bytes", data.len());
        assert_eq!(data.parse::<ButtonData>().as_ref(), Ok(&press), "{data}");
    }

    fn form(path: &[u16], action: FormAction) {
        round_trip(ButtonData::Form { nonce: "abcd1234".into(), path: FieldPath(path.to_vec()), action });
    }

    /// F35: several formats of button data lived side by side, and some could not be read back.
    #[test]
    fn f35_every_word_comes_back() {
        let id = JobId("0190a1b2c3d4e5f60718293a4b5c6d7e".into());
        for press in [
            ButtonData::Home,
            ButtonData::Nothing,
            ButtonData::Languages,
            ButtonData::Jobs,
            ButtonData::Language { code: "ru".into() },
            ButtonData::Task { task: "text_to_image".into(), page: 12 },
        ] {
            round_trip(press);
        }
        let (task, model) = ("image_to_video", "0a1b2c3d");
        for at in [None, Some((11, 99))] {
            round_trip(ButtonData::FollowUp { id: id.clone(), task: task.into(), at });
        }
        round_trip(ButtonData::StartWith { id: id.clone(), file: 11, model: model.into() });
        for (_, action) in JobAction::ALL {
            round_trip(ButtonData::Job { id: id.clone(), action });
        }
        for action in [
            FormAction::Open,
            FormAction::Page(3),
            FormAction::Set(97),
            FormAction::Clear,
            FormAction::Pop,
            FormAction::Add,
            FormAction::Done,
            FormAction::Skip,
            FormAction::Remove,
            FormAction::Fold,
            FormAction::Use,
            FormAction::Generate,
            FormAction::Task(id),
        ] {
            form(&[18, 99, 5, 10], action.clone());
            form(&[], action);
        }
    }

    /// F35: names of over 64 bytes were cut off and led nowhere.
    #[test]
    fn f35_the_whole_registry_fits_into_buttons() {
        fn walk(fields: &'static [FieldSpec], at: &[u16]) {
            for (i, field) in fields.iter().enumerate() {
                let here = [at, &[i as u16]].concat();
                options(&field.kind, &here);
            }
        }
        fn options(kind: &'static Kind, here: &[u16]) {
            match kind {
                Kind::Choice(choice) => {
                    for n in 0..choice.options.len() {
                        form(here, FormAction::Set(n as u16));
                    }
                }
                Kind::List(list) => options(list.item, &[here, &[99]].concat()),
                Kind::Object(fields) => walk(fields, here),
                Kind::Text(_)
                | Kind::Integer(_)
                | Kind::Decimal(_)
                | Kind::Boolean
                | Kind::Media(_)
                | Kind::Task(_) => form(here, FormAction::Task(JobId("f".repeat(32)))),
            }
        }
        for task in models::tasks() {
            round_trip(ButtonData::Task { task: task.id.into(), page: 999 });
            round_trip(ButtonData::FollowUp { id: JobId("f".repeat(32)), task: task.id.into(), at: Some((99, 99)) });
        }
        for spec in models::all() {
            round_trip(ButtonData::Model { model: spec.id.into() });
            round_trip(ButtonData::Start { model: spec.id.into() });
            walk(spec.fields, &[]);
        }
    }

    /// F35: a button of another version was not told from a broken one.
    #[test]
    fn f35_what_is_not_ours_is_named() {
        for (data, error) in [
            ("", ParseError::Version),
            ("sel:z-image", ParseError::Version),
            ("0h", ParseError::Version),
            ("1", ParseError::Unknown),
            ("1?", ParseError::Unknown),
            ("1hx", ParseError::Unknown),
            ("1m", ParseError::Part("model")),
            ("1ttext_to_image", ParseError::Part("page")),
            ("1ttext_to_image:x", ParseError::Part("page")),
            ("1jz0190", ParseError::Part("action")),
            ("1js0190", ParseError::Part("job")),
            ("1s0190", ParseError::Part("job")),
            ("1s0190a1b2c3d4e5f60718293a4b5c6d7e", ParseError::Part("task")),
            ("1s0190a1b2c3d4e5f60718293a4b5c6d7eupscale:0", ParseError::Part("page")),
            ("1s0190a1b2c3d4e5f60718293a4b5c6d7eupscale:x:0", ParseError::Part("file")),
            ("1w0190a1b2c3d4e5f60718293a4b5c6d7e0", ParseError::Part("model")),
            ("1w0190a1b2c3d4e5f60718293a4b5c6d7e:0a1b2c3d", ParseError::Part("file")),
            ("1f:1:o", ParseError::Part("nonce")),
            ("1fabc:x:o", ParseError::Part("path")),
            ("1fabc:1", ParseError::Part("action")),
            ("1fabc:1:s", ParseError::Part("option")),
            ("1fabc:1:s70000", ParseError::Part("option")),
        ] {
            assert_eq!(data.parse::<ButtonData>(), Err(error), "{data}");
        }
    }
}
