//! What a case is given: a place, and hands to use it with.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use pocketdesk::environment::Environment;
use pocketdesk::model::{Capabilities, Write};
use pocketdesk::model::{Timestamp, millis};
use pocketdesk::net::ReqwestHttp;
use pocketdesk::product::Product;
use pocketdesk::{Client, ClientConfig};
use serde_json::{Value, json};

use crate::harness::{Need, Place, Service, Who};
use crate::network::Network;
use crate::trouble::Broken;
use crate::user_connector::{UserConnector, Wallet, key};

/// Small, so that lists and threads have several pages.
pub const PAGE: u32 = 4;

/// A place and its product.
pub struct Scene {
    service: Arc<dyn Service>,
    pub place: Box<dyn Place>,
    /// What the connector says that this server can do.
    pub can: Capabilities,
    pub product: Product,
    /// The product of the whole client.
    whole: String,
}

impl Scene {
    /// A new place.
    pub async fn at(service: Arc<dyn Service>) -> Result<Self, Broken> {
        let place = service.place().await?;
        let mut json: Value = serde_json::from_str(&place.product())?;
        // The whole client shall spend its requests on writing. What these servers answer is what they know at that moment, and
        // nothing that was cut is applied later: a doubt has to last no longer than the server's clock needs to move.
        json["consistency"] = json!({ "stale_read_seconds": 0, "late_apply_seconds": 0 });
        for ahead in ["open", "unread"] {
            json["thread_policy"][ahead] = json!(false);
        }
        json["thread_policy"]["active_days"] = json!(0);
        let whole = json.to_string();
        json["sync"]["page_size"] = json!(PAGE);
        let product = Product::from_json(&json.to_string())?;
        let nobody = Wallet::new(String::new());
        let can = place.connector(place.address(), Arc::new(ReqwestHttp::new()?), nobody, &product)?.capabilities();
        Ok(Self { service, place, can, product, whole })
    }

    /// Another place at the same server: other people, without any history.
    pub async fn elsewhere(&self) -> Result<Self, Broken> {
        Self::at(Arc::clone(&self.service)).await
    }

    /// Whether this server meets the need.
    pub fn offers(&self, need: Need) -> bool {
        need.met_by(&self.can).unwrap_or_else(|| self.place.offers(need))
    }

    /// A connector whose run has begun.
    pub async fn client(&self, who: Who) -> Result<UserConnector, Broken> {
        let wallet = Wallet::new(self.place.token(who).await?);
        let network = Network::to(&self.place.address()).await?;
        let http = Arc::new(ReqwestHttp::new()?);
        let tokens = Arc::clone(&wallet);
        let remote = self.place.connector(network.address().clone(), http, tokens, &self.product)?;
        let me = remote.begin(None).await?;
        Ok(UserConnector { remote, me, network, wallet })
    }

    /// The whole client over the same connector, its file in `folder`. Reads no thread ahead.
    pub async fn app(&self, who: Who, network: &Network, folder: &Path) -> Result<(Arc<Client>, Arc<Clock>), Broken> {
        self.server_with(who, network, folder, |_| {}).await
    }

    /// The same with some other product.
    pub async fn server_with(
        &self,
        who: Who,
        network: &Network,
        folder: &Path,
        change: impl FnOnce(&mut Value),
    ) -> Result<(Arc<Client>, Arc<Clock>), Broken> {
        let mut product: Value = serde_json::from_str(&self.whole)?;
        change(&mut product);
        let clock = Arc::new(Clock::default());
        let config = ClientConfig {
            connector: self.place.choice(),
            product: Some(product.to_string()),
            send_delay: Duration::ZERO,
            ..ClientConfig::new(folder, "user", network.address().as_str())
        };
        let (http, tokens) = (Arc::new(ReqwestHttp::new()?), Wallet::new(self.place.token(who).await?));
        let environment: Arc<dyn Environment> = Arc::<Clock>::clone(&clock);
        Ok((Arc::new(Client::open(&config, http, tokens, environment)?), clock))
    }

    /// A ticket as a user writes one; private, of the product's second issue type, without CCs and files.
    pub fn write(&self, subject: &str, description: &str) -> Result<Write, Broken> {
        Ok(Write::Create {
            subject: subject.to_owned(),
            description: description.to_owned(),
            issue_type: self.issue_type(1)?,
            cc: Vec::new(),
            access: false,
            reference: key()?.to_string(),
            uploads: Vec::new(),
        })
    }

    /// The same for all users of the account.
    pub fn write_shared(&self, subject: &str, description: &str) -> Result<Write, Broken> {
        let mut write = self.write(subject, description)?;
        if let Write::Create { access, .. } = &mut write {
            *access = true;
        }
        Ok(write)
    }

    /// What the server calls the product's issue type of that place.
    pub fn issue_type(&self, place: usize) -> Result<String, Broken> {
        let found = self.product.issue_types.get(place).ok_or_else(|| Broken::new("the product has no issue types"))?;
        Ok(found.value.clone())
    }
}

/// The machine's clock, ahead by as much as a case says.
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
