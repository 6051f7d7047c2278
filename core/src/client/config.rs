//! What the host app says when it opens a server, checked.

use std::path::PathBuf;
use std::time::Duration;

use url::{Host, Url};

use crate::factory::Connector;
use crate::product::{Product, ProductError};
use crate::store::{StoreError, StoreKey};

/// Where the server is, and for whom.
pub struct ClientConfig {
    /// A folder that Pocketdesk may fill; made if it is not there. Keep it out of device backups.
    pub directory: PathBuf,
    /// The host app's own stable id of the signed-in user, 1 to 200 characters. Never sent, never shown.
    pub account: String,
    /// The server's address, `https://company.example`; `http` only on this machine itself.
    pub server_url: String,
    /// Which service the server is.
    pub connector: Connector,
    /// A product as JSON; `None` for the one that comes with the connector.
    pub product: Option<String>,
    /// The key of an encrypted file.
    pub key: Option<StoreKey>,
    /// What tells this installation from every other: an id that the host app makes once and keeps where no backup and no
    /// move to another device takes it. The file is bound to it, so that a copy of the file on another device sends
    /// nothing by itself. `None`: copies are not recognised.
    pub installation: Option<String>,
    /// How long a message can be undone before it is sent, while the app is in front. At most 30 s; zero: not at all.
    pub send_delay: Duration,
}

/// The send delay unless the host app wishes another.
pub const DEFAULT_SEND_DELAY: Duration = Duration::from_secs(5);
/// A longer wish is cut to this.
pub const LONGEST_SEND_DELAY: Duration = Duration::from_secs(30);

/// Why a server cannot be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The address is not an https origin.
    #[error("the server's address must be an https origin")]
    InvalidUrl,
    /// The account id is empty or too long.
    #[error("the account id must have 1 to 200 characters")]
    InvalidAccount,
    /// The product.
    #[error("the product cannot be used: {0}")]
    InvalidProduct(#[from] ProductError),
    /// The file.
    #[error(transparent)]
    Store(#[from] StoreError),
}

pub(super) struct Checked {
    pub origin: Url,
    pub product: Product,
}

impl ClientConfig {
    /// The server at `server_url` for the host app's user `account`, in `directory`; everything else as it is by default.
    #[must_use]
    pub fn new(directory: impl Into<PathBuf>, account: impl Into<String>, server_url: impl Into<String>) -> Self {
        Self {
            directory: directory.into(),
            account: account.into(),
            server_url: server_url.into(),
            connector: Connector::default(),
            product: None,
            key: None,
            installation: None,
            send_delay: DEFAULT_SEND_DELAY,
        }
    }

    pub(super) fn check(&self) -> Result<Checked, OpenError> {
        if self.account.trim().is_empty() || self.account.chars().count() > 200 {
            return Err(OpenError::InvalidAccount);
        }
        let origin = check_origin(&self.server_url).ok_or(OpenError::InvalidUrl)?;
        let product = Product::from_json(self.product.as_deref().unwrap_or(self.connector.product_json()))?;
        Ok(Checked { origin, product })
    }
}

/// Scheme, host and port, and nothing else.
fn check_origin(text: &str) -> Option<Url> {
    let url = Url::parse(text.trim()).ok()?;
    let local = match url.host()? {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    };
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let anonymous = url.username().is_empty() && url.password().is_none();
    let safe = url.scheme() == "https" || (url.scheme() == "http" && local);
    (bare && anonymous && safe).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::check_origin;

    #[test]
    fn only_a_bare_https_origin_is_a_server() {
        for good in [
            "https://desk.example",
            "https://desk.example/",
            "http://127.0.0.1:8080",
            "http://localhost",
            "http://[::1]:9",
        ] {
            assert!(check_origin(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "desk.example",
            "http://desk.example",
            "ftp://desk.example",
            "https://a:b@desk.example",
            "https://desk.example/x",
            "https://desk.example/?q",
            "http://127.0.0.1.example",
        ] {
            assert!(check_origin(bad).is_none(), "{bad}");
        }
    }
}
