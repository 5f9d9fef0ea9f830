//! A user's file on this machine, on its way to the vendor.

use std::any::Any;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A file on disk. It may be large, so it is read piece by piece and never as a whole.
#[derive(Clone)]
pub struct FileOnDisk {
    path: PathBuf,
    guard: Option<Arc<dyn Any + Send + Sync>>,
}

impl FileOnDisk {
    /// A file that belongs to another program and stays.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), guard: None }
    }

    /// The same file, with what ends its life: dropped with the last clone.
    #[must_use]
    pub fn with_guard(self, guard: impl Any + Send + Sync) -> Self {
        Self { guard: Some(Arc::new(guard)), ..self }
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl fmt::Debug for FileOnDisk {
    /// Without the path: that of a Bot API server contains the token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileOnDisk").field("guarded", &self.guard.is_some()).finish_non_exhaustive()
    }
}
