//! What each requirement of a rule means.

use super::super::file::Files;
use super::super::path::{PathValue, Scope};
use super::super::report::{Violation, ViolationKind};
use super::super::spec::{Literal, MediaKind, Path, Range, Requirement, RuleSpec};
use super::super::value_ref::{ListRef, ValueRef};
use super::term;

/// Finds everything that breaks the requirement of a rule whose conditions hold.
pub(super) fn check(rule: &RuleSpec, scope: Scope<'_>, files: &Files, found: &mut Vec<Violation>) {
    let look = Look { scope, files, because: || rule.when.iter().map(|c| c.path().to_string()).collect() };
    match &rule.then {
        Requirement::Require(paths) => {
            for path in *paths {
                if !scope.any(*path, ValueRef::is_present) {
                    found.push(look.absent(*path, ViolationKind::NeededWith { because: look.because() }));
                }
            }
        }
        Requirement::Groups { of, min, max } => found.extend(look.groups(of, *min, *max)),
        Requirement::Forbid(paths) => {
            look.given(paths, found, || ViolationKind::NotWith { because: look.because() });
        }
        Requirement::Ignored(paths) => {
            look.given(paths, found, || ViolationKind::NoEffect { because: look.because() });
        }
        Requirement::Allow(path, values) => look.each(*path, found, |node| {
            let offered = values.iter().any(|&v| node.value.same_text(v.into()));
            (node.value.is_present() && !offered).then(|| ViolationKind::NotOffered { values: texts(values) })
        }),
        Requirement::Refuse(path, values) => look.each(*path, found, |node| {
            let refused = values.iter().any(|&v| node.value.same_text(v.into()));
            refused.then(|| ViolationKind::Refused { values: texts(values) })
        }),
        Requirement::Length(path, range) => look.each(*path, found, |node| {
            let ValueRef::Text(text) = node.value else { return None };
            counted(
                text.chars().count(),
                *range,
                |min, length| ViolationKind::TooShort { min, length },
                |max, length| ViolationKind::TooLong { max, length },
            )
        }),
        Requirement::Within(path, range) => look.each(*path, found, |node| {
            let outside = node.value.number().is_some_and(|n| !range.contains(n));
            outside.then_some(ViolationKind::OutOfRange { min: range.min, max: range.max })
        }),
        Requirement::Count(path, range) => look.each(*path, found, |node| {
            let ValueRef::List(items) = node.value else { return None };
            counted(items.count(), *range, too_few, too_many)
        }),
        Requirement::Seconds(path, range) => look.each(*path, found, |node| {
            let fits = |seconds: &f64| range.contains(*seconds);
            let seconds = node.value.files().filter_map(|url| files.get(url)?.seconds).find(|s| !fits(s))?;
            Some(ViolationKind::Duration { min: range.min, max: range.max, seconds })
        }),
        Requirement::Sum { of, max, exact } => found.extend(term::check(of, max, *exact, scope, files)),
        Requirement::Difference { greater, smaller, range } => {
            let number = |path| scope.one(path).and_then(|n| n.value.number());
            if let (Some(large), Some(small)) = (number(*greater), number(*smaller)) {
                let difference = large - small;
                if !range.contains(difference) || (range.min.is_none() && difference <= 0.0) {
                    let kind =
                        ViolationKind::Difference { smaller: scope.here(*smaller), min: range.min, max: range.max };
                    found.push(Violation { field: scope.here(*greater).into(), kind, given: Some(large.to_string()) });
                }
            }
        }
        Requirement::SameCount(paths) => found.extend(look.same_count(paths)),
        Requirement::SameSize(paths) => found.extend(look.same_size(paths)),
        Requirement::Unique(path) => {
            let nodes = scope.find(*path);
            let repeats = |i: usize| nodes[..i].iter().any(|n| n.is_given() && n.value == nodes[i].value);
            let again = (0..nodes.len()).filter(|&i| nodes[i].is_given() && repeats(i));
            found.extend(again.map(|i| violation(&nodes[i], *path, ViolationKind::Repeated)));
        }
        Requirement::Refers(from, to) => {
            let targets = scope.find(*to);
            look.each(*from, found, |node| {
                let known = targets.iter().any(|t| t.value == node.value);
                (node.is_given() && !known).then(|| ViolationKind::Unmatched { target: to.to_string() })
            });
        }
        Requirement::ImagesOrVideos { of, images, videos } => look.each(*of, found, |node| {
            let ValueRef::List(items) = node.value else { return None };
            images_or_videos(items, *images, *videos, files)
        }),
    }
}

struct Look<'a, F> {
    scope: Scope<'a>,
    files: &'a Files,
    because: F,
}

