//! P2: the same commands over HTTP with sign-in, on real sockets, every connection kept.

use std::{net::SocketAddr, path::Path, sync::Arc};

use anyhow::{Context, ensure};
use bordereau_api::{Clock, Settings, serve};
use serde::Deserialize;
use serde_json::json;
use tokio::{net::TcpListener, sync::oneshot};
use uuid::Uuid;

use crate::{
    connection::{Connection, Reply},
    drive::{Client, Pace, compare},
    figure::Figure,
    life::{Act, Lives},
    parse_only,
    shop::{CODE, Person, Shop},
};

/// The password of every account.
const PASSWORD: &str = "bordereau-bench";
/// So many sign-ins a minute may come from one address: all clients sign in at once here.
const SIGN_INS_PER_MINUTE: u32 = 100_000;

/// Takes the figure on a whole service in `folder`, views included, with its usual limits of requests.
pub async fn measure(folder: &Path, connections: usize, pace: Pace) -> anyhow::Result<Vec<Figure>> {
    let clock = Clock::wall();
    let settings = Settings {
        data: folder.to_owned(),
        sign_ins_per_minute: SIGN_INS_PER_MINUTE,
        sign_ins_per_account: SIGN_INS_PER_MINUTE,
        ..Settings::default()
    };
    let app = serve::build(settings, clock.clone()).await?;
    let hash = app.passwords.hash(PASSWORD.to_owned()).await.ok().context("the password could not be hashed")?;
    let shop = Arc::new(Shop::open(&app.commands, &clock, connections, Some(&hash)).await?);
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    let (ending, ended) = oneshot::channel::<()>();
    // An error means that the sender is gone: a reason to stop, too.
    let until = async move { ended.await.unwrap_or_default() };
    let service = tokio::spawn(serve::serve(app, listener, until));
    let bare = TcpListener::bind(("127.0.0.1", 0)).await?;
    let bare_address = bare.local_addr()?;
    let baseline = tokio::spawn(axum::serve(bare, parse_only::router()).into_future());
    let mut own = Vec::with_capacity(connections);
    let mut parse = Vec::with_capacity(connections);
    for person in &shop.people {
        own.push(HttpClient::signed_in(address, &shop, person).await.context("sign-in")?);
        parse.push(HttpClient::new(bare_address, &shop).await?);
    }
    let pair = compare(own, parse, pace).await?;
    baseline.abort();
    ending.send(()).ok().context("the service has stopped by itself")?;
    service.await??;
    let whats = ["basket commands over HTTP, signed in, SQLite", "handlers that only parse and answer"];
    Ok(Figure::of_pair(["P2", "P2-parse"], whats, connections, &pair).into())
}

/// A client on a connection of its own.
struct HttpClient {
    connection: Connection,
    shop: Arc<Shop>,
    lives: Lives,
    basket: Uuid,
    line: Uuid,
}

#[derive(Deserialize)]
struct Session {
    token: String,
}

#[derive(Deserialize)]
struct Opened {
    id: Uuid,
}

#[derive(Deserialize)]
struct Added {
    line_id: Uuid,
}

impl HttpClient {
    async fn new(address: SocketAddr, shop: &Arc<Shop>) -> anyhow::Result<Self> {
        let connection = Connection::open(address).await?;
        let shop = Arc::clone(shop);
        Ok(Self { connection, shop, lives: Lives::new(), basket: Uuid::nil(), line: Uuid::nil() })
    }

    async fn signed_in(address: SocketAddr, shop: &Arc<Shop>, person: &Person) -> anyhow::Result<Self> {
        let mut client = Self::new(address, shop).await?;
        let body = json!({ "email": person.email, "password": PASSWORD, "shop": CODE });
        let reply = client.ask("POST", "/api/v1/sessions", &body.to_string(), 201).await?;
        client.connection.sign(reply.json::<Session>()?.token);
        Ok(client)
    }

    async fn ask(&mut self, method: &str, path: &str, body: &str, expected: u16) -> anyhow::Result<Reply> {
        let reply = self.connection.ask(method, path, body).await?;
        let said = || String::from_utf8_lossy(&reply.body);
        ensure!(reply.status == expected, "{method} {path} was answered with {}: {}", reply.status, said());
        Ok(reply)
    }
}

impl Client for HttpClient {
    async fn step(&mut self) -> anyhow::Result<()> {
        let (basket, line) = (self.basket, self.line);
        match self.lives.next() {
            Act::Open => {
                let body = format!(r#"{{"institution_id":"{}"}}"#, self.shop.institution);
                self.basket = self.ask("POST", "/api/v1/baskets", &body, 201).await?.json::<Opened>()?.id;
            }
            Act::Add => {
                let article = &self.shop.articles[self.lives.acts() % self.shop.articles.len()];
                let body = format!(r#"{{"ean":"{}","quantity":1}}"#, article.ean);
                let path = format!("/api/v1/baskets/{basket}/lines");
                self.line = self.ask("POST", &path, &body, 201).await?.json::<Added>()?.line_id;
            }
            Act::Change => {
                let path = format!("/api/v1/baskets/{basket}/lines/{line}");
                self.ask("PATCH", &path, r#"{"quantity":2}"#, 200).await?;
            }
            Act::Remove => {
                self.ask("DELETE", &format!("/api/v1/baskets/{basket}/lines/{line}"), "", 200).await?;
            }
            Act::Discard => {
                self.ask("DELETE", &format!("/api/v1/baskets/{basket}"), "", 200).await?;
            }
        }
        Ok(())
    }
}
