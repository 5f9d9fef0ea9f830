//! The callback data of buttons: a versioned grammar of at most 64 bytes, Telegram's limit.
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
//! 1x<job><index>            a new form of the model of a next step
//! 1q                        ask to be let in         1a<action><number>   let in or refuse who has asked, or remove
//! 1B                        the balance            1b<number>      movements before that one
//! 1G                        the group's purse      1g<number>      movements of it before that one
//! 1A...                     what admins do: see [`AdminButton`]
//! 1U                        what can be bought      1u<stars>:<hundredths>    an invoice for that
//! 1v<stars>:<hundredths>    a link to subscribe     1y<action><invoice>        a subscription
//! 1i<code>                  withdraw an invitation   1p<page>             who was let in
//! ```
//!
//! A model id has at most 48 bytes and a job id 32, so each fits whole, and a button works in every process. Both do
//! not fit together: next to a job id, a model has its [short id](super::follow_up::short_id).

mod admin;
mod parse;
mod payment_mark;

use std::fmt;

use super::field_path::FieldPath;
use crate::access::InviteCode;
use crate::invoice::InvoiceId;
use crate::job::JobId;
use crate::ledger::Money;

pub(crate) use admin::{AdminButton, AdminEntry, AdminJobAction, AdminPaymentAction, AnnouncementAction};
pub(crate) use payment_mark::PaymentMark;

/// The grammar's version: the first byte of every button.
const VERSION: char = '1';
/// Length of a job's id in bytes.
const JOB: usize = 32;

/// What a button does when it is pressed.
///
/// A `Statement` has the movements of money before that one, a `PurseStatement` those of the group's. In a `FollowUp`, `at` is the index of the file and the page of models; the button under the result itself has none.
/// The `model` of `StartWith` is a short id; the `step` of `NextStep` is the index in the `next` of the job's model.
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
    NextStep { id: JobId, step: u16 },
    AskAccess,
    Access { id: i64, action: AccessAction },
    Withdraw { code: InviteCode },
    People { page: u16 },
    Balance,
    Statement { before: i64 },
    Purse,
    PurseStatement { before: i64 },
    Admin(AdminButton),
    TopUp,
    Pack { stars: u32, amount: Money },
    Plan { stars: u32, amount: Money },
    Subscription { invoice: InvoiceId, action: SubscriptionAction },
}

/// What a person does about their subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SubscriptionAction {
    /// Ask whether it is to be canceled.
    Ask,
    Cancel,
    /// May be switched on again.
    Allow,
}

impl SubscriptionAction {
    const ALL: [(char, Self); 3] = [('a', Self::Ask), ('c', Self::Cancel), ('r', Self::Allow)];
}

/// What an admin does about a person or a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AccessAction {
    /// Let in a person who has asked.
    Allow,
    /// Do not let in a person who has asked.
    Refuse,
    /// Forget that they were let in or denied.
    Remove,
}

impl AccessAction {
    const ALL: [(char, Self); 3] = [('a', Self::Allow), ('r', Self::Refuse), ('x', Self::Remove)];
}

/// What to do with a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum JobAction {
    /// Stop waiting for it.
    Detach,
    /// Show its result or state.
    Show,
    /// Order the same again.
    Repeat,
    /// Open a form with its input.
    Change,
    /// After a lost reply of the vendor: submit it again.
    Resend,
    /// After a lost reply of the vendor: give it up.
    Leave,
    /// Send the speech that it made as a voice message.
    Voice,
}

impl JobAction {
    const ALL: [(char, Self); 7] = [
        ('d', Self::Detach),
        ('s', Self::Show),
        ('r', Self::Repeat),
        ('c', Self::Change),
        ('n', Self::Resend),
        ('l', Self::Leave),
        ('v', Self::Voice),
    ];
}

/// What to do in a form, with the field or item at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FormAction {
    /// Open the editor of the field or item; the form itself when the path is empty.
    Open,
    /// Show another page of options.
    Page(u16),
    /// Choose an option by its index; for a flag, 0 is no and 1 is yes.
    Set(u16),
    /// Remove the value.
    Clear,
    /// Remove the last item.
    Pop,
    /// Add an item.
    Add,
    /// Finish editing this field or item.
    Done,
    /// Leave the field without a value.
    Skip,
    /// Remove this item from its list.
    Remove,
    /// Show or hide the advanced fields.
    Fold,
    /// Put what was sent into this field.
    Use,
    /// Pass the file here on to the vendor again.
    Retry,
    /// Use the task of an earlier job.
    Task(JobId),
    /// Order it.
    Generate,
    /// Order it although the model does poorly now.
    GenerateAnyway,
}

