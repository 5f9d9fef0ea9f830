//! Many concurrent callers: no request is lost, no limit is exceeded, and no lane starves.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kie::client::limit::{Budget, LimiterError, LimiterFuture, Permit, Rate};
use kie::client::{Client, CreateError, Created, Limiter, Resend};
use kie::clock::{Clock, Timestamp};
use kie::job::TaskId;
use serde_json::json;

use crate::client::fixture::{ID, client_at, record, request, server_and_client, settings};
use crate::client::line::{Line, busiest};
use crate::client::server::{Reply, Server};

type Results = Arc<Mutex<Vec<Result<Created, CreateError>>>>;

/// A vendor that accepts `room` create requests in any 10 s and refuses others. Returns the times of the requests.
fn vendor(server: &Server, line: &Arc<Line>, room: usize) -> Arc<Mutex<Vec<i64>>> {
    let seen = Arc::<Mutex<Vec<i64>>>::default();
    let (times, line, mut taken) = (seen.clone(), line.clone(), Vec::<i64>::new());
    server.judges(move |_| {
        let now = line.ms();
        times.lock().unwrap().push(now);
        taken.retain(|at| at + 10_000 > now);
        if taken.len() >= room {
            return Reply::code(429);
        }
        taken.push(now);
        Reply::data(json!({"taskId": format!("{now}-{}", taken.len())}))
    });
    seen
}

async fn line_stage() -> (Server, Client, Arc<Line>) {
    let (server, line) = (Server::start().await, Line::new());
    let client = client_at(&server.url, line.clone()).with_limiter(line.clone());
    (server, client, line)
}

fn create(client: &Client, results: &Results) -> tokio::task::JoinHandle<()> {
    let (client, results) = (client.clone(), results.clone());
    tokio::spawn(async move {
        let result = client.create_task(&request(), None).await;
        results.lock().unwrap().push(result);
    })
}

async fn all(line: &Line, results: &Results, jobs: usize) {
    let done = || results.lock().unwrap().len();
    line.run(done, || done() == jobs).await;
}

fn ids(results: &Results) -> HashSet<TaskId> {
    results.lock().unwrap().iter().map(|result| result.as_ref().unwrap().id.clone()).collect()
}

#[tokio::test]
async fn f20_two_hundred_jobs_at_once_are_never_refused() {
    let (server, client, line) = line_stage().await;
    let (times, results) = (vendor(&server, &line, 20), Results::default());
    for _ in 0..200 {
        create(&client, &results);
    }
    all(&line, &results, 200).await;
    let times = times.lock().unwrap().clone();
    assert_eq!((ids(&results).len(), times.len()), (200, 200), "each was sent once");
    assert!(busiest(&times, 10_000) <= 18, "{times:?}");
    assert!(line.ms() < 135_000, "no slower than the limit: {}", line.ms());
}

#[tokio::test]
async fn two_hundred_jobs_survive_an_account_that_others_use_too() {
    let (server, client, line) = line_stage().await;
    let (times, results) = (vendor(&server, &line, 10), Results::default());
    for _ in 0..200 {
        create(&client, &results);
    }
    all(&line, &results, 200).await;
    assert_eq!(ids(&results).len(), 200, "none was lost");
    let times = times.lock().unwrap().clone();
    assert!(times.len() > 200, "there were refusals");
    assert!(busiest(&times, 10_000) <= 20);
}

#[tokio::test]
async fn lanes_take_turns() {
    let (server, client, line) = line_stage().await;
    let results = Results::default();
    let order = Arc::<Mutex<Vec<String>>>::default();
    let seen = order.clone();
    server.judges(move |request| {
        seen.lock().unwrap().push(request.json()["callBackUrl"].as_str().unwrap().to_owned());
        Reply::data(json!({"taskId": ID}))
    });
    for (lane, jobs) in [(1, 60), (2, 2)] {
        for n in 0..jobs {
            let (client, results) = (client.for_lane(lane), results.clone());
            let webhook = format!("http://cb/{lane}/{n}").parse().unwrap();
            tokio::spawn(async move {
                let result = client.create_task(&request(), Some(&webhook)).await;
                results.lock().unwrap().push(result);
            });
        }
    }
    all(&line, &results, 62).await;
    let order = order.lock().unwrap().clone();
    let last = order.iter().rposition(|url| url.starts_with("http://cb/2/")).unwrap();
    // 18 were sent at once; then the two are served in turn with the sixty.
    assert!(last < 18 + 6, "{order:?}");
}

