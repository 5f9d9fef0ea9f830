//! The worker alone: slow tasks, refusals, files that are too big, prices that have changed since.

use std::sync::atomic::Ordering;
use std::time::Duration;

use kie::assortment::Assortment;
use kie::clock::Clock;
use kie::demo::kie::{KieFault, KieFaultEffect, Route, TaskEnd, TaskPlan};
use kie::job::{ChatId, Job, JobState, Output, UserId};
use kie::ledger::Credits;
use kie::ledger::{Entry, EntryKind};
use kie::schema::PriceError;
use kie::schema::spec::{Kind, ModelSpec};
use kie::schema::{Certainty, Quote};
use kie::service::{Body, LinkReason, Order, ProgressStage, Service, SubmitError};
use serde_json::{Map, Value, json};

use crate::support::count;
use crate::system::bench::Bench;
use crate::system::replica::job;

/// F31: Telegram takes no file over 50 MB from a bot; the person gets a fresh link.
#[tokio::test]
async fn f31_a_file_that_is_too_big_comes_as_a_fresh_link() {
    let bench = Bench::new().await;
    let bytes = vec![7_u8; 50_000_001];
    let url = bench.client.upload_bytes("film.mp4", "video/mp4", bytes.into()).await.unwrap().url;
    let output = Output { urls: vec![url.clone()], ..Output::default() };
    let job = Job { state: JobState::Ready, output: Some(output), ..job("big", 732, bench.clock.now()) };
    bench.store.add_job(&job).await.unwrap();
    bench.work().await;
    assert_eq!(bench.state(&job).await, JobState::Delivered);
    let files = bench.notes.files.lock().unwrap();
    let [Body::Link { link, reason: LinkReason::TooBig { limit: 50_000_000 } }] = files.as_slice() else {
        panic!("{files:?}")
    };
    assert!(link.url.starts_with(&format!("{url}?expires=")), "{link:?}");
    assert_eq!(link.life, Some(Duration::from_secs(1200)));
}

/// F22, F23: half an hour at least before a word of delay; no bad answer ends it; what comes late is delivered.
#[tokio::test]
async fn f23_a_late_result_is_delivered_after_still_running_was_told() {
    let bench = Bench::new().await;
    let Bench { clock, kie, store, notes, .. } = &bench;
    kie.plan(TaskPlan { end: TaskEnd::Never { state: None }, ..TaskPlan::default() });
    let job = Job { detached: false, ..job("slow", 731, clock.now()) };
    store.add_job(&job).await.unwrap();
    let started = clock.now();
    let mut first_word = None;
    while first_word.is_none() {
        // Every other time the vendor is out of order.
        if kie.requests(Route::Record) % 2 == 0 {
            kie.fault(KieFault::once(Route::Record, KieFaultEffect::Html { status: 502 }));
        }
        bench.work().await;
        let seen = store.job(&job.id).await.unwrap().unwrap();
        assert_eq!(seen.state, JobState::Running, "{seen:?}");
        let told =
            notes.stages.lock().unwrap().iter().any(|system| matches!(system, ProgressStage::StillRunning { .. }));
        first_word = told.then(|| clock.now().since(started));
        clock.advance(Duration::from_secs(60));
    }
    assert!(first_word.unwrap() > Duration::from_secs(1800), "{first_word:?}");
    clock.advance(Duration::from_secs(6 * 3600));
    bench.work().await;
    assert_eq!(bench.state(&job).await, JobState::Running, "hours later it still waits");

    kie.finish(&kie.creates()[0].task_id);
    for _ in 0..3 {
        clock.advance(Duration::from_secs(60));
        bench.work().await;
    }
    assert_eq!(bench.state(&job).await, JobState::Delivered);
    assert_eq!((notes.files.lock().unwrap().len(), kie.creates().len()), (1, 1));
    assert!(notes.failures.lock().unwrap().is_empty());
}

