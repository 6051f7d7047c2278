//! Makes a connector by name: the one place outside `connectors` that knows which there are.

use std::sync::Arc;

use url::Url;

use crate::connectors::zendesk::{self};
use crate::connectors::{Remote, rt};
use crate::net::{Http, Tokens};
use crate::product::{Profile, ProfileError};

/// Which service a desk is: the host app's choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Connector {
    /// Zendesk, or a desk that speaks like it.
    #[default]
    Zendesk,
    /// Request Tracker 5.
    RequestTracker,
}

impl Connector {
    /// The profile for a desk of this service, as JSON, unless the host app brings one.
    #[must_use]
    pub fn profile_json(self) -> &'static str {
        match self {
            Self::Zendesk => crate::product::BUILT_IN,
            Self::RequestTracker => rt::PROFILE,
        }
    }

    pub(crate) fn connect(
        self,
        address: Url,
        http: Arc<dyn Http>,
        tokens: Arc<dyn Tokens>,
        profile: &Profile,
    ) -> Result<Box<dyn Remote>, ProfileError> {
        Ok(match self {
            Self::Zendesk => Box::new(zendesk::Zendesk::new(address, http, tokens, profile)),
            Self::RequestTracker => Box::new(rt::Rt::new(address, http, tokens, profile)?),
        })
    }
}
