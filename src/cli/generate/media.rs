//! Local files whose links are put into an input (`--media`).

use std::borrow::Cow;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::super::CliError;
use super::super::input::{InputMembers, MediaArg};
use super::error::GenerateError;
use crate::client::Client;
use crate::l10n::CliMessages;
use crate::mime;
use crate::probe::Probe;
use crate::schema::FileFacts;
use crate::schema::Files;
use crate::schema::spec::{FieldSpec, Kind, ModelSpec};
use crate::sniff::{SNIFFED, sniff};

/// A local file and the field that its link is put into.
#[derive(Debug)]
pub(super) struct LocalFile {
    pub(super) field: &'static str,
    /// The field is a list of files.
    list: bool,
    pub(super) path: PathBuf,
    pub(super) facts: FileFacts,
}

impl LocalFile {
    pub(super) fn mime(&self) -> &str {
        self.facts.mime.as_deref().unwrap_or_default()
    }
}

/// Reads the facts of the files.
///
/// # Errors
/// When a path is not a file, or its field takes no files.
pub(super) fn read(
    spec: &'static ModelSpec,
    media: &[MediaArg],
    messages: &CliMessages,
) -> Result<Vec<LocalFile>, CliError> {
    let one = |item: &MediaArg| {
        if !item.path.is_file() {
            return Err(CliError::BadInput(messages.no_file(&item.path.display().to_string())));
        }
        let (field, list) = field(spec, &item.field, messages)?;
        Ok(LocalFile { field, list, path: item.path.clone(), facts: facts(&item.path) })
    };
    media.iter().map(one).collect()
}

/// Placeholder URLs, used before the files are uploaded.
pub(super) fn placeholder_links(files: &[LocalFile]) -> Vec<String> {
    let link = |(number, file): (usize, &LocalFile)| {
        format!("https://upload.invalid/{number}.{}", crate::service::extension(file.mime()))
    };
    files.iter().enumerate().map(link).collect()
}

/// Uploads the files; returns their URLs in the same order.
///
/// # Errors
/// When one cannot be uploaded.
pub(super) async fn upload(client: &Client, files: &[LocalFile]) -> Result<Vec<String>, GenerateError> {
    let mut links = Vec::new();
    for file in files {
        let uploaded = client.upload_file(&file.path, file.mime()).await;
        links.push(uploaded.map_err(|error| GenerateError::Upload(file.path.clone(), error))?.url);
    }
    Ok(links)
}

/// Puts the links into the input; returns the facts of the files by URL.
///
/// # Errors
/// When two files are given for a field that takes one.
pub(super) fn insert_links(
    spec: &ModelSpec,
    files: &[LocalFile],
    links: &[String],
    answers: &mut InputMembers,
    messages: &CliMessages,
) -> Result<Files, CliError> {
    let mut known = Files::new();
    for (number, (file, link)) in files.iter().zip(links).enumerate() {
        if !file.list && files[..number].iter().any(|other| other.field == file.field) {
            return Err(CliError::BadInput(messages.one_file(file.field, spec.id)));
        }
        answers.put_link(file.field, file.list, link);
        known.insert(link.clone(), file.facts.clone());
    }
    Ok(known)
}

/// The file field with this name, and whether it is a list.
///
/// # Errors
/// When the model has no such field, with the names of those that it has.
fn field(spec: &'static ModelSpec, name: &str, messages: &CliMessages) -> Result<(&'static str, bool), CliError> {
    let takes = |field: &FieldSpec| match &field.kind {
        Kind::Media(_) => Some(false),
        Kind::List(list) if matches!(list.item, Kind::Media(_)) => Some(true),
        _ => None,
    };
    let found = spec.fields.iter().find(|f| f.is_called(name));
    match found.and_then(|f| takes(f).map(|list| (f.name, list))) {
        Some(found) => Ok(found),
        None => {
            let all: Vec<&str> = spec.fields.iter().filter(|f| takes(f).is_some()).map(|f| f.name).collect();
            Err(CliError::BadInput(if all.is_empty() {
                messages.no_file_field(name, spec.id)
            } else {
                messages.other_file_fields(name, spec.id, &all.join(", "))
            }))
        }
    }
}

/// MIME type, size in bytes, and where they can be read the dimensions and length of a file.
fn facts(path: &Path) -> FileFacts {
    let bytes = std::fs::metadata(path).ok().map(|facts| facts.len());
    let Probe { width, height, seconds, .. } = std::fs::File::open(path).map_or(Probe::UNKNOWN, Probe::read);
    FileFacts { mime: Some(mime_of(path)), bytes, seconds, width, height, ..FileFacts::default() }
}

/// The MIME type of a file, by its content, else by its name.
pub(crate) fn mime_of(path: &Path) -> String {
    let told = mime::of_path(path).unwrap_or(mime::UNKNOWN);
    let mut start = Vec::new();
    // What cannot be read is reported when the file is uploaded.
    let read = std::fs::File::open(path).and_then(|file| file.take(SNIFFED as u64).read_to_end(&mut start));
    read.ok().and_then(|_| sniff(&start, told)).map_or_else(|| told.to_owned(), Cow::into_owned)
}
