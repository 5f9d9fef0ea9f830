//! A job for its user: progress, result, failure, and what can be done next.

use std::time::Duration;

use url::Url;

use super::form::label;
use super::{Button, Screen, follow_up as follow_up_screen, nearest};
use crate::assortment::Assortment;
use crate::bot::callback::{ButtonData, JobAction};
use crate::bot::follow_up::FollowUp;
use crate::bot::html::{Page, clip, one_line};
use crate::bot::next_step;
use crate::job::{Job, JobState};
use crate::l10n::Messages;
use crate::ledger::Credits;
use crate::models;
use crate::schema::spec::{Kind, ModelSpec};
use crate::service::{
    BLOCKED, FILE_GONE, GIVEN_UP, IP_REFUSED, KEY_LIMIT, OUT_OF_CREDITS, ProgressStage, ResultLink, TIMED_OUT,
    UNRECEIVED, VANISHED, WITHDRAWN,
};

/// The types of tasks that make speech.
const SPEECH: [&str; 2] = ["text_to_speech", "text_to_dialogue"];

/// Most characters of the vendor's error text.
const MAX_REASON: usize = 600;

/// The title of the job's model.
pub(crate) fn title<'a>(job: &'a Job, texts: &Messages) -> &'a str {
    models::find(&job.model).map_or(job.model.as_str(), |model| texts.localized(&model.spec.title))
}

/// What the person wrote for the job: the prompt, or else the first text, e.g. a name.
pub(crate) fn prompt(job: &Job) -> Option<&str> {
    let fields = models::find(&job.model).map_or(&[][..], |model| model.spec.fields);
    let texts = fields.iter().filter(|field| matches!(field.kind, Kind::Text(_))).map(|field| field.name);
    std::iter::once("prompt")
        .chain(texts)
        .find_map(|name| job.input.get(name)?.as_str())
        .filter(|text| !text.is_empty())
}

/// The price of a job as its person was told it: `18 credits`, `free`.
pub(crate) fn price(job: &Job, texts: &Messages) -> Option<String> {
    if job.is_free() { Some(texts.price_free()) } else { job.price().map(|price| texts.price(price)) }
}

/// `Nano Banana Pro · 18 credits`.
pub(crate) fn head(job: &Job, texts: &Messages) -> String {
    let paid = job.paid().filter(|_| !job.is_free()).map(|amount| texts.amount_of(amount));
    match paid.or_else(|| price(job, texts)) {
        Some(price) => format!("{} · {price}", title(job, texts)),
        None => title(job, texts).to_owned(),
    }
}

/// The same with the balance, where it is known: `Nano Banana Pro · 18 credits · 482 left`.
pub(crate) fn result_head(job: &Job, balance: Option<Credits>, texts: &Messages) -> String {
    let head = head(job, texts);
    match balance {
        Some(balance) => format!("{head} · {}", texts.credits_left(&texts.number(balance.as_f64()))),
        None => head,
    }
}

/// The progress message: the stage, the time so far, and the usual time.
pub(crate) fn progress(job: &Job, stage: ProgressStage, texts: &Messages) -> Screen {
    let (words, elapsed) = match stage {
        ProgressStage::Accepted => (texts.stage_accepted(), None),
        ProgressStage::Waiting { elapsed } => (texts.stage_waiting(), Some(elapsed)),
        ProgressStage::Generating { elapsed } => (texts.stage_generating(), Some(elapsed)),
        ProgressStage::StillRunning { elapsed } => (texts.stage_still(), Some(elapsed)),
        ProgressStage::Sending => (texts.stage_sending(), None),
    };
    let mut page = Page::new();
    page.bold(title(job, texts)).line().text(words);
    if let Some(elapsed) = elapsed {
        let elapsed = texts.time(elapsed);
        let time = match usual_time(job) {
            Some(usual) => texts.stage_time_usual(&elapsed, &texts.time(usual)),
            None => texts.stage_time(&elapsed),
        };
        page.text(format!("… {time}"));
    }
    let screen = Screen::new(page);
    match stage {
        ProgressStage::Sending => screen,
        _ => screen.row(vec![button(&texts.button_detach(), job, JobAction::Detach)]),
    }
}

fn usual_time(job: &Job) -> Option<Duration> {
    Some(models::find(&job.model)?.spec.usual())
}

