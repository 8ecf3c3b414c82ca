//! Requests of one connection, one after another.

use std::{
    sync::{Mutex, PoisonError},
    time::Instant,
};

use tokio::{io::BufReader, net::TcpStream};

use crate::{
    answer::answer,
    delivery::{self, Connection},
    log::{Log, Visit},
    request::Request,
    site::Site,
};

/// Answers requests until the client leaves or a reply has spent the
/// connection.
pub(crate) async fn converse(stream: TcpStream, site: &Mutex<Site>, log: &Log) {
    let _ = stream.set_nodelay(true);
    let mut stream = BufReader::new(stream);
    while let Some(request) = Request::read(&mut stream).await {
        let began = Instant::now();
        let (reply, id) = {
            let mut site = site.lock().unwrap_or_else(PoisonError::into_inner);
            (answer(&mut site, &request), site.id().to_owned())
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
        let with_body = request.method != "HEAD";
        let delivered = delivery::deliver(&reply, stream.get_mut(), with_body).await;
        if delivered.is_ok() {
            log.end(ticket);
        }
        let asks_to_close = request.header("connection") == Some("close");
        if asks_to_close || !matches!(delivered, Ok(Connection::Open)) {
            return;
        }
    }
}
