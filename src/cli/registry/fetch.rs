//! Asks the vendor for its list, schemas and prices, within its limits; or reads what was saved.

use std::path::Path;

use futures::StreamExt;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;

use crate::cli::output::note;
use crate::cli::{CliError, init_logging, load_config};
use crate::client::catalogue::{Listed, Query};
use crate::client::limit::Rate;
use crate::client::{self, Client};
use crate::config::is_loopback;
use crate::l10n::CliMessages;
use crate::market::answer::NoAnswers;
use crate::market::{self, Answers, Failure, Offer};

/// Questions under way at the same time: answers may take longer than the pause between questions.
const PARALLEL: usize = 4;
/// So many questions take a while at the vendor's pace.
const MANY: usize = 20;

/// What was saved in a file.
pub(super) fn saved(path: &Path, phrases: &CliMessages) -> Result<Answers, CliError> {
    // Settings of a real account are not needed here, and need not be right.
    init_logging("warn")?;
    let answers = Answers::read(&json(path, phrases)?);
    answers
        .map_err(|NoAnswers| CliError::BadInput(phrases.cannot_use(&path.display().to_string(), &phrases.no_answers())))
}

/// A file of JSON.
pub(super) fn json(path: &Path, phrases: &CliMessages) -> Result<Value, CliError> {
    let bad = |why: &str| CliError::BadInput(phrases.cannot_read(&path.display().to_string(), why));
    let text = std::fs::read_to_string(path).map_err(|error| bad(&error.to_string()))?;
    serde_json::from_str(&text).map_err(|error| bad(&phrases.not_json(&error.to_string())))
}

/// A client that asks as often as the vendor allows; an address on this machine has no limit.
pub(super) fn client() -> Result<Client, CliError> {
    let config = load_config(Some("warn"))?;
    let mut policy = client::Policy::default();
    if is_loopback(&config.kie_url) {
        policy.catalogue = Rate::UNLIMITED;
    }
    Ok(crate::app::client_with(&config, policy)?)
}

/// Everything that a comparison needs; with `only`, of these models alone. What fails is in the answers.
///
/// # Errors
/// When there is no list.
pub(super) async fn all(client: &Client, only: &[String], phrases: &CliMessages) -> Result<Answers, CliError> {
    let offers = list(client, phrases).await?;
    if offers.is_empty() {
        return Err(CliError::Failed(phrases.vendor_lists_nothing()));
    }
    let wanted: Vec<String> = market::wanted(&offers, only).into_iter().map(str::to_owned).collect();
    if wanted.len() > MANY {
        note(&phrases.asking_vendor(wanted.len()));
    }
    let bar = ProgressBar::new(wanted.len() as u64);
    let progress = phrases.asking_progress("{pos}", "{len}", "{elapsed}", "{eta}");
    if let Ok(style) = ProgressStyle::with_template(&format!("  {{bar:30.green}}  {progress}  {{wide_msg}}")) {
        bar.set_style(style.progress_chars("━━ "));
    }
    let mut answers = Answers { offers, ..Answers::default() };
    let asked = futures::stream::iter(wanted)
        .map(|model| async {
            let priced = answers.offer(&model).is_some_and(|offer| offer.pricing.is_some());
            (one(client, &model, priced).await, model)
        })
        .buffered(PARALLEL)
        .inspect(|(_, model)| {
            bar.set_message(model.clone());
            bar.inc(1);
        });
    let all: Vec<(Page, String)> = asked.collect().await;
    bar.finish_and_clear();
    for (page, model) in all {
        page.keep(&model, &mut answers);
    }
    Ok(answers)
}

/// What an entry needs.
///
/// # Errors
/// When the vendor does not know the model, or does not answer.
pub(super) async fn model(client: &Client, model: &str, phrases: &CliMessages) -> Result<Answers, CliError> {
    let mut answers = Answers { offers: list(client, phrases).await?, ..Answers::default() };
    let priced = answers.offer(model).is_some_and(|offer| offer.pricing.is_some());
    let page = one(client, model, priced).await;
    if let Err(error) = &page.schema {
        let why = if error.is_not_found() { phrases.vendor_does_not_know() } else { phrases.call(error) };
        return Err(CliError::Failed(phrases.no_schema_of(model, &why)));
    }
    page.keep(model, &mut answers);
    Ok(answers)
}

async fn list(client: &Client, phrases: &CliMessages) -> Result<Vec<Offer>, CliError> {
    let listed = client.models(&Query::default()).await;
    let listed = listed.map_err(|error| CliError::Failed(phrases.list_unreadable(&phrases.call(&error))))?;
    Ok(listed.into_iter().map(offer).collect())
}

fn offer(listed: Listed) -> Offer {
    let Listed { model, title, provider, task_types, pricing, .. } = listed;
    Offer { model, title, provider, task_types, pricing }
}

/// The answers about one model. The list usually names the price: then there is nothing to ask.
struct Page {
    schema: Result<Option<Value>, client::Error>,
    price: Option<Result<Option<String>, client::Error>>,
}

async fn one(client: &Client, model: &str, priced: bool) -> Page {
    let schema = client.schema(model).await.map(|schema| schema.openapi);
    let price = if priced { None } else { Some(client.price(model).await) };
    Page { schema, price }
}

impl Page {
    fn keep(self, model: &str, answers: &mut Answers) {
        let failure = |what: &str, error: &client::Error| Failure {
            model: model.to_owned(),
            error: format!("the {what} cannot be read: {error}"),
        };
        match self.schema {
            Ok(openapi) => {
                answers.schemas.insert(model.to_owned(), openapi);
            }
            Err(error) => answers.failed.push(failure("schema", &error)),
        }
        match self.price {
            Some(Ok(price)) => {
                answers.prices.insert(model.to_owned(), price);
            }
            Some(Err(error)) => answers.failed.push(failure("price", &error)),
            None => {}
        }
    }
}