/// Why callback data could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ParseError {
    /// It was made by another version of the bot.
    #[error("the button has another version")]
    Version,
    /// This version has no such button.
    #[error("the button is unknown")]
    Unknown,
    /// A part is missing or malformed.
    #[error("the button has no valid {0}")]
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
            Self::NextStep { id, step } => write!(f, "x{id}{step}"),
            Self::AskAccess => f.write_str("q"),
            Self::Access { id, action } => {
                let letter = AccessAction::ALL.iter().find(|(_, a)| a == action).map_or('r', |(c, _)| *c);
                write!(f, "a{letter}{id}")
            }
            Self::Withdraw { code } => write!(f, "i{}", code.as_str()),
            Self::People { page } => write!(f, "p{page}"),
            Self::Balance => f.write_str("B"),
            Self::Statement { before } => write!(f, "b{before}"),
            Self::Purse => f.write_str("G"),
            Self::PurseStatement { before } => write!(f, "g{before}"),
            Self::Admin(button) => write!(f, "A{button}"),
            Self::TopUp => f.write_str("U"),
            Self::Pack { stars, amount } => write!(f, "u{stars}:{}", amount.hundredths()),
            Self::Plan { stars, amount } => write!(f, "v{stars}:{}", amount.hundredths()),
            Self::Subscription { invoice, action } => {
                let letter = SubscriptionAction::ALL.iter().find(|(_, a)| a == action).map_or('a', |(c, _)| *c);
                write!(f, "y{letter}{invoice}")
            }
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
            Self::Retry => f.write_str("y"),
            Self::Task(id) => write!(f, "t{id}"),
            Self::Generate => f.write_str("g"),
            Self::GenerateAnyway => f.write_str("G"),
        }
    }
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
    fn f35_every_button_is_read_back() {
        let id = JobId("0190a1b2c3d4e5f60718293a4b5c6d7e".into());
        for press in [
            ButtonData::Home,
            ButtonData::Nothing,
            ButtonData::Languages,
            ButtonData::Jobs,
            ButtonData::Language { code: "ru".into() },
            ButtonData::Task { task: "text_to_image".into(), page: 12 },
            ButtonData::AskAccess,
            ButtonData::Withdraw { code: InviteCode::of_bits(u128::MAX) },
            ButtonData::People { page: 999 },
            ButtonData::Balance,
            ButtonData::Statement { before: i64::MAX },
            ButtonData::Purse,
            ButtonData::PurseStatement { before: i64::MAX },
            ButtonData::TopUp,
            ButtonData::Pack { stars: u32::MAX, amount: Money::from_hundredths(i64::MAX) },
            ButtonData::Plan { stars: u32::MAX, amount: Money::from_hundredths(i64::MAX) },
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
        for (_, action) in SubscriptionAction::ALL {
            round_trip(ButtonData::Subscription { invoice: InvoiceId::of_bits(u128::MAX), action });
        }
        for (_, action) in AccessAction::ALL {
            for id in [i64::MIN, -1_001_234_567_890, 42] {
                round_trip(ButtonData::Access { id, action });
            }
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
            FormAction::Retry,
            FormAction::Generate,
            FormAction::GenerateAnyway,
            FormAction::Task(id),
        ] {
            form(&[18, 99, 5, 10], action.clone());
            form(&[], action);
        }
    }

    /// F35: names longer than 64 bytes were cut, and the button did nothing.
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

    /// F35: a button of another version was not distinguished from a malformed one.
    #[test]
    fn f35_unreadable_data_is_named() {
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
            ("1qx", ParseError::Unknown),
            ("1az42", ParseError::Part("action")),
            ("1aa", ParseError::Part("number")),
            ("1i0123", ParseError::Part("code")),
            ("1pX", ParseError::Part("page")),
            ("1Bx", ParseError::Unknown),
            ("1b", ParseError::Part("number")),
            ("1Ux", ParseError::Unknown),
            ("1u100", ParseError::Part("amount")),
            ("1ux:5", ParseError::Part("stars")),
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