/// F38: the vendor named the field that it missed, under its code 500, and the same order went out again and again.
#[tokio::test]
async fn f38_a_person_soon_hears_which_field_the_vendor_misses() {
    let bench = Bench::new().await;
    let Bench { clock, kie, store, notes, .. } = &bench;
    let words = "aspect_ratio: This field is required";
    kie.fault(KieFault { times: u32::MAX, ..KieFault::code(Route::Create, 500, words) });
    let job = job("incomplete", 733, clock.now());
    store.add_job(&job).await.unwrap();
    let started = clock.now();
    while bench.state(&job).await != JobState::Failed {
        bench.work().await;
        clock.advance(Duration::from_secs(5));
        assert!(clock.now().since(started) < Duration::from_secs(180), "{:?}", store.job(&job.id).await);
    }
    // Not at once: most of the time it is the vendor's own trouble. Not often: what was wrong once is wrong again.
    assert_eq!(kie.requests(Route::Create), 3);
    assert_eq!(*notes.failures.lock().unwrap(), ["500"]);
    let failure = store.job(&job.id).await.unwrap().unwrap().failure.unwrap();
    assert!(failure.message.contains(words), "{failure:?}");
}

/// F29: what stands beside the media was lost on the way, although a person had asked for it.
#[tokio::test]
async fn f29_the_last_frame_reaches_the_chat_too() {
    let bench = Bench::new().await;
    let framed = kie::models::all().iter().filter(|spec| Service::offers(spec)).find_map(|spec| {
        spec.fields.iter().find(|field| field.name == "return_last_frame")?;
        let mut input: Map<String, Value> = serde_json::from_str(spec.example).unwrap();
        input.insert("return_last_frame".to_owned(), json!(true));
        Some((spec, input))
    });
    let (spec, input) = framed.expect("the registry has a model that gives its last frame");
    let job = Job { model: spec.id.to_owned(), input, ..job("framed", 735, bench.clock.now()) };
    bench.store.add_job(&job).await.unwrap();
    while bench.state(&job).await != JobState::Delivered {
        bench.work().await;
        bench.clock.advance(Duration::from_secs(5));
        assert_ne!(bench.state(&job).await, JobState::Failed);
    }
    let urls = bench.store.job(&job.id).await.unwrap().unwrap().output.unwrap().urls;
    assert!(matches!(urls.as_slice(), [clip, frame] if clip.ends_with("1.mp4") && frame.ends_with("last-frame.png")));
    assert_eq!(bench.notes.files.lock().unwrap().len(), 2);
}

/// F15: the price was computed at the order and again at the end, from an input with other names, and came out different.
#[tokio::test]
async fn f15_what_was_agreed_is_what_is_spent() {
    let bench = Bench::new().await;
    // No table says this today.
    let credits = Credits::from_milli(12_345);
    let quote = Some(Quote { credits, certainty: Certainty::Exact });
    let job = Job { quote, ..job("agreed", 734, bench.clock.now()) };
    bench.store.add_job(&job).await.unwrap();
    while bench.state(&job).await != JobState::Delivered {
        bench.work().await;
        bench.clock.advance(Duration::from_secs(5));
        assert_ne!(bench.state(&job).await, JobState::Failed);
    }
    let mut entries = bench.store.entries(&job.id).await.unwrap();
    entries.retain(|entry| entry.kind != EntryKind::Cost);
    let expected = [EntryKind::Hold, EntryKind::Capture].map(|kind| Entry { kind, credits });
    assert_eq!(entries, expected);
}

/// Maintenance, with a pause of the vendor's choice.
fn maintenance(times: u32, pause: Option<u64>) -> KieFault {
    let trouble = KieFaultEffect::Code { code: 455, msg: "maintenance".to_owned(), status: None, retry_after: pause };
    KieFault::times(Route::Create, times, trouble)
}

