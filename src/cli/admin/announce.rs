//! `kie-bot admin announce`.

use std::time::Duration;

use serde::Serialize;

use crate::announcement::{
    Announcement, AnnouncementId, AnnouncementState, AnnouncementTextError, AnnouncementTexts, MAX_TEXT,
};
use crate::cli::input::InputMembers;
use crate::cli::output::{note, print_json};
use crate::cli::table::Table;
use crate::cli::{CliError, example};
use crate::clock::Timestamp;
use crate::l10n::{CliMessages, Lang};
use crate::service::{AnnouncementAdmin, AnnouncementAdminError};

const DAY: Duration = Duration::from_secs(24 * 3600);
/// Most characters of a text in the table.
const MAX_ROW: usize = 40;

#[derive(Debug, clap::Args)]
#[command(after_help = example::help(&examples()))]
pub(super) struct Args {
    #[command(subcommand)]
    command: AnnounceCommand,
}

#[derive(Debug, clap::Subcommand)]
enum AnnounceCommand {
    /// Tell all people something. The running bot does, behind all its answers and results.
    Send(SendArgs),
    /// List announcements, newest first, with how many people were told.
    List(ListArgs),
    /// Stop an announcement that has not ended. Who was told was told.
    Stop(StopArgs),
}

#[derive(Debug, clap::Args)]
struct SendArgs {
    /// The text, @FILE, or - for standard input; at most 4096 characters. A line `[ru]` or `[en]` begins the text for people of
    /// that language; what stands before the first such line is for all others.
    #[arg(value_name = "TEXT")]
    text: String,
    /// Only to people who were there within so many days.
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=3650))]
    seen: Option<u32>,
    /// Only show the texts and how many people there are.
    #[arg(long)]
    dry_run: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
struct ListArgs {
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
struct StopArgs {
    /// Its number.
    #[arg(value_name = "NUMBER")]
    id: i64,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

fn examples() -> Vec<String> {
    vec![
        "admin announce send \"Tonight we move to a faster machine.\" --dry-run".into(),
        "admin announce send @news.txt --seen 90".into(),
        "admin announce list --json".into(),
        "admin announce stop 3".into(),
    ]
}

/// Its JSON form is stable.
#[derive(Serialize)]
struct TextRow<'a> {
    /// Null: for people of all other languages.
    language: Option<&'a str>,
    text: &'a str,
}

/// Its JSON form is stable.
#[derive(Serialize)]
struct PlanRow<'a> {
    people: u64,
    texts: Vec<TextRow<'a>>,
}

/// Its JSON form is stable.
#[derive(Serialize)]
struct AnnouncementRow<'a> {
    id: i64,
    state: &'static str,
    made_at_ms: i64,
    /// Null: all people are told.
    seen_after_ms: Option<i64>,
    told: u64,
    unreachable: u64,
    failed: u64,
    texts: Vec<TextRow<'a>>,
}

fn text_rows(texts: &AnnouncementTexts) -> Vec<TextRow<'_>> {
    texts.all().map(|(lang, text)| TextRow { language: lang.map(Lang::code), text }).collect()
}

impl AnnouncementRow<'_> {
    fn of(announcement: &Announcement) -> AnnouncementRow<'_> {
        let Announcement { id, texts, made_at, seen_after, state, told, unreachable, failed } = announcement;
        AnnouncementRow {
            id: id.0,
            state: state.as_str(),
            made_at_ms: made_at.millis(),
            seen_after_ms: Some(seen_after.millis()).filter(|_| *seen_after > Timestamp::from_millis(0)),
            told: *told,
            unreachable: *unreachable,
            failed: *failed,
            texts: text_rows(texts),
        }
    }
}

