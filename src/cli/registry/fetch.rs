//! Requests the vendor's list, feeds, schemas and prices within its rate limit, or reads saved answers.

use std::path::Path;

use futures::StreamExt;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;

use super::file;
use crate::cli::output::note;
use crate::cli::{CliError, init_logging, load_config};
use crate::client::catalogue::{Listed, Query};
use crate::client::limit::Rate;
use crate::client::{self, Client};
use crate::config::is_loopback;
use crate::l10n::CliMessages;
use crate::market::answer::NoAnswers;
use crate::market::{self, Feed, ModelError, Offer, VendorAnswers};
use crate::models;

/// Concurrent requests: an answer may take longer than the interval between requests.
const PARALLEL: usize = 4;
/// From this number of models on, a note says that the requests take a while.
const SLOW_FROM: usize = 20;

/// Reads saved answers.
///
/// # Errors
/// When the file cannot be read or has no answers.
pub(super) fn saved(path: &Path, messages: &CliMessages) -> Result<VendorAnswers, CliError> {
    // Other settings are not needed here, so they need not be valid.
    init_logging("warn")?;
    let answers = VendorAnswers::read(&file::json(path, messages)?);
    answers.map_err(|NoAnswers| {
        CliError::BadInput(messages.cannot_use(&path.display().to_string(), &messages.no_answers()))
    })
}

/// A client with the vendor's rate limit; without one for a loopback address.
///
/// # Errors
/// When a setting is invalid.
pub(super) fn client() -> Result<Client, CliError> {
    let config = load_config(Some("warn"))?;
    let mut policy = client::Policy::default();
    if is_loopback(&config.kie_url) {
        policy.catalogue = Rate::UNLIMITED;
    }
    Ok(crate::app::client_with(&config, policy)?)
}

/// Requests what a comparison needs: the list and the public feeds, then prices that neither names. The schemas of
/// models in `only`, or of all models if `deep`; otherwise only those of models that the registry does not have. Failed
/// requests are recorded in the answers.
///
/// # Errors
/// When the list of models cannot be read or is empty.
pub(super) async fn all(
    client: &Client,
    only: &[String],
    deep: bool,
    messages: &CliMessages,
) -> Result<VendorAnswers, CliError> {
    let (offers, prices, announcements) =
        tokio::join!(list(client, messages), client.price_feed(), client.announcements());
    let mut answers = VendorAnswers {
        offers: offers?,
        price_feed: Feed::of(prices.map_err(|error| error.to_string())),
        announcements: Feed::of(announcements.map_err(|error| error.to_string())),
        ..VendorAnswers::default()
    };
    if answers.offers.is_empty() {
        return Err(CliError::Failed(messages.vendor_lists_nothing()));
    }
    let wanted: Vec<(String, Wanted)> = market::models_to_read(&answers.offers, only)
        .into_iter()
        .map(|model| {
            let is_new = models::all().iter().all(|spec| spec.id != model);
            let is_priced = answers.price(model).is_some() || !answers.feed_prices(model).is_empty();
            let schema = deep || !only.is_empty() || is_new;
            (model.to_owned(), Wanted { schema, price: !is_priced })
        })
        .filter(|(_, wanted)| wanted.schema || wanted.price)
        .collect();
    if wanted.len() > SLOW_FROM {
        note(&messages.asking_vendor(wanted.len()));
    }
    let bar = ProgressBar::new(wanted.len() as u64);
    let progress = messages.asking_progress("{pos}", "{len}", "{elapsed}", "{eta}");
    if let Ok(style) = ProgressStyle::with_template(&format!("  {{bar:30.green}}  {progress}  {{wide_msg}}")) {
        bar.set_style(style.progress_chars("━━ "));
    }
    let asked = futures::stream::iter(wanted)
        .map(|(model, wanted)| async move { (request(client, &model, wanted).await, model) })
        .buffered(PARALLEL)
        .inspect(|(_, model)| {
            bar.set_message(model.clone());
            bar.inc(1);
        });
    let all: Vec<(ModelAnswers, String)> = asked.collect().await;
    bar.finish_and_clear();
    for (one, model) in all {
        one.add_to(&model, &mut answers);
    }
    Ok(answers)
}

/// Requests what a registry entry needs of one model.
///
/// # Errors
/// When the vendor does not know the model, or does not answer.
pub(super) async fn model(client: &Client, model: &str, messages: &CliMessages) -> Result<VendorAnswers, CliError> {
    let mut answers = VendorAnswers { offers: list(client, messages).await?, ..VendorAnswers::default() };
    let wanted = Wanted { schema: true, price: answers.price(model).is_none() };
    let one = request(client, model, wanted).await;
    if let Some(Err(error)) = &one.schema {
        let why = if error.is_not_found() { messages.vendor_does_not_know() } else { messages.call(error) };
        return Err(CliError::Failed(messages.no_schema_of(model, &why)));
    }
    one.add_to(model, &mut answers);
    Ok(answers)
}

async fn list(client: &Client, messages: &CliMessages) -> Result<Vec<Offer>, CliError> {
    let listed = client.models(&Query::default()).await;
    let listed = listed.map_err(|error| CliError::Failed(messages.list_unreadable(&messages.call(&error))))?;
    Ok(listed.into_iter().map(offer).collect())
}

fn offer(listed: Listed) -> Offer {
    let Listed { model, title, provider, task_types, pricing, .. } = listed;
    Offer { model, title, provider, task_types, pricing }
}

/// What is requested of a model.
#[derive(Debug, Clone, Copy)]
struct Wanted {
    schema: bool,
    price: bool,
}

/// The answers about one model; `None` where nothing was requested.
struct ModelAnswers {
    schema: Option<Result<Option<Value>, client::Error>>,
    price: Option<Result<Option<String>, client::Error>>,
}

async fn request(client: &Client, model: &str, wanted: Wanted) -> ModelAnswers {
    let schema = if wanted.schema { Some(client.schema(model).await.map(|schema| schema.openapi)) } else { None };
    let price = if wanted.price { Some(client.price(model).await) } else { None };
    ModelAnswers { schema, price }
}

impl ModelAnswers {
    /// Adds them to the answers about all models.
    fn add_to(self, model: &str, answers: &mut VendorAnswers) {
        let failure = |what: &str, error: &client::Error| ModelError {
            model: model.to_owned(),
            error: format!("the {what} cannot be read: {error}"),
        };
        match self.schema {
            Some(Ok(openapi)) => {
                answers.schemas.insert(model.to_owned(), openapi);
            }
            Some(Err(error)) => answers.failed.push(failure("schema", &error)),
            None => {}
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
