//! The PostgreSQL server that `tests/with-postgres` starts.
#![allow(dead_code, reason = "every test program uses its own part")]

use std::net::SocketAddr;

use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// The server's URL.
pub(crate) fn server() -> String {
    std::env::var("TEST_DATABASE_URL").expect(
        "TEST_DATABASE_URL is not set: run the tests through tests/with-postgres, e.g. tests/with-postgres cargo test",
    )
}

/// The address and port of the server.
pub(crate) fn address() -> SocketAddr {
    let url = url::Url::parse(&server()).expect("TEST_DATABASE_URL is a URL");
    SocketAddr::from(([127, 0, 0, 1], url.port().expect("TEST_DATABASE_URL names a port")))
}

/// The URL of another database on the server.
pub(crate) fn in_database(name: &str) -> String {
    let mut url = url::Url::parse(&server()).expect("TEST_DATABASE_URL is a URL");
    url.set_path(name);
    url.to_string()
}

/// Runs a statement as the superuser.
pub(crate) async fn execute(statement: &str) {
    execute_in(&server(), statement).await;
}

/// Runs statements in a database.
pub(crate) async fn execute_in(database_url: &str, statement: &str) {
    let mut connection = PgConnection::connect(database_url).await.expect("the server answers");
    sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(&mut connection).await.expect("the statement runs");
    connection.close().await.expect("the connection ends");
}
