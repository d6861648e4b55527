//! A real mail server in a process of its own, on a free port. It is ended when it is dropped.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    time::Duration,
};

use serde::Deserialize;
use tempfile::TempDir;

/// How long a letter may take to come.
const PATIENCE: Duration = Duration::from_secs(30);
/// Debian's own interpreter: it knows the packages that Debian has installed.
const PYTHON: &str = "/usr/bin/python3";

/// A letter that the server has taken.
#[derive(Clone, Debug, Deserialize)]
pub struct TakenLetter {
    /// Whom the connection named as its sender.
    pub sender: String,
    /// Whom it named as recipients.
    pub recipients: Vec<String>,
    /// Whether it came over an encrypted connection.
    pub tls: bool,
    body: String,
}

/// What the server tells.
#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Waits { waits: String },
    Taken(TakenLetter),
}

/// A certificate of its own: its folder, its file, its key's.
type Certificate = (TempDir, PathBuf, PathBuf);

/// A real mail server.
pub struct MailServer {
    child: Child,
    taken: Receiver<TakenLetter>,
    waits: Receiver<String>,
    /// The setting that names it.
    pub url: String,
    /// The certificate it shows, where it speaks TLS.
    pub authority: Option<PathBuf>,
    _folder: TempDir,
}

impl MailServer {
    /// One that takes letters from everybody.
    pub fn start() -> Self {
        Self::run(None, false)
    }

    /// One that takes letters only after STARTTLS and a password, with a certificate of its own.
    pub fn start_with_tls() -> Self {
        Self::run(Some(certificate()), false)
    }

    /// The same, encrypted from the first byte on.
    pub fn start_wrapped() -> Self {
        Self::run(Some(certificate()), true)
    }

    fn run(tls: Option<Certificate>, wrapped: bool) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("smtp/server.py");
        let mut command = Command::new(PYTHON);
        command.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        if let Some((_, certificate, key)) = &tls {
            command.arg(certificate).arg(key).args(wrapped.then_some("wrapped"));
        }
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let first: serde_json::Value = serde_json::from_str(&lines.next().expect("a port")).unwrap();
        let port = &first["port"];
        let ((tell, taken), (tell_wait, waits)) = (channel(), channel());
        std::thread::spawn(move || {
            for line in lines {
                let told = match serde_json::from_str(&line).unwrap() {
                    Line::Waits { waits } => tell_wait.send(waits).is_ok(),
                    Line::Taken(letter) => tell.send(letter).is_ok(),
                };
                if !told {
                    break;
                }
            }
        });
        let url = match &tls {
            None => format!("smtp://127.0.0.1:{port}"),
            Some(_) if wrapped => format!("smtps://bordereau:letters@localhost:{port}"),
            Some(_) => format!("smtp://bordereau:letters@localhost:{port}?tls=required"),
        };
        let authority = tls.as_ref().map(|(_, certificate, _)| certificate.clone());
        let folder = tls.map_or_else(|| TempDir::new().unwrap(), |(folder, _, _)| folder);
        Self { child, taken, waits, url, authority, _folder: folder }
    }

    /// The next letter; waits for it. For tests on several threads.
    pub fn next(&self) -> TakenLetter {
        tokio::task::block_in_place(|| self.taken.recv_timeout(PATIENCE)).expect("no letter has come")
    }

    /// Whom the server keeps waiting for its answer, once it does. For tests on several threads.
    pub fn waits(&self) -> String {
        tokio::task::block_in_place(|| self.waits.recv_timeout(PATIENCE)).expect("nobody waits")
    }

    /// Letters that have come and were not asked for yet.
    pub fn rest(&self) -> Vec<TakenLetter> {
        self.taken.try_iter().collect()
    }
}

fn certificate() -> Certificate {
    let folder = TempDir::new().unwrap();
    let (certificate, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"])
        .args(["-addext", "subjectAltName=DNS:localhost"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .arg("-keyout")
        .arg(&key)
        .arg("-out")
        .arg(&certificate)
        .stderr(Stdio::null())
        .status();
    assert!(made.unwrap().success(), "openssl made no certificate");
    (folder, certificate, key)
}

impl TakenLetter {
    /// The letter as it went over the line.
    pub fn source(&self) -> String {
        use base64::Engine;
        let bytes = base64::engine::general_purpose::STANDARD.decode(&self.body).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    /// A header, unfolded; encoded words stay as they are.
    pub fn header(&self, name: &str) -> Option<String> {
        let source = self.source();
        let (headers, _) = source.split_once("\r\n\r\n")?;
        let unfolded = headers.replace("\r\n ", " ");
        let line = unfolded
            .lines()
            .find(|line| line.split_once(':').is_some_and(|(known, _)| known.eq_ignore_ascii_case(name)))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    }

    /// Both bodies, with soft line breaks undone and the escapes of addresses decoded.
    pub fn text(&self) -> String {
        let joined = self.source().replace("=\r\n", "");
        let mut bytes = Vec::with_capacity(joined.len());
        let mut rest = joined.as_bytes();
        while let [first, tail @ ..] = rest {
            let escaped = (*first == b'=').then(|| tail.get(..2)).flatten();
            let value = escaped.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
            bytes.push(value.unwrap_or(*first));
            rest = if value.is_some() { &tail[2..] } else { tail };
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
