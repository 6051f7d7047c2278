//! The state of a connection to a Request Tracker: the session, the settings, and what the connector has learned about
//! the server.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use url::Url;

use super::calls::{AuthToken, LARGEST_PAGE};
use super::settings::Settings;
use crate::model::PersonId;
use crate::net::session::Session;
use crate::net::{Http, Tokens};
use crate::product::Product;

/// The allowed values of each field, by the field's name. A field without values takes any text.
pub(super) type AllowedValues = BTreeMap<String, Vec<String>>;

/// A Request Tracker server.
pub struct Rt {
    pub(super) connection: Connection,
}

/// The connection for one call.
pub(super) struct Connection {
    pub session: Session,
    pub settings: Arc<Settings>,
    pub page_size: u32,
    /// The user for whom tickets are created, once a run has named it.
    pub me: Arc<Mutex<Option<PersonId>>>,
    /// The allowed values of a new ticket's fields, once they were read.
    pub allowed_values: Arc<Mutex<Option<AllowedValues>>>,
}

impl Rt {
    /// The server at `address`, of which only the origin is used. Tokens are sent to https, or to http on this device.
    /// With any other address nothing is ever sent, and every call fails with
    /// [`Failure::TryAgain`](crate::model::Failure::TryAgain).
    ///
    /// `None` if the product lacks the settings of this connector.
    pub fn new(address: Url, http: Arc<dyn Http>, tokens: Arc<dyn Tokens>, product: &Product) -> Option<Self> {
        let connection = Connection {
            session: Session::new(address, &AuthToken, http, tokens),
            settings: Arc::new(Settings::of(product)?),
            page_size: product.sync.page_size.clamp(1, LARGEST_PAGE),
            me: Arc::default(),
            allowed_values: Arc::default(),
        };
        Some(Self { connection })
    }

    /// The connection for one more call, whose answers have their own times.
    pub(super) fn call(&self) -> Connection {
        let Connection { session, settings, page_size, me, allowed_values } = &self.connection;
        Connection {
            session: session.fresh(),
            settings: Arc::clone(settings),
            page_size: *page_size,
            me: Arc::clone(me),
            allowed_values: Arc::clone(allowed_values),
        }
    }
}
