//! Rules of models in both databases: what is kept, who changes them at the same time, what cannot be read.

use std::sync::Arc;

use futures::future::join_all;
use kie::assortment::{ModelOption, ModelRule, RuleChange, RuleChangeError};
use kie::audit::{Actor, AuditAction, AuditEntry};
use kie::clock::SystemClock;
use kie::job::UserId;
use kie::ledger::Money;
use kie::service::{ModelAdmin, ModelAdminError};
use kie::store::{self, Store, StoredRule};
use kie::tariff::Markup;

use crate::store::contract::at;
use crate::store::{change_postgres, change_sqlite, url_of};
use crate::support::database;

const MODEL: &str = "nano-banana-2";

fn ann() -> Actor {
    Actor::CommandLine("ann".into())
}

async fn check(store: Arc<dyn Store>) {
    let admin = ModelAdmin::new(store.clone(), Arc::new(SystemClock), ann());
    let spec = kie::models::find(MODEL).unwrap().spec;
    assert_eq!(admin.rules().await.unwrap(), []);

    let only = RuleChange::OnlyFor([UserId(7), UserId(8)].into());
    let deny = RuleChange::Deny(ModelOption::find(spec, "resolution", "4k").unwrap());
    let price = RuleChange::Price(Some(Money::from_hundredths(1250)));
    let changes = [RuleChange::Off, only, deny, price, RuleChange::Markup(Some(Markup(500)))];
    let (before, after) = admin.change(spec, &changes).await.unwrap();
    assert_eq!(before, ModelRule::default());
    assert!(after.is_off && after.denies("resolution", &"4K".into()));
    assert_eq!(admin.rules().await.unwrap(), [(MODEL.to_owned(), after.clone())]);

    // All of it, or nothing.
    let refused = admin.change(spec, &[RuleChange::On, RuleChange::OnlyFor([].into())]).await;
    assert!(matches!(refused, Err(ModelAdminError::Change(RuleChangeError::Nobody))), "{refused:?}");
    assert_eq!(admin.rules().await.unwrap(), [(MODEL.to_owned(), after.clone())]);

    // Of changes at the same time none is lost.
    let other = kie::models::find("nano-banana-2-1").unwrap().spec;
    let changes = [
        RuleChange::Off,
        RuleChange::OnlyFor([UserId(9)].into()),
        RuleChange::Price(Some(Money::from_hundredths(300))),
        RuleChange::Markup(Some(Markup(100))),
    ];
    let at_once = changes.into_iter().map(|change| {
        let admin = admin.clone();
        tokio::spawn(async move { admin.change(other, &[change]).await.unwrap() })
    });
    for done in join_all(at_once).await {
        done.unwrap();
    }
    let rules = admin.rules().await.unwrap();
    let expected = ModelRule {
        is_off: true,
        only_for: Some([UserId(9)].into()),
        price: Some(Money::from_hundredths(300)),
        markup: Some(Markup(100)),
        ..ModelRule::default()
    };
    assert_eq!(rules, [(MODEL.to_owned(), after), (other.id.to_owned(), expected)]);

    // One that was read before another was written is not written over it.
    let act = AuditEntry::new(ann(), AuditAction::SetModelRule, at(1));
    let acts = async || store.audit(None, None, 99).await.unwrap();
    let before = acts().await;
    let words = "off; only 7,8; deny resolution=4K; price 12.50; markup 5%";
    let (_, first) = before.last().unwrap();
    assert_eq!((first.subject.as_deref(), first.before.as_deref()), (Some(MODEL), Some("default")));
    assert_eq!((first.after.as_deref(), &first.actor), (Some(words), &ann()));
    assert_eq!(before.len(), 5, "one for each change that was made, and none for a refused one");
    let stale = StoredRule { model: other.id.to_owned(), rule: ModelRule::default(), revision: 3 };
    assert!(!store.put_model_rule(&stale, &act).await.unwrap());
    assert!(store.put_model_rule(&StoredRule { revision: 4, ..stale }, &act).await.unwrap());
    // A model that the registry no longer has keeps its rule.
    let gone = StoredRule { model: "gone/model".to_owned(), rule: ModelRule::default(), revision: 0 };
    assert!(store.put_model_rule(&gone, &act).await.unwrap());
    assert!(!store.put_model_rule(&gone, &act).await.unwrap());
    assert_eq!(acts().await.len(), 7, "what was not written is no act");
    assert_eq!(admin.rules().await.unwrap()[0], (gone.model, ModelRule::default()));
}

const UNREADABLE: &str =
    "UPDATE model_rules SET is_off = FALSE, denied = '{\"resolution\": 7}' WHERE model = 'nano-banana-2'";

/// What a rule forbids is not known then.
async fn check_unreadable(store: Arc<dyn Store>) {
    let rules = ModelAdmin::new(store, Arc::new(SystemClock), ann()).rules().await.unwrap();
    let rule = rules.into_iter().find(|(model, _)| model == MODEL).unwrap().1;
    assert_eq!(rule, ModelRule { is_off: true, ..ModelRule::default() });
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_are_kept_whole_and_an_unreadable_one_forbids_its_model_in_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bot.db");
    let store = store::open(&url_of(&path)).await.unwrap();
    check(store.clone()).await;
    change_sqlite(&path, UNREADABLE).await;
    check_unreadable(store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_are_kept_whole_and_an_unreadable_one_forbids_its_model_in_postgres() {
    database::with_database(|url| async move {
        let store = store::open(&url).await.unwrap();
        check(store.clone()).await;
        change_postgres(&url, UNREADABLE).await;
        check_unreadable(store).await;
    })
    .await;
}
