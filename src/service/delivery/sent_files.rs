//! What the chat has of a result.

use super::super::Service;
use super::DeliveryError;
use crate::job::{DeliveredFile, Job, JobId, Output};
use crate::store_error::StoreError;

/// The parts of a job's result that the chat has, in memory and in the store.
#[derive(Debug)]
pub struct SentFiles {
    service: Service,
    job: JobId,
    files: Vec<DeliveredFile>,
}

impl SentFiles {
    /// Of a job, with the parts that the store has.
    pub(in crate::service) async fn of_job(service: &Service, job: &JobId) -> Result<Self, StoreError> {
        let files = service.files(job).await?;
        Ok(Self { service: service.clone(), job: job.clone(), files })
    }

    /// All parts that the chat has.
    pub fn files(&self) -> &[DeliveredFile] {
        &self.files
    }

    /// Whether the chat has the part with this index.
    pub fn contains(&self, index: u32) -> bool {
        self.files.iter().any(|file| file.index == index)
    }

    /// Whether the chat has all that the job has made. What stands below it may still be missing.
    pub(in crate::service) fn has_all_of(&self, job: &Job) -> bool {
        let parts = job.output.as_ref().map_or(0, Output::parts) as u32;
        parts > 0 && (0..parts).all(|index| self.contains(index))
    }

    /// Records parts as soon as the chat has them, so that a delivery that is interrupted continues with the rest.
    /// Waits for an unavailable store, since only this process knows of them.
    ///
    /// # Errors
    /// [`DeliveryError::Retry`] when they are recorded and another worker has claimed the job: nothing more may be
    /// sent.
    pub async fn record(&mut self, files: Vec<DeliveredFile>) -> Result<(), DeliveryError> {
        let store = &self.service.inner.store;
        if let Err(error) = self.service.retry_until_available(|| store.put_files(&self.job, &files)).await {
            tracing::error!(job = %self.job, %error, "a part that was sent could not be recorded");
        }
        self.files.extend(files);
        if self.service.inner.in_flight.is_stale(&self.job) {
            return Err(DeliveryError::Retry { after: None, why: StoreError::Stale(self.job.clone()).to_string() });
        }
        Ok(())
    }
}
