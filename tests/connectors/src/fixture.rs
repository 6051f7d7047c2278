//! What a case is given: a test server, and users and clients for it.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use pocketdesk::environment::Environment;
use pocketdesk::model::{Capabilities, ServerStatus, TicketStatus, Write};
use pocketdesk::model::{Timestamp, millis};
use pocketdesk::net::ReqwestHttp;
use pocketdesk::product::{Product, StatusFacts};
use pocketdesk::{Client, ClientConfig};
use serde_json::{Value, json};

use crate::harness::{Need, Service, TestServer, Who};
use crate::network::Network;
use crate::trouble::Broken;
use crate::user_connector::{TokenSource, UserConnector, key};

/// The page size. It is small, so that lists and threads have several pages.
pub const PAGE: u32 = 4;

/// A test server with its product definition.
pub struct Fixture {
    service: Arc<dyn Service>,
    pub server: Box<dyn TestServer>,
    /// The connector's capabilities for this server.
    pub can: Capabilities,
    pub product: Product,
    /// The product definition for a whole client, as JSON.
    client_product: String,
}

impl Fixture {
    /// Makes a new test server.
    pub async fn at(service: Arc<dyn Service>) -> Result<Self, Broken> {
        let server = service.test_server().await?;
        let mut json: Value = serde_json::from_str(&server.product())?;
        // A whole client should spend its requests on writing. These servers answer their current state and never apply
        // a cut request later, so the ambiguity timeout can be as short as the server's clock allows.
        json["sync"] = json!({
            "stale_read_seconds": 0, "late_apply_seconds": 0,
            "threads": { "open": false, "unread": false, "active_days": 0 }
        });
        let client_product = json.to_string();
        json["sync"]["page_size"] = json!(PAGE);
        let product = Product::from_json(&json.to_string(), server.choice().server_kind())?;
        let nobody = TokenSource::new(String::new());
        let can = server.connector(server.address(), Arc::new(ReqwestHttp::new()?), nobody, &product)?.capabilities();
        Ok(Self { service, server, can, product, client_product })
    }

    /// Makes another test server of the same kind: other people, without any history.
    pub async fn another(&self) -> Result<Self, Broken> {
        Self::at(Arc::clone(&self.service)).await
    }

    /// Whether this server supports the need.
    pub fn offers(&self, need: Need) -> bool {
        need.supported_by(&self.can).unwrap_or_else(|| self.server.offers(need))
    }

    /// The product's status for one of the server.
    pub fn status(&self, server: ServerStatus, user_spoke_last: bool) -> TicketStatus {
        self.product.status(&StatusFacts { user_spoke_last: Some(user_spoke_last), ..StatusFacts::of(server) })
    }

    /// A user's connector whose run has begun.
    pub async fn user(&self, who: Who) -> Result<UserConnector, Broken> {
        let tokens = TokenSource::new(self.server.token(who).await?);
        let network = Network::to(&self.server.address()).await?;
        let http = Arc::new(ReqwestHttp::new()?);
        let remote = self.server.connector(
            network.address().clone(),
            http,
            Arc::<TokenSource>::clone(&tokens),
            &self.product,
        )?;
        let me = remote.begin(None).await?;
        Ok(UserConnector { remote, me, network, tokens })
    }

    /// A whole client over the same connector, with its file in `folder`. It reads no threads in advance.
    pub async fn client(
        &self,
        who: Who,
        network: &Network,
        folder: &Path,
    ) -> Result<(Arc<Client>, Arc<Clock>), Broken> {
        self.client_with(who, network, folder, |_| {}).await
    }

    /// The same, with a changed product definition.
    pub async fn client_with(
        &self,
        who: Who,
        network: &Network,
        folder: &Path,
        change: impl FnOnce(&mut Value),
    ) -> Result<(Arc<Client>, Arc<Clock>), Broken> {
        let mut product: Value = serde_json::from_str(&self.client_product)?;
        change(&mut product);
        let clock = Arc::new(Clock::default());
        let config = ClientConfig {
            connector: self.server.choice(),
            product: Some(product.to_string()),
            send_delay: Duration::ZERO,
            language: "de".to_owned(),
            ..ClientConfig::new(folder, "user", network.address().as_str())
        };
        let (http, tokens) = (Arc::new(ReqwestHttp::new()?), TokenSource::new(self.server.token(who).await?));
        let environment: Arc<dyn Environment> = Arc::<Clock>::clone(&clock);
        Ok((Arc::new(Client::open(&config, http, tokens, environment)?), clock))
    }

    /// A new ticket: private, of the product's second issue type, without CC addresses and files.
    pub fn write(&self, subject: &str, description: &str) -> Result<Write, Broken> {
        Ok(Write::Create {
            subject: subject.to_owned(),
            description: description.to_owned(),
            issue_type: self.issue_type(1)?,
            cc: Vec::new(),
            access: false,
            reference: key()?.to_string(),
            uploads: Vec::new(),
            follows: None,
            requester: None,
        })
    }

    /// The same, accessible to all users of the account.
    pub fn write_shared(&self, subject: &str, description: &str) -> Result<Write, Broken> {
        let mut write = self.write(subject, description)?;
        if let Write::Create { access, .. } = &mut write {
            *access = true;
        }
        Ok(write)
    }

    /// The server's value for the product's issue type at `index`.
    pub fn issue_type(&self, index: usize) -> Result<String, Broken> {
        let found = self.product.issue_types.get(index).ok_or_else(|| Broken::new("the product has no issue types"))?;
        Ok(found.value.clone())
    }
}

/// The machine's clock plus an offset that a case advances.
#[derive(Default)]
pub struct Clock(AtomicI64);

impl Clock {
    pub fn advance(&self, by: Duration) {
        self.0.fetch_add(millis(by), Ordering::Relaxed);
    }
}

#[async_trait]
impl Environment for Clock {
    fn now(&self) -> Timestamp {
        let machine = millis(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default());
        Timestamp(machine + self.0.load(Ordering::Relaxed))
    }

    async fn sleep(&self, length: Duration) {
        tokio::time::sleep(length).await;
    }

    fn random(&self) -> [u8; 16] {
        key().unwrap_or_default().into_bytes()
    }
}
