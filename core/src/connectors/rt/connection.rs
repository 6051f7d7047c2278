//! One connection to a Request Tracker: the session, the settings, and what was learned of the service so far.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use url::Url;

use super::calls::{AuthToken, LARGEST_PAGE};
use super::settings::Settings;
use crate::model::PersonId;
use crate::net::session::Session;
use crate::net::{Http, Tokens};
use crate::product::{Product, ProductError};

/// The values of each field, by its name; none where any text will do.
pub(super) type AllowedValues = BTreeMap<String, Vec<String>>;

/// A Request Tracker.
pub struct Rt {
    pub(super) session: Session,
    pub(super) settings: Settings,
    pub(super) page_size: u32,
    /// Whose tickets are created.
    pub(super) me: Mutex<Option<PersonId>>,
    /// What a new ticket's fields can hold, once it was read.
    pub(super) allowed_values: Mutex<Option<AllowedValues>>,
}

impl Rt {
    /// The server at `address`, of which only the origin counts. A token goes to https, or by http to this very device; with any
    /// other address nothing is ever sent, and every call is [`Failure::TryAgain`].
    ///
    /// A product without the part that this connector needs is an error.
    pub fn new(
        address: Url,
        http: Arc<dyn Http>,
        tokens: Arc<dyn Tokens>,
        product: &Product,
    ) -> Result<Self, ProductError> {
        Ok(Self {
            session: Session::new(address, &AuthToken, http, tokens),
            settings: Settings::of(product)?,
            page_size: product.sync.page_size.clamp(1, LARGEST_PAGE),
            me: Mutex::default(),
            allowed_values: Mutex::default(),
        })
    }
}
