//! The buttons of an open field: options, jobs, items, parts, and what ends the editing.

use serde_json::Value;

use super::{Editor, MAX_ITEMS};
use crate::bot::callback::{ButtonData, FormAction};
use crate::bot::draft::{Upload, is_empty};
use crate::bot::field::price_delta::PriceDeltas;
use crate::bot::field::{default, icon, literal_json, option_label, value_text};
use crate::bot::field_path::FieldPath;
use crate::bot::html::one_line;
use crate::bot::screen::{self, Button, MAX_LABEL, Screen, Style};
use crate::l10n::Messages;
use crate::models;
use crate::schema::spec::{ChoiceSpec, FieldSpec, Kind, ListSpec};

/// Options on a page.
const PAGE_SIZE: usize = 20;

impl Editor<'_> {
    /// Adds all buttons to a screen.
    pub(super) fn buttons(&self, screen: Screen) -> Screen {
        let mut screen = self.kind_buttons(screen);
        for row in self.upload_buttons() {
            screen = screen.row(row);
        }
        screen.row(self.end_buttons())
    }

    fn kind_buttons(&self, screen: Screen) -> Screen {
        match self.target.kind {
            Kind::Choice(choice) => {
                let chosen: Vec<&Value> = self.value.into_iter().collect();
                self.options(screen, choice, &chosen, self.default().as_ref(), self.deltas())
            }
            Kind::Boolean => screen.row(self.flags()),
            Kind::Task(_) => self.jobs(screen),
            Kind::List(list) => self.items(screen, list),
            Kind::Object(fields) => screen.grid(self.parts(fields), 2),
            Kind::Text(_) | Kind::Integer(_) | Kind::Decimal(_) | Kind::Media(_) => screen,
        }
    }

    /// What can be done about files that are not at the vendor.
    fn upload_buttons(&self) -> Vec<Vec<Button>> {
        let buttons = |(number, upload): (Option<usize>, &Upload)| {
            let mut row = Vec::new();
            let path = number.map_or_else(|| self.path.clone(), |number| self.path.child(number - 1));
            if upload.is_repeatable(self.context.now) {
                let label = number.map_or_else(|| self.texts.button_again(), |n| self.texts.button_retry_item(n));
                row.push(Button::new(label, &self.data_at(path.clone(), FormAction::Retry)));
            }
            if let Some(number) = number {
                let label = self.texts.button_remove_item(number);
                row.push(Button::new(label, &self.data_at(path, FormAction::Remove)));
            }
            row
        };
        self.stuck_uploads().into_iter().map(buttons).collect()
    }

    /// The default of an open field; an item has none.
    fn default(&self) -> Option<Value> {
        default(self.target.field).filter(|_| self.target.item.is_none())
    }

    fn deltas(&self) -> Option<PriceDeltas<'_>> {
        PriceDeltas::of(self.spec, self.form, self.context.order?)
    }

    /// Yes and no.
    fn flags(&self) -> Vec<Button> {
        let (default, mut deltas) = (self.default(), self.deltas());
        let mut button = |number: u16, word: String| {
            let flag = Value::from(number == 1);
            if self.is_denied(&flag) {
                return None;
            }
            let label = marked(&word, self.value == Some(&flag), default.as_ref() == Some(&flag));
            let label = self.with_delta(label, &mut deltas, flag);
            Some(Button::new(label, &self.data(FormAction::Set(number))))
        };
        [button(1, self.texts.yes()), button(0, self.texts.no())].into_iter().flatten().collect()
    }

    /// One page of options, in as many columns as their labels allow, and the buttons to the other pages.
    fn options(
        &self,
        screen: Screen,
        choice: &ChoiceSpec,
        chosen: &[&Value],
        default: Option<&Value>,
        mut deltas: Option<PriceDeltas<'_>>,
    ) -> Screen {
        let options = choice.options.iter().map(|option| (option, literal_json(&option.value))).enumerate();
        let options: Vec<_> = options.filter(|(_, (_, value))| !self.is_denied(value)).collect();
        let pages = options.len().div_ceil(PAGE_SIZE).max(1);
        let present = options.iter().position(|(_, (_, value))| chosen.contains(&value)).unwrap_or_default();
        let at = self.context.page.map_or(present / PAGE_SIZE, usize::from).min(pages - 1);
        let shown = options.into_iter().skip(at * PAGE_SIZE).take(PAGE_SIZE);
        let labels: Vec<(usize, String)> = shown
            .map(|(n, (option, value))| {
                let is_default = default == Some(&value);
                let label = marked(&option_label(option, self.texts), chosen.contains(&&value), is_default);
                (n, self.with_delta(label, &mut deltas, value))
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
        let buttons = labels.iter().map(|(n, label)| Button::new(label, &self.data(FormAction::Set(*n as u16))));
        let screen = screen.grid(buttons.collect(), columns);
        if pages == 1 {
            return screen;
        }
        let to_page = |page: usize| self.data(FormAction::Page(page as u16));
        screen.row(vec![
            Button::new("‹", &to_page((at + pages - 1) % pages)),
            Button::new(self.texts.page(at as u16 + 1, pages as u16), &ButtonData::Nothing),
            Button::new("›", &to_page((at + 1) % pages)),
        ])
    }

    /// The label with the price delta of a value, where there is one.
    fn with_delta(&self, label: String, deltas: &mut Option<PriceDeltas<'_>>, value: Value) -> String {
        match deltas.as_mut().and_then(|deltas| deltas.delta(self.path, value)) {
            Some(delta) => with_delta(&label, &self.texts.difference(delta), self.texts),
            None => label,
        }
    }

    /// Earlier jobs, for a field that takes a task id.
    fn jobs(&self, screen: Screen) -> Screen {
        let buttons = self.context.jobs.iter().map(|job| {
            let model = models::find(&job.model);
            let title = model.map_or(job.model.as_str(), |model| self.texts.localized(&model.spec.title));
            let words = screen::job::prompt(job).unwrap_or_default();
            Button::new(format!("{title} {words}"), &self.data(FormAction::Task(job.id.clone())))
        });
        screen.grid(buttons.collect(), 1)
    }

    fn items(&self, screen: Screen, list: &'static ListSpec) -> Screen {
        let items = self.value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        match list.item {
            Kind::Object(_) | Kind::List(_) => {
                let open = items.iter().enumerate().map(|(n, item)| {
                    let label = format!("{}. {}", n + 1, value_text(list.item, item, self.form, self.texts));
                    Button::new(label, &self.data_at(self.path.child(n), FormAction::Open))
                });
                let room = list.max.is_none_or(|max| items.len() < max as usize);
                let add = room.then(|| Button::new(self.texts.button_add(), &self.data(FormAction::Add)));
                screen.grid(open.take(MAX_ITEMS).collect(), 1).row(add.into_iter().collect())
            }
            Kind::Choice(choice) => {
                let chosen: Vec<&Value> = items.iter().collect();
                // A press adds or removes an item: the price of the list with one value alone says nothing.
                self.options(screen, choice, &chosen, None, None)
            }
            Kind::Task(_) => self.jobs(screen),
            Kind::Text(_) | Kind::Integer(_) | Kind::Decimal(_) | Kind::Boolean | Kind::Media(_) => screen,
        }
    }

    /// The fields of an object.
    fn parts(&self, fields: &'static [FieldSpec]) -> Vec<Button> {
        let missing = self.form.first_missing(self.spec, self.path).map(|(index, _)| index);
        let button = |(index, field): (usize, &FieldSpec)| {
            let mark = if missing == Some(index) { "👉" } else { icon(&field.kind) };
            let label = format!("{mark} {}", self.texts.localized(&field.label));
            Button::new(label, &self.data_at(self.path.child(index), FormAction::Open))
        };
        fields.iter().enumerate().map(button).collect()
    }

    /// Remove, clear, finish or skip, and back.
    fn end_buttons(&self) -> Vec<Button> {
        let (target, texts) = (&self.target, self.texts);
        let empty = is_empty(self.value);
        let is_list = matches!(target.kind, Kind::List(_));
        let mut row = Vec::new();
        let mut add = |label: String, action: FormAction| {
            let takes_away = match action {
                FormAction::Clear => target.field.default.is_none(),
                _ => matches!(action, FormAction::Pop | FormAction::Remove),
            };
            let button = Button::new(label, &self.data(action));
            row.push(if takes_away { button.styled(Style::Danger) } else { button });
        };
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
        } else if empty
            && target.item.is_none()
            && (!target.field.required || target.field.default.is_some())
            && !self.is_default_denied()
        {
            add(texts.button_skip(), FormAction::Skip);
        }
        row.push(Button::new(texts.button_back(), &self.data_at(self.path.parent(), FormAction::Open)));
        row
    }

    fn data(&self, action: FormAction) -> ButtonData {
        self.data_at(self.path.clone(), action)
    }

    fn data_at(&self, path: FieldPath, action: FormAction) -> ButtonData {
        ButtonData::Form { nonce: self.form.nonce.clone(), path, action }
    }
}

/// `✓` is the present value, `•` the default.
fn marked(label: &str, is_present: bool, is_default: bool) -> String {
    match (is_present, is_default) {
        (true, _) => format!("✓ {label}"),
        (false, true) => format!("• {label}"),
        (false, false) => label.to_owned(),
    }
}

/// `4K · +6`; a long label is cut before the delta.
fn with_delta(label: &str, delta: &str, texts: &Messages) -> String {
    let room = MAX_LABEL.saturating_sub(texts.option_difference("", delta).chars().count());
    texts.option_difference(&one_line(label, room), delta)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::l10n::Lang;

    #[test]
    fn a_long_option_is_cut_before_the_price_delta() {
        let label = with_delta(&"word ".repeat(20), "+6", Messages::of(Lang::En));
        assert!(label.chars().count() <= MAX_LABEL && label.ends_with("… · +6"), "{label}");
    }
}
