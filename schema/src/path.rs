//! Finding values by the paths that rules and prices use: `duration`, `shots[].duration`.

use super::spec::{FieldSpec, Kind, Literal, Path};
use super::value_ref::{ObjectRef, ValueRef};

/// An input together with what the registry knows of it.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'a> {
    /// What was given.
    pub(crate) input: &'a dyn ObjectRef,
    /// The fields of the model.
    pub(crate) fields: &'static [FieldSpec],
    /// Values assumed for absent fields, before their defaults.
    pub(crate) assume: &'static [(Path, Literal)],
    /// Only this item of this list counts, for a rule about every item.
    pub(crate) at: Option<(&'static str, usize)>,
}

/// A value that a path leads to.
#[derive(Clone, Copy)]
pub(crate) struct PathValue<'a> {
    /// The value, or the default when nothing was given.
    pub(crate) value: ValueRef<'a>,
    /// Whether it was given.
    pub(crate) given: bool,
    /// Its limits; `None` when the path leads nowhere.
    pub(crate) kind: Option<&'static Kind>,
    /// Positions in the lists on the way.
    place: [usize; DEPTH],
    depth: usize,
}

/// Lists inside lists: the registry has two levels, and a path has no more dots than that.
const DEPTH: usize = 4;

impl PathValue<'_> {
    /// The path with the positions filled in: `shots[2].duration`.
    pub(crate) fn path(&self, path: &str) -> String {
        fill(path, &self.place[..self.depth])
    }

    /// Given, and neither an empty text nor an empty list.
    pub(crate) fn is_given(&self) -> bool {
        self.given && self.value.is_present()
    }
}

/// Puts positions into the brackets of a path.
fn fill(path: &str, place: &[usize]) -> String {
    let mut parts = path.split("[]");
    let mut text = parts.next().unwrap_or_default().to_owned();
    let mut place = place.iter();
    for part in parts {
        match place.next() {
            Some(index) => text.push_str(&format!("[{index}]{part}")),
            None => text.push_str(&format!("[]{part}")),
        }
    }
    text
}

