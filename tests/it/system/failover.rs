//! The database turns read-only in the middle of a create, as it does when a server hands over to another one: what the
//! vendor has answered is known to this process alone, which insists on it until it is stored.

use kie::demo::kie::{KieFault, KieFaultEffect, Route, TaskEnd, TaskPlan};
use kie::demo::telegram::ChatHandle;
use kie::job::JobState;

use crate::support::{database, postgres};
use crate::system::drain::until;
use crate::system::fixture::{LIMIT, TestSystem};
use crate::system::person::order;

/// An order that the vendor has taken, and whose answer is on its way.
async fn create_in_flight(system: &TestSystem, chat: &ChatHandle) {
    system.kie.plan(TaskPlan { end: TaskEnd::Never { state: None }, ..TaskPlan::default() });
    system.kie.fault(KieFault::once(Route::Create, KieFaultEffect::SlowBody(2_000)));
    order(chat, "a boat").await;
    system.kie.wait_for_creates(1, LIMIT).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_is_stored_once_the_server_takes_changes_again() {
    database::with_database(|url| async move {
        let name = url.rsplit('/').next().unwrap().to_owned();
        let mut system = TestSystem::postgres(url).await;
        system.config.http = Some("127.0.0.1:0".parse().unwrap());
        let bot = system.bot().await;
        let at = bot.address().await;
        until(at, 200, "\"reasons\":[]").await;
        let chat = system.telegram.chat(541);
        create_in_flight(&system, &chat).await;
        postgres::execute(&format!("ALTER DATABASE {name} SET default_transaction_read_only = on")).await;
        postgres::execute(&format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"))
            .await;
        until(at, 503, "takes no changes").await;
        bot.says("a result waits for the database").await;

        // The sessions that began meanwhile stay read-only, and are replaced.
        postgres::execute(&format!("ALTER DATABASE {name} RESET default_transaction_read_only")).await;
        let job = system.reaches(chat.id(), JobState::Running).await;
        until(at, 200, "\"reasons\":[]").await;
        bot.stop().await;
        assert_eq!(job.task.unwrap().0, system.kie.creates()[0].task_id);
        assert_eq!(system.kie.requests(Route::Create), 1);
    })
    .await;
}

/// SQLite refuses to write to a file that is no longer in its place, where it has no shared memory.
#[tokio::test(flavor = "multi_thread")]
async fn a_task_is_stored_once_the_file_takes_changes_again() {
    let system = TestSystem::sqlite().await;
    let file = system.config.database_file().unwrap();
    std::fs::create_dir(format!("{}-shm", file.display())).unwrap();
    let bot = system.bot().await;
    let chat = system.telegram.chat(542);
    create_in_flight(&system, &chat).await;
    let elsewhere = file.with_extension("elsewhere");
    std::fs::rename(&file, &elsewhere).unwrap();
    bot.says("a result waits for the database").await;
    std::fs::rename(&elsewhere, &file).unwrap();
    chat.wait_text("At work", LIMIT).await.unwrap();
    let log = bot.stop().await.text();
    assert!(log.contains("is read-only"), "{log}");
    let job = system.job(chat.id()).await;
    assert_eq!((job.state, job.task.unwrap().0), (JobState::Running, system.kie.creates()[0].task_id.clone()));
    assert_eq!(system.kie.requests(Route::Create), 1);
}
