//! [`AccessStore`] over an engine.

use async_trait::async_trait;

use super::{AccessStore, statement as sql};
use crate::access::{
    AccessEntry, AccessOrigin, AccessRequest, Invite, InviteCode, Party, Redeemed, RequestNotice, RequestState,
    StoredAccess,
};
use crate::audit::AuditEntry;
use crate::clock::Timestamp;
use crate::job::{ChatId, UserId};
use crate::store::audit;
use crate::store::engine::{Param, Row, Statement, WriteResult};
use crate::store::row::{RowReader, key};
use crate::store::sql::SqlStore;
use crate::store_error::StoreError;

fn entry(row: &Row) -> Result<AccessEntry, StoreError> {
    let f = RowReader::new(row, "access_entries", key(row, "id"));
    Ok(AccessEntry {
        party: Party { id: f.get("id")?, name: f.get("name")?, user_name: f.get("user_name")? },
        is_allowed: f.get("is_allowed")?,
        origin: f.word("origin", |word| AccessOrigin::ALL.into_iter().find(|origin| origin.as_str() == word))?,
        decided_by: UserId(f.get("decided_by")?),
        since: f.time("since")?,
    })
}

fn invite(row: &Row) -> Result<Invite, StoreError> {
    // The code is no part of an error: whoever knows it is let in.
    let f = RowReader::new(row, "invites", "?");
    Ok(Invite {
        code: f.word("code", |word| word.parse().ok())?,
        uses_left: f.small("uses_left")?,
        made_by: UserId(f.get("made_by")?),
        made_at: f.time("made_at")?,
        ends_at: f.time("ends_at")?,
    })
}

fn request(row: &Row) -> Result<AccessRequest, StoreError> {
    let f = RowReader::new(row, "access_requests", key(row, "user_id"));
    let decider = f.get::<Option<i64>>("decided_by")?.map(|id| -> Result<Party, StoreError> {
        let name: Option<String> = f.get("decider")?;
        Ok(Party { id, name: name.unwrap_or_default(), user_name: None })
    });
    Ok(AccessRequest {
        party: Party { id: f.get("user_id")?, name: f.get("name")?, user_name: f.get("user_name")? },
        state: f.word("state", |word| RequestState::ALL.into_iter().find(|state| state.as_str() == word))?,
        asked_at: f.time("asked_at")?,
        notices: f.maybe_json("notices")?.unwrap_or_default(),
        decider: decider.transpose()?,
    })
}

/// The request in the rows of a statement, if there is one.
fn maybe_request(rows: Option<&Vec<Row>>) -> Result<Option<AccessRequest>, StoreError> {
    rows.and_then(|rows| rows.first()).map(request).transpose()
}

fn decide(user: UserId, state: RequestState, decider: &Party, now: Timestamp) -> Statement {
    let params = vec![
        user.0.into(),
        state.as_str().into(),
        decider.id.into(),
        decider.name.as_str().into(),
        now.millis().into(),
    ];
    Statement::new(sql::DECIDE_REQUEST, params)
}

#[async_trait]
impl AccessStore for SqlStore {
    async fn access_of(&self, user: UserId, chat: ChatId) -> Result<StoredAccess, StoreError> {
        let read = |row: &Row| {
            let f = RowReader::new(row, "access_entries", user.0);
            Ok((f.get::<Option<bool>>("is_allowed")?, f.get::<Option<i64>>("former")?.map(ChatId)))
        };
        let rows = self.all(Statement::new(sql::ACCESS_OF, vec![user.0.into(), chat.0.into()]), read).await?;
        Ok(StoredAccess {
            is_allowed: rows.iter().any(|(is_allowed, _)| *is_allowed == Some(true)),
            is_denied: rows.iter().any(|(is_allowed, _)| *is_allowed == Some(false)),
            former: rows.iter().filter_map(|(_, former)| *former).collect(),
        })
    }

    async fn put_access(
        &self,
        entry: &AccessEntry,
        decider: &str,
        audit: &AuditEntry,
    ) -> Result<Option<AccessRequest>, StoreError> {
        let AccessEntry { party, is_allowed, origin, decided_by, since } = entry;
        let params = vec![
            party.id.into(),
            (*is_allowed).into(),
            origin.as_str().into(),
            party.name.as_str().into(),
            party.user_name.as_deref().into(),
            decided_by.0.into(),
            since.millis().into(),
        ];
        let state = if *is_allowed { RequestState::Allowed } else { RequestState::Refused };
        let decider = Party { name: decider.to_owned(), ..Party::numbered(decided_by.0) };
        let decided = decide(UserId(party.id), state, &decider, *since);
        // Here as everywhere requests come before entries, so that no two transactions wait for each other.
        let all = self.run(vec![decided, Statement::new(sql::PUT_ACCESS, params), audit::add(audit)]).await?;
        maybe_request(all.first())
    }

    async fn remove_access(&self, id: i64, audit: &AuditEntry) -> Result<bool, StoreError> {
        let remove = Statement::new(sql::REMOVE_ACCESS, vec![id.into()]).required();
        self.try_write(vec![remove, audit::add(audit)]).await
    }

    async fn access_entries(&self, limit: u32, offset: u32) -> Result<Vec<AccessEntry>, StoreError> {
        let params = vec![i64::from(limit).into(), i64::from(offset).into()];
        self.all(Statement::new(sql::ACCESS_ENTRIES, params), entry).await
    }