/// What a path leads to. Most paths name a field of the input and lead to one value: nothing is allocated for those.
pub(crate) enum Found<'a> {
    /// The field, or what stands for it.
    One([PathValue<'a>; 1]),
    /// Values in lists and objects.
    Many(Vec<PathValue<'a>>),
}

impl<'a> std::ops::Deref for Found<'a> {
    type Target = [PathValue<'a>];
    fn deref(&self) -> &[PathValue<'a>] {
        match self {
            Self::One(one) => one,
            Self::Many(many) => many,
        }
    }
}

impl<'a> Scope<'a> {
    /// The same input, with one item of a list in focus.
    pub(crate) fn focus(self, at: Option<(&'static str, usize)>) -> Self {
        Self { at, ..self }
    }

    /// Every value that the path leads to. A field that was not given appears with its default, or as [`ValueRef::Null`].
    pub(crate) fn find(&self, path: Path) -> Found<'a> {
        if path.is_plain() {
            let (spec, given) = self.plain(path);
            return Found::One([self.node(path, spec, given, ([0; DEPTH], 0))]);
        }
        let mut found = Vec::new();
        self.walk(self.input, self.fields, path, path.as_str(), ([0; DEPTH], 0), &mut found);
        Found::Many(found)
    }

    /// Whether a value was given at the path.
    pub(crate) fn is_given(&self, path: Path) -> bool {
        if path.is_plain() {
            self.plain(path).1.is_some_and(ValueRef::is_present)
        } else {
            self.find(path).iter().any(PathValue::is_given)
        }
    }

    /// Whether a value at the path, or what stands for it, meets the test; nothing is [`ValueRef::Null`].
    pub(crate) fn any(&self, path: Path, test: impl Fn(ValueRef<'a>) -> bool) -> bool {
        if path.is_plain() {
            let (spec, given) = self.plain(path);
            let given = given.filter(|v| !matches!(v, ValueRef::Null));
            test(given.unwrap_or_else(|| self.fallback(path, spec)))
        } else {
            self.find(path).iter().any(|node| test(node.value))
        }
    }

    /// Whether there is neither a value nor anything that stands for it. Quick, and `false` when it would have to search.
    pub(crate) fn is_nothing(&self, path: Path) -> bool {
        path.is_plain() && {
            let (spec, given) = self.plain(path);
            given.is_none() && self.assume.is_empty() && spec.is_none_or(|field| field.default.is_none())
        }
    }

    fn plain(&self, path: Path) -> (Option<&'static FieldSpec>, Option<ValueRef<'a>>) {
        let Some(field) = self.fields.get(path.root()) else { return (None, None) };
        (Some(field), self.input.nth(path.root(), field.name))
    }

    /// The only value of a path without lists.
    pub(crate) fn one(&self, path: Path) -> Option<PathValue<'a>> {
        self.find(path).first().copied()
    }

    /// The path of a field in the item in focus, where there is one.
    pub(crate) fn here(&self, path: Path) -> String {
        match self.at {
            Some((list, index)) if in_list(&path, list) => fill(&path, &[index]),
            _ => path.to_string(),
        }
    }

    fn walk(
        &self,
        input: &'a dyn ObjectRef,
        fields: &'static [FieldSpec],
        whole: Path,
        rest: &'static str,
        (mut place, depth): ([usize; DEPTH], usize),
        found: &mut Vec<PathValue<'a>>,
    ) {
        let (head, tail) = rest.split_once('.').map_or((rest, None), |(head, tail)| (head, Some(tail)));
        let (name, is_list) = head.strip_suffix("[]").map_or((head, false), |name| (name, true));
        let spec = fields.iter().find(|f| f.name == name);
        let given = input.field(name).filter(|v| !matches!(v, ValueRef::Null));
        let kind = spec.map(|f| &f.kind);
        if !is_list {
            match (tail, given, kind) {
                (None, _, _) => {
                    found.push(self.node(whole, spec, given, (place, depth)));
                }
                (Some(tail), Some(ValueRef::Object(inner)), Some(Kind::Object(fields))) => {
                    self.walk(inner, fields, whole, tail, (place, depth), found);
                }
                _ => {}
            }
            return;
        }
        let (Some(ValueRef::List(items)), Some(Kind::List(list))) = (given, kind) else { return };
        let focus = self.at.filter(|(list, _)| depth == 0 && in_list(&whole, list)).map(|(_, index)| index);
        for index in 0..items.count() {
            if depth >= DEPTH || focus.is_some_and(|f| f != index) {
                continue;
            }
            place[depth] = index;
            let value = items.item(index);
            match (tail, value, list.item) {
                (None, value, kind) => {
                    found.push(PathValue { value, given: true, kind: Some(kind), place, depth: depth + 1 });
                }
                (Some(tail), ValueRef::Object(inner), Kind::Object(fields)) => {
                    self.walk(inner, fields, whole, tail, (place, depth + 1), found);
                }
                _ => {}
            }
        }
    }

    /// The value of a field, or what stands for it.
    fn node(
        &self,
        path: Path,
        spec: Option<&'static FieldSpec>,
        given: Option<ValueRef<'a>>,
        (place, depth): ([usize; DEPTH], usize),
    ) -> PathValue<'a> {
        let given = given.filter(|v| !matches!(v, ValueRef::Null));
        let value = given.unwrap_or_else(|| self.fallback(path, spec));
        PathValue { value, given: given.is_some(), kind: spec.map(|f| &f.kind), place, depth }
    }

    /// What stands for a field that was not given.
    fn fallback(&self, path: Path, spec: Option<&'static FieldSpec>) -> ValueRef<'a> {
        let assumed = self.assume.iter().find(|(p, _)| *p == path).map(|(_, value)| ValueRef::from(*value));
        assumed.or_else(|| ValueRef::of_default(spec?.default?)).unwrap_or(ValueRef::Null)
    }
}

/// The list that a path runs through first: `shots` of `shots[].duration`.
pub(crate) fn list_of(path: Path) -> Option<&'static str> {
    path.as_str().split_once('[').map(|(list, _)| list)
}

/// Whether a path runs through this list.
fn in_list(path: &str, list: &str) -> bool {
    path.strip_prefix(list).is_some_and(|rest| rest.starts_with("[]"))
}
