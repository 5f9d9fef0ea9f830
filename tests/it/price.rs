//! Prices of the registry beside what was read from the vendor or billed, each with its day.

use std::sync::LazyLock;

use kie::form::{self, Origin};
use kie::ledger::Credits;
use kie::models;
use kie::schema::spec::{ExtraPrice, Factor, ModelSpec, Status};
use kie::schema::{Certainty, Files, PriceError, Quote};
use kie::service::Service;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn quote(model: &str, changes: Value) -> Result<Quote, PriceError> {
    let model = models::find(model).unwrap();
    let mut input: Map<String, Value> = serde_json::from_str(model.spec.example).unwrap();
    input.extend(changes.as_object().unwrap().clone());
    form::check(model, &input, &Files::new(), Origin::Json).unwrap().request.price(&Files::new())
}

/// What a model with the changed example costs, in thousandths of a credit, and whether that is a ceiling.
type Priced = (&'static str, Value, &'static str, i64, Certainty);

#[test]
fn prices_are_those_of_their_day() {
    use Certainty::{AtMost, Exact};
    let prices: Vec<Priced> = vec![
        ("nano-banana-2-1", json!({}), "2026-10-07", 4_000, Exact),
        ("nano-banana-2-1", json!({"resolution": "2K"}), "2026-10-07", 6_000, Exact),
        ("nano-banana-2-1", json!({"resolution": "4K"}), "2026-10-07", 9_000, Exact),
        ("grok-imagine-image-2-0/image-edit", json!({}), "2026-09-28", 4_000, Exact),
        ("omnihuman-1-5/human-identification", json!({}), "2026-09-22", 0, Exact),
        ("omnihuman-1-5/subject-detection", json!({}), "2026-07-02", 0, Exact),
        // The base and up to 16 layers.
        ("seedream/5-pro-layer-decomposition", json!({"size": "1K"}), "2026-10-01", 17 * 7_000, AtMost),
        ("seedream/5-pro-layer-decomposition", json!({"size": "2K"}), "2026-10-01", 17 * 14_000, AtMost),
        ("seedream/5-pro-layer-decomposition", json!({"size": "auto"}), "2026-10-01", 17 * 14_000, AtMost),
        ("seedream/5-flash-layer-decomposition", json!({}), "2026-10-05", 17 * 3_240, AtMost),
        // The regular price guards, whatever the discount is today.
        ("bytedance/seedance-2-mini", json!({"duration": 15}), "2026-10-07", 15 * 20_500, AtMost),
        ("bytedance/seedance-2-fast", json!({"reference_audio_urls": null}), "2026-10-07", 5 * 33_000, AtMost),
    ];
    for (model, changes, day, milli, certainty) in prices {
        let spec = models::find(model).unwrap().spec;
        assert_eq!(spec.price.unwrap().as_of, day, "{model}");
        let expected = Quote { credits: Credits::from_milli(milli), certainty };
        assert_eq!(quote(model, changes.clone()), Ok(expected), "{model} {changes}");
        assert!(Service::offers(spec), "{model}");
    }
}

#[test]
fn what_is_not_known_stays_unpriced() {
    let unpriced: Vec<&str> = models::all()
        .iter()
        .filter(|spec| spec.status.is_offered() && spec.price.is_none())
        .map(|spec| spec.id)
        .collect();
    let known = [
        "wan/2-6-flash-image-to-video",
        "wan/2-6-flash-video-to-video",
        "runway/extend-ai-video",
        "runway/gen4-aleph",
        "ai-music-api/suno-recovery-audio",
    ];
    assert_eq!(unpriced, known);
}

/// A line of 25 words, the shortest that is likely to have been measured.
const LINE: &str = "So if we go on as we are, it is all up to me and you, or no one is to do it at all.";

fn spoken(text: &str) -> Value {
    json!({ "dialogue_turns": [{ "speaker_id": "Speaker 1", "text": text }] })
}

