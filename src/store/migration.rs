//! Whether a program and the tables that it finds fit together.
//!
//! Tables have the version of their newest migration. A program that is older than they are may still use them: each
//! migration from [`FIRST`] on says, in the table `schema_compat`, which program is the oldest that still may. So the
//! version before works beside a new one that has just changed the tables, and after it was taken back.

use sqlx::migrate::Migrator;
use sqlx::{ColumnIndex, Database, Decode, Executor, IntoArguments, Type};

use crate::store_error::StoreError;

/// What [`open`](super::open_within) does about tables that are missing or of an older version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Upgrade {
    /// It creates and changes them.
    Apply,
    /// It refuses them.
    Refuse,
}

/// The first version that has the table `schema_compat`.
#[cfg(test)]
const FIRST: i64 = 10;

/// How one kind of database is asked whether a table exists: each a query of a number, 0 or 1.
#[derive(Debug)]
pub(super) struct TableQueries {
    pub(super) has_migrations: &'static str,
    pub(super) has_compat: &'static str,
}

/// What the database says about its tables.
#[derive(Debug, Default)]
pub(super) struct TablesVersion {
    /// The migrations that were applied, in order.
    applied: Vec<i64>,
    /// The newest migration of the oldest program that may use the tables.
    oldest: Option<i64>,
}

/// How the tables fit the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TablesFit {
    /// There are none.
    Missing,
    /// Migrations are to be applied first.
    Older,
    /// They can be used as they are.
    Usable,
}

impl TablesVersion {
    /// Reads it.
    pub(super) async fn read<DB>(
        connection: &mut DB::Connection,
        queries: &'static TableQueries,
    ) -> Result<Self, sqlx::Error>
    where
        DB: Database,
        DB::Arguments: IntoArguments<DB>,
        for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
        i64: for<'r> Decode<'r, DB> + Type<DB>,
        usize: ColumnIndex<DB::Row>,
    {
        let mut version = Self::default();
        if sqlx::query_scalar::<DB, i64>(queries.has_migrations).fetch_one(&mut *connection).await? > 0 {
            let applied = "SELECT version FROM _sqlx_migrations ORDER BY version";
            version.applied = sqlx::query_scalar::<DB, i64>(applied).fetch_all(&mut *connection).await?;
        }
        if sqlx::query_scalar::<DB, i64>(queries.has_compat).fetch_one(&mut *connection).await? > 0 {
            let oldest = "SELECT oldest FROM schema_compat";
            version.oldest = sqlx::query_scalar::<DB, i64>(oldest).fetch_optional(&mut *connection).await?;
        }
        Ok(version)
    }

    /// How the tables fit a program with these migrations. `label` names the database.
    ///
    /// # Errors
    /// [`StoreError::Version`] when the program is too old for them.
    pub(super) fn fit(&self, program: &Migrator, label: &str) -> Result<TablesFit, StoreError> {
        let newest = program.iter().map(|migration| migration.version).max().unwrap_or_default();
        let is_complete = program.iter().all(|migration| self.applied.contains(&migration.version));
        let mut unknown = self.applied.iter().filter(|version| !program.version_exists(**version));
        match (self.applied.last(), unknown.next()) {
            (None, _) => Ok(TablesFit::Missing),
            (Some(_), None) if is_complete => Ok(TablesFit::Usable),
            (Some(_), None) => Ok(TablesFit::Older),
            (Some(_), Some(first)) if is_complete && *first > newest && self.oldest.is_some_and(|it| it <= newest) => {
                Ok(TablesFit::Usable)
            }
            (Some(last), Some(_)) => Err(StoreError::Version(format!(
                "the database {label} was written by another version of the bot: its tables are of version {last}, and \
                 this program knows them up to version {newest}; run the newer version"
            ))),
        }
    }

    /// As [`TablesVersion::fit`], for a program that must not change the tables.
    ///
    /// # Errors
    /// [`StoreError::Version`] when they cannot be used as they are.
    pub(super) fn check(&self, program: &Migrator, label: &str) -> Result<(), StoreError> {
        match self.fit(program, label)? {
            TablesFit::Usable => Ok(()),
            TablesFit::Missing => Err(missing(label)),
            TablesFit::Older => Err(StoreError::Version(format!(
                "the database {label} is of an older version: start the bot once, which brings it up to date"
            ))),
        }
    }
}

/// The error that nobody has written to the database yet.
pub(super) fn missing(label: &str) -> StoreError {
    StoreError::Version(format!("the database {label} has no tables yet: start the bot once, which makes them"))
}

#[cfg(test)]
mod tests {
    use sqlx::migrate;

    use super::*;

    static SQLITE: Migrator = migrate!("src/store/sqlite/migrations");
    static POSTGRES: Migrator = migrate!("src/store/postgres/migrations");

    fn newest() -> i64 {
        SQLITE.iter().last().unwrap().version
    }

    fn fit(skipped: &[i64], more: &[i64], oldest: Option<i64>) -> Result<TablesFit, String> {
        let known = SQLITE.iter().map(|migration| migration.version).filter(|version| !skipped.contains(version));
        let version = TablesVersion { applied: known.chain(more.iter().copied()).collect(), oldest };
        version.fit(&SQLITE, "db").map_err(|error| error.to_string())
    }

    #[test]
    fn a_program_uses_newer_tables_only_as_far_as_they_say() {
        let (newest, next) = (newest(), newest() + 1);
        assert_eq!(fit(&[], &[], None), Ok(TablesFit::Usable));
        assert_eq!(fit(&[newest], &[], None), Ok(TablesFit::Older));
        assert_eq!(fit(&[], &[next, next + 1], Some(newest)), Ok(TablesFit::Usable));
        for refused in [
            fit(&[], &[next], Some(next)),
            fit(&[], &[next], None),
            // A migration that the program knows was never applied: the tables are no later form of its own.
            fit(&[newest], &[next], Some(newest)),
            fit(&[], &[0], Some(newest)),
        ] {
            assert!(refused.unwrap_err().contains("another version of the bot"));
        }
        assert_eq!(TablesVersion::default().fit(&SQLITE, "db").unwrap(), TablesFit::Missing);
    }

    /// A migration that says nothing would leave the word of the one before, which may be wrong.
    #[test]
    fn every_migration_says_which_program_is_the_oldest() {
        for all in [&SQLITE, &POSTGRES] {
            assert_eq!(all.iter().last().unwrap().version, newest(), "both databases have the same versions");
            for migration in all.iter().filter(|migration| migration.version > FIRST) {
                let says = migration.sql.as_str().contains("UPDATE schema_compat SET oldest = ");
                assert!(says, "{} {}", migration.version, migration.description);
            }
        }
    }
}
