//! The invariants to check after all work is done.

use std::collections::HashMap;
use std::sync::Arc;

use kie::clock::SystemClock;
use kie::demo::telegram::{ChatFile, ChatFileKind};
use kie::job::{ChatId, Job, JobState};
use kie::l10n::{Lang, Messages};
use kie::ledger::{EntryKind, Money, Wallet, WalletId};
use kie::service::Books;
use kie::store;

use crate::fault::cluster::Cluster;
use crate::fault::crowd::{BROUGHT, Order};

/// The counts.
#[derive(Debug)]
pub(crate) struct Figures {
    people: usize,
    confirmed: usize,
    jobs: usize,
    states: Vec<(JobState, usize)>,
    creates: usize,
    photos: usize,
    /// Images that were sent to a chat twice.
    pub(crate) twice: usize,
    /// Those of them that are not explained by a kill during the delivery.
    unexcused: usize,
    /// Presses that were given up because every attempt was killed. The user was told.
    aside: usize,
    /// Polls that Telegram refused because of another poll.
    pub(crate) conflicts: usize,
    /// Descriptions of what is wrong.
    wrong: Vec<String>,
}

pub(crate) async fn take(cluster: &Cluster, orders: &[Order]) -> Figures {
    let mut wrong = Vec::new();
    let store = store::open(&cluster.database_url).await.unwrap();
    if cluster.telegram.pending_updates() > 0 {
        wrong.push(format!("{} updates still wait at Telegram", cluster.telegram.pending_updates()));
    }
    let open = store.open_updates(1000).await.unwrap();
    if !open.is_empty() {
        wrong.push(format!("{} stored updates were never handled: {open:?}", open.len()));
    }
    let (mut unknown, mut excused) = (0, 0);
    let mut creates: HashMap<String, Vec<String>> = HashMap::new();
    for create in cluster.kie.creates() {
        let prompt = create.input["prompt"].as_str().unwrap_or_default().to_owned();
        creates.entry(prompt).or_default().push(create.task_id);
    }
    let mut figures = Figures {
        people: orders.len(),
        confirmed: orders.iter().filter(|order| order.is_confirmed).count(),
        jobs: 0,
        states: Vec::new(),
        creates: cluster.kie.creates().len(),
        photos: 0,
        twice: 0,
        unexcused: 0,
        aside: 0,
        conflicts: cluster.telegram.conflicts().len(),
        wrong: Vec::new(),
    };
    let mut states: HashMap<JobState, usize> = HashMap::new();
    for order in orders {
        let jobs = store.jobs_of(ChatId(order.chat), 100, 0).await.unwrap();
        figures.jobs += jobs.len();
        if order.is_confirmed && jobs.is_empty() {
            let (view, log) = (cluster.telegram.chat(order.chat).view(), cluster.log_of(order.chat));
            if view.with_text(&Messages::of(Lang::En).set_aside()).is_some() {
                figures.aside += 1;
                continue;
            }
            wrong.push(format!("chat {}: its press had no effect\n{view}\n{:?}\n{log}", order.chat, view.callbacks));
        }
        for prompt in &order.prompts {
            let of_prompt: Vec<&Job> = jobs.iter().filter(|job| is_of(job, prompt)).collect();
            let created = creates.remove(prompt).unwrap_or_default();
            if of_prompt.len() > 1 || created.len() > of_prompt.len() {
                wrong.push(format!("{prompt:?}: {} jobs, {} creates", of_prompt.len(), created.len()));
            }
            for job in of_prompt {
                let task = job.task.as_ref().map(|task| &task.0);
                if task.is_some() && task != created.first() {
                    wrong.push(format!("job {} has task {task:?}, and the vendor has {created:?}", job.id));
                }
                if job.state == JobState::Cancelled && !created.is_empty() {
                    wrong.push(format!("job {} was taken back and is at the vendor", job.id));
                }
            }
        }
        let (mut delivered, mut cut_off) = (0, 0);
        for job in &jobs {
            *states.entry(job.state).or_default() += 1;
            delivered += usize::from(job.state == JobState::Delivered);
            cut_off += cluster.cut_off.get(&job.id).copied().unwrap_or_default() as usize;
            if job.state == JobState::Unknown {
                unknown += 1;
                excused += usize::from(cluster.orphans.contains(&job.id));
            }
            if job.state == JobState::Failed {
                // The simulated vendor does not fail tasks unless told to.
                wrong.push(format!("job {} failed: {:?}", job.id, job.failure));
            }
            let mut entries = store.entries(&job.id).await.unwrap();
            // What the vendor charged is its own word, and no part of what was agreed.
            entries.retain(|entry| entry.kind != EntryKind::Cost);
            let kinds: Vec<EntryKind> = entries.iter().map(|entry| entry.kind).collect();
            let expected: Option<&[EntryKind]> = match job.state {
                JobState::Delivered => Some(&[EntryKind::Hold, EntryKind::Capture]),
                JobState::Failed | JobState::Cancelled => Some(&[EntryKind::Hold, EntryKind::Release]),
                JobState::Unknown => Some(&[EntryKind::Hold]),
                _ => None,
            };
            match expected {
                None => wrong.push(format!("job {} stands at {:?}", job.id, job.state)),
                Some(expected) if kinds != expected => {
                    wrong.push(format!("job {} ({:?}): {kinds:?}", job.id, job.state));
                }
                Some(_) if entries.iter().any(|entry| entry.credits != entries[0].credits) => {
                    wrong.push(format!("job {}: its money does not sum: {entries:?}", job.id));
                }
                Some(_) => {}
            }
            if job.task.is_some() != matches!(job.state, JobState::Delivered | JobState::Failed) {
                wrong.push(format!("job {} ({:?}) and its task {:?} disagree", job.id, job.state, job.task));
            }
        }
        let sum = |state| -> Money {
            jobs.iter().filter(|job| job.state == state).filter_map(|job| job.charge).map(|charge| charge.price).sum()
        };
        let (paid, held) = (sum(JobState::Delivered), sum(JobState::Unknown));
        let (wallet, left) = (store.wallet(WalletId(order.chat)).await.unwrap(), BROUGHT - paid - held);
        if wallet != (Wallet { available: left, held }) || jobs.iter().any(|job| job.charge.is_none()) {
            wrong.push(format!("person {}: paid {paid}, {held} is held, and the wallet is {wallet:?}", order.chat));
        }
        let chat = cluster.telegram.chat(order.chat);
        // An image that is refused as a photo is sent as a document.
        let is_picture = |media: &ChatFile| matches!(media.kind, ChatFileKind::Photo | ChatFileKind::Document);
        let photos = chat.view().from_bot().filter(|message| message.media.as_ref().is_some_and(is_picture)).count();
        figures.photos += photos;
        if photos < delivered {
            wrong.push(format!("chat {}: {delivered} delivered, {photos} arrived", order.chat));
        }
        let twice = photos.saturating_sub(delivered);
        figures.twice += twice;
        figures.unexcused += twice.saturating_sub(cut_off);
    }
    // Only create requests whose reply was lost, or whose process was killed before the reply, may be left to the
    // operator.
    if unknown - excused > cluster.lost_creates as usize {
        wrong.push(format!("{unknown} of unknown fate, {excused} by kills, {} replies lost", cluster.lost_creates));
    }
    if !creates.is_empty() {
        wrong.push(format!("creates that nobody ordered: {creates:?}"));
    }
    let books = Books::new(store.clone(), Arc::new(SystemClock)).check().await.unwrap();
    if !books.agrees() || books.wallets < orders.len() as u64 {
        wrong.push(format!("the books do not agree: {books:?}"));
    }
    figures.states = states.into_iter().collect();
    figures.wrong = wrong;
    store.close().await;
    figures
}

