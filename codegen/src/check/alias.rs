//! A name finds one model.

use std::collections::{HashMap, HashSet};

use crate::diagnostic::{Code, Collector};
use crate::schema::Document;

pub(super) fn check(document: &Document, out: &Collector) {
    let ids: HashSet<&str> = document.models.iter().map(|entry| entry.model.id).collect();
    let mut taken: HashMap<&str, &str> = HashMap::new();
    for entry in &document.models {
        for (alias, span) in entry.model.aliases.iter().zip(&entry.aliases) {
            let alias = alias.name;
            if ids.contains(alias) {
                out.error(Code::AliasIsId, *span, format!("alias `{alias}` is the id of a model"), "");
            } else if let Some(model) = taken.insert(alias, entry.model.id) {
                let title = format!("alias `{alias}` is taken");
                out.error(Code::DuplicateAlias, *span, title, format!("by `{model}`"));
            }
        }
    }
}
