//! Wallets: what people and groups have, and every movement of it. A wallet's row is the sum of its transfers, and is
//! written with each of them: so a transfer is booked once, and no wallet falls below 0, however many come at once.

use async_trait::async_trait;

use super::audit;
use super::engine::{Row, Statement, WriteResult};
use super::row::RowReader;
use super::sql::SqlStore;
use super::statement::{chat_now, statements};
use crate::audit::AuditEntry;
use crate::job::{ChatId, Job, JobId};
use crate::ledger::{Money, Wallet, WalletId};
use crate::store_error::StoreError;
use crate::transfer::{Account, Transfer, TransferKind};

statements! {
const WALLET = concat!("SELECT available, held FROM wallets WHERE id = ", chat_now!("$1"));
/// $1 the key, $2 the kind, $3 the source, $4 the target, $5 the wallet, $6 the amount, $7 the job, $8 the note, $9 the
/// time. Returns no row when there is a transfer with this key.
const ADD_TRANSFER = concat!(
    "INSERT INTO transfers (key, kind, source, target, wallet, amount, job, note, booked_at)
    VALUES ($1, $2, $3, $4, ",
    chat_now!("$5"),
    ", $6, $7, $8, $9) ON CONFLICT (key) DO NOTHING RETURNING id"
);
const ADD_WALLET = concat!(
    "INSERT INTO wallets (id, available, held) VALUES (",
    chat_now!("$1"),
    ", 0, 0) ON CONFLICT (id) DO NOTHING"
);
/// $1 the wallet, $2 and $3 what is added. Returns no row when less than nothing would be left.
const CHANGE_WALLET = concat!(
    "UPDATE wallets SET available = available + $2, held = held + $3 WHERE id = ",
    chat_now!("$1"),
    " AND available + $2 >= 0 AND held + $3 >= 0 RETURNING id"
);
/// $1 the wallet, $2 before which transfer, $3 the most rows.
const TRANSFERS_OF = concat!(
    "SELECT id, key, kind, wallet, amount, job, note, booked_at FROM transfers WHERE wallet = ",
    chat_now!("$1"),
    " AND id < $2 ORDER BY id DESC LIMIT $3"
);
/// $1 the old number of a group, $2 the new one; so in the next two. The charge of a job keeps the old one, which every
/// statement here turns into the new.
const MOVE_TRANSFERS = "UPDATE transfers SET wallet = $2 WHERE wallet = $1";
const ADD_MOVED_WALLET = "INSERT INTO wallets (id, available, held) SELECT $2, 0, 0 FROM wallets WHERE id = $1
    ON CONFLICT (id) DO NOTHING";
const JOIN_WALLETS = "UPDATE wallets SET
        available = wallets.available + old.available, held = wallets.held + old.held
    FROM (SELECT available, held FROM wallets WHERE id = $1) AS old WHERE wallets.id = $2";
const DROP_WALLET = "DELETE FROM wallets WHERE id = $1";
}

/// What became of a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Booked {
    /// It is booked.
    New,
    /// It was booked before, and not again.
    Known,
    /// The wallet has too little, and nothing was booked.
    Short,
}

impl Booked {
    /// Whether the wallet has too little.
    pub const fn is_short(self) -> bool {
        match self {
            Self::Short => true,
            Self::New | Self::Known => false,
        }
    }
}

