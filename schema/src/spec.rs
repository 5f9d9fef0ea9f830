//! The static descriptors: what the registry says of a model, for code that treats all models alike.
//!
//! Every value here is written by the generator from `models/kie_models.yaml`; nothing is built at run time. Chat forms,
//! command-line flags, price tables and sanity runs read these; the generated inputs carry the same
//! limits in their field types.

mod kind;
mod name;
mod next;
mod price;
mod rule;

use std::time::Duration;

use crate::lang::Localized;

pub use kind::{
    ChoiceSpec, DecimalSpec, IntegerSpec, Kind, ListSpec, Literal, MediaKind, MediaSpec, NumberForm, OptionSpec, Range,
    TaskRefSpec, TextFormat, TextSpec,
};
pub use name::{AliasSpec, ModelRef, Preset};
pub use next::{Fill, FillValue, NextSpec, ResultSpec};
pub use price::{ExtraPrice, Factor, PriceRow, PriceSpec};
pub use rule::{Condition, Count, Path, Requirement, RuleSpec, SumLimit, Term};

/// What a model does, e.g. `text_to_image`: one entry of the registry's `types`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TaskSpec {
    /// The registry's word, stable: used in filters, JSON and callback data.
    pub id: &'static str,
    /// Menu title.
    pub title: Localized,
    /// One emoji for menus.
    pub icon: &'static str,
    /// How long a task of this type usually takes, in seconds; progress texts show it.
    pub usual_s: u32,
    /// How long to wait before a task counts as "still running", in seconds.
    pub deadline_s: u32,
    /// The results that it is offered for as a next step.
    pub follows: Option<FollowSpec>,
}

/// The results that a task type takes as its input.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FollowSpec {
    /// What the result is; never a document.
    pub takes: MediaKind,
    /// What the step is called, on a button.
    pub label: Localized,
}

/// What a finished task returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the words are the registry's own")]
pub enum OutputKind {
    Image,
    Video,
    Audio,
    Text,
    /// Several kinds of files in one result.
    Mixed,
}

impl OutputKind {
    /// The sort that all files of the result have; `None` when there are none, or of several sorts.
    pub const fn media(self) -> Option<MediaKind> {
        match self {
            Self::Image => Some(MediaKind::Image),
            Self::Video => Some(MediaKind::Video),
            Self::Audio => Some(MediaKind::Audio),
            Self::Text | Self::Mixed => None,
        }
    }

    /// The registry's word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
            Self::Audio => "audio",
            Self::Text => "text",
            Self::Mixed => "mixed",
        }
    }
}

/// Whether a model can be used today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// Offered.
    Live,
    /// Offered with a warning and another model beside it: its tasks fail too often.
    Troubled,
    /// The vendor retired it.
    Retired,
    /// The vendor removed it without a word.
    Removed,
    /// Reported dead, page withdrawn.
    Suspect,
}

impl Status {
    /// Whether tasks of the model may be created.
    pub const fn is_offered(self) -> bool {
        match self {
            Self::Live | Self::Troubled => true,
            Self::Retired | Self::Removed | Self::Suspect => false,
        }
    }

    /// The registry's word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Troubled => "troubled",
            Self::Retired => "retired",
            Self::Removed => "removed",
            Self::Suspect => "suspect",
        }
    }
}

/// What a model needs the address of a webhook for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WebhookNeed {
    /// For nothing: a task may have one.
    Optional,
    /// The vendor refuses a task without one. The result can be asked for all the same.
    Required,
    /// The result comes in the webhook alone.
    Result,
}

impl WebhookNeed {
    /// The registry's word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Optional => "optional",
            Self::Required => "required",
            Self::Result => "result",
        }
    }
}

/// One model of the registry.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ModelSpec {
    /// The vendor's id, exactly as it goes on the wire; at most 48 bytes.
    pub id: &'static str,
    /// Other names that find this model.
    pub aliases: &'static [AliasSpec],
    /// The name people see.
    pub title: Localized,
    /// One sentence: what it does.
    pub about: Localized,
    /// Who made the model.
    pub provider: &'static str,
    /// What it does, the main type first; never empty.
    pub tasks: &'static [&'static TaskSpec],
    /// What comes back.
    pub output: OutputKind,
    /// Whether a task needs the address of a webhook.
    pub webhook: WebhookNeed,
    /// Whether it can be used.
    pub status: Status,
    /// For a model that is not live, or in trouble: the id of the nearest live one.
    pub nearest: Option<&'static str>,
    /// The path of the vendor's route that answers with the result at once, and takes the input itself as its body; `None`
    /// for a task that is created, and then runs.
    pub route: Option<&'static str>,
    /// What its result has besides files.
    pub result: ResultSpec,
    /// The models that go on with its result, each with its button.
    pub next: &'static [NextSpec],
    /// Whether menus list it; otherwise only `next` of other models and its name lead to it.
    pub is_listed: bool,
    /// The input, in the order a person is asked.
    pub fields: &'static [FieldSpec],
    /// Fields of older callers: accepted with a warning, and never sent.
    pub ignored_fields: &'static [&'static str],
    /// Rules across fields.
    pub rules: &'static [RuleSpec],
    /// What a run costs; `None` means that the vendor's price is not known.
    pub price: Option<&'static PriceSpec>,
    /// A valid input as JSON text; the build proves that it is valid.
    pub example: &'static str,
    /// Whether the vendor will drop one of its fields, or a value of one.
    pub advises: bool,
    /// Line of the entry in `models/kie_models.yaml`.
    pub line: u32,
}

impl ModelSpec {
    /// How long a task usually takes, by its main type.
    pub fn usual(&self) -> Duration {
        Duration::from_secs(self.tasks.first().map_or(30, |task| u64::from(task.usual_s)))
    }

    /// How long a task may take before it counts as still running, by the slowest of its types.
    pub fn deadline(&self) -> Duration {
        Duration::from_secs(self.tasks.iter().map(|task| u64::from(task.deadline_s)).max().unwrap_or(1800))
    }
}

/// One field of a model's input.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FieldSpec {
    /// The vendor's name, as on the wire.
    pub name: &'static str,
    /// Other names accepted from callers (never sent).
    pub aliases: &'static [&'static str],
    /// Its type and limits.
    pub kind: Kind,
    /// Must be on the wire. A required field with a default need not be given by a person.
    pub required: bool,
    /// The value used when nothing is given, as JSON text. Sent only when the field is required.
    pub default: Option<&'static str>,
    /// An ordinary user never sets it: forms fold it away.
    pub advanced: bool,
    /// The vendor has announced to drop it.
    pub deprecated: bool,
    /// What a person types or picks there.
    pub label: Localized,
    /// Line in `models/kie_models.yaml`.
    pub line: u32,
}

impl FieldSpec {
    /// Whether this is the field's name, or another name that callers may use.
    pub fn is_called(&self, name: &str) -> bool {
        self.name == name || self.aliases.contains(&name)
    }
}