impl<F: Fn() -> Vec<String>> Look<'_, F> {
    fn because(&self) -> Vec<String> {
        (self.because)()
    }

    fn absent(&self, path: Path, kind: ViolationKind) -> Violation {
        Violation { field: self.scope.here(path).into(), kind, given: None }
    }

    fn each(&self, path: Path, found: &mut Vec<Violation>, kind: impl Fn(&PathValue<'_>) -> Option<ViolationKind>) {
        // An absent value breaks no requirement.
        if self.scope.is_nothing(path) {
            return;
        }
        for node in self.scope.find(path).iter() {
            found.extend(kind(node).map(|kind| violation(node, path, kind)));
        }
    }

    fn given(&self, paths: &[Path], found: &mut Vec<Violation>, kind: impl Fn() -> ViolationKind) {
        for path in paths {
            if self.scope.is_given(*path) {
                self.each(*path, found, |node| node.is_given().then(&kind));
            }
        }
    }

    fn groups(&self, of: &[&'static [Path]], min: u32, max: Option<u32>) -> Option<Violation> {
        let is_present = |group: &&[Path]| group.iter().any(|p| self.scope.is_given(*p));
        let present = of.iter().filter(|group| is_present(group)).count();
        if present >= min as usize && max.is_none_or(|max| present <= max as usize) {
            return None;
        }
        let fields = of.iter().map(|group| joined(group)).collect();
        Some(Violation { field: "".into(), kind: ViolationKind::OneOf { fields, min, max }, given: None })
    }

    fn same_count(&self, paths: &[Path]) -> Vec<Violation> {
        let count = |path: &Path| match self.scope.one(*path).map(|node| node.value) {
            Some(ValueRef::List(items)) => items.count(),
            _ => 0,
        };
        let Some((first, others)) = paths.split_first() else { return Vec::new() };
        let needed = count(first);
        let odd = others.iter().filter(|path| count(path) != needed);
        odd.map(|path| self.absent(*path, ViolationKind::SameCount { other: self.scope.here(*first) })).collect()
    }

    fn same_size(&self, paths: &[Path]) -> Vec<Violation> {
        let sized = |url: &str| {
            let facts = self.files.get(url)?;
            Some((facts.width?, facts.height?))
        };
        let mut first = None;
        let mut found = Vec::new();
        for path in paths {
            for node in self.scope.find(*path).iter() {
                for size in node.value.files().filter_map(sized) {
                    if *first.get_or_insert(size) != size {
                        let kind = ViolationKind::Pixels { measure: "same_size", min: None, max: None };
                        found.push(violation(node, *path, kind));
                    }
                }
            }
        }
        found
    }
}

/// A violation at a value.
pub(super) fn violation(node: &PathValue<'_>, path: Path, kind: ViolationKind) -> Violation {
    let given = (!matches!(node.value, ValueRef::Null)).then(|| node.value.shortened());
    Violation { field: node.path(&path).into(), kind, given }
}

fn joined(group: &[Path]) -> String {
    group.iter().map(|path| path.as_str()).collect::<Vec<_>>().join(" + ")
}

fn texts(values: &[Literal]) -> Vec<String> {
    values.iter().map(Literal::to_string).collect()
}

fn too_few(min: u32, count: u32) -> ViolationKind {
    ViolationKind::TooFew { min, count }
}

fn too_many(max: u32, count: u32) -> ViolationKind {
    ViolationKind::TooMany { max, count }
}

fn counted(
    count: usize,
    range: Range,
    below: fn(u32, u32) -> ViolationKind,
    above: fn(u32, u32) -> ViolationKind,
) -> Option<ViolationKind> {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    match range {
        Range { min: Some(min), .. } if f64::from(count) < min => Some(below(min as u32, count)),
        Range { max: Some(max), .. } if f64::from(count) > max => Some(above(max as u32, count)),
        _ => None,
    }
}

/// A number of pictures or a number of clips, never both. A file of unknown kind may be either.
fn images_or_videos(items: &dyn ListRef, images: Range, videos: Range, files: &Files) -> Option<ViolationKind> {
    let kind = |url: &str| {
        let mime = files.get(url).and_then(|facts| facts.mime.as_deref());
        mime.map(MediaKind::of_mime).or_else(|| MediaKind::of_url(url))
    };
    let kinds: Vec<_> = (0..items.count())
        .filter_map(|i| if let ValueRef::Text(url) = items.item(i) { Some(kind(url)) } else { None })
        .collect();
    let of = |wanted| kinds.iter().filter(|k| **k == Some(wanted)).count();
    let (pictures, clips) = (of(MediaKind::Image), of(MediaKind::Video));
    let unknown = kinds.len() - pictures - clips;
    match (pictures, clips) {
        (1.., 1..) => Some(ViolationKind::OneOf { fields: vec!["image".into(), "video".into()], min: 1, max: Some(1) }),
        (1.., 0) if unknown == 0 => counted(pictures, images, too_few, too_many),
        (0, 1..) if unknown == 0 => counted(clips, videos, too_few, too_many),
        _ => {
            let most = images.max.zip(videos.max).map(|(a, b)| a.max(b));
            counted(kinds.len(), Range { min: None, max: most }, too_few, too_many)
        }
    }
}