/// F19: only breakdowns over this input count against it; the vendor's other troubles do not, and neither does the time that a
/// job has spent in the queue.
#[tokio::test]
async fn f19_a_refusal_after_a_long_queue_is_tried_again() {
    let bench = Bench::new().await;
    let Bench { clock, kie, store, .. } = &bench;
    let job = job("queued", 735, clock.now());
    store.add_job(&job).await.unwrap();
    clock.advance(Duration::from_secs(2 * 3600));
    kie.fault(maintenance(8, None));
    kie.fault(KieFault::code(Route::Create, 500, "try again"));
    while bench.state(&job).await == JobState::Held {
        bench.work().await;
        clock.advance(Duration::from_secs(60));
    }
    assert_eq!(bench.state(&job).await, JobState::Running);
    assert_eq!((kie.requests(Route::Create), kie.creates().len()), (10, 1));
}

/// F20: the vendor said "in five minutes", and was asked after one.
#[tokio::test]
async fn f20_the_pause_that_the_vendor_asks_for_is_kept() {
    let bench = Bench::new().await;
    let Bench { clock, kie, store, .. } = &bench;
    let job = job("paused", 736, clock.now());
    store.add_job(&job).await.unwrap();
    kie.fault(maintenance(1, Some(300)));
    bench.work().await;
    clock.advance(Duration::from_secs(299));
    bench.work().await;
    assert_eq!((bench.state(&job).await, kie.requests(Route::Create)), (JobState::Held, 1));
    clock.advance(Duration::from_secs(1));
    bench.work().await;
    assert_eq!((bench.state(&job).await, kie.requests(Route::Create)), (JobState::Running, 2));
}

/// F24: word of a failure that the chat did not take at first was never said again.
#[tokio::test]
async fn f24_a_failure_is_told_until_the_chat_takes_it() {
    let bench = Bench::new().await;
    let Bench { clock, kie, store, notes, .. } = &bench;
    notes.refusals.store(3, Ordering::Relaxed);
    kie.fault(KieFault::code(Route::Create, 422, "a bad picture"));
    let job = job("unheard", 738, clock.now());
    store.add_job(&job).await.unwrap();
    bench.work().await;
    // The end and its money do not wait for that.
    assert_eq!(bench.state(&job).await, JobState::Failed);
    assert_eq!(store.entries(&job.id).await.unwrap().len(), 2);
    assert!(notes.failures.lock().unwrap().is_empty());
    for _ in 0..20 {
        clock.advance(Duration::from_secs(10));
        bench.work().await;
    }
    assert_eq!(*notes.failures.lock().unwrap(), ["422"], "once, and no more");
    assert_eq!(store.next_due().await.unwrap(), None);
}

/// A deploy has made the id of an order's model a name of another one, which stands for a value.
#[tokio::test]
async fn an_order_under_an_old_id_is_sent_with_what_the_name_stands_for() {
    let bench = Bench::new().await;
    let alias = kie::models::all().iter().filter(|spec| Service::offers(spec)).flat_map(|spec| spec.aliases);
    let named = kie::models::find(alias.filter(|a| !a.presets.is_empty()).map(|a| a.name).next().unwrap()).unwrap();
    let mut input = named.example();
    input.retain(|name, _| named.preset(name).is_none());
    let job = Job { model: named.name.to_owned(), input, ..job("renamed", 741, bench.clock.now()) };
    bench.store.add_job(&job).await.unwrap();
    bench.work().await;
    let [create] = bench.kie.creates().try_into().unwrap();
    assert_eq!(create.model, named.spec.id);
    for preset in named.presets {
        assert_eq!(create.input[preset.field], preset.json());
    }
}

