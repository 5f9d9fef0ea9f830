//! The model to use instead of one that is gone, or whose tasks fail too often.

use super::{Button, health};
use crate::assortment::Assortment;
use crate::bot::callback::ButtonData;
use crate::bot::html::Page;
use crate::l10n::Messages;
use crate::schema::spec::{ModelSpec, Status};

/// The button to the card of a model.
pub(super) fn button(other: &ModelSpec, texts: &Messages) -> Button {
    Button::new(texts.localized(&other.title), &ButtonData::Model { model: other.id.to_owned() })
}

/// For a model in trouble, adds a line with the warning and the model to use instead, and returns the button to that one.
pub(super) fn warn(
    spec: &'static ModelSpec,
    assortment: &Assortment,
    page: &mut Page,
    texts: &Messages,
) -> Vec<Button> {
    if spec.status != Status::Troubled {
        return Vec::new();
    }
    page.line().text(texts.model_troubled(texts.localized(&spec.title)));
    let Some(other) = assortment.nearest(spec) else { return Vec::new() };
    page.text(" ").text(texts.model_try(texts.localized(&other.title)));
    vec![health::button(other, texts)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bot::draft::Form;
    use crate::bot::sample::STUDIO;
    use crate::bot::screen::{Screen, card, form, models as list};
    use crate::l10n::Lang;
    use crate::models;
    use crate::service::PricedOrder;

    fn labels(screen: &Screen) -> Vec<&str> {
        screen.rows.iter().flatten().map(|button| button.label.as_str()).collect()
    }

    #[test]
    fn a_model_in_trouble_is_shown_with_a_way_out() {
        let all = &Assortment::default();
        let other = models::all().iter().copied().find(|spec| all.offers(spec)).unwrap();
        let troubled = ModelSpec { status: Status::Troubled, nearest: Some(other.id), ..STUDIO };
        let spec: &'static ModelSpec = Box::leak(Box::new(troubled));
        for lang in Lang::ALL {
            let texts = Messages::of(lang);
            let title = texts.localized(&other.title);
            let way = health::button(other, texts);
            let warning = texts.model_troubled(texts.localized(&spec.title));
            let empty = Form::new(spec, "abcd1234".into());
            let order = PricedOrder::of(spec, &empty.answers, &[], all);
            for screen in [card::screen(spec, all, texts), form::screen(spec, &empty, &order, all, texts)] {
                let text = format!("{warning} {}", texts.model_try(title));
                assert!(screen.page.html().contains(&text), "{}", screen.page.html());
                let mut twice = screen.clone();
                health::add_button(&mut twice, other, texts);
                let ways = |screen: &Screen| screen.rows.iter().flatten().filter(|b| **b == way).count();
                assert_eq!((ways(&screen), ways(&twice)), (1, 1), "{:?}", labels(&twice));
            }
            let card = card::screen(spec, all, texts);
            assert_eq!(labels(&card)[0], texts.button_create(), "it can be ordered all the same");
            assert!(!card::screen(&STUDIO, all, texts).page.html().contains('⚠'), "a live model has no warning");
        }
        let texts = Messages::of(Lang::En);
        let open = |_: &ModelSpec| ButtonData::Home;
        let listed = list::list(Page::new(), &[spec], 0, open, |_| ButtonData::Home, all, texts);
        assert!(labels(&listed)[0].starts_with("⚠️ Studio"), "{:?}", labels(&listed));
    }
}
