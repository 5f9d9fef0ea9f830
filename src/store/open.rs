//! Opens a database by its address.

use std::sync::Arc;
use std::time::Duration;

use super::migration::Upgrade;
use super::sql::SqlStore;
use super::{
    Store, access, alert, announcement, audit, books, engine, free, inbox, invoice, model_rule, person, postgres,
    promo, referral, refund, shortage, sqlite, star_subscription, statement, url, wallet,
};
use crate::store_error::StoreError;

/// How long [`open`] waits for a connection or for a locked database.
pub const WAIT_TIMEOUT: Duration = Duration::from_secs(5);

/// Opens the database, and creates or upgrades its tables. Newer tables are used as they are, if they say that this
/// version may.
///
/// `sqlite:PATH`, `sqlite://PATH` (the file and its folder are created) and `sqlite::memory:` (deleted when the process
/// ends) are SQLite; `postgres://` and `postgresql://` are PostgreSQL.
///
/// # Errors
/// [`StoreError::Url`] for an unsupported address, [`StoreError::Open`] when the database cannot be opened,
/// [`StoreError::Version`] when this version is too old for it. None contains a password.
pub async fn open(database_url: &str) -> Result<Arc<dyn Store>, StoreError> {
    open_within(database_url, WAIT_TIMEOUT).await
}

/// As [`open`], with another limit for every wait for a connection or a lock, now and later.
///
/// # Errors
/// As [`open`].
pub async fn open_within(database_url: &str, timeout: Duration) -> Result<Arc<dyn Store>, StoreError> {
    open_with(database_url, timeout, Upgrade::Apply).await
}

/// As [`open`], and never changes a table: for a program that looks at the database of a bot, which may run and be of
/// another version. A SQLite file is not created.
///
/// # Errors
/// As [`open`]; [`StoreError::Version`] also for tables that are missing or older than this version.
pub async fn open_as_is(database_url: &str) -> Result<Arc<dyn Store>, StoreError> {
    open_with(database_url, WAIT_TIMEOUT, Upgrade::Refuse).await
}

async fn open_with(database_url: &str, timeout: Duration, upgrade: Upgrade) -> Result<Arc<dyn Store>, StoreError> {
    let engine: Arc<dyn engine::Engine> = match url::parse(database_url)? {
        url::DatabaseUrl::Sqlite(url) => Arc::new(sqlite::SqliteEngine::open(url, timeout, upgrade).await?),
        url::DatabaseUrl::Postgres(url) => Arc::new(postgres::PostgresEngine::open(*url, timeout, upgrade).await?),
    };
    Ok(Arc::new(SqlStore::new(engine)))
}

/// Every statement for this kind of database, by name: tests have each one explained.
///
/// # Errors
/// [`StoreError::Url`] for an unsupported address.
pub fn statements(database_url: &str) -> Result<Vec<(String, &'static str)>, StoreError> {
    let of_kind = match url::parse(database_url)? {
        url::DatabaseUrl::Sqlite(_) => sqlite::statements(),
        url::DatabaseUrl::Postgres(_) => postgres::statements(),
    };
    let of_all = [
        access::ALL,
        alert::ALL,
        announcement::ALL,
        audit::ALL,
        books::ALL,
        free::ALL,
        inbox::ALL,
        invoice::ALL,
        model_rule::ALL,
        person::ALL,
        promo::ALL,
        referral::ALL,
        refund::ALL,
        shortage::ALL,
        star_subscription::ALL,
        statement::ALL,
        wallet::ALL,
    ];
    let of_all = of_all.into_iter().flatten().map(|(name, sql)| ((*name).to_owned(), *sql));
    Ok(of_all.chain(of_kind).collect())
}
