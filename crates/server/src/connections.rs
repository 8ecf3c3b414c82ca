//! The socket: connections in bounded numbers, slow clients cut off, open
//! requests finished at the end.

use std::{io, pin::Pin, sync::Arc, time::Duration};

use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tokio_io_timeout::TimeoutStream;

use crate::app::App;

/// A head with more than this is no question.
const MAX_HEAD_BYTES: usize = 64 * 1024;

/// How long to wait when the system has no more sockets to give.
const BREATH: Duration = Duration::from_millis(50);

/// What a client reads that comes when too many are there.
const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

/// Answers what comes in at `listener` until `shutdown` resolves, then lets
/// open requests finish, for as long as the limits grant. Keeps up with new
/// generations of the index meanwhile, and sees that they stay whole.
///
/// # Errors
///
/// None once it runs; a connection that fails costs itself only.
pub async fn serve(
    listener: TcpListener,
    app: App,
    shutdown: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let shared = app.shared();
    let limits = shared.settings.limits.clone();
    let routes = TowerToHyperService::new(app.router());
    let keeping_up = tokio::spawn(shared.library.clone().keep_up());
    let keeping_watch = tokio::spawn(shared.library.clone().keep_watch());
    let places = Arc::new(Semaphore::new(limits.connections));
    let graceful = GracefulShutdown::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(limits.head_time)
        .max_buf_size(MAX_HEAD_BYTES);

    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut shutdown => break,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                // A client that is gone already, or no descriptor left.
                tracing::debug!(error = %error, "a connection could not be taken");
                tokio::time::sleep(BREATH).await;
                continue;
            }
        };
        let Ok(place) = places.clone().try_acquire_owned() else {
            shared.metrics.connections_refused.inc();
            turn_away(&stream);
            continue;
        };
        let _ = stream.set_nodelay(true);
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(limits.stall_time));
        let stream: Pin<Box<_>> = Box::pin(stream);
        let connection = http.serve_connection(TokioIo::new(stream), routes.clone());
        let connection = graceful.watch(connection);
        let metrics = shared.clone();
        metrics.metrics.connections.inc();
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(error = %error, "a connection ended early");
            }
            metrics.metrics.connections.dec();
            drop(place);
        });
    }
    drop(listener);
    keeping_up.abort();
    keeping_watch.abort();
    if tokio::time::timeout(limits.grace, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("some requests were not finished in time");
    }
    Ok(())
}

/// Tells a client that there is no place, without waiting for it.
fn turn_away(stream: &TcpStream) {
    let _ = stream.try_write(FULL);
}
