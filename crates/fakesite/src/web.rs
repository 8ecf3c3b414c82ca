//! Servers, from start to stop.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::runtime::Runtime;

use crate::{connection::converse, log::Log, site::Site};

/// Sites being served on 127.0.0.1, each on a port of its own, until dropped.
///
/// To a crawler each is a host: politeness goes by host and port. Requests are
/// answered whatever their `Host` says, so that a client which resolves
/// made-up names to these addresses finds the sites under them.
#[derive(Debug)]
pub struct Web {
    hosts: Vec<Host>,
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
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
            listener.set_nonblocking(true)?;
            let host = Host {
                id: site.id().to_owned(),
                address: listener.local_addr()?,
                site: Arc::new(Mutex::new(site)),
            };
            let _entered = runtime.enter();
            let listener = tokio::net::TcpListener::from_std(listener)?;
            runtime.spawn(accept(listener, Arc::clone(&host.site), log.clone()));
            hosts.push(host);
        }
        Ok(Self {
            hosts,
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
        self.host(id)
            .site
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
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

    /// The site `id` as a profile for a crawler, in TOML.
    ///
    /// # Panics
    ///
    /// When no such site is served.
    #[must_use]
    pub fn profile(&self, id: &str) -> String {
        let origin = self.url(id, "");
        self.site(id).profile(&origin)
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

async fn accept(listener: tokio::net::TcpListener, site: Arc<Mutex<Site>>, log: Log) {
    loop {
        // Out of file handles, say: what was accepted goes on meanwhile.
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            continue;
        };
        let (site, log) = (Arc::clone(&site), log.clone());
        tokio::spawn(async move { converse(stream, &site, &log).await });
    }
}