#[tokio::test]
async fn an_urgent_look_passes_by_the_routine_ones() {
    let (server, client, line) = line_stage().await;
    let order = Arc::<Mutex<Vec<String>>>::default();
    let seen = order.clone();
    server.judges(move |request| {
        seen.lock().unwrap().push(request.path.clone());
        Reply::data(record("waiting", json!({})))
    });
    let done = Arc::<Mutex<usize>>::default();
    let names = (0..60).map(|n| (0, format!("routine-{n}"))).chain([(1, "urgent".to_owned())]);
    for (lane, name) in names {
        let (client, done) = (client.for_lane(lane), done.clone());
        tokio::spawn(async move {
            assert!(client.task(&TaskId(name)).await.is_ok());
            *done.lock().unwrap() += 1;
        });
    }
    let count = || *done.lock().unwrap();
    line.run(count, || count() == 61).await;
    let place = order.lock().unwrap().iter().position(|path| path.contains("urgent")).unwrap();
    // The requests of the first second are sent at once; then the lanes are served in turn.
    assert!(place < 10 + 3, "{place}");
}

#[tokio::test]
async fn those_who_give_up_hold_nobody_up() {
    let (server, client, line) = line_stage().await;
    let (times, results) = (vendor(&server, &line, 20), Results::default());
    let jobs: Vec<_> = (0..60).map(|_| create(&client, &results)).collect();
    // After the first batch, the caller at the head and some others are dropped.
    let done = || results.lock().unwrap().len();
    while done() < 18 {
        tokio::task::yield_now().await;
    }
    for job in &jobs[18..40] {
        job.abort();
    }
    all(&line, &results, 38).await;
    assert_eq!((ids(&results).len(), times.lock().unwrap().len()), (38, 38));
    assert!(busiest(&times.lock().unwrap(), 10_000) <= 18);
}

#[tokio::test]
async fn processes_share_a_limiter() {
    let (server, first, line) = line_stage().await;
    let second = client_at(&server.url, line.clone()).with_limiter(line.clone());
    let (times, results) = (vendor(&server, &line, 20), Results::default());
    for _ in 0..20 {
        create(&first, &results);
        create(&second, &results);
    }
    all(&line, &results, 40).await;
    assert_eq!(ids(&results).len(), 40);
    assert!(busiest(&times.lock().unwrap(), 10_000) <= 18);
}

#[tokio::test]
async fn polls_keep_to_ten_a_second() {
    let (server, client, line) = line_stage().await;
    let (times, clock) = (Arc::<Mutex<Vec<i64>>>::default(), line.clone());
    let seen = times.clone();
    server.judges(move |_| {
        seen.lock().unwrap().push(clock.ms());
        Reply::data(record("waiting", json!({})))
    });
    let done = Arc::new(AtomicUsize::new(0));
    for n in 0..100 {
        let (client, done) = (client.clone(), done.clone());
        tokio::spawn(async move {
            client.task(&TaskId(format!("t{n}"))).await.unwrap();
            done.fetch_add(1, Ordering::SeqCst);
        });
    }
    let polled = || done.load(Ordering::SeqCst);
    line.run(polled, || polled() == 100).await;
    let times = times.lock().unwrap().clone();
    assert!(busiest(&times, 1000) <= 10, "{times:?}");
    assert!(line.ms() < 12_000, "{}", line.ms());
}

