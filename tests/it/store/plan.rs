//! In a database that has grown, no statement reads a whole table, nor a whole index of one.

use std::collections::BTreeMap;

use kie::store;
use serde_json::Value;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};

use crate::store::url_of;
use crate::support::{database, source};

/// The tables that grow.
const LARGE: [&str; 20] = [
    "jobs",
    "files",
    "ledger",
    "updates",
    "person_drafts",
    "callbacks",
    "replies",
    "access_entries",
    "moves",
    "wallets",
    "transfers",
    "audit",
    "users",
    "name_words",
    "person_quotas",
    "promo_uses",
    "promo_misses",
    "referral_codes",
    "referrals",
    "star_subscriptions",
];

/// Indexes of what is under way, of what waits for a person and of what is left over. They are read as a whole, since they
/// stay small however large the table is.
const SMALL: [&str; 10] = [
    "jobs_held",
    "jobs_held_of_user",
    "jobs_watched",
    "jobs_for_chats",
    "jobs_undeliverable",
    "jobs_to_report",
    "jobs_newer",
    "updates_open",
    "updates_of_chat",
    "updates_kept",
];

/// Lists that begin at one end of an index and are cut off, without another condition.
const NEWEST: [(&str, &str); 3] =
    [("NEWEST_JOBS", "jobs_by_time"), ("ACCESS_ENTRIES", "access_entries_by_time"), ("SEEN_LAST", "users_by_seen")];

/// Rows of every kind: 30 000 jobs of 3000 people, of which fewer than 200 are under way.
const FILL: &str = "
    INSERT INTO users (id, language, created_at, seen_at) SELECT i, 'en', i, i FROM {3000};
    INSERT INTO name_words (word, user_id) SELECT 'word' || i, i FROM {3000};
    INSERT INTO person_quotas (user_id, day_credits) SELECT i, i FROM {3000};
    INSERT INTO audit (acted_at, actor, action, about) SELECT i, '1', 'allow', i % 3000 FROM {30000};
    INSERT INTO jobs (id, user_id, chat_id, draft, model, input, attachments, quote_credits, quote_certainty, state, task,
        detached, attempts, created_at, updated_at, due_at)
    SELECT 'job-' || (100000 + i), i % 3000 + 1, i % 3000 + 1, 'draft-' || i, 'maker/model', '{}', '[]', 1000, 'exact',
        CASE WHEN i > 29960 THEN 'held' WHEN i > 29920 THEN 'running' WHEN i > 29880 THEN 'ready'
            WHEN i > 29870 THEN 'unknown' WHEN i > 29860 THEN 'undeliverable' WHEN i > 29855 THEN 'dreaming'
            WHEN i % 10 = 0 THEN 'failed' WHEN i % 10 = 1 THEN 'cancelled' ELSE 'delivered' END,
        'task-' || i, FALSE, 1, 1700000000000 + i * 1000, 1700000000000 + i * 1000,
        CASE WHEN i > 29880 THEN 1700000000000 + i * 1000 END
    FROM {30000};
    INSERT INTO ledger (job, kind, credits, booked_at) SELECT id, 'hold', 1000, created_at FROM jobs;
    INSERT INTO ledger (job, kind, credits, booked_at)
        SELECT id, 'capture', 1000, updated_at FROM jobs WHERE state = 'delivered';
    INSERT INTO files (job, position, file_id, sent_as, message) SELECT id, 0, 'file', 'photo', 1 FROM jobs;
    INSERT INTO callbacks (job, task, received_at) SELECT id, task, updated_at FROM jobs;
    INSERT INTO replies (job, source, body, received_at) SELECT id, 'poll', '{}', updated_at FROM jobs;
    INSERT INTO person_drafts (chat_id, topic, user_id, body, updated_at) SELECT i, 0, i, '{}', i FROM {30000};
    INSERT INTO updates (id, chat_id, body, received_at, closed_at)
        SELECT i, CASE WHEN i > 29900 THEN i % 3000 + 1 ELSE 0 END, '{}', i, CASE WHEN i <= 29950 THEN i END FROM {30000};
    INSERT INTO access_entries (id, is_allowed, origin, name, decided_by, since)
        SELECT i, i % 10 > 0, 'invite', 'Ann', 1, i FROM {3000};
    INSERT INTO wallets (id, available, held) SELECT i, 0, 0 FROM {3000};
    INSERT INTO transfers (key, kind, source, target, wallet, amount, job, booked_at)
        SELECT 'hold:' || id, 'hold', 'available', 'held', user_id, 1, id, created_at FROM jobs;
    INSERT INTO promo_uses (code, user_id, used_at) SELECT 'CODE-' || (i % 10), i, i FROM {30000};
    INSERT INTO promo_misses (user_id, missed_at) SELECT i % 3000, i FROM {30000};
    INSERT INTO referral_codes (user_id, code, made_at) SELECT i, 'code-' || i, i FROM {3000};
    INSERT INTO referrals (friend, inviter, came_at, earned) SELECT i, i % 3000, i, 0 FROM {30000};
    INSERT INTO star_subscriptions (invoice, person, payment, stars, amount, until, renewal)
        SELECT 'invoice-' || i, i % 3000, 'payment-' || i, 1, 1, i, 'automatic' FROM {30000};
    INSERT INTO moves (chat_id, became) SELECT -i, -1000000000000 - i FROM {3000};
    INSERT INTO holders (name, until) VALUES ('a', 1), ('b', 2);
    INSERT INTO turns (chat_id, holder) SELECT DISTINCT chat_id, 'a' FROM updates WHERE closed_at IS NULL;";

