//! Files in an input that the vendor may have deleted: they are fetched where they came from and uploaded again.

use serde_json::{Map, Value};

use super::{AttachError, Attachments, RenewError, Service};
use crate::job::Attachment;

impl Service {
    /// Uploads again the files of an input that the vendor may have deleted, and puts the new links into it.
    ///
    /// # Errors
    /// The first file that could not be renewed. Those before it are.
    pub(super) async fn renew_files(
        &self,
        input: &mut Map<String, Value>,
        attachments: &mut [Attachment],
        files: &dyn Attachments,
    ) -> Result<(), RenewError> {
        let now = self.now();
        for attachment in attachments.iter_mut().filter(|attachment| attachment.is_expired(now)) {
            // One that was taken out of the input is not sent.
            let Some(field) = field_with(input, &attachment.url) else { continue };
            let renewed = match self.renew(attachment, files).await {
                Ok(renewed) => renewed,
                Err(why) => return Err(RenewError { field, why }),
            };
            for value in input.values_mut() {
                replace_text(value, &attachment.url, &renewed.url);
            }
            *attachment = renewed;
        }
        Ok(())
    }

    async fn renew(&self, attachment: &Attachment, files: &dyn Attachments) -> Result<Attachment, AttachError> {
        let source = attachment.source.as_deref().ok_or(AttachError::Expired)?;
        let mut file = files.fetch(source).await?;
        // Telegram tells length and pixels only with the message, not when a file is fetched by its id.
        file.facts = attachment.facts.clone();
        self.attach(file).await
    }
}

/// The field that holds a text.
fn field_with(input: &Map<String, Value>, text: &str) -> Option<String> {
    input.iter().find(|(_, value)| has_text(value, text)).map(|(field, _)| field.clone())
}

fn has_text(value: &Value, text: &str) -> bool {
    match value {
        Value::String(known) => known == text,
        Value::Array(items) => items.iter().any(|item| has_text(item, text)),
        Value::Object(map) => map.values().any(|item| has_text(item, text)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

fn replace_text(value: &mut Value, old: &str, new: &str) {
    match value {
        Value::String(text) if text == old => new.clone_into(text),
        Value::Array(items) => items.iter_mut().for_each(|item| replace_text(item, old, new)),
        Value::Object(map) => map.values_mut().for_each(|item| replace_text(item, old, new)),
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
