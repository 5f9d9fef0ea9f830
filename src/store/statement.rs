//! The SQL, said once for both databases: each understands `$1` and `RETURNING`. Only the claims differ.

/// Every column of a job, in no order that matters: rows are read by name.
macro_rules! job_columns {
    () => {
        "id, user_id, chat_id, draft, model, input, attachments, quote_credits, quote_certainty, state, task, \
         key_label, output, failure, progress_message, detached, attempts, created_at, submitted_at, updated_at, claim, calls, \
         setbacks, setbacks_since"
    };
}

/// The number that a chat has by now.
macro_rules! chat_now {
    ($chat:literal) => {
        concat!("COALESCE((SELECT became FROM moves WHERE moves.chat_id = ", $chat, "), ", $chat, ")")
    };
}
pub(super) use chat_now;

pub(super) const PING: &str = "SELECT 1 AS one";

pub(super) const USER: &str = "SELECT id, language, created_at FROM users WHERE id = $1";
pub(super) const PUT_USER: &str = "INSERT INTO users (id, language, created_at) VALUES ($1, $2, $3)
    ON CONFLICT (id) DO UPDATE SET language = excluded.language";

pub(super) const DRAFT: &str = "SELECT chat_id, body, updated_at FROM drafts WHERE chat_id = $1";
pub(super) const PUT_DRAFT: &str = concat!(
    "INSERT INTO drafts (chat_id, body, updated_at) VALUES (",
    chat_now!("$1"),
    ", $2, $3)
    ON CONFLICT (chat_id) DO UPDATE SET body = excluded.body, updated_at = excluded.updated_at"
);
pub(super) const DELETE_DRAFT: &str = concat!("DELETE FROM drafts WHERE chat_id = ", chat_now!("$1"));

pub(super) const CHAT_NOW: &str = "SELECT became FROM moves WHERE chat_id = $1";
/// $1 the old number of a chat, $2 the new one. First of all, so that whoever writes from now on finds it.
pub(super) const MOVE: &str = "INSERT INTO moves (chat_id, became) VALUES ($1, $2)
    ON CONFLICT (chat_id) DO UPDATE SET became = excluded.became";
/// Messages are counted anew: the number of a progress message would be another message's. A draft that was ordered in both
/// chats keeps its name in the new one.
pub(super) const MOVE_JOBS: &str = "UPDATE jobs SET chat_id = $2, progress_message = NULL, draft = CASE
        WHEN EXISTS (SELECT 1 FROM jobs AS there WHERE there.chat_id = $2 AND there.draft = jobs.draft)
        THEN draft || ' of ' || id ELSE draft END
    WHERE chat_id = $1";
/// What was begun in the new chat goes on.
pub(super) const MOVE_DRAFT: &str = "UPDATE drafts SET chat_id = $2
    WHERE chat_id = $1 AND NOT EXISTS (SELECT 1 FROM drafts AS there WHERE there.chat_id = $2)";
pub(super) const DROP_DRAFT: &str = "DELETE FROM drafts WHERE chat_id = $1";

/// A new job stands behind the last one of its owner, and not before those whose turn it is now: who has many jobs lets
/// everybody else in between, and who comes later has no credit from the past.
pub(super) const ADD_JOB: &str = concat!(
    "INSERT INTO jobs (id, user_id, chat_id, draft, model, input, attachments,
        quote_credits, quote_certainty, state, task, output, failure, progress_message, detached, attempts, created_at,
        submitted_at, updated_at, due_at, key_label, place)
    VALUES ($1, $2, ",
    chat_now!("$3"),
    ", $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
        COALESCE((SELECT MAX(place) FROM (
            SELECT MIN(place) AS place FROM jobs WHERE state = 'held'
            UNION ALL SELECT MAX(place) + 1 FROM jobs WHERE state = 'held' AND user_id = $2) AS places), 0))
    ON CONFLICT (chat_id, draft) DO NOTHING RETURNING id"
);
pub(super) const JOB: &str = concat!("SELECT ", job_columns!(), " FROM jobs WHERE id = $1");
pub(super) const JOB_BY_TASK: &str = concat!("SELECT ", job_columns!(), " FROM jobs WHERE task = $1");
pub(super) const JOB_BY_DRAFT: &str =
    concat!("SELECT ", job_columns!(), " FROM jobs WHERE chat_id = ", chat_now!("$1"), " AND draft = $2");
pub(super) const JOBS_OF: &str = concat!(
    "SELECT ",
    job_columns!(),
    " FROM jobs WHERE chat_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2 OFFSET $3"
);
pub(super) const COUNT_JOBS: &str = "SELECT state, COUNT(*) AS jobs FROM jobs GROUP BY state";

/// What the two databases say differently about one lane of [`JobQueue`](super::JobQueue), each with an index of its own.
#[derive(Debug)]
pub(super) struct QueueSql {
    /// $1 the worker, $2 the end of the lease, $3 the time, $4 ids of jobs that are passed over.
    pub(super) claim: &'static str,
    pub(super) next_due: &'static str,
}

