//! An open field or item: what to send, the present value, and the buttons of its kind.

mod button;

use serde_json::Value;

use super::Screen;
use crate::assortment::Assortment;
use crate::bot::draft::{Form, Upload, is_empty};
use crate::bot::field::{default, icon, prompt, shown, upload, value_text};
use crate::bot::field_path::{FieldPath, Target};
use crate::bot::html::{Page, clip};
use crate::bot::next_step;
use crate::clock::Timestamp;
use crate::job::Job;
use crate::l10n::Messages;
use crate::models;
use crate::schema::report::Report;
use crate::schema::spec::{Kind, ModelSpec};
use crate::service::PricedOrder;

/// Most characters shown of a text.
const MAX_TEXT: usize = 1500;
/// Most items of a list that are shown.
const MAX_ITEMS: usize = 30;

/// What the editor shows besides the form.
#[derive(Debug)]
pub(crate) struct EditorContext<'a> {
    /// Page of options; when absent, the page with the present value.
    pub(crate) page: Option<u16>,
    /// Jobs to pick from, newest first.
    pub(crate) jobs: &'a [Job],
    /// Why the last answer was refused.
    pub(crate) problems: &'a [String],
    /// The form's answers, checked and priced.
    pub(crate) order: Option<&'a Result<PricedOrder, Report>>,
    /// What the person may order.
    pub(crate) assortment: &'a Assortment,
    /// The present moment.
    pub(crate) now: Timestamp,
}

/// The editor of a field or an item; `None` when the registry has no such path.
pub(crate) fn screen(
    spec: &'static ModelSpec,
    form: &Form,
    path: &FieldPath,
    context: &EditorContext<'_>,
    texts: &Messages,
) -> Option<Screen> {
    let target = path.target(spec)?;
    let value = path.get(spec, &form.answers);
    let editor = Editor { spec, form, path, target, value, context, texts };
    Some(editor.buttons(Screen::new(editor.page())))
}

/// A field or an item that is open.
struct Editor<'a> {
    spec: &'static ModelSpec,
    form: &'a Form,
    path: &'a FieldPath,
    target: Target,
    /// The present value.
    value: Option<&'a Value>,
    context: &'a EditorContext<'a>,
    texts: &'a Messages,
}