#[tokio::test]
async fn those_who_ask_together_share_one_look() {
    let (server, client, clock) = server_and_client().await;
    server.always(Reply::data(record("waiting", json!({}))));
    let id = TaskId::from(ID);
    let looks = futures::future::join_all((0..50).map(|_| client.task(&id))).await;
    assert!(looks.iter().all(|look| look == &looks[0] && look.is_ok()));
    assert_eq!(server.seen().len(), 1);
    let asked = clock.now();
    client.for_lane(5).task(&id).await.unwrap();
    assert_eq!(server.seen().len(), 2, "whoever asks later gets a new look");
    assert!(clock.now().since(asked) >= Duration::from_secs(1), "and waits for it");
}

#[tokio::test]
async fn no_task_is_polled_more_than_once_a_second_however_many_wait() {
    let (server, client, clock) = server_and_client().await;
    let times = Arc::<Mutex<Vec<i64>>>::default();
    let (seen, at) = (times.clone(), clock.clone());
    server.judges(move |_| {
        seen.lock().unwrap().push(at.now().millis());
        Reply::data(record("waiting", json!({})))
    });
    let id = TaskId::from(ID);
    let waits = (0..10).map(|_| client.wait(&id, Duration::from_secs(1800), |_| {}));
    futures::future::join_all(waits).await;
    let times = times.lock().unwrap().clone();
    assert!(times.len() > 5);
    assert!(times.windows(2).all(|pair| pair[1] - pair[0] >= 1000), "{times:?}");
}

/// A shared limiter whose database is not available.
#[derive(Debug)]
struct Away;

impl Limiter for Away {
    fn try_acquire<'a>(&'a self, _: &'a Budget, _: Rate, _: Timestamp) -> LimiterFuture<'a, Permit> {
        Box::pin(std::future::ready(Err(LimiterError("no connection".into()))))
    }

    fn pause<'a>(&'a self, _: &'a Budget, _: Duration, _: Timestamp) -> LimiterFuture<'a, ()> {
        Box::pin(std::future::ready(Err(LimiterError("no connection".into()))))
    }
}

#[tokio::test]
async fn without_the_shared_limiter_the_process_counts_alone() {
    let (server, client, clock) = server_and_client().await;
    let client = client.with_limiter(Arc::new(Away));
    server.says([Reply::code(429)]);
    server.always(Reply::data(json!({"taskId": ID})));
    let started = clock.now();
    for _ in 0..19 {
        client.create_task(&request(), None).await.unwrap();
    }
    assert_eq!(server.seen().len(), 20);
    assert!(clock.now().since(started) >= Duration::from_secs(11), "18 in 11 s");
}

#[tokio::test]
async fn a_turn_may_be_waited_for_beforehand() {
    let (server, client, clock) = server_and_client().await;
    server.always(Reply::data(json!({"taskId": ID})));
    let started = clock.now();
    for _ in 0..18 {
        let turn = client.acquire_create(&request()).await;
        assert!(!format!("{turn:?}").contains(crate::client::fixture::KEY));
        client.create_task_with(turn, &request(), None).await.unwrap();
    }
    assert_eq!(clock.now(), started, "each was counted once");
    let turn = client.acquire_create(&request()).await;
    let sent = (server.seen().len(), clock.now());
    assert_eq!(sent, (18, started + Duration::from_secs(11)), "nothing goes out while it waits");
    server.says([Reply::code(429).header("retry-after", "17")]);
    let refused = client.create_task_with(turn, &request(), None).await.unwrap_err();
    assert_eq!((server.seen().len(), clock.now()), (19, sent.1), "a turn is for one request");
    assert_eq!(client.resend(&refused), Resend::After(Duration::from_secs(17)));
    let turn = client.acquire_create(&request()).await;
    server.says([Reply::code(422)]);
    let refused = client.create_task_with(turn, &request(), None).await.unwrap_err();
    assert_eq!(client.resend(&refused), Resend::Never);
}

#[tokio::test]
async fn limits_may_be_lifted() {
    let (server, _, clock) = server_and_client().await;
    server.always(Reply::data(json!({"taskId": ID})));
    let mut settings = settings(&server.url);
    settings.policy.creates = Rate::UNLIMITED;
    let client = Client::new(settings).unwrap().with_clock(clock.clone());
    let started = clock.now();
    for _ in 0..40 {
        client.create_task(&request(), None).await.unwrap();
    }
    assert_eq!(clock.now(), started);
}
