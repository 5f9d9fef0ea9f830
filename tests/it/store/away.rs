//! A database that has worked and is away for a while: its codes are an error at the start and an outage later.

use kie::job::UserId;
use kie::store;
use kie::store_error::StoreError;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::support::{database, postgres};

/// Ends all sessions in the database.
async fn end_sessions(name: &str) {
    postgres::execute(&format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"))
        .await;
}

fn expect_away<T: std::fmt::Debug>(result: Result<T, StoreError>, words: &str) {
    let error = result.unwrap_err();
    assert!(error.is_unavailable() && error.to_string().contains(words), "{error}");
}

/// While a server is restored, its database is missing for a while, the role may not log in yet, and has no rights yet.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_being_restored_is_away() {
    let role = format!("kie_bot_{}", std::process::id());
    postgres::execute(&format!("CREATE ROLE {role} LOGIN")).await;
    let owner = role.clone();
    database::with_database(|url| async move {
        let name = url.rsplit('/').next().unwrap().to_owned();
        postgres::execute(&format!("ALTER DATABASE {name} OWNER TO {owner}")).await;
        let mut as_owner = url::Url::parse(&url).unwrap();
        as_owner.set_username(&owner).unwrap();
        let url = as_owner.to_string();
        let store = store::open(&url).await.unwrap();
        let look = || store.user(UserId(1));
        assert_eq!(look().await.unwrap(), None);

        for (before, words, after) in [
            (format!("ALTER ROLE {owner} NOLOGIN"), "not permitted to log in", format!("ALTER ROLE {owner} LOGIN")),
            (
                format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"),
                "not currently accepting connections",
                format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true"),
            ),
        ] {
            postgres::execute(&before).await;
            end_sessions(&name).await;
            // A connection that was cut is found out by its next use.
            let _ = look().await;
            expect_away(look().await, words);
            expect_away(store.ping().await, words);
            postgres::execute(&after).await;
            assert_eq!(look().await.unwrap(), None);
            store.ping().await.unwrap();
        }

        let mut session = PgConnection::connect(&url).await.unwrap();
        for (table, has_right) in [("users", false), ("owner", false), ("users", true), ("owner", true)] {
            let change = if has_right { "GRANT ALL ON" } else { "REVOKE ALL ON" };
            let whom = if has_right { "TO" } else { "FROM" };
            sqlx::raw_sql(AssertSqlSafe(format!("{change} {table} {whom} {owner}")))
                .execute(&mut session)
                .await
                .unwrap();
            match (table, has_right) {
                ("users", false) => expect_away(look().await, "permission denied for table users"),
                ("owner", false) => expect_away(store.ping().await, "permission denied for table owner"),
                _ => {}
            }
        }
        session.close().await.unwrap();
        assert_eq!(look().await.unwrap(), None);
        store.ping().await.unwrap();
        store.close().await;
    })
    .await;
    postgres::execute(&format!("DROP ROLE {role}")).await;
}

/// A start does not wait for what the operator has to mend.
#[tokio::test(flavor = "multi_thread")]
async fn a_start_on_a_read_only_database_says_so() {
    database::with_database(|url| async move {
        let name = url.rsplit('/').next().unwrap().to_owned();
        postgres::execute(&format!("ALTER DATABASE {name} SET default_transaction_read_only = on")).await;
        let error = store::open(&url).await.map(drop).unwrap_err();
        assert!(!error.is_unavailable() && error.to_string().contains("read-only transaction"), "{error}");
    })
    .await;
}

/// A session of a server that has handed over stays read-only for ever.
#[tokio::test(flavor = "multi_thread")]
async fn sessions_of_a_former_primary_are_replaced() {
    database::with_database(|url| async move {
        let name = url.rsplit('/').next().unwrap().to_owned();
        let store = store::open(&url).await.unwrap();
        postgres::execute(&format!("ALTER DATABASE {name} SET default_transaction_read_only = on")).await;
        end_sessions(&name).await;
        let _ = store.user(UserId(1)).await;
        assert_eq!(store.user(UserId(1)).await.unwrap(), None, "it can be read");
        postgres::execute(&format!("ALTER DATABASE {name} RESET default_transaction_read_only")).await;
        let user = kie::user::User {
            id: UserId(1),
            language: "en".to_owned(),
            created_at: kie::clock::Timestamp::from_millis(1),
        };
        expect_away(store.put_user(&user).await, "cannot execute INSERT in a read-only transaction");
        store.put_user(&user).await.unwrap();
    })
    .await;
}
