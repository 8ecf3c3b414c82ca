//! Servers, from start to stop.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    sync::{Arc, Mutex, MutexGuard},
};

use tokio::runtime::Runtime;

use crate::{
    connection::{Served, converse, lock},
    log::Log,
    site::Site,
};

/// Sites being served on 127.0.0.1, each on a port of its own, until dropped.
///
/// To a crawler each is a host: politeness goes by host and port. A client
/// that uses [`Web::proxy`] finds sites under their made-up names as well.
#[derive(Debug)]
pub struct Web {
    hosts: Vec<Host>,
    proxy: SocketAddr,
    log: Log,
    runtime: Option<Runtime>,
}

#[derive(Debug)]
struct Host {
    id: String,
    address: SocketAddr,
    site: Arc<Mutex<Site>>,
}

impl Web {
    /// Serves `sites`, which have ids of their own.
    ///
    /// # Errors
    ///
    /// When the system gives no port or no thread.
    pub fn serve(sites: impl IntoIterator<Item = Site>) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("fakesite")
            .enable_all()
            .build()?;
        let log = Log::default();
        let mut hosts = Vec::new();
        for site in sites {
            let id = site.id().to_owned();
            let site = Arc::new(Mutex::new(site));
            let address = listen(&runtime, Served::One(Arc::clone(&site)), &log)?;
            hosts.push(Host { id, address, site });
        }
        let all = hosts.iter().map(|host| Arc::clone(&host.site)).collect();
        let proxy = listen(&runtime, Served::ByHost(all), &log)?;
        Ok(Self {
            hosts,
            proxy,
            log,
            runtime: Some(runtime),
        })
    }

    /// The site `id`, to look at or to change. Requests to it wait meanwhile.
    ///
    /// # Panics
    ///
    /// When no such site is served.
    pub fn site(&self, id: &str) -> MutexGuard<'_, Site> {
        lock(&self.host(id).site)
    }

    /// The ids of the sites, in the order given.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.hosts.iter().map(|host| host.id.as_str())
    }

    /// Where the site `id` listens.
    ///
    /// # Panics
    ///
    /// When no such site is served.
    #[must_use]
    pub fn address(&self, id: &str) -> SocketAddr {
        self.host(id).address
    }

    /// The URL of `path` on the site `id`.
    ///
    /// # Panics
    ///
    /// When no such site is served.
    #[must_use]
    pub fn url(&self, id: &str, path: &str) -> String {
        format!("http://{}{path}", self.address(id))
    }

    /// Where a proxy listens that knows the sites by the names of their
    /// [hosts](Site::named), and nothing else. Plain HTTP only.
    #[must_use]
    pub fn proxy(&self) -> SocketAddr {
        self.proxy
    }

    /// The site `id` as a profile for a crawler, in TOML. One whose host has a
    /// name is to be had through the [proxy](Self::proxy).
    ///
    /// # Panics
    ///
    /// When no such site is served.
    #[must_use]
    pub fn profile(&self, id: &str) -> String {
        let site = self.site(id);
        let origin = match site.host() {
            Some(host) => format!("http://{host}"),
            None => self.url(id, ""),
        };
        site.profile(&origin)
    }

    /// All requests so far.
    #[must_use]
    pub fn log(&self) -> &Log {
        &self.log
    }

    fn host(&self, id: &str) -> &Host {
        let host = self.hosts.iter().find(|host| host.id == id);
        host.unwrap_or_else(|| panic!("no site {id} is served"))
    }
}

impl Drop for Web {
    fn drop(&mut self) {
        // Stalled connections would keep an orderly end waiting.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Listens on a port of its own, and answers for `served`.
fn listen(runtime: &Runtime, served: Served, log: &Log) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let _entered = runtime.enter();
    let listener = tokio::net::TcpListener::from_std(listener)?;
    runtime.spawn(accept(listener, Arc::new(served), log.clone()));
    Ok(address)
}

async fn accept(listener: tokio::net::TcpListener, served: Arc<Served>, log: Log) {
    loop {
        // Out of file handles, say: what was accepted goes on meanwhile.
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            continue;
        };
        let (served, log) = (Arc::clone(&served), log.clone());
        tokio::spawn(async move { converse(stream, &served, &log).await });
    }
}
