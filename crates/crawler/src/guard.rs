//! Which addresses may be connected to: none of this machine and its networks,
//! checked after names are resolved.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// A host leads to an address that is not of the public internet.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{host} leads to {address}, which is not on the public internet")]
pub struct NotPublic {
    /// The host.
    pub host: String,
    /// The first of its addresses.
    pub address: IpAddr,
}

/// Whether `address` is of the public internet: not of this machine, of a
/// private network, of a link, of a carrier, of no host or of many, and none
/// of these inside an IPv6 address.
///
/// Sources: RFC 6890 and the IANA registries of special-purpose addresses.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || a == 0
        || a >= 224
        || (a, b & 0xc0) == (100, 64)
        || (a, b, c) == (192, 0, 0)
        || (a, b, c) == (192, 88, 99)
        || (a, b & 0xfe) == (198, 18);
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    let low = Ipv4Addr::from((u32::from(segments[6]) << 16) | u32::from(segments[7]));
    match segments {
        // Mapped, compatible, translated (RFC 6052) and 6to4 carry an IPv4 address.
        [0, 0, 0, 0, 0, 0xffff, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..] => is_public_v4(low),
        [0, 0, 0, 0, 0, 0, ..] => false,
        [0x2002, high, next, ..] => {
            is_public_v4(Ipv4Addr::from((u32::from(high) << 16) | u32::from(next)))
        }
        // Teredo, documentation, and what is not global unicast (2000::/3).
        [0x2001, 0 | 0xdb8, ..] => false,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

/// What a URL with an address for a host must pass: no name is resolved for
/// it, so that the resolver never sees it.
pub(crate) fn check_literal(url: &Url, allow_private: bool) -> Result<(), NotPublic> {
    let address = match url.host() {
        Some(Host::Ipv4(address)) => IpAddr::V4(address),
        Some(Host::Ipv6(address)) => IpAddr::V6(address),
        _ => return Ok(()),
    };
    if allow_private || is_public(address) {
        return Ok(());
    }
    let host = url.host_str().unwrap_or_default().to_owned();
    Err(NotPublic { host, address })
}

/// Resolves names as the system does, and keeps back addresses that are not
/// public.
#[derive(Clone, Debug)]
pub(crate) struct GuardedResolver {
    pub(crate) allow_private: bool,
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let allow_private = self.allow_private;
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found: Vec<SocketAddr> =
                tokio::net::lookup_host((host.as_str(), 0)).await?.collect();
            Ok(Box::new(admitted(&host, found, allow_private)?.into_iter()) as Addrs)
        })
    }
}

/// The addresses of `host` that may be connected to. A host with any address
/// that is not public is refused as a whole: it may answer otherwise next time.
fn admitted(
    host: &str,
    found: Vec<SocketAddr>,
    allow_private: bool,
) -> Result<Vec<SocketAddr>, Box<dyn std::error::Error + Send + Sync>> {
    if found.is_empty() {
        let text = format!("no address is known for {host}");
        return Err(io::Error::new(io::ErrorKind::NotFound, text).into());
    }
    let private = found.iter().map(SocketAddr::ip).find(|&ip| !is_public(ip));
    match private {
        Some(address) if !allow_private => Err(NotPublic {
            host: host.to_owned(),
            address,
        }
        .into()),
        _ => Ok(found),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_internet_is_public() {
        for address in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "192.0.0.1",
            "192.168.1.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2002:a00:1::1",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
            "4000::1",
        ] {
            let ip: IpAddr = address.parse().expect("an address");
            assert!(!is_public(ip), "{address}");
        }
        for address in [
            "1.1.1.1",
            "100.128.0.1",
            "172.32.0.1",
            "223.5.5.5",
            "240c::6666",
            "2606:4700::1",
            "64:ff9b::101:101",
            "::ffff:1.1.1.1",
        ] {
            let ip: IpAddr = address.parse().expect("an address");
            assert!(is_public(ip), "{address}");
        }
    }

    #[test]
    fn literal_addresses_are_checked_in_every_spelling() {
        for url in [
            "http://127.0.0.1/",
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://[::1]/",
            "http://[::ffff:10.0.0.1]/",
            "http://017700000001/",
        ] {
            let url = Url::parse(url).expect("a URL");
            assert!(check_literal(&url, false).is_err(), "{url}");
            assert_eq!(check_literal(&url, true), Ok(()), "{url}");
        }
        let url = Url::parse("https://www.heze.example/").expect("a URL");
        assert_eq!(check_literal(&url, false), Ok(()));
    }

    #[test]
    fn a_name_with_one_private_address_is_refused() {
        let addresses = || -> Vec<SocketAddr> {
            ["1.1.1.1:0", "10.0.0.1:0"]
                .map(|a| a.parse().expect("an address"))
                .into()
        };
        let error = admitted("a.example", addresses(), false).expect_err("it is refused");
        assert!(error.downcast_ref::<NotPublic>().is_some(), "{error}");
        assert_eq!(
            admitted("a.example", addresses(), true)
                .expect("it is not")
                .len(),
            2
        );
    }
}