/// The buttons under a result.
pub(crate) fn result_rows(job: &Job, assortment: &Assortment, texts: &Messages) -> Vec<Vec<Button>> {
    let repeat = match job.price() {
        Some(price) => texts.button_repeat_price(&texts.price(price)),
        None => texts.button_repeat(),
    };
    let mut first = vec![];
    if is_on_offer(job, assortment) {
        first.push(button(&repeat, job, JobAction::Repeat));
        first.push(button(&texts.button_change(), job, JobAction::Change));
    }
    let steps = next_step::offered(job, assortment).map(|(step, next)| {
        Button::new(texts.localized(&next.label), &ButtonData::NextStep { id: job.id.clone(), step })
    });
    let steps = steps.collect();
    let follow_ups = FollowUp::after(job, assortment).into_iter();
    let follow_ups = follow_ups.map(|one| follow_up_screen::button(one, job, texts)).collect();
    let copy = prompt(job).and_then(|words| Button::copy(&texts.button_copy_prompt(), words));
    let last = copy.into_iter().chain([Button::home(texts)]).collect();
    Screen::default().grid(steps, 2).row(first).grid(follow_ups, 2).row(last).rows
}

/// A button that copies the vendor's id of the task; `None` while there is none.
pub(crate) fn copy_task(job: &Job, texts: &Messages) -> Option<Button> {
    Button::copy(&texts.button_copy_task(), &job.task.as_ref()?.0)
}

/// A button that sends a speech as a voice message; `None` for jobs of other kinds.
pub(crate) fn voice(job: &Job, texts: &Messages) -> Option<Button> {
    let spec = models::find(&job.model)?.spec;
    let is_speech = spec.tasks.iter().any(|task| SPEECH.contains(&task.id));
    is_speech.then(|| button(&texts.button_voice(), job, JobAction::Voice))
}

/// A file of a result as a link, with a button for a fresh one.
pub(crate) fn link(job: &Job, text: &str, link: &ResultLink, texts: &Messages) -> Screen {
    let mut page = Page::new();
    page.text(text).line().link(&link.url, &link.url).gap();
    page.text(match link.life {
        Some(life) => texts.result_link_lasts(&texts.time(life)),
        None => texts.result_link_kept(),
    });
    Screen::new(page).row(vec![button(&texts.button_show(), job, JobAction::Show)])
}

/// A button that opens the uncompressed file at the vendor; `None` when its URL is not public.
pub(crate) fn original(url: &str, texts: &Messages) -> Option<Button> {
    let url = Url::parse(url).ok().filter(|u| u.scheme() == "https")?;
    Some(Button::open(&texts.button_original(), url))
}

/// A job that failed, or whose outcome is unknown.
pub(crate) fn failed(job: &Job, assortment: &Assortment, texts: &Messages) -> Screen {
    match job.state {
        JobState::Unknown => return unknown(job, texts),
        JobState::Unreadable => return unreadable(job, texts),
        _ => {}
    }
    let mut page = Page::new();
    page.text("⚠️ ").bold(texts.failed(title(job, texts)));
    match &job.failure {
        // It is not known whether the vendor charged for it.
        Some(failure) if failure.code == GIVEN_UP => {
            page.gap().text(texts.unknown_left());
        }
        Some(failure) if failure.code == WITHDRAWN => {
            page.gap().text(texts.model_not_offered(title(job, texts)));
            if let Some(other) = instead_of(job, assortment) {
                page.line().text(texts.model_try(texts.localized(&other.title)));
            }
            page.gap().text(charge(job, texts));
        }
        Some(failure) if failure.code == FILE_GONE => {
            let field = models::find(&job.model)
                .map_or(failure.message.as_str(), |model| label(model.spec, &failure.message, texts));
            page.gap().text(texts.attachment_gone(field)).gap().text(charge(job, texts));
        }
        Some(failure) if failure.code == UNRECEIVED => {
            page.gap().text(texts.needs_webhook()).gap().text(charge(job, texts));
        }
        Some(failure) if failure.code == OUT_OF_CREDITS => {
            page.gap().text(texts.failed_paused()).gap().text(charge(job, texts));
        }
        failure => {
            if let Some(failure) = failure {
                let reason = match failure.code.as_str() {
                    BLOCKED => texts.failed_blocked(),
                    IP_REFUSED => texts.failed_ip(),
                    KEY_LIMIT => texts.failed_key_limit(),
                    _ => clip(failure.message.trim(), MAX_REASON),
                };
                if !reason.is_empty() {
                    page.gap().text(reason);
                }
                page.line().italic(texts.failed_code(&failure.code));
            }
            page.gap().text(charge(job, texts));
        }
    }
    let mut row = Vec::new();
    if is_on_offer(job, assortment) {
        row.push(button(&texts.button_again(), job, JobAction::Repeat));
        row.push(button(&texts.button_change(), job, JobAction::Change));
    }
    // A model in trouble is on offer and has a nearest one.
    row.extend(instead_of(job, assortment).map(|other| nearest::button(other, texts)));
    Screen::new(page).row(row).row(last_row(job, texts))
}

/// The last row below a job that made nothing: for those who ask the vendor about it.
fn last_row(job: &Job, texts: &Messages) -> Vec<Button> {
    copy_task(job, texts).into_iter().chain([Button::home(texts)]).collect()
}

