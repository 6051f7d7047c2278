//! Creates connectors. Outside `connectors`, only this file and the product's settings of servers (`product/servers.rs`
//! and the definition) know which connectors exist.

use std::sync::Arc;

use url::Url;

use crate::connectors::zendesk::{self};
use crate::connectors::{Remote, rt};
use crate::net::{Http, Tokens};
use crate::product::{Product, ServerKind};

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
    /// The kind of server for which a product definition needs settings.
    #[must_use]
    pub fn server_kind(self) -> ServerKind {
        match self {
            Self::Zendesk => ServerKind::Zendesk,
            Self::RequestTracker => ServerKind::RequestTracker,
        }
    }

    /// Creates the connector for the server at `address`. Makes no request. `None` if this kind of server needs
    /// settings and the product has none for it.
    pub(crate) fn connect(
        self,
        address: Url,
        http: Arc<dyn Http>,
        tokens: Arc<dyn Tokens>,
        product: &Product,
    ) -> Option<Box<dyn Remote>> {
        Some(match self {
            Self::Zendesk => Box::new(zendesk::Zendesk::new(address, http, tokens, product)),
            Self::RequestTracker => Box::new(rt::Rt::new(address, http, tokens, product)?),
        })
    }
}
