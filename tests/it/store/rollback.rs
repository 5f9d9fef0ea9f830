//! SQLite ends a transaction by itself, as on a full disk.

use kie::store::{self, Added};

use crate::store::{change_sqlite, contract, url_of};

/// The driver still counted the transaction that was gone, and nothing could be stored any more until a restart.
#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_the_database_ends_is_the_only_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bot.db");
    let store = store::open(&url_of(&path)).await.unwrap();
    let full = "CREATE TRIGGER full BEFORE INSERT ON jobs WHEN NEW.id = 'full'
        BEGIN SELECT RAISE(ROLLBACK, 'no room'); END";
    change_sqlite(&path, full).await;
    for n in 0..3 {
        let error = store.add_job(&contract::job("full", 1)).await.unwrap_err();
        assert!(error.to_string().contains("no room"), "{error}");
        let id = format!("next-{n}");
        assert_eq!(store.add_job(&contract::job(&id, 1)).await.unwrap(), Added::New);
        assert_eq!(store.entries(&id.as_str().into()).await.unwrap().len(), 1);
    }
    assert_eq!(store.job(&"full".into()).await.unwrap(), None);
}