impl Editor<'_> {
    fn page(&self) -> Page {
        let (kind, texts) = (self.target.kind, self.texts);
        let mut page = Page::new();
        page.text(format!("{} ", icon(kind))).bold(self.title());
        for line in prompt::lines(kind, texts) {
            page.line().text(line);
        }
        if let Some(task) = next_step::task_of(kind).filter(|_| self.context.jobs.is_empty()) {
            let makers = task.models.iter().filter_map(|id| models::find(id));
            let makers: Vec<&str> = makers.map(|model| texts.localized(&model.spec.title)).collect();
            page.line().text(match makers.as_slice() {
                some @ [_, ..] if task.of_result => texts.ask_task_result_none(&some.join(", ")),
                _ => texts.ask_task_none(),
            });
        }
        let default = prompt::default_text(self.target.field, self.form, texts);
        let is_used = self.target.item.is_none() && is_empty(self.value) && !self.is_default_denied();
        if let Some(default) = default.filter(|_| is_used) {
            page.gap().text(texts.now_value(&texts.value_default(&default)));
        }
        self.write_value(&mut page);
        for (number, upload) in self.stuck_uploads() {
            for line in upload::failure(upload, texts) {
                let number = number.map(|number| format!("{}: ", texts.item_number(number)));
                page.gap().text(format!("⚠️ {}{line}", number.unwrap_or_default()));
            }
        }
        for problem in self.context.problems {
            page.gap().text(format!("⚠️ {problem}"));
        }
        page
    }

    /// Whether the person may not order a value, or an item, of the open field.
    fn is_denied(&self, value: &Value) -> bool {
        // Fields of objects have no values that can be denied.
        let is_own = self.spec.fields.iter().any(|field| std::ptr::eq(field, self.target.field));
        is_own && self.context.assortment.denied_value(self.spec, self.target.field, value).is_some()
    }

    fn is_default_denied(&self) -> bool {
        default(self.target.field).is_some_and(|default| self.is_denied(&default))
    }

    /// `Shots › No. 2 › Scene`.
    fn title(&self) -> String {
        let mut parts = Vec::new();
        for depth in 1..=self.path.0.len() {
            let Some(target) = FieldPath(self.path.0[..depth].to_vec()).target(self.spec) else { continue };
            parts.push(match target.item {
                Some(index) => self.texts.item_number(index + 1),
                None => self.texts.localized(&target.field.label).to_owned(),
            });
        }
        parts.join(" › ")
    }

    /// The files here that do not get to the vendor by themselves, each with its number in a list.
    fn stuck_uploads(&self) -> Vec<(Option<usize>, &Upload)> {
        let stuck = |value: &Value| {
            let upload = self.form.upload(value.as_str()?)?;
            upload.is_stuck(self.context.now).then_some(upload)
        };
        match self.value {
            Some(Value::Array(items)) => {
                let numbered = items.iter().enumerate();
                numbered.filter_map(|(index, item)| Some((Some(index + 1), stuck(item)?))).collect()
            }
            Some(value) => stuck(value).map(|upload| (None, upload)).into_iter().collect(),
            None => Vec::new(),
        }
    }

    fn write_value(&self, page: &mut Page) {
        let (kind, form, texts) = (self.target.kind, self.form, self.texts);
        let Some(value) = self.value.filter(|v| !is_empty(Some(v))) else { return };
        match (kind, value) {
            (Kind::Text(_), Value::String(text)) if form.upload(text).is_none() => {
                let (shown, length) = (clip(text, MAX_TEXT), texts.length(text.chars().count()));
                let length = if shown == *text { String::new() } else { length };
                page.gap().text(texts.now_value(&length)).line().code(shown);
            }
            (Kind::List(list), Value::Array(items)) => {
                page.gap().text(texts.now_value(&value_text(kind, value, form, texts)));
                for (n, item) in items.iter().enumerate().take(MAX_ITEMS) {
                    page.line().text(format!("{}. {}", n + 1, value_text(list.item, item, form, texts)));
                }
            }
            (Kind::Object(fields), _) => {
                page.line();
                for field in *fields {
                    let shown = shown(field, value.get(field.name), form, texts);
                    page.line().text(format!("{} {}  ", icon(&field.kind), texts.localized(&field.label))).bold(shown);
                }
            }
            _ => {
                page.gap().text(texts.now_value(&value_text(kind, value, form, texts)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::bot::sample::{LAB, STUDIO};
    use crate::l10n::Lang;

    fn context(assortment: &Assortment) -> EditorContext<'_> {
        EditorContext { page: None, jobs: &[], problems: &[], order: None, assortment, now: Timestamp::default() }
    }

    fn open(path: &[u16], answers: &[(&[u16], Value)]) -> (String, Vec<String>) {
        let (mut form, all) = (Form::new(&STUDIO, "abcd1234".into()), Assortment::default());
        for (path, value) in answers {
            form.put(&STUDIO, &FieldPath(path.to_vec()), value.clone());
        }
        let texts = Messages::of(Lang::En);
        let screen = screen(&STUDIO, &form, &FieldPath(path.to_vec()), &context(&all), texts).unwrap();
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
            let (mut form, all) = (Form::new(&LAB, "abcd1234".into()), Assortment::default());
            if let Some(size) = size {
                form.put(&LAB, &FieldPath(vec![0]), json!(size));
            }
            let order = PricedOrder::of(&LAB, &form.answers, &[], &all);
            let context = EditorContext { order: Some(&order), ..context(&all) };
            let screen = screen(&LAB, &form, &FieldPath(vec![path]), &context, Messages::of(Lang::En)).unwrap();
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