/// [`FILL`] with its series of numbers, in the words of both databases.
fn fill() -> String {
    [3000, 30_000].iter().fold(FILL.to_owned(), |sql, count| {
        let series = format!(
            "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) SELECT i FROM n) AS n"
        );
        sql.replace(&format!("{{{count}}}"), &series)
    })
}

/// The statements whose plans are wrong, with the reason.
type Wrong = BTreeMap<String, Vec<String>>;

fn expect_none(wrong: &Wrong, looked_at: usize) {
    assert!(looked_at > 80, "{looked_at} statements were looked at");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A step of one of SQLite's plans, if it reads a large table as a whole: `SCAN jobs`, `SCAN jobs USING INDEX ...`.
fn whole_in_sqlite(name: &str, aliases: &BTreeMap<&str, &str>, step: &str) -> bool {
    let Some(rest) = step.strip_prefix("SCAN ") else { return false };
    let mut words = rest.split_whitespace();
    let table = words.next().unwrap_or_default();
    let table = aliases.get(table).copied().unwrap_or(table);
    let index = rest.split_once("INDEX ").map(|(_, index)| index.split_whitespace().next().unwrap_or_default());
    LARGE.contains(&table) && !index.is_some_and(|index| SMALL.contains(&index) || NEWEST.contains(&(name, index)))
}

#[tokio::test(flavor = "multi_thread")]
async fn no_statement_reads_a_whole_table_in_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bot.db");
    let url = url_of(&path);
    store::open(&url).await.unwrap().close().await;
    let mut database = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(&path)).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(fill())).execute(&mut database).await.unwrap();
    let aliases = BTreeMap::from([("first", "updates"), ("there", "jobs"), ("closing", "ledger")]);
    let (mut wrong, all) = (Wrong::new(), store::statements(&url).unwrap());
    for (name, sql) in &all {
        let explain = sqlx::query(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}")));
        let plan = explain.fetch_all(&mut database).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        let steps = plan.iter().map(|row| row.get::<String, _>("detail"));
        let whole: Vec<_> = steps.filter(|step| whole_in_sqlite(name, &aliases, step)).collect();
        if !whole.is_empty() {
            wrong.insert(name.clone(), whole);
        }
    }
    expect_none(&wrong, all.len());
}

/// The types of parameters that PostgreSQL cannot find by itself.
fn types(name: &str) -> &'static str {
    match name {
        "MOVE_JOB" => {
            "(text, text, text, bigint, bigint, text, bigint, boolean, boolean, boolean, bigint, text, text, bigint, jsonb, \
             jsonb, bigint, bigint, bigint, jsonb, jsonb)"
        }
        _ => "",
    }
}

