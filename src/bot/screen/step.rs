//! What to make of a result: which file of it, and with which model.

use super::{Button, Screen, models};
use crate::bot::callback::ButtonData;
use crate::bot::html::Page;
use crate::bot::step::{Step, word};
use crate::job::Job;
use crate::l10n::Messages;
use crate::schema::spec::ModelSpec;

/// Buttons in a row.
const ROW: usize = 5;

/// The button under a result.
pub(crate) fn button(step: Step, job: &Job, texts: &Messages) -> Button {
    Button::new(texts.words(&step.follow.label), &button_data(step, job, None))
}

/// One button for each file of the result.
pub(crate) fn which(step: Step, job: &Job, files: usize, texts: &Messages) -> Screen {
    let mut page = head(step, texts);
    page.gap().text(texts.which_file());
    let buttons = (0..files).map(|n| Button::new((n + 1).to_string(), &button_data(step, job, Some((n as u16, 0)))));
    Screen::new(page).grid(buttons.collect(), ROW).row(vec![Button::home(texts)])
}

/// One page of the models that take the file.
pub(crate) fn screen(
    step: Step,
    job: &Job,
    (file, page): (u16, u16),
    offered: &[&'static ModelSpec],
    texts: &Messages,
) -> Screen {
    let open = |spec: &ModelSpec| ButtonData::StartWith { id: job.id.clone(), file, word: word(spec.id) };
    let turn = |page| button_data(step, job, Some((file, page)));
    models::list(head(step, texts), offered, page, open, turn, texts)
}

fn head(step: Step, texts: &Messages) -> Page {
    let mut page = Page::new();
    page.bold(texts.task_title(step.task.icon, texts.words(&step.follow.label)));
    page
}

fn button_data(step: Step, job: &Job, at: Option<(u16, u16)>) -> ButtonData {
    ButtonData::Step { id: job.id.clone(), task: step.task.id.to_owned(), at }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::bot::sample::{STUDIO, TASK};
    use crate::l10n::Lang;
    use crate::models as registry;
    use crate::schema::spec::Output;

    fn job(model: &str, urls: &[&str]) -> Job {
        let job = json!({
            "id": "0190a1b2c3d4e5f60718293a4b5c6d7e", "user": 7, "chat": 7, "draft": "d", "model": model, "input": {},
            "attachments": [], "quote": null, "state": "delivered", "task": "t", "output": {"urls": urls}, "failure": null,
            "progress_message": null, "detached": false, "attempts": 1, "created_at": 1, "submitted_at": 2, "updated_at": 3,
        });
        serde_json::from_value(job).unwrap()
    }

    fn labels(screen: &Screen) -> Vec<&str> {
        screen.rows.iter().flatten().map(|button| button.label.as_str()).collect()
    }

    fn data(screen: &Screen, row: usize, at: usize) -> String {
        match &screen.rows[row][at].target {
            super::super::ButtonTarget::Callback(data) => data.clone(),
            super::super::ButtonTarget::Url(url) => panic!("{url}"),
        }
    }

    #[test]
    fn a_result_has_the_steps_that_take_it() {
        let texts = Messages::of(Lang::Ru);
        for spec in registry::all() {
            let rows = super::super::job::result_rows(&job(spec.id, &["https://x/1"]), texts);
            let screen = Screen { rows, ..Screen::default() };
            let labels = labels(&screen);
            let steps = [(Output::Image, "Оживить"), (Output::Image, "Увеличить"), (Output::Video, "Увеличить")];
            for step in ["Оживить", "Увеличить"] {
                let offered = steps.iter().any(|(output, label)| *output == spec.output && *label == step);
                assert_eq!(labels.contains(&step), offered, "{}: {labels:?}", spec.id);
            }
        }
        let picture = registry::all().iter().find(|spec| spec.output == Output::Image).unwrap();
        assert!(Step::after(&job(picture.id, &[])).is_empty(), "no file, no step");
        assert!(Step::after(&job("no/model", &["https://x/1"])).is_empty());
    }

    #[test]
    fn a_file_and_then_a_model_are_picked() {
        let step = Step { task: &TASK, follow: TASK.follows.as_ref().unwrap() };
        let job = job("sample/studio", &["https://x/1", "https://x/2"]);
        let texts = Messages::of(Lang::En);
        let which = which(step, &job, 2, texts);
        assert_eq!(labels(&which)[..2], ["1", "2"]);
        assert_eq!(data(&which, 0, 1), "1s0190a1b2c3d4e5f60718293a4b5c6d7etext_to_video:1:0");
        let offered = [&STUDIO; 9];
        let list = screen(step, &job, (1, 0), &offered, texts);
        assert_eq!(list.page.html(), "<b>🎬 Film it</b>");
        assert_eq!(labels(&list)[0], "Studio · from 0.8 credits");
        let expected = format!("1w0190a1b2c3d4e5f60718293a4b5c6d7e1:{}", word("sample/studio"));
        assert_eq!(data(&list, 0, 0), expected);
        assert_eq!(data(&list, 8, 2), "1s0190a1b2c3d4e5f60718293a4b5c6d7etext_to_video:1:1");
    }
}
