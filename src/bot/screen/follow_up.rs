//! Follow-ups of a result: the button under it, the choice of a file, and the choice of a model.

use super::{Button, Screen, models};
use crate::assortment::Assortment;
use crate::bot::callback::ButtonData;
use crate::bot::follow_up::{FollowUp, short_id};
use crate::bot::html::Page;
use crate::job::Job;
use crate::l10n::Messages;
use crate::schema::spec::ModelSpec;

/// File buttons in a row.
const ROW: usize = 5;

/// The button under a result.
pub(crate) fn button(follow_up: FollowUp, job: &Job, texts: &Messages) -> Button {
    Button::new(texts.localized(&follow_up.follow.label), &button_data(follow_up, job, None))
}

/// One button for each file of the result.
pub(crate) fn files(follow_up: FollowUp, job: &Job, count: usize, texts: &Messages) -> Screen {
    let mut page = head(follow_up, texts);
    page.gap().text(texts.which_file());
    let buttons =
        (0..count).map(|n| Button::new((n + 1).to_string(), &button_data(follow_up, job, Some((n as u16, 0)))));
    Screen::new(page).grid(buttons.collect(), ROW).row(vec![Button::home(texts)])
}

/// One page of the models that take the file.
pub(crate) fn screen(
    follow_up: FollowUp,
    job: &Job,
    (file, page): (u16, u16),
    offered: &[&'static ModelSpec],
    assortment: &Assortment,
    texts: &Messages,
) -> Screen {
    let open = |spec: &ModelSpec| ButtonData::StartWith { id: job.id.clone(), file, model: short_id(spec.id) };
    let to_page = |page| button_data(follow_up, job, Some((file, page)));
    models::list(head(follow_up, texts), offered, page, open, to_page, assortment, texts)
}

fn head(follow_up: FollowUp, texts: &Messages) -> Page {
    let mut page = Page::new();
    page.bold(texts.task_title(follow_up.task.icon, texts.localized(&follow_up.follow.label)));
    page
}

fn button_data(follow_up: FollowUp, job: &Job, at: Option<(u16, u16)>) -> ButtonData {
    ButtonData::FollowUp { id: job.id.clone(), task: follow_up.task.id.to_owned(), at }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::sample::{STUDIO, TASK};
    use crate::clock::Timestamp;
    use crate::job::{self, ChatId, JobState, UserId};
    use crate::l10n::Lang;
    use crate::models as registry;
    use crate::schema::spec::OutputKind;

    fn job(model: &str, urls: &[&str]) -> Job {
        let output = job::Output { urls: urls.iter().map(|url| (*url).to_owned()).collect(), ..job::Output::default() };
        let now = Timestamp::from_millis(1);
        Job {
            state: JobState::Delivered,
            output: Some(output),
            ..Job::new("0190a1b2c3d4e5f60718293a4b5c6d7e".into(), UserId(7), ChatId(7), "d", model, now)
        }
    }

    fn labels(screen: &Screen) -> Vec<&str> {
        screen.rows.iter().flatten().map(|button| button.label.as_str()).collect()
    }

    fn data(screen: &Screen, row: usize, at: usize) -> String {
        match &screen.rows[row][at].target {
            super::super::ButtonTarget::Callback(data) => data.clone(),
            super::super::ButtonTarget::Url(url) => panic!("{url}"),
            super::super::ButtonTarget::Copy(text) => panic!("{text}"),
        }
    }

    #[test]
    fn a_result_has_the_follow_ups_that_take_it() {
        let (texts, all) = (Messages::of(Lang::Ru), &Assortment::default());
        for spec in registry::all() {
            let rows = super::super::job::result_rows(&job(spec.id, &["https://x/1"]), all, texts);
            let screen = Screen { rows, ..Screen::default() };
            let labels = labels(&screen);
            let known =
                [(OutputKind::Image, "Оживить"), (OutputKind::Image, "Увеличить"), (OutputKind::Video, "Увеличить")];
            for wanted in ["Оживить", "Увеличить"] {
                let offered = known.iter().any(|(output, label)| *output == spec.output && *label == wanted);
                assert_eq!(labels.contains(&wanted), offered, "{}: {labels:?}", spec.id);
            }
        }
        let picture = registry::all().iter().find(|spec| spec.output == OutputKind::Image).unwrap();
        assert!(FollowUp::after(&job(picture.id, &[]), all).is_empty(), "no file, no follow-up");
        assert!(FollowUp::after(&job("no/model", &["https://x/1"]), all).is_empty());
    }

    #[test]
    fn a_file_and_then_a_model_are_picked() {
        let follow_up = FollowUp { task: &TASK, follow: TASK.follows.as_ref().unwrap() };
        let job = job("sample/studio", &["https://x/1", "https://x/2"]);
        let texts = Messages::of(Lang::En);
        let choice = files(follow_up, &job, 2, texts);
        assert_eq!(labels(&choice)[..2], ["1", "2"]);
        assert_eq!(data(&choice, 0, 1), "1s0190a1b2c3d4e5f60718293a4b5c6d7etext_to_video:1:0");
        let offered = [&STUDIO; 9];
        let list = screen(follow_up, &job, (1, 0), &offered, &Assortment::default(), texts);
        assert_eq!(list.page.html(), "<b>🎬 Film it</b>");
        assert_eq!(labels(&list)[0], "Studio · from 0.8 credits");
        let expected = format!("1w0190a1b2c3d4e5f60718293a4b5c6d7e1:{}", short_id("sample/studio"));
        assert_eq!(data(&list, 0, 0), expected);
        assert_eq!(data(&list, 8, 2), "1s0190a1b2c3d4e5f60718293a4b5c6d7etext_to_video:1:1");
    }
}
