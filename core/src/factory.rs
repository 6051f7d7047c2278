//! Creates connectors. This is the only place outside `connectors` that knows which connectors exist.

use std::sync::Arc;

use url::Url;

use crate::connectors::zendesk::{self};
use crate::connectors::{Remote, rt};
use crate::net::{Http, Tokens};
use crate::product::{Product, ProductError};

/// The kind of server, chosen by the host app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Connector {
    /// Zendesk, or a server with the same interface.
    #[default]
    Zendesk,
    /// Request Tracker 5.
    RequestTracker,
}

impl Connector {
    /// The product definition as JSON for servers of this kind, used if the host app provides none.
    #[must_use]
    pub fn product_json(self) -> &'static str {
        match self {
            Self::Zendesk => crate::product::BUILT_IN,
            Self::RequestTracker => rt::PRODUCT,
        }
    }

    /// Creates the connector for the server at `address`. Makes no request.
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
