//! `kie-bot admin requests`.

use serde::Serialize;

use super::{Operation, failed};
use crate::access::{AccessPolicy, AccessRequest, RequestState};
use crate::cli::output::{note, print_json};
use crate::cli::table::Table;
use crate::cli::{CliError, example};
use crate::job::UserId;

#[derive(Debug, clap::Args)]
#[command(after_help = example::help(&examples()))]
pub(super) struct Args {
    #[command(subcommand)]
    command: RequestCommand,
}

#[derive(Debug, clap::Subcommand)]
enum RequestCommand {
    /// List the open requests, the first first.
    List(ListArgs),
    /// Let the person in. The running bot follows within seconds.
    Allow(DecideArgs),
    /// Do not let the person in.
    Refuse(DecideArgs),
}

#[derive(Debug, clap::Args)]
struct ListArgs {
    /// At most so many.
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: u32,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
struct DecideArgs {
    /// The number of whoever asks.
    #[arg(value_name = "USER")]
    user: i64,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

fn examples() -> Vec<String> {
    vec!["admin requests list".into(), "admin requests allow 5000001".into()]
}

/// Its JSON form is stable.
#[derive(Serialize)]
struct RequestRow<'a> {
    user: i64,
    name: &'a str,
    user_name: Option<&'a str>,
    /// `open`, `allowed` or `refused`.
    state: &'static str,
    asked_at_ms: i64,
}

impl RequestRow<'_> {
    fn of(request: &AccessRequest) -> RequestRow<'_> {
        RequestRow {
            user: request.party.id,
            name: &request.party.name,
            user_name: request.party.user_name.as_deref(),
            state: request.state.as_str(),
            asked_at_ms: request.asked_at.millis(),
        }
    }
}

impl Operation<'_> {
    pub(super) async fn requests(&self, args: Args) -> Result<(), CliError> {
        match args.command {
            RequestCommand::List(args) => self.list_requests(&args).await,
            RequestCommand::Allow(args) => self.decide_request(&args, RequestState::Allowed).await,
            RequestCommand::Refuse(args) => self.decide_request(&args, RequestState::Refused).await,
        }
    }

    async fn list_requests(&self, args: &ListArgs) -> Result<(), CliError> {
        let open = self.users.open_requests(args.limit).await.map_err(failed)?;
        if args.json {
            return print_json(&open.iter().map(RequestRow::of).collect::<Vec<_>>());
        }
        if self.policy != AccessPolicy::List {
            note(&self.messages.requests_policy());
        }
        if open.is_empty() {
            note(&self.messages.requests_none());
            return Ok(());
        }
        self.print_requests(&open);
        Ok(())
    }

    async fn decide_request(&self, args: &DecideArgs, state: RequestState) -> Result<(), CliError> {
        let decided = self.users.decide_request(UserId(args.user), state, "").await.map_err(failed)?;
        let request = decided.ok_or_else(|| CliError::BadInput(self.messages.request_none(&args.user.to_string())))?;
        if args.json {
            return print_json(&RequestRow::of(&request));
        }
        self.print_requests(std::slice::from_ref(&request));
        note(&self.messages.request_untold());
        Ok(())
    }

    fn print_requests(&self, requests: &[AccessRequest]) {
        let messages = self.messages;
        let head = [
            messages.head_user(),
            messages.head_name(),
            messages.head_user_name(),
            messages.head_day(),
            messages.head_state(),
        ];
        let mut table = Table::new(&head);
        for AccessRequest { party, asked_at, state, .. } in requests {
            table.add_row([
                party.id.to_string(),
                party.name.clone(),
                party.user_name.clone().unwrap_or_default(),
                asked_at.date(),
                state.as_str().to_owned(),
            ]);
        }
        table.print();
    }
}
