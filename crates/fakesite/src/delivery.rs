//! A reply on the wire, whole or mangled.

use std::io;

use tokio::{io::AsyncWriteExt, net::TcpStream, time::sleep};

use crate::reply::{Manner, Reply};

/// Whether the connection can take another request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Connection {
    Open,
    Spent,
}

/// Sends `reply` in its manner. `with_body` is false for `HEAD`.
pub(crate) async fn deliver(
    reply: &Reply,
    stream: &mut TcpStream,
    with_body: bool,
) -> io::Result<Connection> {
    let body: &[u8] = if with_body { &reply.body } else { &[] };
    let half = body.len() / 2;
    let length = format!("Content-Length: {}\r\n", reply.body.len());
    match reply.manner {
        Manner::Whole => {
            send(stream, &[head(reply, &length).as_bytes(), body]).await?;
            return Ok(Connection::Open);
        }
        Manner::Late(pause) => {
            sleep(pause).await;
            send(stream, &[head(reply, &length).as_bytes(), body]).await?;
            return Ok(Connection::Open);
        }
        Manner::Dripping(bytes, pause) => {
            send(stream, &[head(reply, &length).as_bytes()]).await?;
            for drop in body.chunks(bytes) {
                send(stream, &[drop]).await?;
                sleep(pause).await;
            }
        }
        Manner::Stalled => {
            send(stream, &[head(reply, &length).as_bytes(), &body[..half]]).await?;
            until_the_client_leaves(stream).await;
        }
        Manner::Reset => {
            send(stream, &[head(reply, &length).as_bytes(), &body[..half]]).await?;
            stream.set_zero_linger()?;
        }
        Manner::Cut => send(stream, &[head(reply, &length).as_bytes(), &body[..half]]).await?,
        Manner::CutChunked => {
            let head = head(reply, "Transfer-Encoding: chunked\r\n");
            let chunk = format!("{half:x}\r\n");
            send(
                stream,
                &[head.as_bytes(), chunk.as_bytes(), &body[..half], b"\r\n"],
            )
            .await?;
        }
        Manner::Overlong => {
            let length = format!("Content-Length: {half}\r\n");
            send(stream, &[head(reply, &length).as_bytes(), body]).await?;
        }
        Manner::Endless => {
            send(stream, &[head(reply, "Connection: close\r\n").as_bytes()]).await?;
            loop {
                send(stream, &[body, b"\n"]).await?;
            }
        }
    }
    Ok(Connection::Spent)
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

/// In one write, so that small pages are one packet.
async fn send(stream: &mut TcpStream, parts: &[&[u8]]) -> io::Result<()> {
    stream.write_all(&parts.concat()).await
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
