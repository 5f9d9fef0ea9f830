//! An open field: what to send, what is there, and the buttons of its kind.

use serde_json::Value;

use super::{BUTTON, Button, Screen};
use crate::bot::callback::{ButtonData, FormAction};
use crate::bot::draft::{Form, is_empty};
use crate::bot::field::difference::Differences;
use crate::bot::field::{icon, literal_json, option_label, prompt, shown, value_text};
use crate::bot::field_path::{FieldPath, Target};
use crate::bot::html::{Page, clip, one_line};
use crate::job::Job;
use crate::l10n::Messages;
use crate::models;
use crate::schema::report::Report;
use crate::schema::spec::{ChoiceSpec, FieldSpec, Kind, ListSpec, ModelSpec};
use crate::service::PricedOrder;

/// Options on a page.
pub(crate) const OPTIONS: usize = 20;
/// Most characters of a text that is shown whole.
const WHOLE: usize = 1500;
/// Items of a list shown one by one.
const ITEMS: usize = 30;

/// What the editor needs beside the form.
#[derive(Debug, Default)]
pub(crate) struct Around<'a> {
    /// Page of options; the one with the current value when absent.
    pub(crate) page: Option<u16>,
    /// Jobs to pick from, newest first.
    pub(crate) jobs: &'a [Job],
    /// Why the last answer was not taken.
    pub(crate) problems: &'a [String],
    /// What the service says of the form as it stands.
    pub(crate) prepared: Option<&'a Result<PricedOrder, Report>>,
}

/// The editor of a field or an item; `None` when the registry has no such path.
pub(crate) fn screen(
    spec: &'static ModelSpec,
    form: &Form,
    path: &FieldPath,
    around: &Around<'_>,
    texts: &Messages,
) -> Option<Screen> {
    let target = path.target(spec)?;
    let value = path.get(spec, &form.answers);
    let mut page = Page::new();
    page.text(format!("{} ", icon(target.kind))).bold(title(spec, path, texts));
    for line in prompt::lines(target.kind, texts) {
        page.line().text(line);
    }
    if matches!(target.kind, Kind::Task(_)) && around.jobs.is_empty() {
        page.line().text(texts.ask_task_none());
    }
    let default = prompt::default_text(target.field, form, texts);
    if let Some(default) = default.filter(|_| target.item.is_none() && is_empty(value)) {
        page.gap().text(texts.now_value(&texts.value_default(&default)));
    }
    current(target.kind, value, form, &mut page, texts);
    for problem in around.problems {
        page.gap().text(format!("⚠️ {problem}"));
    }
    let screen = kind_buttons(Screen::new(page), spec, form, path, &target, around, texts);
    Some(screen.row(end_buttons(form, path, &target, value, texts)))
}

/// `Shots › No. 2 › Scene`.
fn title(spec: &ModelSpec, path: &FieldPath, texts: &Messages) -> String {
    let mut parts = Vec::new();
    for depth in 1..=path.0.len() {
        let Some(target) = FieldPath(path.0[..depth].to_vec()).target(spec) else { continue };
        parts.push(match target.item {
            Some(index) => texts.item_number(index + 1),
            None => texts.words(&target.field.label).to_owned(),
        });
    }
    parts.join(" › ")
}

fn current(kind: &'static Kind, value: Option<&Value>, form: &Form, page: &mut Page, texts: &Messages) {
    let Some(value) = value.filter(|v| !is_empty(Some(v))) else { return };
    match (kind, value) {
        (Kind::Text(_), Value::String(text)) => {
            page.gap().text(texts.now_value("")).line().code(clip(text, WHOLE));
        }
        (Kind::List(list), Value::Array(items)) => {
            page.gap().text(texts.now_value(&value_text(kind, value, form, texts)));
            for (n, item) in items.iter().enumerate().take(ITEMS) {
                page.line().text(format!("{}. {}", n + 1, value_text(list.item, item, form, texts)));
            }
        }
        (Kind::Object(fields), _) => {
            page.line();
            for field in *fields {
                let shown = shown(field, value.get(field.name), form, texts);
                page.line().text(format!("{} {}  ", icon(&field.kind), texts.words(&field.label))).bold(shown);
            }
        }
        _ => {
            page.gap().text(texts.now_value(&value_text(kind, value, form, texts)));
        }
    }
}

