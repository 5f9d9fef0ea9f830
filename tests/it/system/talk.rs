//! Whole conversations.

use kie::demo::telegram::ChatFileKind;
use kie::job::{ChatId, JobState};
use kie::ledger::EntryKind::{Capture, Hold, Release};
use kie::models;
use kie::schema::Lang;
use kie::schema::spec::{ModelSpec, WebhookNeed};
use kie::service::Service;

use crate::support::database;
use crate::system::fixture::{LIMIT, TestSystem};
use crate::system::person::{fill, from_words, order, photos, press, receive};

async fn a_picture(system: TestSystem) {
    let bot = system.bot().await;
    let chat = system.telegram.chat(501);
    order(&chat, "A red fox <in> the snow").await;
    let picture = receive(&chat).await;
    assert!(picture.text.contains("A red fox <in> the snow"), "{}", picture.text);
    assert!(picture.button("Once more").is_some() && picture.button("Change").is_some());
    bot.stop().await;

    let creates = system.kie.creates();
    assert_eq!(creates.len(), 1, "{creates:?}");
    assert_eq!(creates[0].model, from_words().1.id);
    assert_eq!(creates[0].input["prompt"], "A red fox <in> the snow");
    let made = format!("{}files/results/{}/1.png", system.kie.url, creates[0].task_id);
    let media = picture.media.unwrap();
    assert_eq!(chat.file(&media.file_id).unwrap(), system.kie.file(&made).unwrap());

    // The progress message has gone, every press was answered, nothing was refused.
    assert!(chat.view().button("Do not wait").is_none(), "{}", chat.view());
    assert!(system.telegram.unanswered().is_empty());
    let refused: Vec<_> = system.telegram.calls().into_iter().filter(|call| call.refused.is_some()).collect();
    assert!(refused.is_empty(), "{refused:?}");

    let job = system.job(chat.id()).await;
    assert_eq!(job.state, JobState::Delivered);
    let price = job.quote.unwrap().credits.milli();
    assert_eq!(system.ledger(&job).await, [(Hold, price), (Capture, price)]);
    let files = system.store().await.files(&job.id).await.unwrap();
    assert_eq!(files.iter().map(|f| (f.message, f.sent_as.as_str())).collect::<Vec<_>>(), [(picture.id, "photo")]);
    assert_eq!(system.kie.key_leaks(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_ends_with_a_picture_on_sqlite() {
    a_picture(TestSystem::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_ends_with_a_picture_on_postgres() {
    database::with_database(|url| async move { a_picture(TestSystem::postgres(url).await).await }).await;
}

/// Its result would come in a webhook alone, and this bot has no public address.
#[tokio::test(flavor = "multi_thread")]
async fn a_model_whose_result_cannot_be_received_says_so_on_its_card() {
    let system = TestSystem::sqlite().await;
    let bot = system.bot().await;
    let chat = system.telegram.chat(7311);
    let needs = |spec: &&&ModelSpec| spec.webhook == WebhookNeed::Result && Service::offers(spec);
    let spec = models::all().iter().find(needs).unwrap();
    chat.send_text("/start");
    press(&chat, spec.tasks[0].title.get(Lang::En)).await;
    press(&chat, spec.title.get(Lang::En)).await;
    chat.wait_text("PUBLIC_URL and KIE_WEBHOOK_KEY", LIMIT).await.unwrap();
    press(&chat, "Fill in").await;
    chat.wait_text("PUBLIC_URL and KIE_WEBHOOK_KEY", LIMIT).await.unwrap();
    bot.stop().await;
    assert!(system.store().await.drafts_in(ChatId(chat.id()), 9).await.unwrap().is_empty(), "no form was opened");
}

#[tokio::test(flavor = "multi_thread")]
async fn f24_a_failed_task_is_told_with_its_reason_and_costs_nothing() {
    let system = TestSystem::sqlite().await;
    let bot = system.bot().await;
    let chat = system.telegram.chat(502);
    order(&chat, "a boat [fail]").await;
    let told = chat.wait_text("it did not work", LIMIT).await.unwrap();
    assert!(told.text.contains("could not complete this request"), "{}", told.text);
    assert!(told.text.contains("Code: 500") && told.text.contains("Nothing was charged"), "{}", told.text);
    assert!(told.button("Try again").is_some() && told.button("Change").is_some(), "{told}");
    let job = system.reaches(chat.id(), JobState::Failed).await;
    let price = job.quote.unwrap().credits.milli();
    assert_eq!(system.ledger(&job).await, [(Hold, price), (Release, price)]);
    assert_eq!(job.failure.unwrap().code, "500");

    // One press, one more order of the same.
    press(&chat, "Try again").await;
    system.kie.wait_for_creates(2, LIMIT).await.unwrap();
    bot.stop().await;
    assert_eq!(photos(&chat), 0);
}

/// F36: two quick presses made two jobs; then the guard against that stopped orders that were meant.
#[tokio::test(flavor = "multi_thread")]
async fn f36_two_presses_on_create_make_one_job() {
    let system = TestSystem::sqlite().await;
    let bot = system.bot().await;
    let chat = system.telegram.chat(504);
    let form = fill(&chat, "a boat").await;
    let data = form.button("✅ Create").unwrap().data.clone().unwrap();
    let presses = [chat.press_data(form.id, &data).unwrap(), chat.press_data(form.id, &data).unwrap()];
    for press in &presses {
        chat.wait_answer(press, LIMIT).await.unwrap();
    }
    receive(&chat).await;
    // A third one, long after.
    let late = chat.press_data(form.id, &data).unwrap();
    chat.wait_answer(&late, LIMIT).await.unwrap();
    let mut told = chat.view().from_bot().filter(|m| m.text.contains("ordered already")).count();
    if told < 2 {
        let twice = |view: &kie::demo::telegram::ChatView| {
            let count = view.from_bot().filter(|m| m.text.contains("ordered already")).count();
            (count >= 2).then_some(count)
        };
        told = chat.wait_for(LIMIT, twice).await.unwrap();
    }
    assert_eq!(told, 2);
    assert_eq!((system.kie.creates().len(), photos(&chat)), (1, 1));
    system.reaches(chat.id(), JobState::Delivered).await;
    assert_eq!(system.job(chat.id()).await.state, JobState::Delivered);
    // The same once more, on purpose, is another job.
    press(&chat, "Once more").await;
    chat.wait_for(LIMIT, |_| (photos(&chat) == 2).then_some(())).await.unwrap();
    bot.stop().await;
    assert_eq!(system.kie.creates().len(), 2);
}

/// F41: the vendor was given an address at Telegram, with the bot's token in it.
#[tokio::test(flavor = "multi_thread")]
async fn f41_a_photo_goes_through_us_to_the_vendor() {
    let system = TestSystem::sqlite().await;
    let bot = system.bot().await;
    let chat = system.telegram.chat(505);
    let photo = kie::sample::Sample::of(kie::schema::spec::MediaKind::Image).unwrap().bytes;
    let model = crate::system::person::from_picture();
    crate::system::person::open(&chat, model).await;
    chat.send(ChatFileKind::Photo, "mine.png", photo, "");
    press(&chat, "✅ Create").await;
    let creates = system.kie.wait_for_creates(1, LIMIT).await.unwrap();
    receive(&chat).await;
    bot.stop().await;

    let uploads = system.kie.uploads();
    assert_eq!(uploads.len(), 1, "{uploads:?}");
    assert_eq!(system.kie.file(&uploads[0].url).unwrap(), photo);
    let input = serde_json::to_string(&creates[0].input).unwrap();
    assert!(input.contains(&uploads[0].url), "{input}");
    // Neither Telegram's address nor the token is anywhere in what the vendor was told.
    let told = format!("{creates:?} {uploads:?}");
    for secret in [system.telegram.api_url.as_str(), system.telegram.token()] {
        assert!(!told.contains(secret), "{told}");
    }
}
