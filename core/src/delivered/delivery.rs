//! The delivered definition of an open client: when it is asked for, and what became of it.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use url::Url;

use super::accept::{DeliveredDefinition, Refusal, accept};
use super::fetch::{Fetched, fetch};
use super::file::{DeliveredFile, Kept};
use crate::model::Timestamp;
use crate::net::Http;
use crate::product::{Layers, Product, ServerKind};

/// How long after a successful request the address is not asked again, whether or not its text was taken.
const FRESH: Duration = Duration::from_hours(6);
/// How long the next attempt waits after one that failed.
pub const PAUSE: Duration = Duration::from_hours(1);

/// Where a definition is delivered from, and what became of it.
pub struct DefinitionDelivery {
    url: Url,
    file: DeliveredFile,
    http: Arc<dyn Http>,
    /// The app's own definition, and those that it may extend.
    own: (String, Vec<String>),
    server: ServerKind,
    progress: Mutex<Progress>,
}

#[derive(Default)]
struct Progress {
    state: DeliveredDefinition,
    /// Why the kept definition is not used.
    unfit: Option<Refusal>,
    /// When the last attempt failed.
    failed_at: Option<Timestamp>,
}

impl DefinitionDelivery {
    /// Reads what is kept of `url` in `directory`. `own` is the app's own definition, and those that it may extend. Returns the
    /// product with what is kept, if it can be used.
    #[must_use]
    pub fn open(
        directory: &Path,
        url: Url,
        http: Arc<dyn Http>,
        own: (String, Vec<String>),
        server: ServerKind,
    ) -> (Option<Product>, Self) {
        let file = DeliveredFile::of(directory, &url);
        let delivery = Self { file, url, http, own, server, progress: Mutex::default() };
        let kept = delivery.file.read();
        let accepted = kept.text.as_deref().map(|text| delivery.accept(text, None)).transpose();
        let (product, unfit) = accepted.map_or_else(|refusal| (None, Some(refusal)), |product| (product, None));
        let state = DeliveredDefinition {
            version: product.as_ref().map(|product| product.definition.version),
            next_version: None,
            checked_at: kept.checked_at,
            refused: unfit.clone(),
        };
        *delivery.progress() = Progress { state, unfit, failed_at: None };
        (product, delivery)
    }

    /// What became of the address.
    #[must_use]
    pub fn state(&self) -> DeliveredDefinition {
        self.progress().state.clone()
    }

    /// Asks the address, and keeps what is good.
    pub async fn refresh(&self, now: Timestamp) {
        let kept = self.file.read();
        let fetched = fetch(self.http.as_ref(), &self.url, kept.etag.as_deref()).await;
        let (next, refused) = match fetched {
            Ok(Fetched::Unchanged) => (Some(kept), self.progress().unfit.clone()),
            Ok(Fetched::Text { text, etag }) => match self.accept(&text, kept.version) {
                Ok(product) => {
                    let version = Some(product.definition.version);
                    (Some(Kept { text: Some(text), version, etag, checked_at: None }), None)
                }
                Err(refusal) => (Some(kept), Some(refusal)),
            },
            Err(refusal) => (None, Some(refusal)),
        };
        let Some(next) = next else { return self.failed(refused, now) };
        let next = Kept { checked_at: Some(now), ..next };
        if self.file.write(&next).is_err() {
            return self.failed(Some(Refusal::NotStored), now);
        }
        let mut progress = self.progress();
        progress.failed_at = None;
        progress.state.next_version = next.version.filter(|version| progress.state.version != Some(*version));
        progress.state.checked_at = next.checked_at;
        progress.state.refused = refused;
    }

    fn accept(&self, text: &str, last: Option<u32>) -> Result<Product, Refusal> {
        accept(Layers::of(&self.own.0, &self.own.1)?, text, self.server, last)
    }

    fn failed(&self, refused: Option<Refusal>, now: Timestamp) {
        let mut progress = self.progress();
        progress.failed_at = Some(now);
        progress.state.refused = refused;
    }

    /// How long until the address is asked again; zero if it is due. A clock that was set back makes it due.
    #[must_use]
    pub fn wait(&self, now: Timestamp) -> Duration {
        let progress = self.progress();
        let left = |since: Timestamp, length: Duration| {
            let until = since.plus(length);
            let left = if since > now { 0 } else { until.0.saturating_sub(now.0) };
            Duration::from_millis(u64::try_from(left).unwrap_or_default())
        };
        match (progress.failed_at, progress.state.checked_at) {
            (Some(failed), _) => left(failed, PAUSE),
            (None, Some(checked)) => left(checked, FRESH),
            (None, None) => Duration::ZERO,
        }
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
