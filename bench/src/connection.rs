//! A minimal HTTP/1.1 client: one connection that is kept, one question at a time. It costs as little as possible,
//! since it shares the cores with what it measures.

use std::net::SocketAddr;

use anyhow::{Context, bail};
use serde::de::DeserializeOwned;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Most bytes of a head: ours have a few hundred.
const MAX_HEAD_BYTES: usize = 16 * 1024;

/// A kept connection.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    /// Sent with every request once known.
    token: Option<String>,
    /// The last position that was told: reads ask for it.
    position: Option<String>,
    buffer: Vec<u8>,
}

/// An answer, as far as it matters here.
#[derive(Debug, PartialEq, Eq)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

impl Reply {
    /// The body as JSON.
    ///
    /// # Errors
    /// When it is something else.
    pub fn json<T: DeserializeOwned>(&self) -> anyhow::Result<T> {
        serde_json::from_slice(&self.body).with_context(|| String::from_utf8_lossy(&self.body).into_owned())
    }
}

impl Connection {
    /// Connects to a server on this machine.
    pub async fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, token: None, position: None, buffer: Vec::new() })
    }

    /// Sends this bearer token from now on.
    pub fn sign(&mut self, token: String) {
        self.token = Some(token);
    }

    /// Asks and waits for the answer; any JSON body is sent as it is.
    ///
    /// # Errors
    /// When the connection breaks, or the answer has no `content-length`.
    pub async fn ask(&mut self, method: &str, path: &str, body: &str) -> anyhow::Result<Reply> {
        let mut request = format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\n");
        if let Some(token) = &self.token {
            request.extend(["authorization: Bearer ", token, "\r\n"]);
        }
        if let (Some(position), "GET") = (&self.position, method) {
            request.extend(["bordereau-position: ", position, "\r\n"]);
        }
        if !body.is_empty() {
            request.push_str("content-type: application/json\r\n");
        }
        let length = body.len().to_string();
        request.extend(["content-length: ", &length, "\r\n\r\n", body]);
        self.stream.write_all(request.as_bytes()).await?;
        self.read_reply().await
    }

    async fn read_reply(&mut self) -> anyhow::Result<Reply> {
        self.buffer.clear();
        let (status, begin, end) = loop {
            self.read_more().await?;
            if let Some(at) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                let head = std::str::from_utf8(&self.buffer[..at])?;
                let (status, length) = parse_head(head)?;
                if let Some(position) = header(head, "bordereau-position") {
                    self.position = Some(position.to_owned());
                }
                break (status, at + 4, at + 4 + length);
            }
            if self.buffer.len() > MAX_HEAD_BYTES {
                bail!("the head of the answer does not end");
            }
        };
        while self.buffer.len() < end {
            self.read_more().await?;
        }
        Ok(Reply { status, body: self.buffer[begin..end].to_vec() })
    }

    async fn read_more(&mut self) -> anyhow::Result<()> {
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            bail!("the server has closed the connection");
        }
        Ok(())
    }
}

/// Status and length of the body.
fn parse_head(head: &str) -> anyhow::Result<(u16, usize)> {
    let status: u16 = head.split(' ').nth(1).context("no status")?.parse()?;
    match header(head, "content-length").map(str::parse) {
        Some(length) => Ok((status, length?)),
        None if status == 204 => Ok((status, 0)),
        None => bail!("no content-length in an answer with status {status}"),
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut headers = head.split("\r\n").filter_map(|line| line.split_once(':'));
    headers.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_gives_its_status_and_the_length_of_the_body() {
        let head = "HTTP/1.1 201 Created\r\netag: \"1\"\r\nContent-Length: 57";
        assert_eq!(parse_head(head).unwrap(), (201, 57));
        assert_eq!(parse_head("HTTP/1.1 204 No Content").unwrap(), (204, 0));
        assert!(parse_head("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked").is_err());
    }
}