/// What is known of the cost of a failed job. "Nothing was charged" needs the vendor's word, or an order that it never
/// accepted.
fn charge(job: &Job, texts: &Messages) -> String {
    match job.output.as_ref().and_then(|output| output.credits) {
        Some(Credits::ZERO) if !job.doubted => texts.failed_free(),
        Some(credits) if credits > Credits::ZERO => texts.failed_charged(&texts.amount(credits)),
        _ if job.doubted => texts.failed_doubted(),
        _ if job.task.is_none() => texts.failed_free(),
        _ => texts.failed_unconfirmed(),
    }
}

/// A model that the person can order and that is similar to the one of the job.
fn instead_of(job: &Job, assortment: &Assortment) -> Option<&'static ModelSpec> {
    assortment.nearest(models::find(&job.model)?.spec)
}

fn unknown(job: &Job, texts: &Messages) -> Screen {
    let why = match &job.failure {
        Some(failure) if failure.code == VANISHED => texts.unknown_vanished_why(),
        Some(failure) if failure.code == TIMED_OUT => texts.unknown_timeout_why(),
        _ => texts.unknown_fate_why(),
    };
    let mut page = Page::new();
    page.text("❓ ").bold(texts.unknown_fate(title(job, texts))).gap().text(why);
    Screen::new(page)
        .row(vec![
            button(&texts.button_resend(), job, JobAction::Resend),
            button(&texts.button_leave(), job, JobAction::Leave),
        ])
        .row(last_row(job, texts))
}

/// A result that cannot be read. The operator decides.
fn unreadable(job: &Job, texts: &Messages) -> Screen {
    let mut page = Page::new();
    page.text("❓ ").bold(texts.unreadable(title(job, texts))).gap().text(texts.unreadable_why());
    page.gap().text(match job.output.as_ref().and_then(|output| output.credits) {
        Some(Credits::ZERO) => texts.failed_free(),
        Some(credits) => texts.failed_charged(&texts.amount(credits)),
        None => texts.unreadable_charge(),
    });
    Screen::new(page).row(last_row(job, texts))
}

/// The state of a job without a result or failure to show.
pub(crate) fn state(job: &Job, age: Duration, assortment: &Assortment, texts: &Messages) -> Screen {
    let mut page = Page::new();
    page.bold(head(job, texts)).line();
    page.text(format!("{}, {}", texts.job_state(job.state.as_str()), texts.job_ago(&texts.time(age))));
    if let Some(words) = prompt(job) {
        page.gap().text(one_line(words, 300));
    }
    let screen = Screen::new(page);
    let screen = match job.state {
        JobState::Held | JobState::Submitting | JobState::Running if !job.detached => {
            screen.row(vec![button(&texts.button_detach(), job, JobAction::Detach)])
        }
        JobState::Delivered | JobState::Undeliverable | JobState::Cancelled => {
            let mut screen = screen;
            screen.rows.extend(result_rows(job, assortment, texts));
            return screen.row(copy_task(job, texts).into_iter().collect());
        }
        _ => screen,
    };
    screen.row(last_row(job, texts))
}

fn is_on_offer(job: &Job, assortment: &Assortment) -> bool {
    models::find(&job.model).is_some_and(|model| assortment.offers(model.spec))
}

pub(crate) fn button(label: &str, job: &Job, action: JobAction) -> Button {
    Button::new(label, &ButtonData::Job { id: job.id.clone(), action })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;
    use crate::job::{ChatId, Failure, JobId, UserId};
    use crate::l10n::Lang;

    #[test]
    fn refusals_that_are_not_about_the_order_say_so() {
        for (code, said) in [
            (BLOCKED, "a CDN"),
            (IP_REFUSED, "list of IP addresses"),
            (KEY_LIMIT, "its own limit"),
            (OUT_OF_CREDITS, "orders are paused"),
            (UNRECEIVED, "PUBLIC_URL and KIE_WEBHOOK_KEY"),
            (FILE_GONE, "can no longer be fetched"),
            ("422", "words of the vendor"),
        ] {
            let failure = Failure { code: code.to_owned(), message: "words of the vendor".to_owned() };
            let id = JobId("j".to_owned());
            let job = Job::new(id, UserId(1), ChatId(1), "d".to_owned(), "m", Timestamp::default());
            let job = Job { failure: Some(failure), state: JobState::Failed, ..job };
            let screen = failed(&job, &Assortment::default(), Messages::of(Lang::En));
            let text = screen.page.html();
            assert!(text.contains(said) && text.contains("Nothing was charged"), "{code}: {text}");
            // Of a file that is gone the message names the field.
            assert_eq!(text.contains("words of the vendor"), ["422", FILE_GONE].contains(&code), "{text}");
        }
    }
}
