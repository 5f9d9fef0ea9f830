//! Every rule of the registry that refuses: an input that meets its conditions and breaks its demand is refused for it.

#[path = "support/sample.rs"]
mod sample;

use kie::job::FileFacts;
use kie::models;
use kie::schema::spec::{Condition, Count, Demand, FieldSpec, Kind, Literal, ModelSpec, Range, RuleSpec, SumLimit};
use kie::schema::{Files, rule};
use sample::{fitting, one};
use serde_json::{Map, Value, json};

/// An input that is bent until a rule breaks.
struct Bent {
    fields: &'static [FieldSpec],
    input: Map<String, Value>,
    files: Files,
}

impl Bent {
    fn new(spec: &'static ModelSpec) -> Self {
        let input = serde_json::from_str(spec.example).expect("the build checks examples");
        Self { fields: spec.fields, input, files: Files::new() }
    }

    fn kind(&self, path: &str) -> &'static Kind {
        fn find(fields: &'static [FieldSpec], path: &str) -> &'static Kind {
            let (head, tail) = path.split_once('.').map_or((path, None), |(head, tail)| (head, Some(tail)));
            let name = head.trim_end_matches("[]");
            let field = fields.iter().find(|f| f.name == name).expect("the build checks paths");
            match (&field.kind, head.ends_with("[]"), tail) {
                (Kind::List(list), true, None) => list.item,
                (Kind::List(list), true, Some(tail)) => match list.item {
                    Kind::Object(inner) => find(inner, tail),
                    other => panic!("{path}: {other:?}"),
                },
                (Kind::Object(inner), false, Some(tail)) => find(inner, tail),
                (kind, ..) => kind,
            }
        }
        find(self.fields, path)
    }

    /// Sets a field (in the first item of a list), or takes it away.
    fn set(&mut self, path: &str, value: Option<Value>) {
        let (fields, mut map, mut path) = (self.fields, &mut self.input, path);
        let mut fields = fields;
        while let Some((head, tail)) = path.split_once('.') {
            let name = head.trim_end_matches("[]");
            let field = fields.iter().find(|f| f.name == name).expect("the build checks paths");
            let inside = map.entry(name).or_insert_with(|| one(&field.kind));
            let item = if inside.is_array() {
                let items = inside.as_array_mut().expect("a list");
                if items.is_empty() {
                    let Kind::List(list) = &field.kind else { panic!("{name} is no list") };
                    items.push(one(list.item));
                }
                &mut items[0]
            } else {
                inside
            };
            fields = match &field.kind {
                Kind::List(list) => match list.item {
                    Kind::Object(inner) => inner,
                    other => panic!("{path}: {other:?}"),
                },
                Kind::Object(inner) => inner,
                other => panic!("{path}: {other:?}"),
            };
            map = item.as_object_mut().expect("an object");
            path = tail;
        }
        let (name, is_item) = path.strip_suffix("[]").map_or((path, false), |name| (name, true));
        match value {
            Some(value) if is_item => drop(map.insert(name.to_owned(), json!([value]))),
            Some(value) => drop(map.insert(name.to_owned(), value)),
            None => drop(map.shift_remove(name)),
        }
    }

    fn get(&self, path: &str) -> Option<&Value> {
        self.input.get(path)
    }

    fn set_sample(&mut self, path: &str) {
        let kind = self.kind(path);
        let value = match kind {
            Kind::List(list) if list.min == 0 => list_of(kind, 1),
            _ => one(kind),
        };
        self.set(path, Some(value));
    }

    fn meet(&mut self, condition: &Condition) {
        match condition {
            Condition::Is(path, values) => self.set(path, Some(json(values[0]))),
            Condition::IsNot(path, values) => {
                let other = other_than(self.kind(path), values);
                self.set(path, other);
            }
            Condition::Present(path) => self.set_sample(path),
            Condition::Absent(path) => self.set(path, None),
            Condition::Items(path, count) => {
                let list = list_of(self.kind(path), *count as usize);
                self.set(path, Some(list));
            }
        }
    }

