//! Asks the vendor for its list, schemas and prices, within its limits; or reads what was saved.

use std::path::Path;

use futures::StreamExt;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;

use crate::cli::output::note;
use crate::cli::{CliError, settle, settle_log};
use crate::config::is_loopback;
use crate::kie::catalogue::{Listed, Query};
use crate::kie::limit::Rate;
use crate::kie::{self, Client};
use crate::market::{self, Answers, Failure, Offer};

/// Questions under way at the same time: answers may take longer than the pause between questions.
const PARALLEL: usize = 4;
/// So many questions take a while at the vendor's pace.
const MANY: usize = 20;

/// What was saved in a file.
pub(super) fn saved(path: &Path) -> Result<Answers, CliError> {
    // Settings of a real account are not needed here, and need not be right.
    settle_log("warn")?;
    let bad = |why: &dyn std::fmt::Display| CliError::BadInput(format!("{} cannot be used: {why}", path.display()));
    Answers::read(&json(path)?).map_err(|why| bad(&why))
}

/// A file of JSON.
pub(super) fn json(path: &Path) -> Result<Value, CliError> {
    let bad = |why: &dyn std::fmt::Display| CliError::BadInput(format!("{} cannot be read: {why}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| bad(&error))?;
    serde_json::from_str(&text).map_err(|error| bad(&format!("it is not valid JSON: {error}")))
}

/// A client that asks as often as the vendor allows; an address on this machine has no limit.
pub(super) fn client() -> Result<Client, CliError> {
    let config = settle(Some("warn"))?;
    let mut policy = kie::Policy::default();
    if is_loopback(&config.kie_url) {
        policy.catalogue = Rate::UNLIMITED;
    }
    Ok(crate::app::client_with(&config, policy)?)
}

/// Everything that a comparison needs; with `only`, of these models alone. What fails is in the answers.
///
/// # Errors
/// When there is no list.
pub(super) async fn all(client: &Client, only: &[String]) -> Result<Answers, CliError> {
    let offers = list(client).await?;
    if offers.is_empty() {
        return Err(CliError::Failed("the vendor lists no models at all; nothing was compared".to_owned()));
    }
    let wanted: Vec<String> = market::wanted(&offers, only).into_iter().map(str::to_owned).collect();
    if wanted.len() > MANY {
        note(&format!("asking the vendor about {} models", wanted.len()));
    }
    let bar = ProgressBar::new(wanted.len() as u64);
    if let Ok(style) =
        ProgressStyle::with_template("  {bar:30.green}  {pos} of {len} models  {elapsed}, {eta} to go  {wide_msg}")
    {
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
pub(super) async fn model(client: &Client, model: &str) -> Result<Answers, CliError> {
    let mut answers = Answers { offers: list(client).await?, ..Answers::default() };
    let priced = answers.offer(model).is_some_and(|offer| offer.pricing.is_some());
    let page = one(client, model, priced).await;
    if let Err(error) = &page.schema {
        let why = if error.is_not_found() { "the vendor does not know it".to_owned() } else { error.to_string() };
        return Err(CliError::Failed(format!("there is no schema of `{model}`: {why}")));
    }
    page.keep(model, &mut answers);
    Ok(answers)
}

async fn list(client: &Client) -> Result<Vec<Offer>, CliError> {
    let listed = client.models(&Query::default()).await;
    let listed = listed.map_err(|error| CliError::Failed(format!("the vendor's list cannot be read: {error}")))?;
    Ok(listed.into_iter().map(offer).collect())
}

fn offer(listed: Listed) -> Offer {
    let Listed { model, title, provider, task_types, pricing, .. } = listed;
    Offer { model, title, provider, task_types, pricing }
}

/// The answers about one model. The list usually names the price: then there is nothing to ask.
struct Page {
    schema: Result<Option<Value>, kie::Error>,
    price: Option<Result<Option<String>, kie::Error>>,
}

async fn one(client: &Client, model: &str, priced: bool) -> Page {
    let schema = client.schema(model).await.map(|schema| schema.openapi);
    let price = if priced { None } else { Some(client.price(model).await) };
    Page { schema, price }
}

impl Page {
    fn keep(self, model: &str, answers: &mut Answers) {
        let failure = |what: &str, error: &kie::Error| Failure {
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
