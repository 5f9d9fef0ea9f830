//! The form: every field with its value, the price, and the button that orders.

use super::models::from_price;
use super::{Button, Screen, Style, health, nearest};
use crate::assortment::Assortment;
use crate::bot::callback::{ButtonData, FormAction};
use crate::bot::draft::{Form, is_empty};
use crate::bot::field::price_delta::PriceDeltas;
use crate::bot::field::{icon, shown, upload};
use crate::bot::field_path::FieldPath;
use crate::bot::html::Page;
use crate::l10n::Messages;
use crate::ledger::Currency;
use crate::schema::PriceError;
use crate::schema::report::{Report, Violation, ViolationKind};
use crate::schema::spec::{FieldSpec, ModelSpec};
use crate::service::{AttachError, GroupPayer, PricedOrder, RenewError};
use crate::tariff::{FreeCount, Price};

/// Most problems or warnings shown at once.
const MAX_PROBLEMS: usize = 5;

/// The whole form; `order`: its answers, checked and priced.
pub(crate) fn screen(
    spec: &'static ModelSpec,
    form: &Form,
    order: &Result<PricedOrder, Report>,
    assortment: &Assortment,
    texts: &Messages,
) -> Screen {
    let price = match order {
        Ok(order @ PricedOrder { free: Some(left), .. }) => {
            Some(format!("{} · {}", price_of(order, texts), free_left(*left, texts)))
        }
        Ok(order @ PricedOrder { payer: Some(payer), tariff: Some(tariff), .. }) => {
            Some(format!("{} · {}", price_of(order, texts), payer_of(*payer, tariff.currency, texts)))
        }
        Ok(order) => Some(price_of(order, texts)),
        Err(_) => from_price(spec, assortment, texts),
    };
    let mut page = Page::new();
    page.bold(texts.localized(&spec.title)).text(price.as_deref().map(|p| format!(" · {p}")).unwrap_or_default());
    page.line().text("──────────────────");
    let instead = nearest::warn(spec, assortment, &mut page, texts);
    let denied = |field: &'static FieldSpec| {
        is_empty(form.answers.get(field.name)) && assortment.denied_default(spec, field).is_some()
    };
    let missing = form.first_missing(spec, &FieldPath::default()).map(|(index, _)| index);
    let missing = missing.or_else(|| spec.fields.iter().position(denied));
    let visible = visible(spec, form, denied);
    let mut deltas = PriceDeltas::of(spec, form, order);
    for (index, field) in &visible {
        let mark = if missing == Some(*index) { "👉 " } else { "" };
        // Nobody may order the default: somebody has to choose.
        let value =
            if denied(field) { texts.value_missing() } else { shown(field, form.answers.get(field.name), form, texts) };
        page.line().text(format!("{mark}{} {}  ", icon(&field.kind), texts.localized(&field.label))).bold(value);
        if let Some(delta) = deltas.as_mut().and_then(|deltas| deltas.of_field(*index, texts)) {
            page.text(format!("   {delta}"));
        }
    }
    let folded = spec.fields.iter().filter(|f| f.advanced).count();
    if folded > 0 && !form.unfolded {
        page.line().italic(texts.form_more(folded));
    }
    failures(spec, form, &mut page, texts);
    remarks(spec, order, &mut page, texts);
    if let Ok(PricedOrder { poor_health: Some(poor), .. }) = order {
        page.gap().text(health::warning(*poor, texts));
    }
    let screen = Screen::new(page).grid(field_buttons(&visible, missing, form, texts), 2);
    let screen = if folded > 0 { screen.row(vec![fold_button(form, texts)]) } else { screen };
    let mut screen = screen.row(vec![main_button(spec, form, order, texts)]).row(instead).row(vec![
        Button::new(texts.button_back(), &ButtonData::Model { model: spec.id.to_owned() }),
        Button::home(texts),
    ]);
    health::add_alternative(&mut screen, order.as_ref().ok().and_then(|order| order.poor_health), texts);
    screen
}

