//! The SQL of users, drafts, jobs and ledgers. Both databases understand `$1` and `RETURNING`; where their SQL differs,
//! the text is built from a [`Dialect`](super::dialect::Dialect).
//!
//! Some columns have older names than the code: `jobs.calls` counts webhooks, `callbacks` holds their tasks,
//! `jobs.claim` is the fencing token, `jobs.place` the position in the queue of jobs to be sent.

/// Every column of a job. The order is irrelevant: rows are read by name.
macro_rules! job_columns {
    () => {
        "id, user_id, chat_id, topic, draft, model, input, attachments, quote_credits, quote_certainty, state, task, \
         key_label, output, failure, doubted, progress_message, detached, attempts, created_at, submitted_at, updated_at, \
         claim, calls, setbacks, setbacks_since, not_found_since, stripped_at, charge"
    };
}

/// The present number of a chat.
macro_rules! chat_now {
    ($chat:literal) => {
        concat!("COALESCE((SELECT became FROM moves WHERE moves.chat_id = ", $chat, "), ", $chat, ")")
    };
}
pub(super) use {chat_now, job_columns};

/// Declares statements, and lists them: the database has each one explained in a test.
macro_rules! statements {
    ($($(#[$doc:meta])* $vis:vis const $name:ident = $sql:expr;)*) => {
        $($(#[$doc])* $vis const $name: &str = $sql;)*
        /// Every statement declared here, by name.
        pub(in crate::store) const ALL: &[(&str, &str)] = &[$((stringify!($name), $name)),*];
    };
}
pub(super) use statements;

statements! {
/// A write that changes no row: a database that is read-only, as a former primary is, refuses it.
pub(super) const PING = "UPDATE owner SET since = since WHERE FALSE";

/// The newest times that the program has written. Of a process that was killed, the end of its lease is one.
pub(super) const NEWEST_TIME = "SELECT MAX(newest) AS newest FROM (
    SELECT MAX(created_at) AS newest FROM jobs
    UNION ALL SELECT received_at FROM updates WHERE id = (SELECT MAX(id) FROM updates)
    UNION ALL SELECT MAX(until) FROM holders) AS times";

pub(super) const USER = "SELECT id, language, created_at FROM users WHERE id = $1";
pub(super) const PUT_USER = "INSERT INTO users (id, language, created_at) VALUES ($1, $2, $3)
    ON CONFLICT (id) DO UPDATE SET language = excluded.language";

/// $1 the bot, $2 the time, $3 whether it takes the database over. A database that nobody has used may be of a bot whose
/// token was a slip.
pub(super) const PUT_BOT = "INSERT INTO bot (one, bot_id, since) VALUES (1, $1, $2)
    ON CONFLICT (one) DO UPDATE SET bot_id = excluded.bot_id, since = excluded.since
        WHERE excluded.bot_id <> bot.bot_id
            AND ($3 OR (SELECT MIN(id) FROM users) IS NULL AND (SELECT MIN(id) FROM jobs) IS NULL)";
pub(super) const BOT = "SELECT bot_id FROM bot";

pub(super) const OWNER = "SELECT user_id FROM owner";
pub(super) const ADD_OWNER = "INSERT INTO owner (one, user_id, since) VALUES (1, $1, $2)
    ON CONFLICT (one) DO NOTHING RETURNING user_id";

/// A draft without a topic has topic 0: null is equal to nothing, so it could not be part of the key.
pub(super) const DRAFT = "SELECT chat_id, topic, user_id, body, updated_at FROM person_drafts
    WHERE chat_id = $1 AND topic = $2 AND user_id = $3";
pub(super) const DRAFTS_IN = "SELECT chat_id, topic, user_id, body, updated_at FROM person_drafts
    WHERE chat_id = $1 ORDER BY updated_at DESC LIMIT $2";
pub(super) const PUT_DRAFT = concat!(
    "INSERT INTO person_drafts (chat_id, topic, user_id, body, updated_at) VALUES (",
    chat_now!("$1"),
    ", $2, $3, $4, $5)
    ON CONFLICT (chat_id, topic, user_id) DO UPDATE SET body = excluded.body, updated_at = excluded.updated_at"
);
pub(super) const DELETE_DRAFT =
    concat!("DELETE FROM person_drafts WHERE chat_id = ", chat_now!("$1"), " AND topic = $2 AND user_id = $3");

pub(super) const CHAT_NOW = "SELECT became FROM moves WHERE chat_id = $1";
/// $1 the old number of a chat, $2 the new one. The first statement of the move, so that later writers see the new
/// number.
pub(super) const MOVE = "INSERT INTO moves (chat_id, became) VALUES ($1, $2)
    ON CONFLICT (chat_id) DO UPDATE SET became = excluded.became";
pub(super) const DROP_DRAFTS = "DELETE FROM person_drafts WHERE chat_id = $1";

/// The queue position (`place`) of a new job is one behind the last job of its user, and not before the first job in
/// the queue: a user with many jobs lets all others in between, and gains nothing from earlier idle time.
pub(super) const ADD_JOB = concat!(
    "INSERT INTO jobs (id, user_id, chat_id, draft, model, input, attachments,
        quote_credits, quote_certainty, state, task, output, failure, progress_message, detached, attempts, created_at,
        submitted_at, updated_at, due_at, key_label, topic, charge, place)
    VALUES ($1, $2, ",
    chat_now!("$3"),
    ", $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
        COALESCE((SELECT MAX(place) FROM (
            SELECT MIN(place) AS place FROM jobs WHERE state = 'held'
            UNION ALL SELECT MAX(place) + 1 FROM jobs WHERE state = 'held' AND user_id = $2) AS places), 0))
    ON CONFLICT (chat_id, draft) DO NOTHING RETURNING id"
);
pub(super) const JOB = concat!("SELECT ", job_columns!(), " FROM jobs WHERE id = $1");
pub(super) const JOB_BY_TASK = concat!("SELECT ", job_columns!(), " FROM jobs WHERE task = $1");
pub(super) const JOB_BY_DRAFT =
    concat!("SELECT ", job_columns!(), " FROM jobs WHERE chat_id = ", chat_now!("$1"), " AND draft = $2");
pub(super) const JOBS_OF = concat!(
    "SELECT ",
    job_columns!(),
    " FROM jobs WHERE chat_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2 OFFSET $3"
);
pub(super) const NEWEST_JOBS =
    concat!("SELECT ", job_columns!(), " FROM jobs ORDER BY created_at DESC, id DESC LIMIT $1");
pub(super) const JOBS_IN = concat!(
    "SELECT ",
    job_columns!(),
    " FROM jobs WHERE state = $1 ORDER BY created_at DESC, id DESC LIMIT $2"
);
pub(super) const UNDELIVERABLE = concat!(
    "SELECT ",
    job_columns!(),
    " FROM jobs WHERE chat_id = $1 AND state = 'undeliverable' ORDER BY created_at, id"
);
/// $1 the job, $2 until when it was claimed.
pub(super) const END_REPORT = "UPDATE jobs SET report_due = NULL WHERE id = $1 AND report_due = $2";

/// Moves a job. The parameters get names in the subquery `move`; see [`JobMove`](super::job_move::JobMove) for their
/// meaning. A job with a webhook since its claim is polled before all others, and is not sent: the webhook may be of an
/// earlier create.
pub(super) const MOVE_JOB = concat!(
    "UPDATE jobs SET
        state = next_state,
        task = COALESCE(new_task, task),
        key_label = CASE WHEN new_task IS NULL THEN key_label ELSE new_key END,
        submitted_at = COALESCE(new_submitted_at, submitted_at),
        input = COALESCE(new_input, input),
        attachments = COALESCE(new_attachments, attachments),
        output = COALESCE(new_output, output),
        failure = CASE WHEN has_failure THEN COALESCE(new_failure, failure) END,
        doubted = CASE WHEN next_state = 'unknown' THEN TRUE ELSE doubted END,
        attempts = CASE WHEN is_restart THEN 0 ELSE attempts END,
        setbacks = CASE WHEN is_restart THEN 0 ELSE COALESCE(new_setbacks, setbacks) END,
        setbacks_since = CASE
            WHEN is_restart THEN NULL
            WHEN new_setbacks IS NULL THEN setbacks_since
            ELSE new_setbacks_since END,
        not_found_since = CASE
            WHEN is_restart THEN NULL
            WHEN new_setbacks IS NULL THEN not_found_since
            ELSE new_not_found_since END,
        updated_at = moved_at,
        report_due = CASE WHEN next_state = 'undeliverable' THEN 0 END,
        worker = CASE WHEN is_released THEN NULL ELSE worker END,
        due_at = CASE
            WHEN NOT is_released THEN due_at
            WHEN next_state = 'running' AND calls > seen_webhooks THEN 0
            ELSE new_due_at END
    FROM (SELECT
        $1 AS moved_id, $2 AS seen_state, $3 AS claimed_by, $4 AS fence, $5 AS seen_webhooks,
        $6 AS next_state, $7 AS moved_at, $8 AS is_restart, $9 AS has_failure, $10 AS is_released, $11 AS new_due_at,
        $12 AS new_task, $13 AS new_key, $14 AS new_submitted_at, $15 AS new_output, $16 AS new_failure,
        $17 AS new_setbacks, $18 AS new_setbacks_since, $19 AS new_not_found_since,
        $20 AS new_input, $21 AS new_attachments
    ) AS move
    WHERE id = moved_id AND state = seen_state AND (claimed_by IS NULL OR (worker = claimed_by AND claim = fence))
        AND (next_state <> 'submitting' OR seen_webhooks IS NULL OR calls = seen_webhooks)
    RETURNING ",
    job_columns!()
);
/// $1 the end of the lease, $2 the job, $3 the worker, $4 the fence.
pub(super) const RENEW = "UPDATE jobs SET due_at = $1 WHERE id = $2 AND worker = $3 AND claim = $4 RETURNING id";
/// $1 when the job is due again, or null; $2 the job, $3 the worker, $4 the fence, $5 the new count of setbacks, or null,
/// $6 the time of the first, $7 that of the first of the last ones that were "no such task".
pub(super) const RELEASE = "UPDATE jobs SET worker = NULL, due_at = $1, setbacks = COALESCE($5, setbacks),
        setbacks_since = CASE WHEN $5 IS NULL THEN setbacks_since ELSE $6 END,
        not_found_since = CASE WHEN $5 IS NULL THEN not_found_since ELSE $7 END
    WHERE id = $2 AND worker = $3 AND claim = $4 RETURNING id";

/// Undoes the claim of a job that could not be read. $1 when it is due again, $2 the job, $3 the worker, $4 the fence.
pub(super) const UNCLAIM = "UPDATE jobs SET worker = NULL, due_at = $1, attempts = attempts - 1
    WHERE id = $2 AND worker = $3 AND claim = $4 RETURNING id";

/// A job that waits for its task is due before all others. A claimed job is due when it is released, see [`MOVE_JOB`].
pub(super) const RECORD_WEBHOOK = concat!(
    "UPDATE jobs SET calls = calls + 1,
        due_at = CASE WHEN state = 'running' AND worker IS NULL THEN 0 ELSE due_at END
    WHERE id = $1 RETURNING ",
    job_columns!()
);
pub(super) const PUT_WEBHOOK_TASK = "INSERT INTO callbacks (job, task, received_at) VALUES ($1, $2, $3)
    ON CONFLICT (job, task) DO NOTHING";
pub(super) const WEBHOOK_TASKS = "SELECT task FROM callbacks WHERE job = $1 ORDER BY received_at, task";
/// The time of the first reply is kept.
pub(super) const PUT_REPLY = "INSERT INTO replies (job, source, body, received_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (job, source) DO UPDATE SET body = excluded.body RETURNING received_at";
pub(super) const REPLIES = "SELECT source, body, received_at FROM replies WHERE job = $1 ORDER BY source";
/// $1 the job, $2 the message, $3 its chat, $4 the message that it replaces, or null.
pub(super) const PUT_PROGRESS_MESSAGE = "UPDATE jobs SET progress_message = $2
    WHERE id = $1 AND chat_id = $3 AND (progress_message IS NULL OR progress_message = $4) AND NOT detached
        AND state IN ('held', 'submitting', 'running', 'ready', 'delivering')
    RETURNING id";
pub(super) const DETACH = "UPDATE jobs SET detached = $2 WHERE id = $1 RETURNING id";

/// Returns no row when the job has an entry of this kind already.
pub(super) const ADD_ENTRY = "INSERT INTO ledger (job, kind, credits, booked_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (job, kind) DO NOTHING RETURNING id";
pub(super) const ENTRIES = "SELECT kind, credits FROM ledger WHERE job = $1 ORDER BY id";

pub(super) const PUT_FILE = "INSERT INTO files (job, position, file_id, sent_as, message)
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (job, position)
    DO UPDATE SET file_id = excluded.file_id, sent_as = excluded.sent_as, message = excluded.message";
pub(super) const FILES = "SELECT position, file_id, sent_as, message FROM files WHERE job = $1 ORDER BY position";
}
