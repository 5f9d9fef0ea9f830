//! What the vendor says that it has charged is booked beside what was agreed, and the books agree.

use std::time::Duration;

use kie::clock::Clock;
use kie::demo::kie::{TaskEnd, TaskPlan};
use kie::job::Job;
use kie::ledger::Credits;
use kie::ledger::EntryKind::{Capture, Cost, Hold, Release};
use kie::schema::{Certainty, Quote};
use kie::service::Books;
use kie::store;
use serde_json::json;

use crate::support::database;
use crate::system::bench::Bench;
use crate::system::replica::job;

#[tokio::test(flavor = "multi_thread")]
async fn what_the_vendor_charged_is_booked_once() {
    let succeed = |cost: f64| TaskPlan { cost: Some(cost), ..TaskPlan::default() };
    let fail = |cost: f64| {
        let end = TaskEnd::Fail { code: json!("500"), msg: "upstream refused".into() };
        TaskPlan { end, cost: Some(cost), ..TaskPlan::default() }
    };
    let silent = TaskPlan { end: TaskEnd::Envelope { code: 501, msg: "no".into() }, ..TaskPlan::default() };
    let cases = [
        ("exact", 1000, Certainty::Exact, succeed(1.0), vec![(Hold, 1000), (Cost, 1000), (Capture, 1000)]),
        ("at most", 5000, Certainty::AtMost, succeed(3.25), vec![(Hold, 5000), (Cost, 3250), (Capture, 5000)]),
        ("billed", 1000, Certainty::Exact, fail(0.5), vec![(Hold, 1000), (Capture, 1000), (Cost, 500)]),
        ("failed", 1000, Certainty::Exact, fail(0.0), vec![(Hold, 1000), (Release, 1000), (Cost, 0)]),
        ("silent", 1000, Certainty::Exact, silent, vec![(Hold, 1000), (Release, 1000)]),
        ("free", 0, Certainty::Exact, succeed(0.0), vec![(Hold, 0), (Cost, 0), (Capture, 0)]),
    ];
    database::with_database(|url| async move {
        for database in ["sqlite::memory:", &url] {
            let bench = Bench::on(store::open(database).await.unwrap(), &[]).await;
            for (chat, (name, price, certainty, plan, expected)) in (761..).zip(&cases) {
                bench.kie.plan(plan.clone());
                let quote = Some(Quote { credits: Credits::from_milli(*price), certainty: *certainty });
                let job = Job { quote, ..job(name, chat, bench.clock.now()) };
                bench.store.add_job(&job).await.unwrap();
                while !bench.state(&job).await.is_final() {
                    bench.work().await;
                    bench.clock.advance(Duration::from_secs(5));
                }
                bench.work().await;
                let entries = bench.store.entries(&job.id).await.unwrap();
                let booked: Vec<_> = entries.iter().map(|entry| (entry.kind, entry.credits.milli())).collect();
                assert_eq!(&booked, expected, "{name}");
            }
            let books = Books::new(bench.store.clone(), bench.clock.clone());
            let report = books.check().await.unwrap();
            assert_eq!((report.jobs, report.mistakes), (6, vec![]));
            assert_eq!((report.cost_without_capture.count, report.capture_without_cost.count), (0, 0));
            let days = books.totals(1).await.unwrap();
            let [today] = days.as_slice() else { panic!("{days:?}") };
            let sums = [today.held, today.open, today.captured, today.released, today.cost].map(Credits::milli);
            assert_eq!(sums, [9000, 0, 7000, 2000, 4750]);
        }
    })
    .await;
}
