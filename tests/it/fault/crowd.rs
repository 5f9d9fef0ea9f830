//! Users who each order an image, and start again if the bot does not answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use kie::clock::SystemClock;
use kie::demo::telegram::{ChatError, ChatFileKind, ChatHandle};
use kie::ledger::{Money, WalletId};
use kie::sample::Sample;
use kie::schema::Lang;
use kie::schema::spec::MediaKind;
use kie::service::WalletAdmin;
use kie::store;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::fault::cluster::Cluster;
use crate::support::choice::{from_picture_and_words, from_words, needed};

/// The number of users at the same time.
const AT_ONCE: usize = 24;
/// After this time a user starts again, and the most attempts.
const TIMEOUT: Duration = Duration::from_secs(25);
const TRIES: usize = 5;
/// How long a user watches the chat after an order.
const STAY: Duration = Duration::from_secs(5);

/// What a user has before the first order.
pub(crate) const BROUGHT: Money = Money::from_hundredths(100_000);

/// What a user did.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub(crate) chat: i64,
    /// All prompts that were sent; each may become at most one job.
    pub(crate) prompts: Vec<String>,
    /// The bot has answered the press on Create.
    pub(crate) is_confirmed: bool,
}

pub(crate) struct Crowd {
    people: JoinSet<Order>,
    served: Arc<AtomicUsize>,
    count: usize,
}

impl Crowd {
    /// Each brings money for all orders that it may make.
    pub(crate) async fn enter(cluster: &Cluster, count: usize) -> Self {
        let store = store::open(&cluster.database_url).await.unwrap();
        let wallets = WalletAdmin::new(store.clone(), Arc::new(SystemClock));
        for chat in (10_000..).take(count) {
            wallets.give(WalletId(chat), BROUGHT, &format!("brought:{chat}"), None).await.unwrap();
        }
        store.close().await;
        let (served, room) = (Arc::new(AtomicUsize::new(0)), Arc::new(Semaphore::new(AT_ONCE)));
        let mut people = JoinSet::new();
        for person in 0..count {
            let chat = cluster.telegram.chat(10_000 + person as i64);
            let (served, room) = (Arc::clone(&served), Arc::clone(&room));
            people.spawn(async move {
                let _place = room.acquire_owned().await.expect("the room stays open");
                let order = order(&chat).await;
                served.fetch_add(1, Ordering::Relaxed);
                order
            });
        }
        Self { people, served, count }
    }

    /// Whether all users have ordered or given up.
    pub(crate) fn is_served(&self) -> bool {
        self.served.load(Ordering::Relaxed) == self.count
    }

    pub(crate) async fn leave(mut self) -> Vec<Order> {
        let mut orders = Vec::new();
        while let Some(order) = self.people.join_next().await {
            orders.push(order.expect("no person panics"));
        }
        orders
    }
}

async fn order(chat: &ChatHandle) -> Order {
    let mut order = Order { chat: chat.id(), prompts: Vec::new(), is_confirmed: false };
    for attempt in 0..TRIES {
        let prompt = format!("A fox {} on day {attempt}", chat.id());
        order.prompts.push(prompt.clone());
        if try_once(chat, &prompt).await.is_ok() {
            order.is_confirmed = true;
            if chat.id() % 10 == 0 {
                // Some cancel the order. The ledger tells whether that was still possible.
                chat.send_text("/cancel");
            }
            // Whether the image comes is checked at the end: a lost create request gives none.
            let _ = chat.wait_media(ChatFileKind::Photo, STAY).await;
            break;
        }
    }
    order
}

async fn try_once(chat: &ChatHandle, prompt: &str) -> Result<(), ChatError> {
    let brings_picture = chat.id() % 4 == 1;
    let (task, spec) = if brings_picture { from_picture_and_words() } else { from_words() };
    chat.send_text("/start");
    press(chat, task.title.get(Lang::En)).await?;
    press(chat, spec.title.get(Lang::En)).await?;
    press(chat, "Fill in").await?;
    if brings_picture {
        let picture = Sample::of(MediaKind::Image).expect("there is a picture").bytes;
        chat.send(ChatFileKind::Photo, "a.png", picture, prompt);
    } else {
        chat.wait_text(needed(spec)[0].label.get(Lang::En), TIMEOUT).await?;
        chat.send_text(prompt);
    }
    press(chat, "✅ Create").await
}

async fn press(chat: &ChatHandle, label: &str) -> Result<(), ChatError> {
    chat.wait_button(label, TIMEOUT).await?;
    let callback = chat.press(label)?;
    chat.wait_answer(&callback, TIMEOUT).await.map(drop)
}
