//! People, as an operator finds and looks at them.

use std::time::Duration;

use super::UserAdmin;
use crate::access::StoredAccess;
use crate::audit::AuditAction;
use crate::job::{ChatId, UserId};
use crate::ledger::{Wallet, WalletId};
use crate::quota::{PersonQuotas, PersonQuotasError};
use crate::star_subscription::StarSubscription;
use crate::store::{JobList, Spending};
use crate::store_error::StoreError;
use crate::user::Person;

const DAY: Duration = Duration::from_secs(24 * 3600);
/// Most people among which those of a search with several words are looked for.
const SEARCHED: u32 = 500;

/// All that an operator is shown of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonAccount {
    /// Who.
    pub person: Person,
    /// Whether they were let in or denied.
    pub access: StoredAccess,
    /// What they have ordered.
    pub spending: Spending,
    /// Limits of their own.
    pub quotas: PersonQuotas,
    /// What they have.
    pub wallet: Wallet,
    /// What they have subscribed to, and have paid for now.
    pub subscriptions: Vec<StarSubscription>,
}

/// Why a person's limits were not changed.
#[derive(Debug, thiserror::Error)]
pub enum LimitError {
    /// The change cannot be read.
    #[error(transparent)]
    Unreadable(#[from] PersonQuotasError),
    /// Nobody with this number has written to the bot.
    #[error("nobody with this number is known")]
    Unknown,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl UserAdmin {
    /// Known people by their number, their `@name`, or by the beginnings of words in their names; at most `limit`.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn find(&self, text: &str, limit: usize) -> Result<Vec<Person>, StoreError> {
        if let Ok(id) = text.trim().parse() {
            return Ok(self.store.person(UserId(id)).await?.into_iter().collect());
        }
        let query = Person::query(text);
        let Some(longest) = query.iter().max_by_key(|word| word.len()) else { return Ok(Vec::new()) };
        let mut people = self.store.find_people(longest, SEARCHED).await?;
        people.retain(|person| person.is_found_by(&query));
        people.truncate(limit);
        Ok(people)
    }

    /// The people who were there last.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn seen_last(&self, limit: u32) -> Result<Vec<Person>, StoreError> {
        self.store.seen_last(limit).await
    }

    /// What there is to know of a person; `None` when nobody with this number has written to the bot.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn account(&self, user: UserId) -> Result<Option<PersonAccount>, StoreError> {
        let Some(person) = self.store.person(user).await? else { return Ok(None) };
        let now = self.clock.now();
        Ok(Some(PersonAccount {
            person,
            access: self.store.access_of(user, ChatId(user.0)).await?,
            spending: self.store.spending(user, now - DAY, now - DAY * 30).await?,
            quotas: self.store.person_quotas(user).await?,
            wallet: self.store.wallet(WalletId::from(user)).await?,
            subscriptions: self.store.star_subscriptions(user, now).await?,
        }))
    }

    /// A person's jobs in all chats, newest first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn jobs(&self, user: UserId, limit: u32) -> Result<JobList, StoreError> {
        self.store.jobs_of_person(user, limit).await
    }

    /// Changes a person's own limits, by the words of [`PersonQuotas::changed`]. They hold from the next order on.
    ///
    /// # Errors
    /// [`LimitError`]; nothing has changed.
    pub async fn limit(&self, user: UserId, change: &str) -> Result<PersonQuotas, LimitError> {
        let before = self.store.person_quotas(user).await?;
        let quotas = before.changed(change)?;
        if self.store.person(user).await?.is_none() {
            return Err(LimitError::Unknown);
        }
        let audit = self.entry(AuditAction::SetQuotas).about(user.0);
        let audit = audit.from(before.to_string()).to(quotas.to_string());
        self.store.put_person_quotas(user, &quotas, &audit).await?;
        tracing::info!(admin = %self.actor, user = user.0, %quotas, "an admin has changed a person's limits");
        Ok(quotas)
    }
}