    /// Breaks the demand; gives the codes that may now be reported.
    fn defy(&mut self, demand: &Demand) -> &'static [&'static str] {
        match demand {
            Demand::Require(paths) => {
                self.set(&paths[0], None);
                &["needed_with"]
            }
            Demand::Groups { of, min, max } => {
                let count = max.map_or(0, |max| max as usize + 1);
                for (index, path) in of.iter().enumerate().flat_map(|(i, group)| group.iter().map(move |p| (i, p))) {
                    match *min > 0 || index >= count {
                        true => self.set(path, None),
                        false => self.set_sample(path),
                    }
                }
                &["one_of"]
            }
            Demand::Forbid(paths) => {
                self.set_sample(&paths[0]);
                &["not_with"]
            }
            Demand::Ignored(_) => &[],
            Demand::Allow(path, values) => {
                let other = other_than(self.kind(path), values);
                self.set(path, other);
                &["not_offered"]
            }
            Demand::Refuse(path, values) => {
                self.set(path, Some(json(values[0])));
                &["refused"]
            }
            Demand::Length(path, range) => {
                self.set(path, Some(json!("ж".repeat(outside(*range) as usize))));
                &["too_short", "too_long"]
            }
            Demand::Within(path, range) => {
                let outside = json!(outside(*range));
                self.set(
                    path,
                    Some(if matches!(self.kind(path), Kind::Choice(_)) { json!(outside.to_string()) } else { outside }),
                );
                &["out_of_range"]
            }
            Demand::Count(path, range) => {
                let list = list_of(self.kind(path), outside(*range) as usize);
                self.set(path, Some(list));
                &["too_few", "too_many"]
            }
            Demand::Seconds(path, range) => {
                self.set_sample(path);
                self.all_files(outside(*range), (100, 100));
                &["duration"]
            }
            Demand::Sum { of, max, .. } => {
                for term in *of {
                    self.set_most(&term.field, term.count);
                }
                if let SumLimit::Field(path) = max {
                    self.set(path, Some(json!(1)));
                }
                self.all_files(1e6, (100, 100));
                &["sum"]
            }
            Demand::Difference { greater, smaller, .. } => {
                self.set(greater, Some(json!(1)));
                self.set(smaller, Some(json!(1)));
                &["difference"]
            }
            Demand::SameCount(paths) => {
                let count = |b: &Self, p: &str| b.get(p).and_then(Value::as_array).map_or(0, Vec::len);
                let list = list_of(self.kind(&paths[0]), count(self, &paths[1]) + 1);
                self.set(&paths[0], Some(list));
                &["same_count"]
            }
            Demand::SameSize(paths) => {
                for (index, path) in paths.iter().enumerate() {
                    let url = format!("https://example.com/size/{index}.png");
                    let side = Some(100 + index as u32);
                    self.files.insert(url.clone(), FileFacts { width: side, height: side, ..FileFacts::default() });
                    self.set(path, Some(json!(url)));
                }
                &["pixels"]
            }
            Demand::Unique(path) => {
                let list = path.split("[]").next().expect("a path");
                let twice = list_of(self.kind(list), 2);
                self.set(list, Some(twice));
                &["repeated"]
            }
            Demand::Refers(from, _) => {
                self.set(from, Some(json!("Speaker 99")));
                &["unmatched"]
            }
            Demand::ImagesOrVideos { of, .. } => {
                self.set(of, Some(json!(["https://example.com/a.png", "https://example.com/a.mp4"])));
                &["one_of"]
            }
        }
    }

    fn set_most(&mut self, path: &str, count: Count) {
        let kind = self.kind(path);
        let value = match (kind, count) {
            (Kind::List(_), _) => list_of(kind, 60),
            (Kind::Integer(_) | Kind::Decimal(_), Count::Value) => json!(1_000_000),
            (Kind::Text(_), Count::Characters) => json!("ж".repeat(1_000_000)),
            (kind, _) => fitting(kind).pop().expect("a sample"),
        };
        self.set(path, Some(value));
    }

    fn all_files(&mut self, seconds: f64, (width, height): (u32, u32)) {
        for url in sample::urls(&Value::Object(self.input.clone())) {
            let facts = FileFacts {
                seconds: Some(seconds),
                bytes: Some(1_000_000_000_000),
                width: Some(width),
                height: Some(height),
                ..FileFacts::default()
            };
            self.files.insert(url, facts);
        }
    }
}

fn json(literal: Literal) -> Value {
    match literal {
        Literal::Text(text) => json!(text),
        Literal::Integer(n) => json!(n),
        Literal::Decimal(n) => json!(n),
        Literal::Boolean(flag) => json!(flag),
    }
}

/// A value of a field that is none of these.
fn other_than(kind: &Kind, values: &[Literal]) -> Option<Value> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    fitting(kind).into_iter().find(|v| values.iter().all(|no| no.to_string() != text(v)))
}

/// A list of so many different items.
fn list_of(kind: &Kind, count: usize) -> Value {
    let Kind::List(list) = kind else { panic!("{kind:?} is no list") };
    let item = |index: usize| match list.item {
        Kind::Media(media) => json!(sample::url(media, index as u32)),
        other => one(other),
    };
    (0..count).map(item).collect()
}

/// A number just outside a range.
fn outside(range: Range) -> f64 {
    range.max.map(|max| max + 1.0).or(range.min.map(|min| min - 1.0)).expect("a range has an end")
}

fn refuses(spec: &'static ModelSpec, one: &RuleSpec) -> Result<(), String> {
    let mut bent = Bent::new(spec);
    for condition in one.when {
        bent.meet(condition);
    }
    let codes = bent.defy(&one.then);
    // Breaking a demand must not undo a condition.
    for condition in one.when {
        if !matches!((condition, &one.then), (Condition::Present(a), Demand::SameCount(b)) if b.contains(a)) {
            bent.meet_again(condition);
        }
    }
    let report = rule::check(spec, &bent.input, &bent.files, &[]);
    match report.violations.iter().any(|v| codes.contains(&v.fault.code())) {
        true => Ok(()),
        false => Err(format!("{one:?}\n  takes {}\n  {:?}", Value::Object(bent.input), report.violations)),
    }
}

impl Bent {
    /// Conditions on presence hold already when the demand was broken at the same field.
    fn meet_again(&mut self, condition: &Condition) {
        let is_met = match condition {
            Condition::Present(path) => path.contains("[]") || self.get(path).is_some(),
            _ => false,
        };
        if !is_met {
            self.meet(condition);
        }
    }
}

#[test]
fn every_blocking_rule_refuses() {
    let mut tried = 0;
    let mut mistakes = Vec::new();
    for spec in models::all() {
        for one in spec.rules.iter().filter(|r| !r.advisory && !matches!(r.then, Demand::Ignored(_))) {
            tried += 1;
            mistakes.extend(refuses(spec, one).err().map(|e| format!("{} line {}: {e}", spec.id, one.line)));
        }
    }
    assert!(mistakes.is_empty(), "{} of {tried}:\n{}", mistakes.len(), mistakes.join("\n"));
    assert!(tried > 100, "only {tried} rules");
}