/// What the message of an ordered form shows.
pub(crate) fn accepted(spec: &'static ModelSpec, form: &Form, price: Option<&str>, texts: &Messages) -> Screen {
    let mut page = Page::new();
    page.bold(texts.localized(&spec.title))
        .text(price.map(|p| format!(" · {p}")).unwrap_or_default())
        .line()
        .text(texts.form_accepted())
        .line();
    for field in spec.fields {
        if let Some(value) = form.answers.get(field.name) {
            let value = shown(field, Some(value), form, texts);
            page.line().text(format!("{} {}  ", icon(&field.kind), texts.localized(&field.label))).text(value);
        }
    }
    let open = ButtonData::Form { nonce: form.nonce.clone(), path: FieldPath::default(), action: FormAction::Open };
    Screen::new(page).row(vec![Button::new(texts.button_change(), &open), Button::home(texts)])
}

/// Index of the first field that has to be filled in or corrected before the form can be ordered.
pub(crate) fn first_obstacle(spec: &'static ModelSpec, form: &Form, report: &Report) -> Option<usize> {
    let missing = form.first_missing(spec, &FieldPath::default()).map(|(index, _)| index);
    let position = |violation: &Violation| {
        let name = violation.field.split(['.', '[']).next()?;
        spec.fields.iter().position(|f| f.name == name)
    };
    let inside = |violation: &Violation| match &violation.kind {
        ViolationKind::OneOf { fields, .. } | ViolationKind::Sum { fields, .. } => {
            let name = fields.first()?.split(" + ").next()?.to_owned();
            spec.fields.iter().position(|f| f.name == name)
        }
        _ => None,
    };
    missing.or_else(|| report.violations.iter().find_map(|v| position(v).or_else(|| inside(v))))
}

/// Problems as sentences, each with its field in front.
pub(crate) fn sentences(spec: &ModelSpec, found: &[Violation], texts: &Messages) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for violation in found {
        let sentence = texts.violation_in(violation, spec);
        let line = if violation.field.is_empty() {
            sentence
        } else {
            format!("{}: {sentence}", texts.path_label(&violation.field, spec))
        };
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines.truncate(MAX_PROBLEMS);
    lines
}

