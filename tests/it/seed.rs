//! The names that the first registry of this bot had: programs that were written for it still send them, with its fields.

use kie::form::{self, Origin};
use kie::models;
use kie::schema::Files;
use kie::schema::input::Json;
use kie::schema::report::ViolationKind;
use kie::schema::spec::{FieldSpec, Kind, ModelRef, ModelSpec, Status};
use serde_json::{Map, Value, json};

/// An old input, the same in the vendor's form, and the names that take it.
type Old = (&'static str, &'static str, &'static [&'static str]);

#[rustfmt::skip]
const LIVE: &[Old] = &[
    (r#"{"prompt":"A fox"}"#, r#"{"prompt":"A fox","aspect_ratio":"1:1"}"#,
     &["z-image", "google/imagen4-ultra", "grok/imagine"]),
    (r#"{"prompt":"A fox"}"#, r#"{"prompt":"A fox"}"#,
     &["nano-banana-pro", "hailuo/02-text-to-video-pro", "bytedance/seedream-v4-text-to-image",
      "qwen/text-to-image", "wan/2-2-a14b-text-to-video-turbo", "google/nano-banana", "flux/kontext",
      "google/nanobanana-gemini-2.5-flash"]),
    (r#"{"prompt":"A fox"}"#, r#"{"prompt":"A fox","aspect_ratio":"1:1","quality":"basic"}"#,
     &["seedream/4.5-text-to-image"]),
    (r#"{"prompt":"A fox","image_urls":["https://e.com/a.png"]}"#,
     r#"{"prompt":"A fox","image_urls":["https://e.com/a.png"],"aspect_ratio":"1:1","quality":"basic"}"#,
     &["seedream/4.5-edit"]),
    (r#"{"prompt":"A fox","image_input":["https://e.com/a.png"],"sound":true}"#,
     r#"{"prompt":"A fox","image_urls":["https://e.com/a.png"],"sound":true,"duration":"5"}"#,
     &["kling-2.6/image-to-video"]),
    (r#"{"prompt":"A fox","sound":false}"#,
     r#"{"prompt":"A fox","sound":false,"aspect_ratio":"1:1","duration":"5"}"#,
     &["kling-2.6/text-to-video"]),
    (r#"{"prompt":"A fox","image_input":["https://e.com/a.png"]}"#,
     r#"{"prompt":"A fox","input_urls":["https://e.com/a.png"],"aspect_ratio":"1:1","resolution":"1K"}"#,
     &["flux-2/pro-image-to-image", "flux-2/flex-image-to-image"]),
    (r#"{"prompt":"A fox"}"#, r#"{"prompt":"A fox","aspect_ratio":"1:1","resolution":"1K"}"#,
     &["flux-2/pro-text-to-image", "flux-2/flex-text-to-image"]),
    (r#"{"image_input":["https://e.com/a.png"]}"#,
     r#"{"image_url":"https://e.com/a.png","upscale_factor":"2"}"#,
     &["topaz/image-upscale"]),
    (r#"{"prompt":"A fox"}"#, r#"{"prompt":"A fox","duration":"5"}"#,
     &["kling/v2-5-turbo-text-to-video-pro", "kling/v2-1-master-text-to-video", "kling/v2-5-turbo"]),
    (r#"{"prompt":"A fox","image_input":["https://e.com/a.png"]}"#,
     r#"{"prompt":"A fox","image_url":"https://e.com/a.png","duration":"5"}"#,
     &["kling/v2-5-turbo-image-to-video-pro", "kling/v2-1-master-image-to-video", "kling/v2-1-standard",
      "kling/v2-1-pro"]),
    (r#"{"prompt":"A fox","image_input":["https://e.com/a.png"],"duration":"5","resolution":"720p"}"#,
     r#"{"prompt":"A fox","image_url":"https://e.com/a.png","duration":"5","resolution":"720p"}"#,
     &["wan/2-5-image-to-video"]),
    (r#"{"prompt":"A fox","duration":"5","resolution":"720p"}"#,
     r#"{"prompt":"A fox","duration":"5","resolution":"720p"}"#,
     &["wan/2-5-text-to-video"]),
    (r#"{"video_input":["https://e.com/c.mp4"],"image_input":["https://e.com/a.png"]}"#,
     r#"{"video_url":"https://e.com/c.mp4","image_url":"https://e.com/a.png"}"#,
     &["wan/2-2-animate-move", "wan/2-2-animate-replace"]),
    (r#"{"prompt":"A fox","image_input":["https://e.com/a.png"]}"#,
     r#"{"prompt":"A fox","image_url":"https://e.com/a.png"}"#,
     &["hailuo/02-image-to-video-pro", "qwen/image-to-image", "qwen/image-edit",
      "bytedance/v1-pro-fast-image-to-video", "ideogram/v3-remix"]),
    (r#"{"prompt":"A fox","image_input":["https://e.com/a.png"]}"#,
     r#"{"prompt":"A fox","image_url":"https://e.com/a.png","duration":"10","resolution":"768P"}"#,
     &["hailuo/02-image-to-video-standard"]),
    (r#"{"prompt":"A fox"}"#, r#"{"prompt":"A fox","duration":"6"}"#,
     &["hailuo/02-text-to-video-standard"]),
    (r#"{"video_input":["https://e.com/c.mp4"]}"#, r#"{"video_url":"https://e.com/c.mp4"}"#,
     &["topaz/video-upscale"]),
    (r#"{"image_input":"https://e.com/a.png","audio_input":"https://e.com/v.mp3","prompt":"A fox"}"#,
     r#"{"image_url":"https://e.com/a.png","audio_url":"https://e.com/v.mp3","prompt":"A fox"}"#,
     &["kling/v1-avatar-standard", "kling/ai-avatar-v1-pro"]),
    (r#"{"prompt":"A fox","image_input":["https://e.com/a.png"]}"#,
     r#"{"prompt":"A fox","image_urls":["https://e.com/a.png"]}"#,
     &["bytedance/seedream-v4-edit"]),
    (r#"{"image_input":["https://e.com/a.png"]}"#, r#"{"image":"https://e.com/a.png"}"#,
     &["recraft/remove-background", "recraft/crisp-upscale"]),
    (r#"{"prompt":"A fox","image_input":["https://e.com/a.png"],"audio_input":["https://e.com/v.mp3"],"enable_safety_checker":true}"#,
     r#"{"prompt":"A fox","image_url":"https://e.com/a.png","audio_url":"https://e.com/v.mp3"}"#,
     &["wan/2-2-a14b-speech-to-video-turbo"]),
    (r#"{"prompt":"A fox","enable_safety_checker":true}"#, r#"{"prompt":"A fox"}"#,
     &["bytedance/seedream"]),
    (r#"{"prompt":"A fox","image_input":["https://e.com/a.png"],"mask_input":["https://e.com/m.png"],"reference_image_input":["https://e.com/b.png"]}"#,
     r#"{"prompt":"A fox","image_url":"https://e.com/a.png","mask_url":"https://e.com/m.png","reference_image_urls":["https://e.com/b.png"]}"#,
     &["ideogram/character-edit"]),
    (r#"{"prompt":"A fox","image_input":["https://e.com/a.png"],"reference_image_input":["https://e.com/b.png"]}"#,
     r#"{"prompt":"A fox","image_url":"https://e.com/a.png","reference_image_urls":["https://e.com/b.png"]}"#,
     &["ideogram/character-remix"]),
    (r#"{"prompt":"A fox","reference_image_input":["https://e.com/b.png"]}"#,
     r#"{"prompt":"A fox","reference_image_urls":["https://e.com/b.png"]}"#,
     &["ideogram/character"]),
    (r#"{"prompt":"A fox","num_images":"1"}"#, r#"{"prompt":"A fox"}"#,
     &["ideogram/v3-text-to-image"]),
    (r#"{"prompt":"A fox","image_input":["https://e.com/a.png"],"mask_input":["https://e.com/m.png"],"num_images":"1"}"#,
     r#"{"prompt":"A fox","image_url":"https://e.com/a.png","mask_url":"https://e.com/m.png"}"#,
     &["ideogram/v3-edit"]),
    (r#"{"prompt":"A fox","image_input":["https://e.com/a.png"],"aspect_ratio":"16:9"}"#,
     r#"{"prompt":"A fox","image_url":"https://e.com/a.png"}"#,
     &["wan/2-2-a14b-image-to-video-turbo"]),
    (r#"{"prompt":"A fox","num_images":"1"}"#, r#"{"prompt":"A fox","aspect_ratio":"16:9"}"#,
     &["google/imagen4-fast"]),
    (r#"{"prompt":"A fox","num_images":"1"}"#, r#"{"prompt":"A fox","aspect_ratio":"1:1"}"#,
     &["google/imagen4"]),
    (r#"{"prompt":"A fox","image_urls":["https://e.com/a.png"]}"#,
     r#"{"prompt":"A fox","image_urls":["https://e.com/a.png"]}"#,
     &["google/nano-banana-edit"]),
    (r#"{"prompt":"A fox","size":"1:1"}"#, r#"{"prompt":"A fox","size":"1:1"}"#,
     &["openai/4o-image"]),
    (r#"{"prompt":"A fox"}"#, r#"{"prompt":"A fox","model":"veo3"}"#,
     &["google/veo-3"]),
    (r#"{"prompt":"A fox"}"#, r#"{"prompt":"A fox","model":"veo3_fast"}"#,
     &["google/veo-3.1"]),
    (r#"{"prompt":"A fox","image_url":"https://e.com/a.png"}"#,
     r#"{"prompt":"A fox","image_url":"https://e.com/a.png","duration":"6","resolution":"768P"}"#,
     &["hailuo/2.3"]),
    (r#"{"prompt":"A fox","image_url":"https://e.com/a.png","audio_url":"https://e.com/v.mp3"}"#,
     r#"{"prompt":"A fox","image_url":"https://e.com/a.png","audio_url":"https://e.com/v.mp3"}"#,
     &["infinitalk/from-audio"]),
    (r#"{"audio_url":"https://e.com/v.mp3"}"#, r#"{"audio_url":"https://e.com/v.mp3"}"#,
     &["elevenlabs/audio-isolation"]),
    (r#"{"text":"A fox"}"#, r#"{"text":"A fox","voice":"EkK5I93UQWFDigLMpZcX"}"#,
     &["elevenlabs/text-to-speech"]),
    (r#"{"prompt":"A fox","duration":5,"quality":"720p","aspect_ratio":"16:9"}"#,
     r#"{"prompt":"A fox","duration":5,"quality":"720p","aspect_ratio":"16:9"}"#,
     &["runway/gen-4"]),
    (r#"{"custom_mode":false,"instrumental":false,"prompt":"A fox"}"#,
     r#"{"custom_mode":false,"instrumental":false,"model":"V5","prompt":"A fox"}"#,
     &["suno/v5"]),
];