/// With what makes a job one of the lane, the order in which they are taken, the function that unfolds a JSON array of texts,
/// and what lets a worker pass over a row that another is just taking.
macro_rules! lane {
    ($which:literal, $order:literal, $each_text:literal, $skip:literal) => {
        QueueSql {
            claim: concat!(
                "UPDATE jobs SET worker = $1, due_at = $2, claim = claim + 1, attempts = attempts + 1
                WHERE id = (SELECT id FROM jobs WHERE ",
                $which,
                " AND due_at <= $3 AND id NOT IN (SELECT CAST(value AS TEXT) FROM ",
                $each_text,
                "($4)) ORDER BY ",
                $order,
                " LIMIT 1",
                $skip,
                ") RETURNING ",
                job_columns!()
            ),
            next_due: concat!("SELECT MIN(due_at) AS due_at FROM jobs WHERE ", $which, " AND due_at IS NOT NULL"),
        }
    };
}

/// The lanes in the order of [`JobQueue`](super::JobQueue).
macro_rules! lanes {
    ($each_text:literal, $skip:literal) => {
        [
            lane!("true", "due_at, id", $each_text, $skip),
            lane!("state = 'held'", "place, due_at, id", $each_text, $skip),
            lane!("state IN ('submitting', 'running')", "due_at, id", $each_text, $skip),
            lane!("state IN ('ready', 'delivering', 'failed', 'unknown')", "due_at, id", $each_text, $skip),
        ]
    };
}

/// SQLite has one writer: a statement is alone while it runs.
pub(super) static QUEUES_SQLITE: [QueueSql; 4] = lanes!("json_each", "");
pub(super) static QUEUES_POSTGRES: [QueueSql; 4] = lanes!("jsonb_array_elements_text", " FOR UPDATE SKIP LOCKED");

/// What a move writes: $1 the new state, $2 to $5 the change, $6 whether attempts and setbacks count anew, $7 the time, $8
/// whether the new state has a failure, $9 the key of a new task, $10 and $11 setbacks and since when, if they change.
macro_rules! moved {
    () => {
        "UPDATE jobs SET state = $1, task = COALESCE($2, task), submitted_at = COALESCE($3, submitted_at),
        output = COALESCE($4, output), failure = CASE WHEN $8 THEN COALESCE($5, failure) END,
        attempts = CASE WHEN $6 THEN 0 ELSE attempts END, updated_at = $7,
        key_label = CASE WHEN $2 IS NULL THEN key_label ELSE $9 END,
        setbacks = CASE WHEN $6 THEN 0 ELSE COALESCE($10, setbacks) END,
        setbacks_since = CASE WHEN $6 THEN NULL WHEN $10 IS NULL THEN setbacks_since ELSE $11 END, "
    };
}
/// $12 whether to let it go, and $13 until when; $14 and on: the job as the claim saw it. A vendor that has called since
/// then is asked before all others.
pub(super) const ADVANCE: &str = concat!(
    moved!(),
    "worker = CASE WHEN $12 THEN NULL ELSE worker END,
        due_at = CASE WHEN NOT $12 THEN due_at WHEN $1 = 'running' AND calls > $18 THEN 0 ELSE $13 END
    WHERE id = $14 AND state = $15 AND worker = $16 AND claim = $17 RETURNING ",
    job_columns!()
);
/// $12 when it is due. A worker that has it finds out by its next move, which fails.
pub(super) const DECIDE: &str =
    concat!(moved!(), "worker = NULL, due_at = $12 WHERE id = $13 AND state = $14 RETURNING ", job_columns!());
pub(super) const RENEW: &str = "UPDATE jobs SET due_at = $1 WHERE id = $2 AND worker = $3 AND claim = $4 RETURNING id";
pub(super) const LET_GO: &str =
    "UPDATE jobs SET worker = NULL, due_at = $1 WHERE id = $2 AND worker = $3 AND claim = $4 RETURNING id";
/// The vendor has called: a job that waits for its task is due before all others. One that a worker holds is looked at again
/// when it is let go, see [`ADVANCE`].
pub(super) const RECORD_WEBHOOK: &str = concat!(
    "UPDATE jobs SET calls = calls + 1,
        due_at = CASE WHEN state = 'running' AND worker IS NULL THEN 0 ELSE due_at END
    WHERE id = $1 RETURNING ",
    job_columns!()
);
pub(super) const PUT_WEBHOOK_TASK: &str = "INSERT INTO callbacks (job, task, received_at) VALUES ($1, $2, $3)
    ON CONFLICT (job, task) DO NOTHING";
pub(super) const WEBHOOK_TASKS: &str = "SELECT task FROM callbacks WHERE job = $1 ORDER BY received_at, task";
pub(super) const UNDELIVERABLE: &str = concat!(
    "SELECT ",
    job_columns!(),
    " FROM jobs WHERE chat_id = $1 AND state = 'undeliverable' ORDER BY created_at, id"
);
pub(super) const JOBS_IN: &str = concat!(
    "SELECT ",
    job_columns!(),
    " FROM jobs WHERE $1 IS NULL OR state = $1 ORDER BY created_at DESC, id DESC LIMIT $2"
);
pub(super) const SET_PROGRESS_MESSAGE: &str =
    "UPDATE jobs SET progress_message = $2 WHERE id = $1 AND chat_id = $3 RETURNING id";
pub(super) const DETACH: &str = "UPDATE jobs SET detached = $2 WHERE id = $1 RETURNING id";

/// A kind that the job has already gives no row.
pub(super) const BOOK: &str = "INSERT INTO ledger (job, kind, credits, booked_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (job, kind) DO NOTHING RETURNING id";
pub(super) const ENTRIES: &str = "SELECT kind, credits FROM ledger WHERE job = $1 ORDER BY id";

pub(super) const PUT_FILE: &str = "INSERT INTO files (job, position, file_id, sent_as, message)
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (job, position)
    DO UPDATE SET file_id = excluded.file_id, sent_as = excluded.sent_as, message = excluded.message";
pub(super) const FILES: &str = "SELECT position, file_id, sent_as, message FROM files WHERE job = $1 ORDER BY position";
