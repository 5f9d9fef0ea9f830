//! The account at KIE: the client, its shared limits, and the addresses of its webhooks.

use std::sync::Arc;

use secrecy::SecretString;

use super::AppError;
use crate::bot::{ChatDelivery, ConnectError, Telegram};
use crate::client;
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::service::{Service, SharedLimiter, StarCalls, Webhooks};
use crate::store::Store;

/// The KIE client of the settings.
///
/// # Errors
/// When the key is missing or the client cannot be built.
pub fn client(config: &Config) -> Result<client::Client, AppError> {
    client_with(config, client::Policy::default())
}

/// The KIE client of the settings, with other rate limits.
///
/// # Errors
/// As [`client()`].
pub fn client_with(config: &Config, policy: client::Policy) -> Result<client::Client, AppError> {
    let key = config.need_kie_key()?.clone();
    let settings = client::Settings {
        api_url: config.kie_url.clone(),
        upload_url: config.kie_upload_url.clone(),
        private_hosts: config.private_hosts,
        policy,
        ..client::Settings::new(key)
    };
    Ok(client::Client::new(settings)?)
}

/// The delivery to chats, for a process that runs no bot.
///
/// # Errors
/// When the token or the key is missing, or one of the clients cannot be built.
pub fn delivery(config: &Config, store: Arc<dyn Store>) -> Result<ChatDelivery, AppError> {
    let token = config.need_bot_token()?.clone();
    let client = client(config)?;
    let telegram = telegram(config, &token, Arc::new(SystemClock))?;
    let service = service(config, &token, store, client, &telegram);
    Ok(ChatDelivery::new(telegram, service))
}

/// The calls about payments in Telegram Stars.
///
/// # Errors
/// When the token is missing, or the client cannot be built.
pub fn star_calls(config: &Config) -> Result<impl StarCalls + use<>, AppError> {
    let token = config.need_bot_token()?.clone();
    Ok(telegram(config, &token, Arc::new(SystemClock))?)
}

/// The account at Telegram of the settings.
///
/// # Errors
/// When the client cannot be built.
pub(super) fn telegram(config: &Config, token: &SecretString, clock: Arc<dyn Clock>) -> Result<Telegram, ConnectError> {
    let telegram =
        Telegram::connect(token.clone(), Some(config.telegram_url.clone()), clock)?.with_rate(config.telegram_rate);
    if config.telegram_local { telegram.with_local_server() } else { Ok(telegram) }
}

/// The addresses for KIE's webhooks, if there is a public address and an HTTP server.
fn webhooks(config: &Config, token: &SecretString, clock: Arc<dyn Clock>) -> Option<Webhooks> {
    let webhooks = Webhooks::new(config.public_url.as_ref().filter(|_| config.http.is_some())?, token);
    Some(match &config.kie_webhook_key {
        Some(key) => webhooks.with_verifier(client::Verifier::new(key.clone(), clock)),
        None => webhooks,
    })
}

/// The service over a store, with rate limits for all instances together and with webhooks if possible.
pub(super) fn service(
    config: &Config,
    token: &SecretString,
    store: Arc<dyn Store>,
    client: client::Client,
    telegram: &Telegram,
) -> Service {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let client = match store.budgets() {
        Some(budgets) => client.with_limiter(Arc::new(SharedLimiter::new(budgets))),
        None => client,
    };
    let service = Service::new(store, client, clock.clone()).with_send_limit(telegram.upload_limit());
    let service = service.with_quotas(config.quotas, config.access.admins.clone()).with_tariff(config.tariff);
    let service = service.with_star_packs(config.star_packs.clone()).with_star_plans(config.star_plans.clone());
    let service = service.with_support(config.support.clone());
    let service = service.with_terms(config.terms.clone());
    let service = service.with_alert_credits(config.alert_credits).with_allowance(config.allowance);
    let service = service.with_referral(config.referral);
    let service = if config.show_balance { service.with_balance() } else { service };
    match webhooks(config, token, clock) {
        Some(webhooks) => service.with_webhooks(webhooks),
        None => service,
    }
}