/// The fields that the form shows; `asked` tells of an advanced one whether it needs an answer.
fn visible(
    spec: &'static ModelSpec,
    form: &Form,
    asked: impl Fn(&'static FieldSpec) -> bool,
) -> Vec<(usize, &'static FieldSpec)> {
    let fields = spec.fields.iter().enumerate();
    // An advanced field with an answer is always shown, since the answer is sent.
    fields.filter(|(_, f)| form.unfolded || !f.advanced || form.answers.contains_key(f.name) || asked(f)).collect()
}

/// Why files of the form are not at the vendor.
fn failures(spec: &'static ModelSpec, form: &Form, page: &mut Page, texts: &Messages) {
    let mut lines: Vec<String> = Vec::new();
    for upload in &form.uploads {
        let path = FieldPath::find(spec, &form.answers, &upload.url);
        let Some(target) = path.and_then(|path| path.target(spec)) else { continue };
        for sentence in upload::failure(upload, texts) {
            let line = format!("⚠️ {}: {sentence}", texts.localized(&target.field.label));
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
    }
    for line in lines.iter().take(MAX_PROBLEMS) {
        page.gap().text(line);
    }
}

fn remarks(spec: &ModelSpec, order: &Result<PricedOrder, Report>, page: &mut Page, texts: &Messages) {
    let (head, found) = match order {
        Ok(order) => (texts.form_warnings(), order.warnings.clone()),
        Err(report) => {
            // A missing field of the form is marked in its own line already.
            let is_marked = |v: &Violation| v.kind == ViolationKind::Required && !v.field.contains(['.', '[']);
            (texts.form_not_ready(), report.violations.iter().filter(|v| !is_marked(v)).cloned().collect())
        }
    };
    if found.is_empty() {
        return;
    }
    page.gap().text(format!("⚠️ {head}"));
    for line in sentences(spec, &found, texts) {
        page.line().text(format!("• {line}"));
    }
}

fn field_buttons(
    visible: &[(usize, &'static FieldSpec)],
    missing: Option<usize>,
    form: &Form,
    texts: &Messages,
) -> Vec<Button> {
    let button = |(index, field): &(usize, &'static FieldSpec)| {
        let mark = if missing == Some(*index) { "👉" } else { icon(&field.kind) };
        let label = format!("{mark} {}", texts.localized(&field.label));
        Button::new(label, &button_data(form, FieldPath::field(*index), FormAction::Open))
    };
    visible.iter().map(button).collect()
}

fn fold_button(form: &Form, texts: &Messages) -> Button {
    let label = if form.unfolded { texts.button_less() } else { texts.button_more() };
    Button::new(label, &button_data(form, FieldPath::default(), FormAction::Fold))
}

fn main_button(spec: &'static ModelSpec, form: &Form, order: &Result<PricedOrder, Report>, texts: &Messages) -> Button {
    if let Some(failed) = form.failed_upload(spec).and_then(|path| path.0.first().copied()) {
        let index = usize::from(failed);
        let label = texts.button_fill(texts.localized(&spec.fields[index].label));
        return Button::new(label, &button_data(form, FieldPath::field(index), FormAction::Open));
    }
    if order.is_ok() && form.running_uploads() > 0 {
        let generate = button_data(form, FieldPath::default(), FormAction::Generate);
        return Button::new(texts.button_generate_later(), &generate);
    }
    match order {
        // Another button than the usual one: whoever presses that one has not seen the warning.
        Ok(order @ PricedOrder { poor_health: Some(_), .. }) => {
            let price = order.free.map_or_else(|| price_of(order, texts), |_| texts.price_free());
            let action = FormAction::GenerateAnyway;
            Button::new(texts.button_generate_anyway(&price), &button_data(form, FieldPath::default(), action))
        }
        Ok(PricedOrder { free: Some(_), .. }) => generate(texts.button_generate(&texts.price_free()), form),
        Ok(order) => match order.price() {
            Ok(price) => generate(texts.button_generate(&texts.price(price)), form),
            Err(_) => generate(texts.button_generate_plain(), form),
        },
        Err(report) => match first_obstacle(spec, form, report) {
            Some(index) => {
                let label = texts.button_fill(texts.localized(&spec.fields[index].label));
                Button::new(label, &button_data(form, FieldPath::field(index), FormAction::Open))
            }
            None => generate(texts.button_generate_plain(), form),
        },
    }
}

/// The price of an order, or why there is none.
fn price_of(order: &PricedOrder, texts: &Messages) -> String {
    order.price().map_or_else(|why| texts.unpriced(why), |price| texts.price(price))
}

/// How many free orders are left.
pub(super) fn free_left(left: FreeCount, texts: &Messages) -> String {
    if left.first > 0 { texts.free_left(left.sum()) } else { texts.free_left_today(left.day) }
}

/// Who pays in a group.
fn payer_of(payer: GroupPayer, currency: Currency, texts: &Messages) -> String {
    match payer {
        GroupPayer::Purse(available) => texts.payer_purse(&texts.money(available, currency)),
        GroupPayer::Person => texts.payer_person(),
    }
}

fn generate(label: String, form: &Form) -> Button {
    Button::new(label, &button_data(form, FieldPath::default(), FormAction::Generate)).styled(Style::Success)
}

fn button_data(form: &Form, path: FieldPath, action: FormAction) -> ButtonData {
    ButtonData::Form { nonce: form.nonce.clone(), path, action }
}

/// Index of the field with the file that the unknown price depends on.
pub(crate) fn unmeasured_field(spec: &ModelSpec, why: PriceError) -> Option<usize> {
    let PriceError::NeedsFile { field } = why else { return None };
    let name = field.split(['.', '[']).next()?;
    spec.fields.iter().position(|field| field.name == name)
}

/// Why an order at another price than the shown one was not made, as a sentence.
pub(crate) fn price_changed(before: Price, now: Price, texts: &Messages) -> String {
    texts.price_changed(&texts.price(before), &texts.price(now))
}

/// Why an order has no price, as a sentence.
pub(crate) fn unpriced(spec: &ModelSpec, why: PriceError, texts: &Messages) -> String {
    match unmeasured_field(spec, why) {
        Some(index) => texts.price_hidden(texts.localized(&spec.fields[index].label)),
        None => texts.price_hidden_whole(),
    }
}

/// Why an order whose file could not be renewed was not made, as a sentence.
pub(crate) fn unrenewed(spec: &ModelSpec, error: &RenewError, texts: &Messages) -> String {
    match error.why {
        AttachError::Upload(_) => texts.upload_failed(),
        AttachError::Fetch(_) | AttachError::Expired => texts.attachment_gone(label(spec, &error.field, texts)),
    }
}

/// The label of a field, by its name.
pub(crate) fn label<'a>(spec: &ModelSpec, name: &'a str, texts: &Messages) -> &'a str {
    spec.fields.iter().find(|field| field.name == name).map_or(name, |field| texts.localized(&field.label))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::bot::sample::{LAB, STUDIO};
    use crate::l10n::Lang;

    fn refused(field: &'static str, kind: ViolationKind) -> Result<PricedOrder, Report> {
        let violations = vec![Violation { field: field.into(), kind, given: None }];
        Err(Report { violations, warnings: Vec::new() })
    }

    #[test]
    fn a_form_shows_values_and_marks_what_is_needed() {
        let mut form = Form::new(&STUDIO, "abcd1234".into());
        form.put(&STUDIO, &FieldPath(vec![3]), json!("16:9"));
        let screen = screen(
            &STUDIO,
            &form,
            &refused("prompt", ViolationKind::Required),
            &Assortment::default(),
            Messages::of(Lang::Ru),
        );
        let html = screen.page.html();
        assert!(html.starts_with("<b>Студия</b> · от 0,8 кредита\n"), "{html}");
        assert!(html.contains("👉 ✏️ Что показать  <b>нужно</b>\n🖼 Картинки  <b>–</b>"), "{html}");
        assert!(html.contains("▫️ Формат  <b>16:9</b>"), "{html}");
        assert!(html.ends_with("<i>Дополнительно: свёрнуто 2 поля</i>"), "{html}");
        let labels: Vec<_> = screen.rows.iter().flatten().map(|b| b.label.as_str()).collect();
        assert!(labels.contains(&"👉 Заполнить: Что показать"), "{labels:?}");
    }

    #[test]
    fn values_say_what_the_others_would_cost() {
        let mut form = Form::new(&LAB, "abcd1234".into());
        form.put(&LAB, &FieldPath(vec![0]), json!("1K"));
        let order = PricedOrder::of(&LAB, &form.answers, &[], &Assortment::default());
        let html = screen(&LAB, &form, &order, &Assortment::default(), Messages::of(Lang::Ru)).page.html().to_owned();
        assert!(html.starts_with("<b>Лаборатория</b> · 12 кредитов\n"), "{html}");
        assert!(html.contains("Размер  <b>1K</b>   (2K: +6, 4K: +12,5, 8K: +24, …)\n"), "{html}");
        assert!(html.contains("Черновик  <b>Нет (обычно)</b>   (Да: −2)\n"), "{html}");
        assert!(html.contains("Звук  <b>Нет (обычно)</b>\n") && html.ends_with("Строго  <b>–</b>"), "{html}");
    }

    #[test]
    fn problems_name_fields_as_the_form_does() {
        let mut form = Form::new(&STUDIO, "abcd1234".into());
        form.put(&STUDIO, &FieldPath(vec![0]), json!("fox"));
        form.put(&STUDIO, &FieldPath(vec![5]), json!(0.1));
        let kind = ViolationKind::NotWith { because: vec!["images".into()] };
        let all = Assortment::default();
        let screen = screen(&STUDIO, &form, &refused("shots[1].seconds", kind), &all, Messages::of(Lang::En));
        let html = screen.page.html();
        assert!(html.contains("• Shots 2, Length: must be left out because of: Pictures"), "{html}");
        assert!(html.contains("Strength  <b>0.1</b>"), "an answered advanced field stays in sight: {html}");
        let labels: Vec<_> = screen.rows.iter().flatten().map(|b| b.label.as_str()).collect();
        assert!(labels.contains(&"👉 Fill in: Shots"), "{labels:?}");
    }
}