fn kind_buttons(
    screen: Screen,
    spec: &'static ModelSpec,
    form: &Form,
    path: &FieldPath,
    target: &Target,
    around: &Around<'_>,
    texts: &Messages,
) -> Screen {
    let value = path.get(spec, &form.answers);
    let mut differences = around.prepared.and_then(|prepared| Differences::of(spec, form, prepared));
    let mut more = |value: &Value| {
        let more = differences.as_mut()?.at(path, value.clone())?;
        Some(texts.difference(more))
    };
    match target.kind {
        Kind::Choice(choice) => {
            let default = crate::bot::field::default(target.field).filter(|_| target.item.is_none());
            let chosen: Vec<&Value> = value.into_iter().collect();
            options(screen, choice, &chosen, default.as_ref(), &mut more, form, path, around.page, texts)
        }
        Kind::Boolean => {
            let default = crate::bot::field::default(target.field).filter(|_| target.item.is_none());
            let mut button = |number: u16, word: String| {
                let mine = Value::from(number == 1);
                let label = marked(&word, value == Some(&mine), default.as_ref() == Some(&mine));
                let label = with_difference(label, more(&mine), texts);
                Button::new(label, &button_data(form, path, FormAction::Set(number)))
            };
            screen.row(vec![button(1, texts.yes()), button(0, texts.no())])
        }
        Kind::Task(_) => task_buttons(screen, form, path, around.jobs, texts),
        Kind::List(list) => list_buttons(screen, list, value, form, path, around, texts),
        Kind::Object(fields) => screen.grid(object_buttons(fields, spec, form, path, texts), 2),
        Kind::Text(_) | Kind::Integer(_) | Kind::Decimal(_) | Kind::Media(_) => screen,
    }
}

#[expect(clippy::too_many_arguments, reason = "one grid of buttons: its data, and what it is drawn with")]
fn options(
    screen: Screen,
    choice: &ChoiceSpec,
    chosen: &[&Value],
    default: Option<&Value>,
    more: &mut dyn FnMut(&Value) -> Option<String>,
    form: &Form,
    path: &FieldPath,
    page: Option<u16>,
    texts: &Messages,
) -> Screen {
    let count = choice.options.len();
    let pages = count.div_ceil(OPTIONS).max(1);
    let here = choice.options.iter().position(|o| chosen.contains(&&literal_json(&o.value))).unwrap_or_default();
    let at = page.map_or(here / OPTIONS, usize::from).min(pages - 1);
    let options = choice.options.iter().enumerate().skip(at * OPTIONS).take(OPTIONS);
    let labels: Vec<(usize, String)> = options
        .map(|(n, option)| {
            let value = literal_json(&option.value);
            let label = marked(&option_label(option, texts), chosen.contains(&&value), default == Some(&value));
            (n, with_difference(label, more(&value), texts))
        })
        .collect();
    let longest = labels.iter().map(|(_, label)| label.chars().count()).max().unwrap_or_default();
    let columns = if longest <= 9 {
        4
    } else if longest <= 18 {
        2
    } else {
        1
    };
    let buttons =
        labels.iter().map(|(n, label)| Button::new(label, &button_data(form, path, FormAction::Set(*n as u16))));
    let screen = screen.grid(buttons.collect(), columns);
    if pages == 1 {
        return screen;
    }
    let turn = |to: usize| button_data(form, path, FormAction::Page(to as u16));
    screen.row(vec![
        Button::new("‹", &turn((at + pages - 1) % pages)),
        Button::new(texts.page(at as u16 + 1, pages as u16), &ButtonData::Nothing),
        Button::new("›", &turn((at + 1) % pages)),
    ])
}

/// `✓` is the present value, `•` the default.
fn marked(label: &str, current: bool, default: bool) -> String {
    match (current, default) {
        (true, _) => format!("✓ {label}"),
        (false, true) => format!("• {label}"),
        (false, false) => label.to_owned(),
    }
}