fn is_of(job: &Job, prompt: &str) -> bool {
    job.input.get("prompt").and_then(|value| value.as_str()) == Some(prompt)
}

impl Figures {
    /// Prints the counts and checks them.
    pub(crate) fn hold(&self, cluster: &Cluster) {
        println!(
            "seed {}: {} people, {} confirmed, {} presses set aside; {} jobs {:?}; {} creates; {} pictures, {} of them \
             twice; {} disturbances, {} kills, {} sendings cut off, {} replies withheld; {} refused polls; {:.1} s",
            cluster.seed,
            self.people,
            self.confirmed,
            self.aside,
            self.jobs,
            self.states,
            self.creates,
            self.photos,
            self.twice,
            cluster.disturbances.values().sum::<u32>(),
            cluster.kills,
            cluster.cut_off.values().sum::<u32>(),
            cluster.withheld,
            self.conflicts,
            cluster.started.elapsed().as_secs_f64(),
        );
        assert!(
            self.wrong.is_empty(),
            "seed {}:\n{}\nlogs: {}",
            cluster.seed,
            self.wrong.join("\n"),
            cluster.keep_logs().display()
        );
        // Each needs several kills, and the last attempts are made one at a time.
        assert!(self.aside <= cluster.kills as usize, "{self:?}\nlogs: {}", cluster.keep_logs().display());
        // If the reply to a sent image is lost, or the process is killed, the bot cannot know and sends the image
        // again. An unavailable database is no reason: after sending an image the bot waits for the database.
        assert!(
            self.unexcused as u32 <= cluster.withheld,
            "{self:?}\nwithheld {}, cut off {:?}\nlogs: {}",
            cluster.withheld,
            cluster.cut_off,
            cluster.keep_logs().display()
        );
        assert!(self.confirmed * 10 >= self.people * 9, "hardly anybody was served: {self:?}");
    }
}
