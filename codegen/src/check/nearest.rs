//! `nearest` leads from a model that is gone, or in trouble, to one that works.

use kie_schema::spec::Status;

use crate::diagnostic::{Code, Collector, suggestion};
use crate::schema::{Document, ModelEntry};

pub(super) fn check(document: &Document, out: &Collector) {
    let find = |id: &str| document.models.iter().find(|entry| entry.model.id == id);
    for entry in &document.models {
        let Some((id, span)) = &entry.nearest else {
            if entry.model.status == Status::Troubled {
                let help = "a model in trouble is offered together with the live model that does its work instead";
                out.hint(Code::MissingKey, entry.id, "`nearest` is missing", "", help);
            }
            continue;
        };
        if entry.model.status == Status::Live {
            let help = "take it away, or give the model another status";
            out.hint(Code::NearestOfLive, *span, "a live model needs no `nearest`", "", help);
            continue;
        }
        match find(id) {
            Some(other) if other.model.status == Status::Live => {}
            Some(other) if leads_to(other, entry, find) => {
                out.error(Code::NearestCycle, *span, format!("`nearest` leads from `{id}` back here"), "");
            }
            Some(_) => out.error(Code::BadNearest, *span, format!("`{id}` is not live either"), ""),
            None => {
                let by_alias =
                    document.models.iter().find(|other| other.model.aliases.iter().any(|alias| alias.name == *id));
                let live = document.models.iter().filter(|other| other.model.status == Status::Live);
                let help = match by_alias {
                    Some(other) => format!("it is an alias of `{}`", other.model.id),
                    None => suggestion(id, live.map(|other| other.model.id)),
                };
                out.hint(Code::BadNearest, *span, format!("there is no model `{id}`"), "", help);
            }
        }
    }
}

fn leads_to<'a>(from: &'a ModelEntry, to: &ModelEntry, find: impl Fn(&str) -> Option<&'a ModelEntry>) -> bool {
    let mut here = from;
    let mut seen: Vec<&str> = Vec::new();
    loop {
        if here.model.id == to.model.id {
            return true;
        }
        if seen.contains(&here.model.id) {
            return false;
        }
        seen.push(here.model.id);
        match here.nearest.as_ref().and_then(|(id, _)| find(id)) {
            Some(next) => here = next,
            None => return false,
        }
    }
}
