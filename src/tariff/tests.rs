use super::*;

fn tariff(rate: u32, markup: u32, rounding: i64, minimum: i64) -> Tariff {
    Tariff {
        rate: Rate(rate),
        markup: Markup(markup),
        rounding: Money::from_hundredths(rounding),
        minimum: Money::from_hundredths(minimum),
        fixed: None,
        currency: "⭐".parse().unwrap(),
    }
}

fn credits(milli: i64) -> Credits {
    Credits::from_milli(milli)
}

#[test]
fn prices_are_rounded_up_and_never_below_the_least() {
    for (tariff, milli, hundredths) in [
        (tariff(1_000_000, 0, 1, 0), 18_000, 1800),
        (tariff(1_000_000, 0, 100, 0), 18_001, 1900),
        (tariff(450_000, 3000, 1, 0), 18_000, 1053),
        // 0.0045 units are a hundredth at least.
        (tariff(450_000, 0, 1, 0), 10, 1),
        (tariff(1_000_000, 0, 50, 130), 1_000, 150),
        (tariff(1_000_000, 0, 1, 100), 0, 100),
        (tariff(1_000_000, 0, 1, 0), 0, 0),
        (tariff(u32::MAX, u32::MAX, 1, 0), i64::MAX, i64::MAX),
    ] {
        assert_eq!(tariff.price(credits(milli)).hundredths(), hundredths, "{tariff:?} {milli}");
    }
}

#[test]
fn more_credits_never_cost_less() {
    let tariff = tariff(333_333, 1234, 7, 15);
    let prices: Vec<Money> = (0..3000).map(|milli| tariff.price(credits(milli))).collect();
    assert!(prices.is_sorted() && prices.iter().all(|price| price.hundredths() % 7 == 0));
}

#[test]
fn a_fixed_price_is_exact_whatever_the_vendor_takes() {
    let tariff = Tariff { fixed: Some(Money::from_hundredths(500)), ..tariff(1_000_000, 0, 1, 900) };
    let quote = Quote { credits: credits(70_000), certainty: Certainty::AtMost };
    let Price::Money { money, certainty, .. } = Price::of(quote, Some(&tariff)) else { panic!("credits") };
    assert_eq!((money.hundredths(), certainty), (500, Certainty::Exact));
}

#[test]
fn a_ceiling_is_charged_by_what_the_vendor_took() {
    let tariff = tariff(1_000_000, 0, 1, 0);
    let charge = Charge { payer: WalletId(1), price: Money::from_hundredths(1800), tariff, free: None };
    let quote = |certainty| Some(Quote { credits: credits(18_000), certainty });
    let due = |certainty, cost: Option<i64>| charge.due(quote(certainty), cost.map(credits)).hundredths();
    assert_eq!(due(Certainty::AtMost, Some(7_000)), 700);
    assert_eq!(due(Certainty::AtMost, Some(20_000)), 1800, "never more than was agreed to");
    assert_eq!(due(Certainty::AtMost, None), 1800);
    assert_eq!(due(Certainty::Exact, Some(7_000)), 1800, "an exact price is kept");
}

#[test]
fn a_price_survives_storage() {
    let quote = Quote { credits: credits(18_000), certainty: Certainty::AtMost };
    for price in [Price::Credits(quote), Price::of(quote, Some(&tariff(1_000_000, 0, 1, 0)))] {
        let json = serde_json::to_string(&price).unwrap();
        assert_eq!(serde_json::from_str::<Price>(&json).unwrap(), price, "{json}");
    }
    let old = serde_json::to_string(&quote).unwrap();
    assert_eq!(serde_json::from_str::<Price>(&old).unwrap(), Price::Credits(quote), "of a version before");
}