#[test]
fn no_measured_bill_is_above_the_ceiling() {
    assert_eq!(LINE.split_whitespace().count(), 25);
    // Billed on 2026-09-28, and a 12-layer split of 2026-10-05.
    let billed = [
        ("google/gemini-3-8-flash-tts", spoken(LINE), 820),
        ("google/gemini-3-8-flash-lite-tts", spoken(LINE), 290),
        ("google/gemini-3-1-flash-tts", spoken(LINE), 1_380),
        ("seedream/5-flash-layer-decomposition", json!({}), 38_880),
        ("bytedance/seedance-2-mini", json!({"duration": 15}), 123_000),
    ];
    for (model, input, milli) in billed {
        let Quote { credits, certainty } = quote(model, input).unwrap();
        assert!(credits.milli() >= milli && certainty == Certainty::AtMost, "{model}: {credits}");
    }
    // The discount alone does not make up for it: the estimate itself is above the measured tokens.
    let spec = models::find("google/gemini-3-8-flash-tts").unwrap().spec;
    let (low, Quote { credits, .. }) = (spec.price.unwrap().rows[0].credits, quote(spec.id, spoken(LINE)).unwrap());
    let dear = spec.price.unwrap().regular[0].credits;
    assert!(credits.milli() * low.milli() / dear.milli() >= 820, "{credits}");
    // Ordinary speech has some 15 characters and 25 tokens a second: a long text is bounded too, and not absurdly.
    let long = "A quiet morning on the coast, and nobody is in a hurry. ".repeat(170);
    let likely = long.chars().count() as f64 / 15.0 * 25.0 * dear.as_f64() / 1e6;
    let bound = quote(spec.id, spoken(&long)).unwrap().credits.as_f64();
    assert!((likely..likely * 5.0).contains(&bound), "{bound} {likely}");
}

#[test]
fn a_model_in_trouble_is_offered_beside_one_that_works() {
    let troubled: Vec<&ModelSpec> = models::all().iter().copied().filter(|s| s.status == Status::Troubled).collect();
    for spec in &troubled {
        let other = models::find(spec.nearest.unwrap()).unwrap().spec;
        assert!(Service::offers(spec) && other.status == Status::Live && Service::offers(other), "{}", spec.id);
        assert!(other.tasks.iter().any(|task| spec.tasks.contains(task)), "{}", spec.id);
    }
}

/// The models whose price is estimated from texts.
static ESTIMATED: LazyLock<Vec<&'static ModelSpec>> = LazyLock::new(|| {
    let by_tokens = |spec: &&ModelSpec| {
        spec.price.is_some_and(|price| price.factors().any(|factor| matches!(factor, Factor::Tokens { .. })))
    };
    let found: Vec<_> = models::all().iter().copied().filter(by_tokens).collect();
    assert!(!found.is_empty());
    found
});

proptest! {
    #[test]
    fn a_longer_text_never_costs_less(text in "[a-zа-я語가 ,.!]{1,300}", more in "[a-zа-я語가 ,.!]{1,300}", at in any::<prop::sample::Index>()) {
        let spec = at.get(&ESTIMATED);
        prop_assume!(!text.trim().is_empty());
        let (short, long) = (quote(spec.id, spoken(&text)).unwrap(), quote(spec.id, spoken(&format!("{text}{more}"))).unwrap());
        prop_assert!(short.credits <= long.credits);
        prop_assert!(short.credits > Credits::ZERO);
        prop_assert_eq!((short.certainty, long.certainty), (Certainty::AtMost, Certainty::AtMost));
    }

    #[test]
    fn amounts_stay_in_bounds_and_in_order(milli in any::<i64>(), units in 0.0..1e30_f64, more in 0.0..1e30_f64) {
        let credits = Credits::from_milli(milli.saturating_abs());
        let (less, most) = (credits.times(units), credits.times(units + more));
        prop_assert!(Credits::ZERO <= less && less <= most);
        prop_assert!(most + most >= most && Credits::ZERO - most <= Credits::ZERO);
    }
}

#[test]
fn every_count_and_estimate_of_the_registry_makes_sense() {
    for spec in models::all() {
        let Some(price) = spec.price else { continue };
        for factor in price.factors() {
            match factor {
                Factor::Outputs { most, .. } => assert!((2..=100).contains(most), "{}", spec.id),
                Factor::Tokens { by, by_cjk, .. } => assert!(*by > 0.0 && by_cjk >= by, "{}", spec.id),
                _ => {}
            }
        }
        assert!(!matches!(price.extra, Some(ExtraPrice::Units { times: [], .. })), "{}", spec.id);
    }
}
