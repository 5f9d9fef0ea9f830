//! Parses `DATABASE_URL`, and formats it without its secrets.

use std::path::PathBuf;
use std::str::FromStr;

use sqlx::postgres::PgConnectOptions;
use url::Url;

use crate::store_error::StoreError;

/// The address of a database.
pub(super) enum DatabaseUrl {
    Sqlite(SqliteUrl),
    Postgres(Box<PostgresUrl>),
}

/// A file, or the memory of this process.
pub(super) enum SqliteUrl {
    File(PathBuf),
    Memory,
}

/// A database on a server.
pub(super) struct PostgresUrl {
    pub(super) options: PgConnectOptions,
    /// For messages: user, host, port and database.
    pub(super) shown: String,
    /// What must never be shown, as written in the URL and decoded.
    pub(super) secrets: Vec<String>,
}

/// Parses the URL.
///
/// # Errors
/// [`StoreError::Url`]; the text contains no part of the URL that may be a password.
pub(super) fn parse(database_url: &str) -> Result<DatabaseUrl, StoreError> {
    let wrong = |text: &str| Err(StoreError::Url(text.to_owned()));
    match database_url.trim().split_once(':') {
        Some(("sqlite", rest)) => sqlite(rest).map(DatabaseUrl::Sqlite),
        Some(("postgres" | "postgresql", rest)) if rest.starts_with("//") => {
            postgres(database_url.trim()).map(|url| DatabaseUrl::Postgres(Box::new(url)))
        }
        _ => wrong("DATABASE_URL must be sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/DATABASE"),
    }
}

fn sqlite(rest: &str) -> Result<SqliteUrl, StoreError> {
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    if !matches!(query, "" | "mode=rwc") {
        return Err(StoreError::Url("DATABASE_URL: a sqlite: path takes no parameters".to_owned()));
    }
    let path = path.strip_prefix("//").unwrap_or(path);
    match path {
        ":memory:" => Ok(SqliteUrl::Memory),
        "" => Err(StoreError::Url("DATABASE_URL: sqlite: needs a path, e.g. sqlite:kie-bot.db".to_owned())),
        path => Ok(SqliteUrl::File(PathBuf::from(path))),
    }
}

fn postgres(text: &str) -> Result<PostgresUrl, StoreError> {
    let wrong = |why: &str| StoreError::Url(format!("DATABASE_URL is no PostgreSQL address: {why}"));
    let url = Url::parse(text).map_err(|e| wrong(&e.to_string()))?;
    // The parser's error text may contain a part of the address.
    let options = PgConnectOptions::from_str(text).map_err(|_| wrong("a part of it cannot be read"))?;

    let mut secrets: Vec<String> = url.password().map(str::to_owned).into_iter().collect();
    secrets.extend(url.query_pairs().filter(|(name, _)| name.contains("password")).map(|(_, v)| v.into_owned()));
    // Decoded, as a server would repeat it in an error.
    let decoded: Vec<String> = secrets.iter().map(|s| decode(s)).collect();
    secrets.extend(decoded);
    secrets.retain(|s| !s.is_empty());

    let host = url.host_str().filter(|h| !h.is_empty()).unwrap_or_else(|| options.get_host()).to_owned();
    let database = url.path().trim_start_matches('/');
    let shown = format!("postgres://{}@{host}:{}/{database}", options.get_username(), options.get_port());
    Ok(PostgresUrl { options, shown, secrets })
}

/// Percent-decoding, with the parser of form fields.
fn decode(text: &str) -> String {
    let field = format!("v={}", text.replace('+', "%2B"));
    url::form_urlencoded::parse(field.as_bytes()).next().map(|(_, v)| v.into_owned()).unwrap_or_default()
}

/// The text without the secrets.
pub(super) fn redact(text: &str, secrets: &[String]) -> String {
    secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret, "***"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(url: &str) -> PostgresUrl {
        match parse(url) {
            Ok(DatabaseUrl::Postgres(url)) => *url,
            _ => panic!("{url} is PostgreSQL"),
        }
    }

    #[test]
    fn sqlite_paths_are_read() {
        for (url, path) in [
            ("sqlite:a.db", "a.db"),
            ("sqlite://a.db", "a.db"),
            ("sqlite:///var/a.db", "/var/a.db"),
            ("sqlite:/var/a.db?mode=rwc", "/var/a.db"),
        ] {
            match parse(url) {
                Ok(DatabaseUrl::Sqlite(SqliteUrl::File(found))) => assert_eq!(found, PathBuf::from(path), "{url}"),
                _ => panic!("{url}"),
            }
        }
        assert!(matches!(parse("sqlite::memory:"), Ok(DatabaseUrl::Sqlite(SqliteUrl::Memory))));
        assert!(matches!(parse("sqlite:"), Err(StoreError::Url(_))));
        assert!(matches!(parse("sqlite:a.db?cache=shared"), Err(StoreError::Url(_))));
    }

    #[test]
    fn shown_address_has_no_password() {
        let url = url("postgres://bot:p%40ss%2Bword@db.example:6000/kie?sslpassword=inner");
        assert_eq!(url.shown, "postgres://bot@db.example:6000/kie");
        assert_eq!(redact("p%40ss%2Bword, p@ss+word and inner", &url.secrets), "***, *** and ***");
    }

    #[test]
    fn wrong_addresses_are_not_repeated() {
        for url in ["mysql://u:hunter2@h/d", "postgres:hunter2", "hunter2", "", "postgres://u:hunter2@h:99999/d"] {
            match parse(url) {
                Err(StoreError::Url(text)) => assert!(!text.contains("hunter2"), "{text}"),
                _ => panic!("{url} is wrong"),
            }
        }
    }
}
