//! Requests of one connection, one after another.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tokio::{io::BufReader, net::TcpStream};

use crate::{
    answer::answer,
    delivery,
    log::{Log, Visit},
    reply::Reply,
    request::Request,
    site::Site,
};

/// Whom a listener answers for.
#[derive(Clone, Debug)]
pub(crate) enum Served {
    /// One site, whatever host it is asked for.
    One(Arc<Mutex<Site>>),
    /// The sites of the hosts named in requests to a proxy.
    ByHost(Vec<Arc<Mutex<Site>>>),
}

impl Served {
    fn site(&self, request: &Request) -> Option<MutexGuard<'_, Site>> {
        match self {
            Self::One(site) => Some(lock(site)),
            Self::ByHost(sites) => {
                let asked = request.authority.as_deref()?;
                let host = asked.strip_suffix(":80").unwrap_or(asked);
                sites
                    .iter()
                    .map(|site| lock(site))
                    .find(|site| site.host() == Some(host))
            }
        }
    }
}

pub(crate) fn lock(site: &Mutex<Site>) -> MutexGuard<'_, Site> {
    site.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Answers requests until the client leaves or a reply has spent the
/// connection.
pub(crate) async fn converse(stream: TcpStream, served: &Served, log: &Log) {
    let _ = stream.set_nodelay(true);
    let mut stream = BufReader::new(stream);
    while let Some(request) = Request::read(&mut stream).await {
        let began = Instant::now();
        let (reply, id, pause) = match served.site(&request) {
            Some(mut site) => {
                let reply = answer(&mut site, &request);
                (reply, site.id().to_owned(), site.distance)
            }
            None => (
                Reply::short(502, "没有这个网站"),
                String::new(),
                Duration::ZERO,
            ),
        };
        let ticket = log.begin(Visit {
            site: id,
            conditional: request.is_conditional(),
            agent: request.header("user-agent").unwrap_or_default().to_owned(),
            status: reply.status,
            began,
            ended: None,
            target: request.target.clone(),
            method: request.method.clone(),
        });
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
        let with_body = request.method != "HEAD";
        let delivered = delivery::deliver(&reply, stream.get_mut(), with_body).await;
        if let Ok(delivered) = &delivered {
            log.end(ticket, delivered.ended);
        }
        let asks_to_close = request.header("connection") == Some("close");
        if asks_to_close || !delivered.is_ok_and(|delivered| delivered.may_go_on) {
            return;
        }
    }
}
