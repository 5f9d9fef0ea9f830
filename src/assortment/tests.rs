use std::collections::BTreeSet;

use super::*;

/// A model that anybody may order, with others of its type.
fn model() -> &'static ModelSpec {
    let all = Assortment::default();
    let mut offered = models::all().iter().copied().filter(|spec| all.offers(spec) && spec.status == Status::Live);
    offered.find(|spec| all.alternative(spec, |_| true).is_some()).unwrap()
}

fn assortment(rule: ModelRule, user: i64, is_admin: bool) -> Assortment {
    let rules = ModelRules::new([(model().id.to_owned(), rule)]);
    Assortment::new(Arc::new(rules), UserId(user), is_admin)
}

fn unpriced() -> &'static ModelSpec {
    Box::leak(Box::new(ModelSpec { price: None, ..*model() }))
}

#[test]
fn a_model_that_is_off_is_off_for_admins_too() {
    let off = ModelRule { is_off: true, ..ModelRule::default() };
    for is_admin in [false, true] {
        let offered = assortment(off.clone(), 7, is_admin);
        assert_eq!(offered.unavailable(model()), Some(Unavailable::Off));
        assert!(offered.nearest(model()).is_some_and(|other| other.id != model().id && offered.offers(other)));
    }
}

#[test]
fn a_model_for_some_is_for_them_and_for_admins() {
    let some = ModelRule { only_for: Some(BTreeSet::from([UserId(7), UserId(8)])), ..ModelRule::default() };
    for (user, is_admin, unavailable) in
        [(7, false, None), (8, false, None), (9, false, Some(Unavailable::ForOthers)), (9, true, None)]
    {
        assert_eq!(assortment(some.clone(), user, is_admin).unavailable(model()), unavailable, "{user}");
    }
    let nobody = ModelRules::new([(model().id.to_owned(), some)]);
    let nobody = Assortment { rules: Arc::new(nobody), ..Assortment::default() };
    assert!(!nobody.offers(model()));
}

#[test]
fn a_withdrawn_model_stays_withdrawn_whatever_the_rule_says() {
    let credits = Some(Credits::from_milli(1));
    let gone: &ModelSpec = Box::leak(Box::new(ModelSpec { status: Status::Retired, ..*unpriced() }));
    let rule = ModelRule { credits, ..ModelRule::default() };
    assert_eq!(assortment(rule, 7, true).unavailable(gone), Some(Unavailable::Withdrawn));
}

#[test]
fn f13_a_model_without_a_price_costs_what_its_rule_says() {
    let unknown = Err(PriceError::Unknown);
    let none = assortment(ModelRule::default(), 7, true);
    assert_eq!((none.unavailable(unpriced()), none.quote(unpriced(), unknown)), (Some(Unavailable::NoPrice), unknown));
    for milli in [0, 12_500] {
        let credits = Credits::from_milli(milli);
        let rule = ModelRule { credits: Some(credits), ..ModelRule::default() };
        let offered = assortment(rule, 7, false);
        assert!(offered.offers(unpriced()));
        assert_eq!(offered.quote(unpriced(), unknown), Ok(Quote { credits, certainty: Certainty::Exact }));
        // What the registry says counts, once it does.
        assert_eq!(offered.quote(model(), unknown), unknown);
    }
}

#[test]
fn a_rule_follows_its_model_to_a_new_id_and_waits_for_one_that_is_gone() {
    let named = models::all().iter().find(|spec| !spec.aliases.is_empty()).unwrap();
    let off = ModelRule { is_off: true, ..ModelRule::default() };
    let rule = |id: &str, rule: &ModelRule| (id.to_owned(), rule.clone());
    let old = rule(named.aliases[0].name, &off);
    let moved = ModelRules::new([old.clone(), rule("no/such-model", &off)]);
    assert_eq!(moved.of(named), Some(&off));
    let own = rule(named.id, &ModelRule::default());
    for both in [[old.clone(), own.clone()], [own, old]] {
        assert_eq!(ModelRules::new(both).of(named), Some(&ModelRule::default()), "its own rule counts");
    }
}
