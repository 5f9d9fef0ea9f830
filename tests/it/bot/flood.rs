//! Flood control and slow calls: an answer may be late and is never lost, and other chats notice nothing.

use std::sync::Arc;
use std::time::Duration;

use kie::app;
use kie::bot::{Bot, ChatDelivery, InboxSettings, Telegram, TelegramFiles};
use kie::clock::{Clock, ManualClock, SystemClock, Timestamp};
use kie::demo::harness::{bot_config, registry_options};
use kie::demo::kie::{Pace, SimKie, SimKieOptions};
use kie::demo::telegram::{
    ChatFileKind, ChatHandle, ChatView, SimTelegram, SimTelegramOptions, TelegramFault, TelegramFaultEffect,
    TelegramUser,
};
use kie::schema::Lang;
use kie::service::{Service, Worker, WorkerSettings};
use kie::store;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use crate::bot::{Play, TIMEOUT};
use crate::support::choice::{from_words, needed};

async fn press(chat: &ChatHandle, label: &str) {
    chat.wait_button(label, TIMEOUT).await.unwrap();
    let press = chat.press(label).unwrap();
    chat.wait_answer(&press, TIMEOUT).await.unwrap();
}

/// From the menu to the card of a model; returns the label of its first question.
async fn open_card(chat: &ChatHandle) -> &'static str {
    let (task, spec) = from_words();
    chat.send_text("/start");
    press(chat, task.title.get(Lang::En)).await;
    press(chat, spec.title.get(Lang::En)).await;
    chat.wait_button("Fill in", TIMEOUT).await.unwrap();
    needed(spec)[0].label.get(Lang::En)
}

/// How many calls for the chat were refused by flood control.
fn refused(telegram: &SimTelegram, chat: &ChatHandle) -> usize {
    let of_chat = |call: &&kie::demo::telegram::MethodCall| {
        call.refused == Some(429)
            && call.args.get("chat_id").is_some_and(|id| id.to_string().trim_matches('"') == chat.id().to_string())
    };
    telegram.calls().iter().filter(of_chat).count()
}

/// A bot whose calls to Telegram wait on the clock that Telegram itself goes by: minutes pass at once.
struct Hurry {
    clock: Arc<ManualClock>,
    telegram: SimTelegram,
    kie: SimKie,
    _work: Vec<AbortOnDropHandle<()>>,
}

impl Hurry {
    async fn start() -> Self {
        let clock = Arc::new(ManualClock::new(Timestamp::from_millis(1_790_000_000_000)));
        let options = SimTelegramOptions { clock: clock.clone(), ..SimTelegramOptions::default() };
        let telegram = SimTelegram::start(options).await.unwrap();
        let options = SimKieOptions { pace: Pace::Polls(1), picture_side: 64, ..SimKieOptions::default() };
        let kie = SimKie::start(registry_options(options)).await.unwrap();
        let config = bot_config(&kie, &telegram, "sqlite::memory:").unwrap();
        let store = store::open("sqlite::memory:").await.unwrap();
        let service = Service::new(store, app::client(&config).unwrap(), Arc::new(SystemClock));
        let api = Some(telegram.api_url.clone());
        let account = Telegram::connect(config.bot_token.clone().unwrap(), api, clock.clone()).unwrap();
        let bot = Bot::new(account.clone(), service.clone());
        let settings = WorkerSettings { idle: Duration::from_millis(50), ..WorkerSettings::default() };
        let files = Arc::new(TelegramFiles::new(account.clone()));
        let worker = Worker::new(service.clone(), Arc::new(ChatDelivery::new(account, service)), files, settings);
        let (poller, handlers) = (bot.clone(), bot);
        let tasks = [
            tokio::spawn(async move {
                poller.poll(std::future::pending(), &CancellationToken::new(), |_| {}).await.map(drop).unwrap();
            }),
            tokio::spawn(async move {
                handlers.run_inbox(InboxSettings::default(), CancellationToken::new(), TIMEOUT).await;
            }),
            tokio::spawn(async move { worker.run(CancellationToken::new()).await }),
        ];
        Self { clock, telegram, kie, _work: tasks.map(AbortOnDropHandle::new).into() }
    }
}

/// An answer that was refused for longer than 30 s was given up, and what the person had said was lost.
#[tokio::test]
async fn an_answer_comes_when_flood_control_of_any_length_is_over() {
    let scene = Hurry::start().await;
    let group = scene.telegram.group(-1_000_000_000_701, TelegramUser::new(701));
    let others = scene.telegram.chat(702);
    let question = open_card(&group).await;
    for (seconds, said, shown) in [(38, "Fill in", question), (4000, "A red fox", "«A red fox»")] {
        let (begun, length) = (scene.clock.now(), Duration::from_secs(seconds));
        group.flood(length);
        if said == "Fill in" {
            press(&group, said).await;
        } else {
            let asked = group.view().with_text(question).unwrap().id;
            group.reply(asked, said);
        }
        let is_over = |view: &ChatView| {
            let is_shown = view.with_text(shown).is_some() && view.button(said).is_none();
            (is_shown && scene.clock.now().since(begun) >= length).then_some(())
        };
        group.wait_for(TIMEOUT, is_over).await.unwrap();
    }
    assert_eq!(refused(&scene.telegram, &group), 2, "one call each");
    press(&group, "✅ Create").await;
    group.wait_media(ChatFileKind::Photo, TIMEOUT).await.unwrap();
    assert_eq!(scene.kie.creates()[0].input["prompt"], "A red fox");
    others.send_text("/start");
    others.wait_text("What shall we make?", TIMEOUT).await.unwrap();
    let wrong = group.view().from_bot().any(|m| m.text.contains("went wrong"));
    assert!(!wrong, "{}", group.view());
}

/// Every call of a flooded chat was sent and refused, which made its pause longer.
#[tokio::test]
async fn a_flooded_chat_is_left_alone_and_delays_nobody() {
    let play = Play::start("en").await;
    let neighbour = play.harness.telegram.chat(43);
    play.chat.send_text("/start");
    play.sees("What shall we make?").await;
    play.chat.flood(Duration::from_secs(3600));
    play.chat.send_text("/help");
    play.chat.send_text("/jobs");
    for _ in 0..5 {
        open_card(&neighbour).await;
    }
    assert_eq!(refused(&play.harness.telegram, &play.chat), 1);
    assert_eq!(play.chat.view().from_bot().count(), 1);
    // The program stops all the same.
    play.end().await;
}

/// Who named the bot waited for its name, one after the other, each for as long as Telegram kept silent.
#[tokio::test]
async fn a_name_that_telegram_does_not_tell_holds_nobody_up() {
    let play = Play::start("en").await;
    let silence = TelegramFaultEffect::Delay(600_000);
    play.harness.telegram.fault(TelegramFault { times: 100, ..TelegramFault::once("getMe", silence) });
    let chats: Vec<ChatHandle> = (0..4).map(|n| play.harness.telegram.chat(711 + n)).collect();
    for chat in &chats {
        chat.send_text("/help@kie_demo_bot");
    }
    for chat in &chats {
        chat.wait_text("I make pictures", TIMEOUT).await.unwrap();
    }
    play.end().await;
}
