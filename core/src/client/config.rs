//! The configuration with which the host app opens a client, and its validation.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use url::{Host, Url};

use crate::factory::Connector;
use crate::product::{BUILT_IN, DefinitionError, Layers, Product};
use crate::store::{StoreError, StoreKey};

/// Which server, which user, and which folder a client is for.
pub struct ClientConfig {
    /// The folder for Pocketdesk's files. It is created if it does not exist. Keep it out of device backups.
    pub directory: PathBuf,
    /// The host app's own stable id of the signed-in user, 1 to 200 characters. It is never sent and never shown. It does
    /// not count if nobody is signed in ([`anonymous`](Self::anonymous)).
    pub account: String,
    /// Whether nobody is signed in (`docs/product.md`, W11). Then the client holds only the tickets that were written on
    /// this device without an account, in a file of their own. It asks for no token, sends none, and reads nothing from the
    /// server.
    pub anonymous: bool,
    /// The server's address, such as `https://company.example`. `http` is allowed only for this machine itself.
    pub server_url: String,
    /// The kind of server.
    pub connector: Connector,
    /// The product definition as JSON (`docs/product-definition.md`); `None` for the built-in impact-mobile.
    pub product: Option<String>,
    /// Other definitions that `product` may extend, as JSON.
    pub definitions: Vec<String>,
    /// The https address from which the company delivers a definition on top of `product`
    /// ([`delivered`](crate::delivered)); `None` for none. `http` is allowed only for this machine itself. It gets no token.
    pub definition_url: Option<String>,
    /// The key with which the database is encrypted; `None` for a plain file.
    pub key: Option<StoreKey>,
    /// The installation id. The host app makes it once and keeps it where no backup and no move to another device can
    /// copy it. The file is bound to this id, so that a copy of the file on another device sends nothing without the
    /// user. With `None`, copies are not recognised.
    pub installation: Option<String>,
    /// How long a message can be undone before it is sent, while the app is in front. At most 30 s; zero turns it off.
    pub send_delay: Duration,
    /// The language in which screens are shown, a BCP 47 tag. The server is asked for it where the company has written
    /// labels of its own: for custom statuses, and for the options of fields.
    pub language: String,
    /// What the host app says about the signed-in user at first; see [`Client::set_claims`](crate::Client::set_claims).
    pub claims: BTreeSet<String>,
}

/// The send delay unless the host app sets another one.
pub const DEFAULT_SEND_DELAY: Duration = Duration::from_secs(5);
/// The longest send delay. A longer one is shortened to this.
pub const LONGEST_SEND_DELAY: Duration = Duration::from_secs(30);

/// Why a client cannot be opened.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, thiserror::Error)]
#[serde(tag = "kind", content = "detail", rename_all = "snake_case")]
pub enum OpenError {
    /// The server's address is no https origin, or the definition's address is no https address.
    #[error("the server's address must be an https origin, and the definition's an https address")]
    InvalidUrl,
    /// The account id is blank or too long.
    #[error("the account id must have 1 to 200 characters")]
    InvalidAccount,
    /// The product definition is invalid, or does not fit the connector.
    #[error("the product cannot be used: {0}")]
    InvalidProduct(#[from] DefinitionError),
    /// The product definition has no settings for this kind of server.
    #[error("the product has no settings for this kind of server")]
    NoConnectorSettings,
    /// The account's file cannot be opened.
    #[error(transparent)]
    #[serde(untagged)]
    Store(#[from] StoreError),
}

/// The parts of the configuration that were parsed and are valid.
pub(super) struct Checked {
    pub origin: Url,
    pub product: Product,
    pub definition_url: Option<Url>,
}

impl ClientConfig {
    /// The configuration for the host app's user `account` on the server at `server_url`, with its files in
    /// `directory`. Everything else has its default.
    #[must_use]
    pub fn new(directory: impl Into<PathBuf>, account: impl Into<String>, server_url: impl Into<String>) -> Self {
        Self {
            directory: directory.into(),
            account: account.into(),
            anonymous: false,
            server_url: server_url.into(),
            connector: Connector::default(),
            product: None,
            definitions: Vec::new(),
            definition_url: None,
            key: None,
            installation: None,
            send_delay: DEFAULT_SEND_DELAY,
            language: "en".to_owned(),
            claims: BTreeSet::new(),
        }
    }

    /// The configuration for tickets without an account on the server at `server_url`, with its files in `directory`.
    /// Everything else has its default.
    #[must_use]
    pub fn anonymous(directory: impl Into<PathBuf>, server_url: impl Into<String>) -> Self {
        Self { anonymous: true, ..Self::new(directory, String::new(), server_url) }
    }

    pub(super) fn check(&self) -> Result<Checked, OpenError> {
        if self.anonymous {
            // There is no account whose id could be wrong.
        } else if self.account.trim().is_empty() || self.account.chars().count() > 200 {
            return Err(OpenError::InvalidAccount);
        }
        let origin = check_origin(&self.server_url).ok_or(OpenError::InvalidUrl)?;
        let definition_url = match &self.definition_url {
            Some(text) => Some(check_address(text).ok_or(OpenError::InvalidUrl)?),
            None => None,
        };
        let layers = Layers::of(self.own_definition(), &self.definitions)?;
        let product = Product::from_layers(&layers, self.connector.server_kind())?;
        Ok(Checked { origin, product, definition_url })
    }

    /// The app's own definition.
    pub(super) fn own_definition(&self) -> &str {
        self.product.as_deref().unwrap_or(BUILT_IN)
    }
}

/// Parses an origin: scheme, host and port, and nothing else. `None` if `text` is no origin, or if the origin is not
/// safe.
fn check_origin(text: &str) -> Option<Url> {
    check_address(text).filter(|url| url.path() == "/" && url.query().is_none())
}

/// Parses an address. `None` if `text` is none, carries a name, a password or a fragment, or is not safe.
fn check_address(text: &str) -> Option<Url> {
    let url = Url::parse(text.trim()).ok()?;
    let local = match url.host()? {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    };
    let bare = url.fragment().is_none() && url.username().is_empty() && url.password().is_none();
    let safe = url.scheme() == "https" || (url.scheme() == "http" && local);
    (bare && safe).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::{check_address, check_origin};

    #[test]
    fn a_definition_comes_from_an_https_address() {
        for good in ["https://reisen.example/support.json", "https://reisen.example/d?v=2", "http://127.0.0.1:8080/d"] {
            assert!(check_address(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "file:///etc/d.json",
            "http://reisen.example/d",
            "https://a:b@reisen.example/d",
            "https://reisen.example/d#x",
        ] {
            assert!(check_address(bad).is_none(), "{bad}");
        }
    }

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