pub(super) async fn run(args: Args, admin: &AnnouncementAdmin, lang: Lang) -> Result<(), CliError> {
    let messages = CliMessages::of(lang);
    let (announcement, json) = match args.command {
        AnnounceCommand::Send(args) => {
            let (text, _) = InputMembers::read_text(&args.text, messages)?;
            let texts = text.parse().map_err(|error| CliError::BadInput(text_error(error, messages)))?;
            let within = args.seen.map(|days| DAY * days);
            if args.dry_run {
                return show_plan(
                    &texts,
                    admin.count_people(within).await.map_err(super::failed)?,
                    args.json,
                    messages,
                );
            }
            let draft = admin.draft(&texts, within).await.map_err(super::failed)?;
            (admin.start(draft.id).await.map_err(|error| refusal(error, draft.id, messages))?, args.json)
        }
        AnnounceCommand::Stop(StopArgs { id, json }) => {
            let id = AnnouncementId(id);
            (admin.stop(id).await.map_err(|error| refusal(error, id, messages))?, json)
        }
        AnnounceCommand::List(ListArgs { json }) => {
            let list = admin.list().await.map_err(super::failed)?;
            if json {
                return print_json(&list.iter().map(AnnouncementRow::of).collect::<Vec<_>>());
            }
            print_announcements(&list, lang, messages);
            return Ok(());
        }
    };
    if json {
        return print_json(&AnnouncementRow::of(&announcement));
    }
    print_announcements(std::slice::from_ref(&announcement), lang, messages);
    Ok(())
}

fn show_plan(texts: &AnnouncementTexts, people: u64, json: bool, messages: &CliMessages) -> Result<(), CliError> {
    if json {
        return print_json(&PlanRow { people, texts: text_rows(texts) });
    }
    let mut table = Table::new(&[messages.head_language(), messages.head_text()]);
    for (lang, text) in texts.all() {
        let lang = lang.map_or_else(|| messages.announcement_all_others(), |lang| lang.name().to_owned());
        table.add_row([lang, text.to_owned()]);
    }
    table.print();
    note(&messages.announcement_people(people));
    Ok(())
}

fn refusal(error: AnnouncementAdminError, id: AnnouncementId, messages: &CliMessages) -> CliError {
    CliError::BadInput(match error {
        AnnouncementAdminError::Store(error) => return super::failed(error),
        AnnouncementAdminError::Unknown => messages.announcement_unknown(&id.to_string()),
        AnnouncementAdminError::TooLate(_) => messages.announcement_too_late(&id.to_string()),
    })
}

fn text_error(error: AnnouncementTextError, messages: &CliMessages) -> String {
    let of = |lang: Option<Lang>| lang.map_or_else(String::new, |lang| format!(" ({})", lang.name()));
    match error {
        AnnouncementTextError::Empty(lang) => messages.announcement_empty(&of(lang)),
        AnnouncementTextError::TooLong { length, lang } => {
            messages.announcement_too_long(&of(lang), &length.to_string(), &MAX_TEXT.to_string())
        }
        AnnouncementTextError::Repeated(lang) => messages.announcement_repeated(lang.name()),
    }
}

fn print_announcements(list: &[Announcement], lang: Lang, messages: &CliMessages) {
    if list.is_empty() {
        return note(&messages.announcement_none());
    }
    let head = [
        messages.head_number(),
        messages.head_state(),
        messages.head_told(),
        messages.head_unreachable(),
        messages.head_failed(),
        messages.head_text(),
    ];
    let mut table = Table::new(&head).unwrapped(&[0, 1]);
    for announcement in list {
        let state = match announcement.state {
            AnnouncementState::Draft => messages.announcement_draft(),
            AnnouncementState::Sending => messages.announcement_sending(),
            AnnouncementState::Done => messages.announcement_done(),
            AnnouncementState::Stopped => messages.announcement_stopped(),
        };
        let text = announcement.texts.in_language(lang);
        let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let short: String = line.chars().take(MAX_ROW).collect();
        table.add_row([
            announcement.id.to_string(),
            state,
            announcement.told.to_string(),
            announcement.unreachable.to_string(),
            announcement.failed.to_string(),
            if short == line { line } else { format!("{short}…") },
        ]);
    }
    table.print();
}
