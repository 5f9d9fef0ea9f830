//! `kie-bot admin audit`.

use serde::Serialize;

use super::{Operation, failed};
use crate::audit::AuditEntry;
use crate::cli::CliError;
use crate::cli::output::{note, print_json};
use crate::cli::table::Table;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only what was done about the person or the chat of this number.
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true)]
    about: Option<i64>,
    /// Only acts before that one, by its id.
    #[arg(long, value_name = "ID")]
    before: Option<i64>,
    /// At most so many.
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: u32,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Its JSON form is stable.
#[derive(Serialize)]
struct AuditRow<'a> {
    id: i64,
    at_ms: i64,
    /// A person's number, or `cli:` and the name of an account of the system.
    actor: String,
    action: &'a str,
    about: Option<i64>,
    subject: Option<&'a str>,
    before: Option<&'a str>,
    after: Option<&'a str>,
}

impl AuditRow<'_> {
    fn of((id, entry): &(i64, AuditEntry)) -> AuditRow<'_> {
        let AuditEntry { at, actor, action, about, subject, before, after } = entry;
        AuditRow {
            id: *id,
            at_ms: at.millis(),
            actor: actor.to_string(),
            action: action.as_str(),
            about: *about,
            subject: subject.as_deref(),
            before: before.as_deref(),
            after: after.as_deref(),
        }
    }
}

impl Operation<'_> {
    pub(super) async fn audit(&self, args: &Args) -> Result<(), CliError> {
        let acts = self.users.audit(args.about, args.before, args.limit).await.map_err(failed)?;
        let rows: Vec<AuditRow<'_>> = acts.iter().map(AuditRow::of).collect();
        if args.json {
            return print_json(&rows);
        }
        let messages = self.messages;
        if rows.is_empty() {
            note(&messages.audit_none());
            return Ok(());
        }
        let head = [
            messages.head_id(),
            messages.head_day(),
            messages.head_actor(),
            messages.head_action(),
            messages.head_user(),
            messages.head_about(),
            messages.head_before(),
            messages.head_after(),
        ];
        let mut table = Table::new(&head).unwrapped(&[1, 2, 3, 4]);
        for (row, (_, act)) in rows.iter().zip(&acts) {
            table.add_row([
                row.id.to_string(),
                act.at.date(),
                row.actor.clone(),
                row.action.to_owned(),
                row.about.map(|id| id.to_string()).unwrap_or_default(),
                row.subject.unwrap_or_default().to_owned(),
                row.before.unwrap_or_default().to_owned(),
                row.after.unwrap_or_default().to_owned(),
            ]);
        }
        table.print();
        Ok(())
    }
}