/// `4K · +6`; a long label is cut before the figure.
fn with_difference(label: String, difference: Option<String>, texts: &Messages) -> String {
    let Some(difference) = difference else { return label };
    let room = BUTTON.saturating_sub(texts.option_difference("", &difference).chars().count());
    texts.option_difference(&one_line(&label, room), &difference)
}

fn task_buttons(screen: Screen, form: &Form, path: &FieldPath, jobs: &[Job], texts: &Messages) -> Screen {
    let buttons = jobs.iter().map(|job| {
        let title = models::find(&job.model).map_or(job.model.as_str(), |model| texts.words(&model.spec.title));
        let words = job.input.get("prompt").and_then(Value::as_str).unwrap_or_default();
        Button::new(format!("{title} {words}"), &button_data(form, path, FormAction::Task(job.id.clone())))
    });
    screen.grid(buttons.collect(), 1)
}

fn list_buttons(
    screen: Screen,
    list: &'static ListSpec,
    value: Option<&Value>,
    form: &Form,
    path: &FieldPath,
    around: &Around<'_>,
    texts: &Messages,
) -> Screen {
    let items = value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    match list.item {
        Kind::Object(_) | Kind::List(_) => {
            let open = items.iter().enumerate().map(|(n, item)| {
                let label = format!("{}. {}", n + 1, value_text(list.item, item, form, texts));
                Button::new(label, &button_data(form, &path.child(n), FormAction::Open))
            });
            let room = list.max.is_none_or(|max| items.len() < max as usize);
            let add = room.then(|| Button::new(texts.button_add(), &button_data(form, path, FormAction::Add)));
            screen.grid(open.take(ITEMS).collect(), 1).row(add.into_iter().collect())
        }
        Kind::Choice(choice) => {
            let chosen: Vec<&Value> = items.iter().collect();
            // A press adds an item or takes one away: no value stands for the price of the list.
            options(screen, choice, &chosen, None, &mut |_| None, form, path, around.page, texts)
        }
        Kind::Task(_) => task_buttons(screen, form, path, around.jobs, texts),
        Kind::Text(_) | Kind::Integer(_) | Kind::Decimal(_) | Kind::Boolean | Kind::Media(_) => screen,
    }
}

fn object_buttons(
    fields: &'static [FieldSpec],
    spec: &'static ModelSpec,
    form: &Form,
    path: &FieldPath,
    texts: &Messages,
) -> Vec<Button> {
    let missing = form.first_missing(spec, path).map(|(index, _)| index);
    let button = |(index, field): (usize, &FieldSpec)| {
        let mark = if missing == Some(index) { "👉" } else { icon(&field.kind) };
        Button::new(
            format!("{mark} {}", texts.words(&field.label)),
            &button_data(form, &path.child(index), FormAction::Open),
        )
    };
    fields.iter().enumerate().map(button).collect()
}

fn end_buttons(form: &Form, path: &FieldPath, target: &Target, value: Option<&Value>, texts: &Messages) -> Vec<Button> {
    let empty = is_empty(value);
    let is_list = matches!(target.kind, Kind::List(_));
    let mut row = Vec::new();
    let mut add = |label: String, action: FormAction| row.push(Button::new(label, &button_data(form, path, action)));
    if !empty && is_list {
        add(texts.button_pop(), FormAction::Pop);
    }
    if target.item.is_some() && !is_list {
        add(texts.button_remove(), FormAction::Remove);
    } else if !empty {
        let label = if target.field.default.is_some() { texts.button_default() } else { texts.button_clear() };
        add(label, FormAction::Clear);
    }
    if !empty && (is_list || matches!(target.kind, Kind::Object(_))) {
        add(texts.button_done(), FormAction::Done);
    } else if empty && target.item.is_none() && (!target.field.required || target.field.default.is_some()) {
        add(texts.button_skip(), FormAction::Skip);
    }
    row.push(Button::new(texts.button_back(), &button_data(form, &path.parent(), FormAction::Open)));
    row
}

