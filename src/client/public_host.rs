//! Requests to URLs that others choose (a result's file, a person's link, a redirect) reach public hosts only: services
//! in the own network trust whoever can connect to them.
//!
//! An address in a URL is checked before the request, a host name when it is resolved, so that a name cannot lead
//! elsewhere between check and connection. Behind a proxy, names are resolved by the proxy, which has to check them.

use std::collections::HashSet;
use std::error::Error as StdError;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, LazyLock};

use ipnet::IpNet;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect;
use url::{Host, Url};

use crate::client::error::Error;

/// The most redirects that are followed.
const REDIRECTS: usize = 5;

/// The networks of IPv4 that are not public, and those of IPv6 within the public range (IANA's registries of
/// special-purpose addresses).
static SPECIAL: LazyLock<Vec<IpNet>> = LazyLock::new(|| {
    let networks = [
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
    ];
    networks.into_iter().map(network).collect()
});

/// The public range of IPv6.
static UNICAST: LazyLock<IpNet> = LazyLock::new(|| network("2000::/3"));

/// Addresses of IPv4 that a gateway (NAT64) makes reachable over IPv6.
static TRANSLATED: LazyLock<IpNet> = LazyLock::new(|| network("64:ff9b::/96"));

fn network(text: &str) -> IpNet {
    text.parse().expect("the constant is a network")
}

/// Whether an address is one of the internet.
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(_) => !SPECIAL.iter().any(|network| network.contains(&ip)),
        IpAddr::V6(v6) => match embedded(v6) {
            Some(v4) => is_public(v4),
            None => UNICAST.contains(&ip) && !SPECIAL.iter().any(|network| network.contains(&ip)),
        },
    }
}

/// The address of IPv4 that a packet to this one is sent to.
fn embedded(ip: Ipv6Addr) -> Option<IpAddr> {
    let translated = || {
        let [.., a, b, c, d] = ip.octets();
        TRANSLATED.contains(&IpAddr::V6(ip)).then(|| IpAddr::from([a, b, c, d]))
    };
    ip.to_ipv4_mapped().map(IpAddr::V4).or_else(translated)
}

/// The host has an address that is not public.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0} is not a public host")]
struct PrivateHost(String);

/// Which hosts can be reached.
#[derive(Debug, Clone)]
pub(super) struct PublicHosts {
    /// Hosts of the settings, with their ports, and of proxies: the operator has chosen them.
    chosen: Arc<HashSet<(String, Option<u16>)>>,
    /// Whether all hosts can.
    allows_private: bool,
}

impl PublicHosts {
    /// Public hosts, the servers of these URLs, and the proxies of the environment.
    pub(super) fn new(servers: [&Url; 2], allows_private: bool) -> Self {
        let of = |url: &Url| Some((url.host_str()?.to_owned(), url.port_or_known_default()));
        let names = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
        let proxies = names.into_iter().filter_map(|name| std::env::var(name).ok());
        // A proxy may be given without a scheme.
        let proxies = proxies.filter_map(|proxy| {
            Url::parse(&proxy).ok().filter(Url::has_host).or_else(|| Url::parse(&format!("http://{proxy}")).ok())
        });
        let chosen = servers.into_iter().filter_map(of).chain(proxies.filter_map(|url| of(&url)));
        Self { chosen: Arc::new(chosen.collect()), allows_private }
    }

    /// Checks a URL before a request. A host name is checked when it is resolved.
    ///
    /// # Errors
    /// [`Error::PrivateHost`].
    pub(super) fn check(&self, url: &Url) -> Result<(), Error> {
        self.check_address(url).map_err(|PrivateHost(host)| Error::PrivateHost { host })
    }

    fn check_address(&self, url: &Url) -> Result<(), PrivateHost> {
        let ip = match url.host() {
            Some(Host::Ipv4(ip)) => IpAddr::V4(ip),
            Some(Host::Ipv6(ip)) => IpAddr::V6(ip),
            Some(Host::Domain(_)) | None => return Ok(()),
        };
        let host = url.host_str().unwrap_or_default().to_owned();
        let chosen = (host, url.port_or_known_default());
        if self.allows_private || is_public(ip) || self.chosen.contains(&chosen) {
            return Ok(());
        }
        Err(PrivateHost(chosen.0))
    }

    /// Follows some redirects, each to a URL that [`PublicHosts::check`] accepts.
    pub(super) fn redirects(&self) -> redirect::Policy {
        let hosts = self.clone();
        redirect::Policy::custom(move |attempt| match hosts.check_address(attempt.url()) {
            Err(private) => attempt.error(private),
            Ok(()) if attempt.previous().len() > REDIRECTS => attempt.error("too many redirects"),
            Ok(()) => attempt.follow(),
        })
    }
}

/// Resolves a name to those of its addresses that can be reached.
impl Resolve for PublicHosts {
    fn resolve(&self, name: Name) -> Resolving {
        let name = name.as_str().to_owned();
        let is_free = self.allows_private || self.chosen.iter().any(|(host, _)| *host == name);
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let (reachable, private): (Vec<_>, Vec<_>) =
                found.into_iter().partition(|address| is_free || is_public(address.ip()));
            if reachable.is_empty() && !private.is_empty() {
                return Err(PrivateHost(name).into());
            }
            Ok::<Addrs, _>(Box::new(reachable.into_iter()))
        })
    }
}

/// The host, if this is why a request failed.
pub(super) fn refused_host(error: &reqwest::Error) -> Option<String> {
    let mut cause = error.source();
    while let Some(inner) = cause {
        if let Some(PrivateHost(host)) = inner.downcast_ref() {
            return Some(host.clone());
        }
        cause = inner.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn addresses_of_the_internet_are_told_from_all_others() {
        let public = ["1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1", "::ffff:1.1.1.1", "64:ff9b::101:101"];
        for ip in public {
            assert!(is_public(ip.parse().unwrap()), "{ip}");
        }
        let others = [
            "0.0.0.0",
            "127.0.0.1",
            "127.8.8.8",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "2001:db8::1",
            "2002:7f00:1::",
        ];
        for ip in others {
            assert!(!is_public(ip.parse().unwrap()), "{ip}");
        }
    }

    #[test]
    fn the_operators_servers_are_reached_wherever_they_are() {
        let (api, upload) = (url("http://127.0.0.1:8080"), url("https://kie.internal"));
        let hosts = PublicHosts::new([&api, &upload], false);
        for ok in ["http://127.0.0.1:8080/a.png", "https://8.8.8.8/", "https://example.com/"] {
            assert_eq!(hosts.check(&url(ok)), Ok(()), "{ok}");
        }
        // A URL has these spellings of the same address too.
        for bad in
            ["http://127.0.0.1:8081/", "http://2130706433/", "http://0x7f.1/", "http://[::1]:8080/", "http://10.0.0.1/"]
        {
            assert!(matches!(hosts.check(&url(bad)), Err(Error::PrivateHost { .. })), "{bad}");
        }
        assert_eq!(PublicHosts::new([&api, &upload], true).check(&url("http://10.0.0.1/")), Ok(()));
    }
}
