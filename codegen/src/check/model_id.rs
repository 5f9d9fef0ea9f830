//! Ids of models: short enough for a button of a chat, plain, and different in Rust.

use crate::diagnostic::{Code, Collector};
use crate::ident;
use crate::schema::Document;

/// Telegram gives a button 64 bytes; what the bot adds to an id takes up to 16 of them.
const LONGEST: usize = 48;

/// Modules beside those of the models.
const TAKEN: [&str; 2] = ["schemes", "s"];

pub(super) fn check(document: &Document, out: &Collector) {
    let mut names: std::collections::HashMap<String, &str> = std::collections::HashMap::new();
    for entry in &document.models {
        let id = entry.model.id;
        if id.len() > LONGEST {
            let title = format!("the id is {} bytes long", id.len());
            out.error(Code::LongId, entry.id, title, format!("at most {LONGEST}"));
        }
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/' | b':');
        if !id.bytes().all(plain) || !id.bytes().any(|byte| byte.is_ascii_alphanumeric()) {
            out.error(Code::BadName, entry.id, format!("`{id}` cannot be a model id"), "letters, digits and `-_./:`");
            continue;
        }
        for name in [ident::model(id), ident::module(id)] {
            if TAKEN.contains(&name.as_str()) {
                out.error(
                    Code::SameRustName,
                    entry.id,
                    format!("`{id}` makes the Rust name `{name}`, which is taken"),
                    "",
                );
            } else if let Some(other) = names.get(&name) {
                let title = format!("`{other}` and `{id}` make the same Rust name `{name}`");
                out.error(Code::SameRustName, entry.id, title, "");
                break;
            } else {
                names.insert(name, id);
            }
        }
    }
}