fn button_data(form: &Form, path: &FieldPath, action: FormAction) -> ButtonData {
    ButtonData::Form { nonce: form.nonce.clone(), path: path.clone(), action }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::bot::sample::{LAB, STUDIO};
    use crate::l10n::Lang;

    fn open(path: &[u16], answers: &[(&[u16], Value)]) -> (String, Vec<String>) {
        let mut form = Form::new(&STUDIO, "abcd1234".into());
        for (path, value) in answers {
            form.put(&STUDIO, &FieldPath(path.to_vec()), value.clone());
        }
        let texts = Messages::of(Lang::En);
        let screen = screen(&STUDIO, &form, &FieldPath(path.to_vec()), &Around::default(), texts).unwrap();
        let labels = screen.rows.iter().flatten().map(|b| b.label.clone()).collect();
        (screen.page.html().to_owned(), labels)
    }

    #[test]
    fn choices_mark_default_and_current() {
        assert_eq!(open(&[3], &[]).1, ["• Square", "16:9", "Skip", "‹ Back"]);
        let (html, labels) = open(&[3], &[(&[3], json!("16:9"))]);
        assert_eq!(labels, ["• Square", "✓ 16:9", "Back to default", "‹ Back"]);
        assert!(html.contains("Now: 16:9"), "{html}");
        assert_eq!(open(&[4], &[]).1, ["• Yes", "No", "Skip", "‹ Back"]);
    }

    #[test]
    fn options_say_what_they_would_change_about_the_price() {
        let open = |path: u16, size: Option<&str>| -> Vec<String> {
            let mut form = Form::new(&LAB, "abcd1234".into());
            if let Some(size) = size {
                form.put(&LAB, &FieldPath(vec![0]), json!(size));
            }
            let prepared = PricedOrder::of(&LAB, &form.answers, &[]);
            let around = Around { prepared: Some(&prepared), ..Around::default() };
            let screen = screen(&LAB, &form, &FieldPath(vec![path]), &around, Messages::of(Lang::En)).unwrap();
            screen.rows.iter().flatten().map(|b| b.label.clone()).collect()
        };
        assert_eq!(open(0, None)[..5], ["1K · −6", "• 2K", "4K · +6.5", "8K · +18", "16K · +42"]);
        assert_eq!(open(0, Some("1K"))[..3], ["✓ 1K", "• 2K · +6", "4K · +12.5"]);
        assert_eq!(open(1, None)[..2], ["Yes · −8", "• No"]);
        // With sound the price is only a ceiling.
        assert_eq!(open(2, None)[..2], ["Yes", "• No"]);
        // Without a price there is nothing to compare with.
        assert_eq!(open(0, Some("3K"))[..3], ["1K", "• 2K", "4K"]);
    }

    #[test]
    fn a_long_option_is_cut_before_the_figure() {
        let label = with_difference("word ".repeat(20), Some("+6".into()), Messages::of(Lang::En));
        assert!(label.chars().count() <= BUTTON && label.ends_with("… · +6"), "{label}");
    }

    #[test]
    fn a_required_text_cannot_be_skipped() {
        assert_eq!(open(&[0], &[]).1, ["‹ Back"]);
        let (html, labels) = open(&[0], &[(&[0], json!("a <fox>"))]);
        assert_eq!(labels, ["🗑 Clear", "‹ Back"]);
        assert!(html.contains("<code>a &lt;fox&gt;</code>"), "{html}");
    }

    #[test]
    fn lists_count_and_end() {
        let (html, labels) = open(&[1], &[(&[1], json!(["https://x/1.png"]))]);
        assert!(html.contains("Now: 1 of 3\n1. link https://x/1.png"), "{html}");
        assert_eq!(labels, ["↩️ Remove last", "🗑 Clear", "✅ Done", "‹ Back"]);
        let (_, labels) = open(&[2], &[(&[2], json!([{"text": "run", "seconds": 3}]))]);
        assert_eq!(labels[..2], ["1. «run» · 3", "➕ Add"]);
        let (html, labels) = open(&[2, 0], &[(&[2], json!([{"seconds": 3}]))]);
        assert!(html.contains("<b>Shots › No. 1</b>") && html.contains("Scene  <b>needed</b>"), "{html}");
        assert_eq!(labels, ["👉 Scene", "🔢 Length", "🗑 Remove this one", "✅ Done", "‹ Back"]);
    }
}
