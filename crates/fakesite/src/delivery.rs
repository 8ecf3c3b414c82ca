//! A reply on the wire, whole or mangled.

use std::{io, time::Instant};

use tokio::{io::AsyncWriteExt, net::TcpStream, time::sleep};

use crate::reply::{Manner, Reply};

/// A reply that has been sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Delivered {
    /// When its last piece was handed to the system. Taken just before, so that
    /// the client cannot have had it sooner.
    pub(crate) ended: Instant,
    /// Whether the connection can take another request.
    pub(crate) may_go_on: bool,
}

/// Sends `reply` in its manner. `with_body` is false for `HEAD`.
pub(crate) async fn deliver(
    reply: &Reply,
    stream: &mut TcpStream,
    with_body: bool,
) -> io::Result<Delivered> {
    let body: &[u8] = if with_body { &reply.body } else { &[] };
    let half = body.len() / 2;
    let length = format!("Content-Length: {}\r\n", reply.body.len());
    let head = |length: &str| head(reply, length).into_bytes();
    let mut may_go_on = false;
    let ended = match reply.manner {
        Manner::Whole | Manner::Late(_) => {
            if let Manner::Late(pause) = reply.manner {
                sleep(pause).await;
            }
            may_go_on = true;
            send(stream, &[&head(&length), body]).await?
        }
        Manner::Dripping(bytes, pause) => {
            let mut ended = send(stream, &[&head(&length)]).await?;
            for drop in body.chunks(bytes) {
                sleep(pause).await;
                ended = send(stream, &[drop]).await?;
            }
            ended
        }
        Manner::Stalled => {
            let ended = send(stream, &[&head(&length), &body[..half]]).await?;
            until_the_client_leaves(stream).await;
            ended
        }
        Manner::Reset => {
            let ended = send(stream, &[&head(&length), &body[..half]]).await?;
            stream.set_zero_linger()?;
            ended
        }
        Manner::Cut => send(stream, &[&head(&length), &body[..half]]).await?,
        Manner::CutChunked => {
            let head = head("Transfer-Encoding: chunked\r\n");
            let chunk = format!("{half:x}\r\n");
            send(stream, &[&head, chunk.as_bytes(), &body[..half], b"\r\n"]).await?
        }
        Manner::Overlong => {
            let length = format!("Content-Length: {half}\r\n");
            send(stream, &[&head(&length), body]).await?
        }
        Manner::Endless => {
            send(stream, &[&head("Connection: close\r\n")]).await?;
            loop {
                send(stream, &[body, b"\n"]).await?;
            }
        }
    };
    Ok(Delivered { ended, may_go_on })
}

fn head(reply: &Reply, length: &str) -> String {
    let reason = match reply.status {
        200 => "OK",
        304 => "Not Modified",
        404 => "Not Found",
        _ => "",
    };
    let mut head = format!("HTTP/1.1 {} {reason}\r\n", reply.status);
    for (name, value) in &reply.headers {
        head += &format!("{name}: {value}\r\n");
    }
    // A response without a body has no length either (RFC 9110, 8.6).
    if reply.status != 304 {
        head += length;
    }
    head + "\r\n"
}

/// In one write, so that small pages are one packet; tells when it began.
async fn send(stream: &mut TcpStream, parts: &[&[u8]]) -> io::Result<Instant> {
    let bytes = parts.concat();
    let began = Instant::now();
    stream.write_all(&bytes).await?;
    Ok(began)
}

async fn until_the_client_leaves(stream: &TcpStream) {
    loop {
        if stream.readable().await.is_err() {
            return;
        }
        match stream.try_read(&mut [0; 64]) {
            Ok(1..) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Ok(0) | Err(_) => return,
        }
    }
}