/// A deploy has withdrawn the model of an order that was not sent yet.
#[tokio::test]
async fn an_order_of_a_withdrawn_model_is_not_sent() {
    let bench = Bench::new().await;
    let Bench { clock, kie, store, notes, .. } = &bench;
    let gone = kie::models::all().iter().find(|spec| !spec.status.is_offered() && spec.nearest.is_some());
    let gone = gone.expect("the registry remembers a model that was withdrawn");
    let job = Job { model: gone.id.to_owned(), ..job("withdrawn", 739, clock.now()) };
    store.add_job(&job).await.unwrap();
    bench.work().await;
    assert_eq!((bench.state(&job).await, kie.requests(Route::Create)), (JobState::Failed, 0));
    assert_eq!(*notes.failures.lock().unwrap(), [kie::service::WITHDRAWN]);
    let failure = store.job(&job.id).await.unwrap().unwrap().failure.unwrap();
    assert!(failure.message.contains(gone.nearest.unwrap()), "{failure:?}");
    assert_eq!(store.entries(&job.id).await.unwrap().len(), 2, "the hold is given back");
}

/// During a deploy, a replica of the old version finds a job whose model only the new version knows.
#[tokio::test]
async fn a_job_of_an_unknown_model_is_left_for_as_long_as_a_deploy_takes() {
    let bench = Bench::new().await;
    let now = bench.clock.now();
    let job = Job::new("later".into(), UserId(741), ChatId(741), "later", "of/tomorrow", now);
    bench.store.add_job(&job).await.unwrap();
    for minutes in [0, 30, 29] {
        bench.clock.advance(Duration::from_secs(minutes * 60));
        bench.work().await;
        let left = bench.store.job(&job.id).await.unwrap().unwrap();
        assert_eq!((left.state, left.updated_at), (JobState::Held, now));
        // Another replica can have it soon.
        let due = bench.store.next_due().await.unwrap().unwrap();
        assert!(due.since(bench.clock.now()) <= Duration::from_secs(60), "{due:?}");
    }
    assert!(bench.notes.failures.lock().unwrap().is_empty(), "nobody was told anything");
    bench.clock.advance(Duration::from_secs(61));
    bench.work().await;
    assert_eq!(bench.state(&job).await, JobState::Failed);
    assert_eq!(*bench.notes.failures.lock().unwrap(), ["unknown_model"]);
    assert!(bench.kie.creates().is_empty());
}

/// F13, F15: a model with a price was run without one, because a file told too little about itself.
#[tokio::test]
async fn f13_what_cannot_be_priced_is_not_ordered() {
    let bench = Bench::new().await;
    let hidden = kie::models::all().iter().filter(|spec| Service::offers(spec)).find_map(|spec| {
        let answers = unmeasured(spec)?;
        let quote = bench.service.prepare(&Assortment::default(), *spec, &answers, &[]).ok()?.quote;
        matches!(quote, Err(PriceError::NeedsFile { .. })).then_some((*spec, answers))
    });
    let (spec, answers) = hidden.expect("the registry has a model whose price hangs on a file");
    let order = Order {
        user: UserId(740),
        chat: ChatId(740),
        topic: None,
        draft: "unpriced".to_owned(),
        model: spec.into(),
        answers,
        attachments: Vec::new(),
        shown: None,
        payer: UserId(740).into(),
        is_free: false,
    };
    let error = bench.service.submit(order, bench.shelf.as_ref()).await.unwrap_err();
    let SubmitError::PriceError { why: PriceError::NeedsFile { field }, .. } = error else { panic!("{error}") };
    assert!(spec.fields.iter().any(|known| field.starts_with(known.name)), "{field}");
    assert!(count::by_state(bench.store.as_ref()).await.is_empty(), "nothing is held and nothing is sent");
}

/// The least that a model asks for, with links of which nothing is known.
fn unmeasured(spec: &ModelSpec) -> Option<Map<String, Value>> {
    let mut answers = Map::new();
    for field in spec.fields.iter().filter(|field| field.required && field.default.is_none()) {
        let link = || json!("https://files.example.com/a.mp4");
        let value = match &field.kind {
            Kind::Media(_) => link(),
            Kind::List(list) if matches!(list.item, Kind::Media(_)) => json!([link()]),
            Kind::Text(_) => json!("a boat at dawn"),
            Kind::Choice(choice) => json!(choice.options.first()?.value.to_string()),
            _ => return None,
        };
        answers.insert(field.name.to_owned(), value);
    }
    Some(answers)
}
