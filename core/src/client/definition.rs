//! Asking for a delivered definition while a client is open. The story is in [`delivered`](crate::delivered).

use std::time::Duration;

use super::Client;
use crate::delivered::{DefinitionDelivery, DeliveredDefinition, PAUSE};
use crate::live::{Changes, Urgency};

impl Client {
    /// What became of the delivered definition; `None` if the configuration has no address for one. For the host app's
    /// developer: no user needs it.
    #[must_use]
    pub fn delivered_definition(&self) -> Option<DeliveredDefinition> {
        self.delivery.as_ref().map(DefinitionDelivery::state)
    }

    /// Asks for a delivered definition whenever it is due, until the client is closed.
    pub(super) async fn drive_delivery(&self) {
        let Some(delivery) = &self.delivery else { return };
        loop {
            let now = self.environment.now();
            let wait = {
                let scheduler = self.scheduler();
                if scheduler.closed {
                    return;
                }
                if scheduler.online && !scheduler.suspended { delivery.wait(now) } else { PAUSE }
            };
            if wait.is_zero() && self.unless_halted(Box::pin(delivery.refresh(now))).await.is_ok() {
                self.live.announce(&Changes::of_status(), Urgency::Now);
                continue;
            }
            tokio::select! {
                biased;
                () = self.wake_delivery.notified() => {}
                () = self.environment.sleep(wait.max(Duration::from_secs(1))) => {}
            }
        }
    }
}
