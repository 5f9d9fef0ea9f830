//! Inputs that are changed until they violate a rule of the registry.

use kie::schema::FileFacts;
use kie::schema::Files;
use kie::schema::spec::{Condition, Count, FieldSpec, Kind, ModelSpec, Requirement, SumLimit};
use serde_json::{Map, Value, json};

use crate::support::mutated_value::{end, json, list_of, number, other_than, outside};
use crate::support::sample::{self, fitting, one};

/// An input that is changed until it violates a rule.
pub(crate) struct MutatedInput {
    fields: &'static [FieldSpec],
    pub(crate) input: Map<String, Value>,
    pub(crate) files: Files,
}

impl MutatedInput {
    pub(crate) fn new(spec: &'static ModelSpec) -> Self {
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

    /// Sets or removes a field (of the first item of a list).
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

    pub(crate) fn satisfy(&mut self, condition: &Condition) {
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

    /// Makes a condition false, if possible; a default may replace a removed value.
    pub(crate) fn falsify(&mut self, condition: &Condition) -> bool {
        let standing = |path: &str| self.fields.iter().any(|f| f.name == path && (f.default.is_some() || f.required));
        match condition {
            Condition::Present(path) if !path.contains('[') => self.set(path, None),
            Condition::Is(path, values) if !path.contains('[') => match other_than(self.kind(path), values) {
                Some(other) => self.set(path, Some(other)),
                None if !standing(path) => self.set(path, None),
                None => return false,
            },
            Condition::IsNot(path, values) => self.set(path, Some(json(values[0]))),
            Condition::Absent(path) => self.set_sample(path),
            Condition::Present(_) | Condition::Is(..) | Condition::Items(..) => return false,
        }
        true
    }

    /// Violates the requirement in one of its ways; returns the codes that may be reported, or none if there are no
    /// more ways.
    pub(crate) fn violate(&mut self, requirement: &Requirement, way: usize) -> Option<&'static [&'static str]> {
        let codes: &[&str] = match requirement {
            Requirement::Require(paths) => {
                self.set(paths.get(way)?, None);
                &["needed_with"]
            }
            Requirement::Groups { of, min, max } => {
                // None of them, if one is required; one more than allowed; all of them.
                let mut ways = Vec::new();
                ways.extend((*min > 0).then_some(0));
                ways.extend(max.map(|max| max as usize + 1));
                ways.extend(max.filter(|max| of.len() > *max as usize + 1).map(|_| of.len()));
                let count = *ways.get(way)?;
                for (index, path) in of.iter().enumerate().flat_map(|(i, group)| group.iter().map(move |p| (i, p))) {
                    if index < count { self.set_sample(path) } else { self.set(path, None) }
                }
                &["one_of"]
            }
            Requirement::Forbid(paths) => {
                self.set_sample(paths.get(way)?);
                &["not_with"]
            }
            Requirement::Ignored(paths) => {
                self.set_sample(paths.get(way)?);
                &["no_effect"]
            }
            Requirement::Allow(path, values) if way == 0 => {
                let other = other_than(self.kind(path), values);
                self.set(path, other);
                &["not_offered"]
            }
            Requirement::Refuse(path, values) => {
                self.set(path, Some(json(*values.get(way)?)));
                &["refused"]
            }
            Requirement::Length(path, range) => {
                self.set(path, Some(json!("ж".repeat(outside(*range, way)? as usize))));
                &["too_short", "too_long"]
            }
            Requirement::Within(path, range) => {
                let outside = outside(*range, way)?;
                let text = matches!(self.kind(path), Kind::Choice(_));
                self.set(path, Some(if text { json!(outside.to_string()) } else { json!(outside) }));
                &["out_of_range"]
            }
            Requirement::Count(path, range) => {
                // A list without items counts as missing, which is a matter of `require`.
                let count = outside(*range, way).filter(|count| *count > 0.0)?;
                let list = list_of(self.kind(path), count as usize);
                self.set(path, Some(list));
                &["too_few", "too_many"]
            }
            Requirement::Seconds(path, range) => {
                let outside = outside(*range, way)?;
                self.set_sample(path);
                self.all_files(outside, (100, 100));
                &["duration"]
            }
            Requirement::Difference { greater, smaller, range } => {
                let difference = outside(*range, way).or((way == 0).then_some(0.0))?;
                self.set(greater, Some(json!(100_000.0 + difference)));
                self.set(smaller, Some(json!(100_000)));
                &["difference"]
            }
            Requirement::ImagesOrVideos { of, images, videos } => {
                let files = |end: &str, count: f64| -> Vec<String> {
                    (0..count as usize).map(|n| format!("https://example.com/{n}.{end}")).collect()
                };
                let (links, codes): (Vec<String>, &[&str]) = match way {
                    0 => (["a.png", "a.mp4"].map(|name| format!("https://example.com/{name}")).to_vec(), &["one_of"]),
                    1 => (files("png", images.max? + 1.0), &["too_many"]),
                    2 => (files("mp4", videos.max? + 1.0), &["too_many"]),
                    3 => (files("png", images.min.filter(|min| *min > 1.0)? - 1.0), &["too_few"]),
                    _ => return None,
                };
                self.set(of, Some(json!(links)));
                codes
            }
            _ if way > 0 => return None,
            Requirement::Sum { of, max, .. } => {
                for term in *of {
                    self.set_most(&term.field, term.count);
                }
                if let SumLimit::Field(path) = max {
                    self.set(path, Some(json!(1)));
                }
                self.all_files(1e6, (100, 100));
                &["sum"]
            }
            Requirement::SameCount(paths) => {
                let count = |b: &Self, p: &str| b.get(p).and_then(Value::as_array).map_or(0, Vec::len);
                let list = list_of(self.kind(&paths[0]), count(self, &paths[1]) + 1);
                self.set(&paths[0], Some(list));
                &["same_count"]
            }
            Requirement::SameSize(paths) => {
                for (index, path) in paths.iter().enumerate() {
                    let url = format!("https://example.com/size/{index}.png");
                    let side = Some(100 + index as u32);
                    self.files.insert(url.clone(), FileFacts { width: side, height: side, ..FileFacts::default() });
                    self.set(path, Some(json!(url)));
                }
                &["pixels"]
            }
            Requirement::Unique(path) => {
                let list = path.split("[]").next().expect("a path");
                let twice = list_of(self.kind(list), 2);
                self.set(list, Some(twice));
                &["repeated"]
            }
            Requirement::Refers(from, _) => {
                self.set(from, Some(json!("Speaker 99")));
                &["unmatched"]
            }
            Requirement::Allow(..) => return None,
        };
        Some(codes)
    }

    /// Fulfils the requirement at its limit in one of its ways; none if there are no more.
    pub(crate) fn fulfil(&mut self, requirement: &Requirement, way: usize) -> Option<()> {
        match requirement {
            Requirement::Require(paths) if way == 0 => paths.iter().for_each(|path| self.set_sample(path)),
            Requirement::Groups { of, min, max } => {
                let count = [Some(*min).filter(|min| *min > 0), *max].into_iter().flatten().nth(way)? as usize;
                for (index, path) in of.iter().enumerate().flat_map(|(i, group)| group.iter().map(move |p| (i, p))) {
                    if index < count { self.set_sample(path) } else { self.set(path, None) }
                }
            }
            Requirement::Forbid(paths) | Requirement::Ignored(paths) if way == 0 => {
                paths.iter().for_each(|path| self.set(path, None));
            }
            Requirement::Allow(path, values) => self.set(path, Some(json(*values.get(way)?))),
            Requirement::Refuse(path, values) if way == 0 => {
                let other = other_than(self.kind(path), values);
                self.set(path, other);
            }
            Requirement::Length(path, range) => self.set(path, Some(json!("ж".repeat(end(*range, way)? as usize)))),
            Requirement::Within(path, range) => {
                let value = number(self.kind(path), end(*range, way)?);
                self.set(path, Some(value));
            }
            Requirement::Count(path, range) => {
                let list = list_of(self.kind(path), end(*range, way)? as usize);
                self.set(path, Some(list));
            }
            Requirement::Seconds(path, range) => {
                let seconds = end(*range, way)?;
                self.set_sample(path);
                self.all_files(seconds, (100, 100));
            }
            Requirement::Difference { greater, smaller, range } => {
                // Without limits, one only has to be greater.
                let difference = end(*range, way).or((way == 0).then_some(1.0))?;
                self.set(greater, Some(json!(100_000.0 + difference)));
                self.set(smaller, Some(json!(100_000)));
            }
            Requirement::ImagesOrVideos { of, images, videos } => {
                let (kind, count) = [("png", images.max), ("mp4", videos.max)].get(way).copied()?;
                let files = (0..count? as usize).map(|n| format!("https://example.com/{n}.{kind}"));
                self.set(of, Some(files.collect()));
            }
            Requirement::Sum { of, max: SumLimit::Number(max), .. } => {
                let [first, others @ ..] = *of else { return None };
                let most = (max / first.weight).floor();
                let value = match (self.kind(&first.field), first.count) {
                    (kind @ Kind::List(_), Count::Items) => list_of(kind, most as usize),
                    (Kind::Text(_), Count::Characters) => json!("ж".repeat(most as usize)),
                    (kind @ (Kind::Integer(_) | Kind::Decimal(_)), Count::Value) => number(kind, most),
                    _ => return None,
                };
                if way > 0 || most * first.weight != *max {
                    return None;
                }
                others.iter().for_each(|term| self.set(&term.field, None));
                // An item is created for the value.
                if let Some((list, _)) = first.field.split_once("[]") {
                    self.set(list, None);
                }
                self.set(&first.field, Some(value));
            }
            Requirement::SameSize(paths) if way == 0 => {
                paths.iter().for_each(|path| self.set_sample(path));
                self.all_files(1.0, (100, 100));
            }
            _ => return None,
        }
        Some(())
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

    /// Conditions on presence are already true if the requirement was violated at the same field.
    pub(crate) fn satisfy_again(&mut self, condition: &Condition) {
        let is_met = match condition {
            Condition::Present(path) => path.contains("[]") || self.get(path).is_some(),
            _ => false,
        };
        if !is_met {
            self.satisfy(condition);
        }
    }
}
