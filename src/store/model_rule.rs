//! The rules of models, in the database.

use async_trait::async_trait;

use super::audit;
use super::engine::{Param, Row, Statement, WriteResult};
use super::row::{RowReader, key};
use super::sql::SqlStore;
use super::statement::statements;
use crate::assortment::ModelRule;
use crate::audit::AuditEntry;
use crate::ledger::{Credits, Money};
use crate::store_error::StoreError;
use crate::tariff::Markup;

statements! {
const MODEL_RULES = "SELECT model, is_off, only_for, denied, credits, price, markup, revision FROM model_rules
    ORDER BY model";
/// $1 the model, $2 to $7 the rule, $8 the revision that was seen, $9 the time.
const PUT_MODEL_RULE = "INSERT INTO model_rules (model, is_off, only_for, denied, credits, price, markup, revision,
        changed_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $9)
    ON CONFLICT (model) DO UPDATE SET is_off = excluded.is_off, only_for = excluded.only_for, denied = excluded.denied,
        credits = excluded.credits, price = excluded.price, markup = excluded.markup,
        revision = model_rules.revision + 1, changed_at = excluded.changed_at
        WHERE model_rules.revision = $8
    RETURNING revision";
}

/// A rule as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredRule {
    /// The id of the model, which the registry may no longer have.
    pub model: String,
    /// The rule.
    pub rule: ModelRule,
    /// How often it was written.
    pub revision: i64,
}

/// What the operator has decided about single models.
#[async_trait]
pub trait ModelRuleStore: std::fmt::Debug + Send + Sync {
    /// All rules, by model. One that this version cannot read switches its model off: what it forbids is not known.
    async fn model_rules(&self) -> Result<Vec<StoredRule>, StoreError>;
    /// Writes the rule of a model, unless somebody has written it since it had the revision that was seen (0: there was
    /// none). Returns whether it did.
    async fn put_model_rule(&self, seen: &StoredRule, audit: &AuditEntry) -> Result<bool, StoreError>;
}

#[async_trait]
impl ModelRuleStore for SqlStore {
    async fn model_rules(&self) -> Result<Vec<StoredRule>, StoreError> {
        self.all(Statement::new(MODEL_RULES, vec![]), stored_rule).await
    }

    async fn put_model_rule(&self, seen: &StoredRule, audit: &AuditEntry) -> Result<bool, StoreError> {
        let StoredRule { model, rule, revision } = seen;
        let ModelRule { is_off, only_for, denied, credits, price, markup } = rule;
        let params = vec![
            model.as_str().into(),
            (*is_off).into(),
            Param::maybe_json(only_for.as_ref())?,
            Param::json(denied)?,
            credits.map(Credits::milli).into(),
            price.map(Money::hundredths).into(),
            markup.map(|markup| i64::from(markup.0)).into(),
            (*revision).into(),
            audit.at.millis().into(),
        ];
        let put = Statement::new(PUT_MODEL_RULE, params).required();
        Ok(match self.engine().write(vec![put, audit::add(audit)]).await? {
            WriteResult::Committed(_) => true,
            WriteResult::Refused(_) => false,
        })
    }
}

fn stored_rule(row: &Row) -> Result<StoredRule, StoreError> {
    let model = key(row, "model");
    let f = RowReader::new(row, "model_rules", &model);
    let rule = rule(&f).unwrap_or_else(|error| {
        tracing::error!(model, %error, "the rule of a model cannot be read: the model is off");
        ModelRule { is_off: true, ..ModelRule::default() }
    });
    Ok(StoredRule { revision: f.get("revision")?, rule, model })
}

fn rule(f: &RowReader<'_>) -> Result<ModelRule, StoreError> {
    Ok(ModelRule {
        is_off: f.get("is_off")?,
        only_for: f.maybe_json("only_for")?,
        denied: f.maybe_json("denied")?.unwrap_or_default(),
        credits: f.get::<Option<i64>>("credits")?.map(Credits::from_milli),
        price: f.get::<Option<i64>>("price")?.map(Money::from_hundredths),
        markup: f.maybe_small("markup")?.map(Markup),
    })
}