/// The number of parameters: the highest `$n`.
fn params(sql: &str) -> usize {
    let numbers =
        sql.split('$').skip(1).map(|rest| rest.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default());
    numbers.filter_map(|digits| digits.parse().ok()).max().unwrap_or(0)
}

/// Collects the nodes of one of PostgreSQL's plans that read a large table or an index of it as a whole.
fn whole_in_postgres(name: &str, node: &Value, found: &mut Vec<String>) {
    let text = |key: &str| node[key].as_str().unwrap_or_default();
    let (kind, table, index) = (text("Node Type"), text("Relation Name"), text("Index Name"));
    let is_whole = match kind {
        "Seq Scan" | "Sample Scan" => LARGE.contains(&table),
        "Index Scan" | "Index Only Scan" | "Bitmap Index Scan" => {
            let is_large = LARGE.iter().any(|table| index.starts_with(table));
            is_large
                && node.get("Index Cond").is_none()
                && !SMALL.contains(&index)
                && (!NEWEST.contains(&(name, index)) || node.get("Filter").is_some())
        }
        _ => false,
    };
    if is_whole {
        found.push(format!("{kind} on {table} {index}"));
    }
    for child in node["Plans"].as_array().into_iter().flatten() {
        whole_in_postgres(name, child, found);
    }
}

/// With a plan for any values: the one that the server may come to when a statement is sent again and again. Tables of this
/// size are soon read as a whole: the question is whether there is another way.
#[tokio::test(flavor = "multi_thread")]
async fn no_statement_reads_a_whole_table_in_postgres() {
    database::with_database(|url| async move {
        store::open(&url).await.unwrap().close().await;
        let mut database = PgConnection::connect(&url).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(fill())).execute(&mut database).await.unwrap();
        let settings = "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET random_page_cost = 1.1";
        sqlx::raw_sql(AssertSqlSafe(format!("ANALYZE; {settings}"))).execute(&mut database).await.unwrap();
        let (mut wrong, all) = (Wrong::new(), store::statements(&url).unwrap());
        for (name, sql) in &all {
            let prepare = format!("PREPARE it {} AS {sql}", types(name));
            let prepared = sqlx::raw_sql(AssertSqlSafe(prepare)).execute(&mut database).await;
            prepared.unwrap_or_else(|error| panic!("{name}: {error}"));
            let nulls = vec!["NULL"; params(sql)].join(", ");
            let given = if nulls.is_empty() { nulls } else { format!("({nulls})") };
            let explain = AssertSqlSafe(format!("EXPLAIN (FORMAT JSON) EXECUTE it {given}"));
            let plan: Value = sqlx::query_scalar(explain).fetch_one(&mut database).await.unwrap();
            let mut whole = Vec::new();
            whole_in_postgres(name, &plan[0]["Plan"], &mut whole);
            if !whole.is_empty() {
                wrong.insert(name.clone(), whole);
            }
            sqlx::raw_sql("DEALLOCATE it").execute(&mut database).await.unwrap();
        }
        expect_none(&wrong, all.len());
    })
    .await;
}

/// A statement outside the lists would be explained by nobody.
#[test]
fn every_statement_is_in_a_list() {
    let mut made = 0;
    for path in source::files("src/store") {
        let text = std::fs::read_to_string(&path).unwrap();
        // A constant of the lists has no type: the macro gives it one.
        for constant in text.split("const ").skip(1) {
            let Some((name, value)) = constant.split_once(": &str =") else { continue };
            let value = value.trim_start().trim_start_matches('"').trim_start();
            let is_sql = ["SELECT ", "INSERT ", "UPDATE ", "DELETE "].iter().any(|verb| value.starts_with(verb));
            assert!(!is_sql || name.contains(char::is_whitespace), "{}: {name} is in no list", path.display());
        }
        for call in text.split("Statement::new(").skip(1) {
            let sql = call.trim_start();
            assert!(!sql.starts_with('"'), "{}: a statement without a name: {sql:.60}", path.display());
            made += 1;
        }
    }
    assert!(made > 40, "{made} statements are made");
}