/// Names of live models that are no longer their ids.
const RENAMED: &[(&str, &str)] = &[
    ("kling/v1-avatar-standard", "kling/ai-avatar-standard"),
    ("kling/ai-avatar-v1-pro", "kling/ai-avatar-pro"),
    ("grok/imagine", "grok-imagine/text-to-image"),
    ("openai/4o-image", "4o-image-api"),
    ("flux/kontext", "flux1-kontext"),
    ("google/veo-3", "veo-3-1"),
    ("google/veo-3.1", "veo-3-1"),
    ("kling/v2-5-turbo", "kling/v2-5-turbo-text-to-video-pro"),
    ("hailuo/2.3", "hailuo/2-3-image-to-video-standard"),
    ("elevenlabs/text-to-speech", "elevenlabs/text-to-speech-multilingual-v2"),
    ("google/nanobanana-gemini-2.5-flash", "google/nano-banana"),
    ("runway/gen-4", "runway"),
    ("suno/v5", "ai-music-api/generate"),
];

/// What is not offered any more, with its id, its status and what to use instead.
type Gone = (&'static str, &'static str, Status, Option<&'static str>);

const GONE: &[Gone] = &[
    ("sora-2-pro-image-to-video", "sora-2-pro-image-to-video", Status::Retired, Some("bytedance/seedance-2")),
    ("sora-watermark-remover", "sora-watermark-remover", Status::Retired, None),
    ("sora-2-text-to-video", "sora-2-text-to-video", Status::Retired, Some("bytedance/seedance-2")),
    ("ideogram/v3-reframe", "ideogram/v3-reframe", Status::Suspect, Some("ideogram/v3-remix")),
    ("elevenlabs/speech-to-text", "elevenlabs/speech-to-text", Status::Suspect, None),
    ("sora-2-pro-storyboard", "sora-2-pro-storyboard", Status::Retired, Some("kling-3.0/video")),
    ("elevenlabs/sound-effect", "elevenlabs/sound-effect-v2", Status::Removed, Some("ai-music-api/sounds")),
    ("midjourney/api", "midjourney/api", Status::Retired, Some("nano-banana-pro")),
];

fn map(json: &str) -> Map<String, Value> {
    serde_json::from_str(json).unwrap()
}

fn live() -> impl Iterator<Item = (&'static str, ModelRef, Map<String, Value>, Map<String, Value>)> {
    LIVE.iter().flat_map(|(old, wire, names)| {
        names
            .iter()
            .map(move |name| (*name, models::find(name).unwrap_or_else(|| panic!("{name}")), map(old), map(wire)))
    })
}

#[test]
fn every_name_finds_its_model() {
    assert_eq!(live().count() + GONE.len(), 72);
    for (name, ModelRef { spec, .. }, ..) in live() {
        let id = RENAMED.iter().find(|(old, _)| *old == name).map_or(name, |(_, id)| id);
        assert_eq!((spec.id, spec.status.is_offered()), (id, true), "{name}");
    }
}

#[test]
fn old_inputs_are_sent_in_the_vendors_form() {
    for (name, model, old, wire) in live() {
        let accepted = form::check(model, &old, &Files::new(), Origin::Json).unwrap_or_else(|r| panic!("{name}: {r}"));
        assert_eq!(accepted.request.input(), &wire, "{name}");
        let bytes = serde_json::to_vec(&old).unwrap();
        assert_eq!(form::check_json(model, &bytes, &Files::new()).unwrap(), accepted, "{name}");
        // What is not sent is not lost in silence.
        let lost: Vec<&str> =
            old.keys().map(String::as_str).filter(|name| model.spec.ignored_fields.contains(name)).collect();
        let told = accepted.warnings.iter().filter(|w| w.kind == ViolationKind::NotSent);
        assert_eq!(told.map(|w| &*w.field).collect::<Vec<_>>(), lost, "{name}");
    }
    let ignored_fields = |spec: &&&ModelSpec| !spec.ignored_fields.is_empty();
    let tried: Vec<_> = live()
        .map(|(_, model, ..)| model.spec)
        .filter(|spec| !spec.ignored_fields.is_empty())
        .map(|spec| spec.id)
        .collect();
    assert_eq!(models::all().iter().filter(ignored_fields).count(), tried.len(), "{tried:?}");
}

/// Values that the first registry offered and the vendor never took, and what is sent for them.
const OLD_VALUES: &[(&str, &str, &str, &str)] = &[
    ("wan/2-2-a14b-text-to-video-turbo", "resolution", "580p", "480p"),
    ("wan/2-2-a14b-text-to-video-turbo", "aspect_ratio", "1:1", "16:9"),
    ("wan/2-2-a14b-image-to-video-turbo", "resolution", "580p", "480p"),
    ("flux-2/pro-text-to-image", "aspect_ratio", "auto", "1:1"),
    // The vendor has learnt to take it.
    ("flux-2/pro-image-to-image", "aspect_ratio", "auto", "auto"),
];

#[test]
fn old_values_are_taken_and_what_is_sent_for_them_is_told() {
    for (name, field, old, sent) in OLD_VALUES {
        let (_, model, mut input, _) = live().find(|(known, ..)| known == name).unwrap();
        input.insert((*field).to_owned(), Value::from(*old));
        let bytes = serde_json::to_vec(&input).unwrap();
        for accepted in [
            form::check(model, &input, &Files::new(), Origin::Json),
            form::check(model, &input, &Files::new(), Origin::Text),
            form::check_json(model, &bytes, &Files::new()),
        ] {
            let accepted = accepted.unwrap_or_else(|r| panic!("{name}: {r}"));
            assert_eq!(accepted.request.input()[*field], *sent, "{name}");
            let told = accepted.warnings.iter().any(|w| {
                w.field == *field
                    && w.kind == ViolationKind::TakenAs { value: (*sent).to_owned() }
                    && w.given.as_deref() == Some(old)
            });
            assert_eq!(told, old != sent, "{name}: {:?}", accepted.warnings);
        }
    }
    let aliases = |spec: &&ModelSpec| {
        let choices =
            spec.fields.iter().filter_map(|f| if let Kind::Choice(choice) = &f.kind { Some(choice) } else { None });
        choices.flat_map(|choice| choice.options).map(|option| option.aliases.len()).sum::<usize>()
    };
    let known: usize = models::all().iter().map(aliases).sum();
    assert_eq!(known, OLD_VALUES.iter().filter(|(_, _, old, sent)| old != sent).count());
}

/// A value and what it costs, in credits.
type Costs = (&'static str, f64);

/// Names that said more than the model: the field, what they stand for, and another value that a caller gives.
const WITH_VALUES: &[(&str, &str, Costs, Costs)] = &[
    ("google/veo-3", "model", ("veo3", 250.0), ("veo3_lite", 30.0)),
    ("google/veo-3.1", "model", ("veo3_fast", 60.0), ("veo3", 250.0)),
    ("suno/v5", "model", ("V5", 12.0), ("V6", 12.0)),
];

#[test]
fn what_a_name_stands_for_is_sent_and_priced_unless_the_caller_says_otherwise() {
    let registered = models::all().iter().flat_map(|spec| spec.aliases).filter(|alias| !alias.presets.is_empty());
    let mut registered: Vec<&str> = registered.map(|alias| alias.name).collect();
    registered.sort_unstable();
    assert_eq!(registered, WITH_VALUES.iter().map(|(name, ..)| *name).collect::<Vec<_>>());
    let quote = |accepted: &form::Accepted| accepted.request.price(&Files::new()).unwrap().credits.as_f64();
    for (name, field, (meant, price), (other, other_price)) in WITH_VALUES {
        let (_, model, input, _) = live().find(|(known, ..)| known == name).unwrap();
        let with = |given: Option<Value>| {
            let mut input = input.clone();
            input.extend(given.map(|value| ((*field).to_owned(), value)));
            input
        };
        let text = form::check(model, &with(Some("".into())), &Files::new(), Origin::Text).unwrap();
        for input in [with(None), with(Some(Value::Null))] {
            let accepted = form::check(model, &input, &Files::new(), Origin::Json).unwrap();
            assert_eq!((&accepted.request.input()[*field], quote(&accepted)), (&json!(meant), *price), "{name}");
            assert_eq!(form::check_json(model, &serde_json::to_vec(&input).unwrap(), &Files::new()).unwrap(), accepted);
            assert_eq!(text.request, accepted.request, "nothing typed is nothing given");
        }
        let given = with(Some((*other).into()));
        for accepted in [
            form::check(model, &given, &Files::new(), Origin::Json).unwrap(),
            form::check_json(model, &serde_json::to_vec(&given).unwrap(), &Files::new()).unwrap(),
        ] {
            assert_eq!((&accepted.request.input()[*field], quote(&accepted)), (&json!(other), *other_price), "{name}");
        }
        let by_id = form::check(model.spec, &input, &Files::new(), Origin::Json).unwrap();
        assert_ne!(by_id.request.input().get(*field), Some(&json!(meant)), "the id stands for nothing");
    }
}

/// The old registry had lists where the vendor takes one, and one where the vendor takes a list.
#[test]
fn an_old_name_takes_one_for_a_list_and_a_list_of_one() {
    let mut tried = 0;
    for (name, model, old, wire) in live() {
        let by_old_name = |field: &&FieldSpec| field.aliases.iter().any(|alias| old.contains_key(*alias));
        for field in model.spec.fields.iter().filter(by_old_name) {
            let alias = field.aliases.iter().find(|alias| old.contains_key(**alias)).unwrap();
            let sent = &wire[field.name];
            let one = if let Kind::List(_) = field.kind { &sent[0] } else { sent };
            for value in [one.clone(), Value::Array(vec![one.clone()])] {
                let mut input = old.clone();
                input.insert((*alias).to_owned(), value);
                let accepted = form::check(model, &input, &Files::new(), Origin::Json);
                let accepted = accepted.unwrap_or_else(|r| panic!("{name}.{alias}: {r}"));
                assert_eq!(&accepted.request.input()[field.name], sent, "{name}.{alias}");
                tried += 1;
            }
            if !matches!(field.kind, Kind::List(_)) {
                let mut input = old.clone();
                input.insert((*alias).to_owned(), Value::Array(vec![one.clone(), one.clone()]));
                let report = form::check(model, &input, &Files::new(), Origin::Json).unwrap_err();
                assert_eq!(report.violations[0].kind.code(), "wrong_type", "{name}: one of two would be lost");
            }
        }
    }
    assert!(tried > 50, "{tried}");
}

#[test]
fn what_is_gone_is_typed_and_names_the_nearest() {
    for (name, id, status, nearest) in GONE {
        let spec = models::find(name).unwrap_or_else(|| panic!("{name}")).spec;
        assert_eq!((spec.id, spec.status, spec.nearest), (*id, *status, *nearest), "{name}");
        assert!(nearest.is_none_or(|id| models::find(id).unwrap().spec.status == Status::Live), "{name}");
        assert!(models::all().iter().any(|listed| std::ptr::eq(*listed, spec)), "{name}");
        form::check_json(spec, spec.example.as_bytes(), &Files::new()).unwrap_or_else(|r| panic!("{name}: {r}"));
        (kie::models::reader(spec))(&mut Json::from_str(spec.example)).unwrap();
    }
}
