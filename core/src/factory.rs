//! Makes a connector by name: the one place outside `connectors` that knows which there are.

use std::sync::Arc;

use url::Url;

use crate::connectors::zendesk::{self};
use crate::connectors::{Remote, rt};
use crate::net::{Http, Tokens};
use crate::product::{Product, ProductError};

/// Which service a server is: the host app's choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Connector {
    /// Zendesk, or a server that speaks like it.
    #[default]
    Zendesk,
    /// Request Tracker 5.
    RequestTracker,
}

impl Connector {
    /// The product for a server of this service, as JSON, unless the host app brings one.
    #[must_use]
    pub fn product_json(self) -> &'static str {
        match self {
            Self::Zendesk => crate::product::BUILT_IN,
            Self::RequestTracker => rt::PRODUCT,
        }
    }

    pub(crate) fn connect(
        self,
        address: Url,
        http: Arc<dyn Http>,
        tokens: Arc<dyn Tokens>,
        product: &Product,
    ) -> Result<Box<dyn Remote>, ProductError> {
        Ok(match self {
            Self::Zendesk => Box::new(zendesk::Zendesk::new(address, http, tokens, product)),
            Self::RequestTracker => Box::new(rt::Rt::new(address, http, tokens, product)?),
        })
    }
}
