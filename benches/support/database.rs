//! The databases that are measured.

use std::error::Error;

use sqlx::{AssertSqlSafe, Connection, PgConnection};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// The bot's database.
pub(crate) struct Database {
    pub(crate) url: String,
    name: Option<String>,
    _folder: Option<tempfile::TempDir>,
}

impl Database {
    pub(crate) fn file() -> Outcome<Self> {
        let folder = tempfile::tempdir()?;
        Ok(Self {
            url: format!("sqlite:{}", folder.path().join("bot.db").display()),
            name: None,
            _folder: Some(folder),
        })
    }

    /// A new database on the server of `tests/with-postgres`; `None` without that server.
    pub(crate) async fn server() -> Outcome<Option<Self>> {
        let Ok(server) = std::env::var("TEST_DATABASE_URL") else {
            println!("PostgreSQL is left out: run this through tests/with-postgres");
            return Ok(None);
        };
        let name = format!("bench_{}", uuid::Uuid::new_v4().simple());
        statement(&server, &format!("CREATE DATABASE {name}")).await?;
        let mut url = url::Url::parse(&server)?;
        url.set_path(&name);
        Ok(Some(Self { url: url.into(), name: Some(name), _folder: None }))
    }

    /// The name of the database, and whether the server syncs to the disk, without which the results mean little.
    pub(crate) async fn kind(&self) -> Outcome<String> {
        let mut connection = PgConnection::connect(&self.url).await?;
        let fsync: String = sqlx::query_scalar("SHOW fsync").fetch_one(&mut connection).await?;
        connection.close().await?;
        Ok(format!("PostgreSQL (fsync {fsync})"))
    }

    pub(crate) async fn drop(self) -> Outcome<()> {
        let server = std::env::var("TEST_DATABASE_URL")?;
        let name = self.name.unwrap_or_default();
        statement(&server, &format!("DROP DATABASE {name} WITH (FORCE)")).await
    }
}

async fn statement(server: &str, text: &str) -> Outcome<()> {
    let mut connection = PgConnection::connect(server).await?;
    sqlx::raw_sql(AssertSqlSafe(text.to_owned())).execute(&mut connection).await?;
    Ok(connection.close().await?)
}
