//! Task types.

use kie_schema::spec::{FollowSpec, MediaKind, TaskSpec};

use crate::diagnostic::{Code, Collector};
use crate::leak;
use crate::name;
use crate::reader::{self, Mapping};
use crate::span::Span;
use crate::yaml::Node;

/// What comes back as a file that another task can take.
const TAKES: &[(&str, MediaKind)] =
    &[("image", MediaKind::Image), ("video", MediaKind::Video), ("audio", MediaKind::Audio)];

pub(super) fn read(node: &Node, out: &Collector) -> Vec<(&'static TaskSpec, Span)> {
    let mut tasks = Vec::new();
    for entry in reader::entries(node, "types", out).unwrap_or_default() {
        name::check_plain(&entry.name, entry.key.span, "a task type", out);
        let Some(mut object) = Mapping::open(&entry.value, entry.key.span, &entry.name, out) else { continue };
        let title = object.need("title").and_then(|node| reader::localized(node, "title", out));
        let icon = object.need("icon").and_then(|node| reader::text(node, "icon", out)).unwrap_or_default();
        let usual_s = seconds(&mut object, "usual_s");
        let deadline_s = seconds(&mut object, "deadline_s");
        if let Some(node) = object.take("deadline_s") {
            reader::ordered(Some(usual_s), Some(deadline_s), node.span, "usual_s, deadline_s", out);
        }
        let follows = object.take("follows").and_then(|node| follow(node, out));
        object.finish();
        let (id, icon, title) = (leak::text(&entry.name), leak::text(icon), title.unwrap_or_default());
        tasks.push((leak::one(TaskSpec { id, title, icon, usual_s, deadline_s, follows }), entry.key.span));
    }
    tasks
}

fn follow(node: &Node, out: &Collector) -> Option<FollowSpec> {
    let mut object = Mapping::open(node, node.span, "follows", out)?;
    let takes = object.need("takes").and_then(|node| reader::word(node, "takes", TAKES, out));
    let label = object.need("label").and_then(|node| reader::localized(node, "label", out));
    object.finish();
    Some(FollowSpec { takes: takes?, label: label? })
}

fn seconds(object: &mut Mapping<'_>, key: &'static str) -> u32 {
    let out = object.out;
    let Some(node) = object.need(key) else { return 0 };
    let seconds = reader::count(node, key, out).unwrap_or_default();
    if seconds == 0 {
        out.error(Code::BadLimit, node.span, format!("`{key}` must be at least 1 second"), "");
    }
    seconds
}
