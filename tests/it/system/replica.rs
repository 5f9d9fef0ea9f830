//! Several instances on one PostgreSQL share jobs, limits and calls.

use std::time::Duration;

use futures::future::join_all;
use kie::client::Rate;
use kie::demo::kie::{Pace, Route, SimKieOptions, TaskEnd, TaskPlan};
use kie::job::{ChatId, Job, JobId, JobState, UserId};
use kie::ledger::Credits;
use kie::schema::{Certainty, Quote};
use kie::store::Added;
use serde_json::json;

use crate::support::{count, database};
use crate::system::fixture::{LEADS, LIMIT, RARELY, TestSystem, quick};
use crate::system::front::Front;
use crate::system::person::{from_words, photos, receive};

const LOG: &str = "info,kie=debug";

/// An order as the bot would write it down.
pub(crate) fn job(name: &str, chat: i64, now: kie::clock::Timestamp) -> Job {
    let (_, spec) = from_words();
    let field = spec.fields.iter().find(|f| f.required && f.default.is_none()).unwrap();
    let answers = json!({field.name: "a boat"}).as_object().unwrap().clone();
    let files = kie::schema::Files::new();
    let accepted = kie::form::check(spec, &answers, &files, kie::form::Origin::Json).unwrap();
    Job {
        input: accepted.request.input().clone(),
        quote: Some(Quote { credits: Credits::from_milli(1000), certainty: Certainty::Exact }),
        // Progress is not what these tests are about.
        detached: true,
        ..Job::new(JobId(format!("{name:0>32}")), UserId(chat), ChatId(chat), name, spec.id, now)
    }
}

fn now() -> kie::clock::Timestamp {
    kie::clock::Clock::now(&kie::clock::SystemClock)
}

/// What another process writes down is heard, not found by asking: these workers would ask in an hour.
#[tokio::test(flavor = "multi_thread")]
async fn a_job_of_another_process_is_taken_at_once() {
    database::with_database(|url| async move {
        let mut system = TestSystem::postgres(url).await;
        system.tuning.worker.idle = Duration::from_secs(3600);
        let bot = system.candidate(LOG).await;
        bot.says(LEADS).await;
        let chat = system.telegram.chat(711);
        let store = system.store().await;
        // A first one shows that its worker is there; then it rests.
        for name in ["first", "second"] {
            assert_eq!(store.add_job(&job(name, chat.id(), now())).await.unwrap(), Added::New);
            let shown = usize::from(name == "second") + 1;
            chat.wait_for(LIMIT, |_| (photos(&chat) >= shown).then_some(())).await.unwrap();
        }
        // One that ends at once, like a command, is heard too.
        assert_eq!(store.add_job(&job("third", chat.id(), now())).await.unwrap(), Added::New);
        store.close().await;
        chat.wait_for(LIMIT, |_| (photos(&chat) >= 3).then_some(())).await.unwrap();
        bot.stop().await;
        assert_eq!(system.kie.creates().len(), 3);
    })
    .await;
}

/// F25: KIE calls one replica, another one has the job.
#[tokio::test(flavor = "multi_thread")]
async fn f25_any_replica_may_be_called() {
    database::with_database(|url| async move {
        let mut system = TestSystem::postgres(url).await;
        let front = Front::start().await;
        system.config.public_url = Some(front.url.clone());
        system.config.http = Some("127.0.0.1:0".parse().unwrap());
        system.tuning.worker.schedule = RARELY;
        system.tuning.worker.idle = Duration::from_secs(3600);
        let one = system.candidate(LOG).await;
        one.says(LEADS).await;
        let chat = system.telegram.chat(712);
        system.kie.plan(TaskPlan { end: TaskEnd::Never { state: None }, ..TaskPlan::default() });
        let store = system.store().await;
        store.add_job(&job("called", chat.id(), now())).await.unwrap();
        system.reaches(chat.id(), JobState::Running).await;
        let two = system.candidate(LOG).await;
        front.lead_to(&[two.address().await]);
        system.kie.finish(&system.kie.creates()[0].task_id);
        receive(&chat).await;
        system.reaches(chat.id(), JobState::Delivered).await;
        // While it started it may have asked to be called again.
        assert_eq!(front.seen(two.address().await).last(), Some(&200));
        one.stop().await;
        two.stop().await;
        assert_eq!((photos(&chat), system.kie.creates().len()), (1, 1));
    })
    .await;
}

/// F20: the account's limit of 20 creates in 10 s holds for all replicas together. Vendor and bots run four times as fast
/// here, so that 200 tasks take half a minute instead of two.
#[tokio::test(flavor = "multi_thread")]
async fn f20_three_replicas_exceed_no_limit_and_lose_no_job() {
    const FAST: u32 = 4;
    const JOBS: usize = 200;
    const CHATS: i64 = 10;
    database::with_database(|url| async move {
        let options = SimKieOptions {
            create_limit: SimKieOptions::default().create_limit,
            time_scale: f64::from(FAST),
            pace: Pace::Polls(0),
            ..quick()
        };
        let mut system = TestSystem::postgres_with(options, url).await;
        let policy = &mut system.tuning.policy;
        for rate in [&mut policy.creates, &mut policy.polls, &mut policy.catalogue] {
            *rate = Rate::new(rate.count, rate.window / FAST);
        }
        let chats: Vec<_> = (0..CHATS).map(|n| system.telegram.chat(7200 + n)).collect();
        let store = system.store().await;
        let jobs = (0..JOBS).map(|n| job(&format!("job{n}"), 7200 + n as i64 % CHATS, now()));
        for job in jobs {
            assert_eq!(store.add_job(&job).await.unwrap(), Added::New);
        }
        let bots = join_all((0..3).map(|_| system.candidate("info"))).await;
        let done = async {
            // What is done is written by other programs: it is asked for.
            let mut look = tokio::time::interval(Duration::from_millis(100));
            while count::in_state(store.as_ref(), JobState::Delivered).await < JOBS {
                look.tick().await;
            }
        };
        if tokio::time::timeout(4 * LIMIT, done).await.is_err() {
            panic!("{:?}, {} creates", count::by_state(store.as_ref()).await, system.kie.creates().len());
        }
        let mut shares = Vec::new();
        for bot in bots {
            shares.push(bot.stop().await.text().matches("task created").count());
        }
        assert_eq!(system.kie.creates().len(), JOBS);
        assert_eq!(system.kie.requests(Route::Create), JOBS as u32, "no create was refused");
        assert!(shares.iter().all(|share| *share > 0), "each replica had its share: {shares:?}");
        let sent: usize = chats.iter().map(photos).sum();
        assert_eq!(sent, JOBS);
    })
    .await;
}