/// Reads and writes what people have.
#[async_trait]
pub trait WalletStore: std::fmt::Debug + Send + Sync {
    /// What is in a wallet; nothing in one that was never used.
    async fn wallet(&self, id: WalletId) -> Result<Wallet, StoreError>;
    /// Books transfers, all or none. The result is that of the first that cannot be booked.
    async fn book_all(&self, transfers: &[Transfer]) -> Result<Booked, StoreError>;
    /// Books a transfer.
    async fn book(&self, transfer: &Transfer) -> Result<Booked, StoreError> {
        self.book_all(std::slice::from_ref(transfer)).await
    }
    /// Books transfers, all or none, that are the act of an admin.
    async fn book_act(&self, transfers: &[Transfer], audit: &AuditEntry) -> Result<Booked, StoreError>;
    /// The transfers of a wallet, newest first, at most `limit`; with `before`, those before that one. One of a kind that
    /// this version does not know is left out.
    async fn transfers_of(
        &self,
        id: WalletId,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<(i64, Transfer)>, StoreError>;
}

/// The statements that book a transfer: the first is refused when it is known, the last when the wallet has too little.
pub(super) fn book(transfer: &Transfer) -> Vec<Statement> {
    let Transfer { key, kind, wallet, amount, job, note, at } = transfer;
    let add = vec![
        key.as_str().into(),
        kind.as_str().into(),
        kind.source().as_str().into(),
        kind.target().as_str().into(),
        wallet.0.into(),
        amount.hundredths().into(),
        job.as_ref().map(|job| job.0.as_str()).into(),
        note.as_deref().into(),
        at.millis().into(),
    ];
    let change = vec![
        wallet.0.into(),
        transfer.change_of(Account::Available).hundredths().into(),
        transfer.change_of(Account::Held).hundredths().into(),
    ];
    vec![
        Statement::new(ADD_TRANSFER, add).required(),
        Statement::new(ADD_WALLET, vec![wallet.0.into()]),
        Statement::new(CHANGE_WALLET, change).required(),
    ]
}

/// The transfer that holds a new job's price: of its payer's money, or of the operator's when it is free.
pub(super) fn hold(job: &Job) -> Option<Transfer> {
    let charge = job.charge?;
    let kind = if charge.free.is_some() { TransferKind::FreeHold } else { TransferKind::Hold };
    Some(Transfer::of_job(kind, &job.id, charge.payer, charge.price, job.created_at))
}

/// The statements that give the wallet of a group a new number.
pub(super) fn move_wallet(old: ChatId, new: ChatId) -> Vec<Statement> {
    let both = || vec![old.0.into(), new.0.into()];
    let mut statements: Vec<Statement> =
        [MOVE_TRANSFERS, ADD_MOVED_WALLET, JOIN_WALLETS].map(|sql| Statement::new(sql, both())).into();
    statements.push(Statement::new(DROP_WALLET, vec![old.0.into()]));
    statements
}

impl SqlStore {
    /// Books transfers, all or none, and the act that they are.
    async fn book_with(&self, transfers: &[Transfer], act: Option<&AuditEntry>) -> Result<Booked, StoreError> {
        let (mut statements, mut first_of_each) = (Vec::new(), Vec::new());
        for transfer in transfers {
            first_of_each.push(statements.len());
            statements.extend(book(transfer));
        }
        statements.extend(act.map(audit::add));
        Ok(match self.engine().write(statements).await? {
            WriteResult::Committed(_) => Booked::New,
            WriteResult::Refused(position) if first_of_each.contains(&position) => Booked::Known,
            WriteResult::Refused(_) => Booked::Short,
        })
    }
}

#[async_trait]
impl WalletStore for SqlStore {
    async fn wallet(&self, id: WalletId) -> Result<Wallet, StoreError> {
        let wallet = |row: &Row| {
            let f = RowReader::new(row, "wallets", id.0);
            let money = |column| f.get(column).map(Money::from_hundredths);
            Ok(Wallet { available: money("available")?, held: money("held")? })
        };
        Ok(self.one(Statement::new(WALLET, vec![id.0.into()]), wallet).await?.unwrap_or_default())
    }

    async fn book_all(&self, transfers: &[Transfer]) -> Result<Booked, StoreError> {
        self.book_with(transfers, None).await
    }

    async fn book_act(&self, transfers: &[Transfer], audit: &AuditEntry) -> Result<Booked, StoreError> {
        self.book_with(transfers, Some(audit)).await
    }

    async fn transfers_of(
        &self,
        id: WalletId,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<(i64, Transfer)>, StoreError> {
        let params = vec![id.0.into(), before.unwrap_or(i64::MAX).into(), i64::from(limit).into()];
        self.readable(Statement::new(TRANSFERS_OF, params), transfer).await
    }
}

fn transfer(row: &Row) -> Result<(i64, Transfer), StoreError> {
    let key: String = RowReader::new(row, "transfers", "?").get("key")?;
    let f = RowReader::new(row, "transfers", &key);
    let transfer = Transfer {
        kind: f.word("kind", TransferKind::from_word)?,
        wallet: WalletId(f.get("wallet")?),
        amount: Money::from_hundredths(f.get("amount")?),
        job: f.get::<Option<String>>("job")?.map(JobId),
        note: f.get("note")?,
        at: f.time("booked_at")?,
        key,
    };
    Ok((f.get("id")?, transfer))
}
