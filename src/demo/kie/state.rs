//! The data of the simulated KIE.

use std::collections::{HashMap, VecDeque};

use bytes::Bytes;
use serde::Serialize;
use serde_json::{Map, Value};

use super::OutputKind;
use super::fault::{KieFault, Route};
use super::feed::PublicFeed;
use super::listing::Listing;
use super::task::{SimTask, TaskPlan};
use crate::clock::Timestamp;
use crate::demo::media::{self, MediaError, Subject};

/// A create request that was accepted.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CreateRequest {
    /// The id of its task.
    pub task_id: String,
    /// As sent.
    pub model: String,
    /// As sent.
    pub input: Map<String, Value>,
    /// `callBackUrl`, as sent.
    pub webhook: Option<String>,
    /// When it was accepted.
    pub at: Timestamp,
}

/// An uploaded file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UploadedFile {
    /// Its name on the server.
    pub name: String,
    /// `uploadPath`, as sent.
    pub folder: String,
    /// MIME type.
    pub mime: String,
    /// Size in bytes.
    pub bytes: usize,
    /// Where it can be fetched.
    pub url: String,
}

/// A file that can be downloaded: its content, or what to generate it from when it is first requested.
#[derive(Debug, Clone)]
pub(super) enum ServedFile {
    Ready { mime: String, body: Bytes },
    Undrawn { kind: OutputKind, subject: Subject },
}

impl ServedFile {
    /// The content, if it was generated already.
    pub(super) fn ready(&self) -> Option<Bytes> {
        match self {
            Self::Ready { body, .. } => Some(body.clone()),
            Self::Undrawn { .. } => None,
        }
    }

    /// Generates the file.
    pub(super) fn make(kind: OutputKind, subject: &Subject) -> Result<Self, MediaError> {
        let (mime, body) = match kind {
            OutputKind::Video => ("video/mp4", media::video(subject)?),
            OutputKind::Audio => ("audio/wav", media::audio(subject)?),
            OutputKind::Image | OutputKind::Text | OutputKind::Mixed => ("image/png", media::image(subject)?),
        };
        Ok(Self::Ready { mime: mime.to_owned(), body: body.into() })
    }
}

/// Everything that changes while the simulator runs.
#[derive(Default)]
pub(super) struct KieState {
    pub(super) tasks: HashMap<String, SimTask>,
    pub(super) creates: Vec<CreateRequest>,
    pub(super) catalogue: Vec<Listing>,
    pub(super) plans: VecDeque<TaskPlan>,
    pub(super) faults: Vec<KieFault>,
    pub(super) uploads: Vec<UploadedFile>,
    pub(super) files: HashMap<String, ServedFile>,
    pub(super) requests: HashMap<Route, u32>,
    pub(super) balance: f64,
    pub(super) key_leaks: u32,
    /// By model, oldest first; `None` is a period without tasks.
    pub(super) success_rates: HashMap<String, Vec<Option<f64>>>,
    /// The records of the public feeds that there are.
    pub(super) feeds: HashMap<PublicFeed, Vec<Value>>,
    /// Times of the create requests within the rate limit's window.
    pub(super) recent: VecDeque<Timestamp>,
    /// The number of ids made so far.
    pub(super) serial: u64,
}