    async fn add_invite(&self, invite: &Invite, forgotten: Timestamp, audit: &AuditEntry) -> Result<(), StoreError> {
        let Invite { code, uses_left, made_by, made_at, ends_at } = invite;
        let params = vec![
            code.as_str().into(),
            i64::from(*uses_left).into(),
            made_by.0.into(),
            made_at.millis().into(),
            ends_at.millis().into(),
        ];
        let forget = Statement::new(sql::FORGET_INVITES, vec![forgotten.millis().into()]);
        self.run(vec![Statement::new(sql::ADD_INVITE, params), forget, audit::add(audit)]).await.map(drop)
    }

    async fn open_invites(&self, now: Timestamp, limit: u32) -> Result<Vec<Invite>, StoreError> {
        let params = vec![now.millis().into(), i64::from(limit).into()];
        self.all(Statement::new(sql::OPEN_INVITES, params), invite).await
    }

    async fn end_invite(&self, code: &InviteCode, now: Timestamp, audit: &AuditEntry) -> Result<bool, StoreError> {
        let end = Statement::new(sql::END_INVITE, vec![code.as_str().into(), now.millis().into()]).required();
        self.try_write(vec![end, audit::add(audit)]).await
    }

    async fn redeem_invite(
        &self,
        code: &InviteCode,
        party: &Party,
        now: Timestamp,
    ) -> Result<(Redeemed, Option<AccessRequest>), StoreError> {
        let (code, now) = (code.as_str(), now.millis());
        let names = [party.name.as_str().into(), party.user_name.as_deref().into()];
        let mut admit: Vec<Param> = vec![party.id.into()];
        admit.extend(names);
        admit.extend([code.into(), now.into()]);
        let statements = vec![
            Statement::new(sql::USE_INVITE, vec![code.into(), now.into()]).required(),
            Statement::new(sql::DECIDE_INVITED, vec![party.id.into(), now.into(), code.into()]),
            // Refused for who is known: that use does not count.
            Statement::new(sql::ADMIT_INVITED, admit).required(),
        ];
        match self.engine().write(statements).await? {
            WriteResult::Committed(all) => {
                let used = all.first().and_then(|rows| rows.first());
                let used =
                    used.ok_or_else(|| StoreError::Statement("the used invitation was not returned".to_owned()))?;
                let made_by = UserId(RowReader::new(used, "invites", "?").get("made_by")?);
                Ok((Redeemed::LetIn { made_by }, maybe_request(all.get(1))?))
            }
            WriteResult::Refused(0) => {
                let known = self.all(Statement::new(sql::INVITE, vec![code.into()]), |_| Ok(())).await?;
                Ok((if known.is_empty() { Redeemed::Nothing } else { Redeemed::Ended }, None))
            }
            WriteResult::Refused(_) => Ok((Redeemed::Nothing, None)),
        }
    }

    async fn access_request(&self, user: UserId) -> Result<Option<AccessRequest>, StoreError> {
        let found = self.all(Statement::new(sql::REQUEST, vec![user.0.into()]), request).await?;
        Ok(found.into_iter().next())
    }

    async fn add_access_request(&self, party: &Party, now: Timestamp) -> Result<AccessRequest, StoreError> {
        let params =
            vec![party.id.into(), party.name.as_str().into(), party.user_name.as_deref().into(), now.millis().into()];
        let read = Statement::new(sql::REQUEST, vec![party.id.into()]);
        let all = self.run(vec![Statement::new(sql::ADD_REQUEST, params), read]).await?;
        let found = maybe_request(all.get(1))?;
        found.ok_or_else(|| StoreError::Statement("the row of a request was not returned".to_owned()))
    }

    async fn note_request_told(
        &self,
        user: UserId,
        since: Timestamp,
        most: u32,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let params = vec![user.0.into(), now.millis().into(), since.millis().into(), i64::from(most).into()];
        let all = self.run(vec![Statement::new(sql::NOTE_TOLD, params)]).await?;
        Ok(all.first().is_some_and(|rows| !rows.is_empty()))
    }

    async fn put_request_notices(&self, user: UserId, notices: &[RequestNotice]) -> Result<(), StoreError> {
        let params = vec![user.0.into(), Param::json(&notices)?];
        self.run(vec![Statement::new(sql::PUT_NOTICES, params)]).await.map(drop)
    }

    async fn open_access_requests(&self, limit: u32) -> Result<Vec<AccessRequest>, StoreError> {
        self.all(Statement::new(sql::OPEN_REQUESTS, vec![i64::from(limit).into()]), request).await
    }

    async fn decide_access_request(
        &self,
        user: UserId,
        state: RequestState,
        decider: &Party,
        now: Timestamp,
        audit: &AuditEntry,
    ) -> Result<Option<AccessRequest>, StoreError> {
        let mut statements = vec![decide(user, state, decider, now).required()];
        if state == RequestState::Allowed {
            let params = vec![user.0.into(), decider.id.into(), now.millis().into()];
            statements.push(Statement::new(sql::ADMIT_REQUESTER, params));
        }
        statements.push(audit::add(audit));
        match self.engine().write(statements).await? {
            WriteResult::Committed(all) => maybe_request(all.first()),
            WriteResult::Refused(_) => Ok(None),
        }
    }
}
