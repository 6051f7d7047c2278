//! The one origin to which a token is sent.

use url::{Host, Url};

/// The server's origin, checked once. Every address to which a token is sent is built from it or compared with it.
pub(crate) struct Origin(Url);

impl Origin {
    /// The origin of `address`, if a [token may be sent there](is_safe). Path and query are dropped.
    pub(crate) fn of(mut address: Url) -> Option<Self> {
        if !is_safe(&address) {
            return None;
        }
        address.set_path("/");
        address.set_query(None);
        address.set_fragment(None);
        Some(Self(address))
    }

    /// Builds an address on this server.
    pub(crate) fn at(&self, path: &str, query: &[(&str, &str)]) -> Url {
        let mut url = self.0.clone();
        url.set_path(path);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }

    /// Resolves the address of a file, if a request without a token may be sent there.
    pub(crate) fn resolve(&self, address: &str) -> Option<Url> {
        self.0.join(address).ok().filter(is_safe)
    }

    /// Whether an address is on the server, so that a token may be sent there.
    pub(crate) fn owns(&self, link: &str) -> bool {
        self.0.join(link).is_ok_and(|url| url.origin() == self.0.origin())
    }
}

/// Whether the address is https, or http on this device (a server under test), and holds no user name or password.
fn is_safe(address: &Url) -> bool {
    let is_protected = match address.scheme() {
        "https" => address.host().is_some(),
        "http" => is_loopback(address),
        _ => false,
    };
    is_protected && address.username().is_empty() && address.password().is_none()
}

fn is_loopback(address: &Url) -> bool {
    match address.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::Origin;

    fn origin(address: &str) -> Option<Origin> {
        Origin::of(Url::parse(address).unwrap())
    }

    #[test]
    fn a_token_goes_to_https_or_to_this_device_only() {
        for address in
            ["https://help.example.com", "http://127.0.0.1:4000", "http://localhost:4000/x?y#z", "http://[::1]:4000"]
        {
            assert!(origin(address).is_some(), "{address}");
        }
        for address in [
            "http://help.example.com",
            "http://localhost.example.com",
            "http://127.0.0.1.example.com",
            "http://192.168.1.20:4000",
            "https://ada:secret@help.example.com",
            "ftp://help.example.com",
            "file:///etc/hosts",
        ] {
            assert!(origin(address).is_none(), "{address}");
        }
    }

    #[test]
    fn an_address_is_built_from_the_origin_alone() {
        let server = origin("https://help.example.com/agent/?lang=de#top").unwrap();
        assert_eq!(server.at("/api/v2/users/me", &[]).as_str(), "https://help.example.com/api/v2/users/me");
        assert_eq!(
            server.at("/api/v2/requests", &[("page[after]", "a b&c=ü")]).as_str(),
            "https://help.example.com/api/v2/requests?page%5Bafter%5D=a+b%26c%3D%C3%BC"
        );
    }

    #[test]
    fn a_link_belongs_to_the_server_only_with_scheme_host_and_port() {
        let server = origin("https://help.example.com").unwrap();
        assert!(server.owns("https://help.example.com/api/v2/requests?page=2"));
        assert!(server.owns("https://help.example.com:443/api/v2/requests?page=2"));
        assert!(server.owns("/api/v2/requests?page=2"));
        for link in [
            "https://evil.example/api/v2/requests?page=2",
            "http://help.example.com/api/v2/requests?page=2",
            "https://help.example.com:8443/api/v2/requests?page=2",
            "https://help.example.com@evil.example/",
            "//evil.example/x",
            "javascript:alert(1)",
            "https://",
        ] {
            assert!(!server.owns(link), "{link}");
        }
    }
}
