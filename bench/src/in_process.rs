//! P1 on SQLite: commands per second in process, durable, one event each.

use std::{path::Path, sync::Arc, time::Duration};

use anyhow::Context;
use bordereau_api::{Clock, Settings, serve::open_store};
use bordereau_commands::{BasketRequest, Commands, Envelope, LedgerStore, OpenBasket, new_id};
use bordereau_domain::{BasketId, LineId, ShopCode};

use crate::{
    disk,
    drive::{Client, Pace, compare},
    figure::Figure,
    framework::FrameworkClient,
    life::{Act, Lives},
    shop::{CODE, Person, Shop},
    statistics::middle,
};

/// Takes the figures on a store of its own in `folder`: the disk before and after every pair, one pair per count.
pub async fn measure(folder: &Path, counts: &[usize], pace: Pace) -> anyhow::Result<Vec<Figure>> {
    let clock = Clock::wall();
    let settings = Settings { data: folder.to_owned(), ..Settings::default() };
    let commands = Commands::new(open_store(&settings, &clock).await?);
    let most = counts.iter().copied().max().unwrap_or_default();
    let shop = Arc::new(Shop::open(&commands, &clock, most, None).await?);
    let mut disk = vec![measure_disk(folder, pace.turn).await?];
    let mut figures = Vec::new();
    for &count in counts {
        let people = &shop.people[..count];
        let own =
            people.iter().map(|person| OwnClient::new(&commands, &shop, person, &clock)).collect::<Result<_, _>>();
        let store = || LedgerStore::new(commands.store().clone(), CODE);
        let framework = people.iter().map(|person| FrameworkClient::new(store(), &shop, person, &clock)).collect();
        let pair = compare::<OwnClient, FrameworkClient<LedgerStore>>(own?, framework, pace).await?;
        let whats = ["basket commands in process, SQLite", "the same through CqrsFramework, same store"];
        figures.extend(Figure::of_pair(["P1", "P1-cqrs"], whats, count, &pair));
        disk.push(measure_disk(folder, pace.turn).await?);
    }
    commands.store().close().await;
    let limit = middle(&disk).context("no turn of the disk")?;
    figures.insert(0, Figure::alone("disk", "4 KiB written in place, fdatasync", 1, limit));
    Ok(figures)
}

async fn measure_disk(folder: &Path, span: Duration) -> anyhow::Result<crate::statistics::Summary> {
    let folder = folder.to_owned();
    Ok(tokio::task::spawn_blocking(move || disk::measure(&folder, span)).await??)
}

/// A client of the way that every command of the service takes.
pub struct OwnClient {
    commands: Commands,
    code: ShopCode,
    shop: Arc<Shop>,
    person: Person,
    clock: Clock,
    lives: Lives,
    basket: BasketId,
    line: LineId,
}

impl OwnClient {
    /// A client with a basket of its own.
    pub fn new(commands: &Commands, shop: &Arc<Shop>, person: &Person, clock: &Clock) -> anyhow::Result<Self> {
        Ok(Self {
            commands: commands.clone(),
            code: CODE.parse()?,
            shop: Arc::clone(shop),
            person: person.clone(),
            clock: clock.clone(),
            lives: Lives::new(),
            basket: BasketId::default(),
            line: LineId::default(),
        })
    }

    fn request(&mut self, act: Act) -> BasketRequest {
        match act {
            Act::Open => {
                self.basket = BasketId(new_id());
                BasketRequest::Open(OpenBasket {
                    basket_id: self.basket,
                    institution_id: self.shop.institution,
                    name: None,
                    quota_reached: false,
                })
            }
            Act::Add => {
                self.line = LineId(new_id());
                let ean = self.shop.articles[self.lives.acts() % self.shop.articles.len()].ean;
                BasketRequest::AddLine { line_id: self.line, ean, quantity: 1, line_reference: None }
            }
            Act::Change => BasketRequest::ChangeLine { line_id: self.line, quantity: Some(2), line_reference: None },
            Act::Remove => BasketRequest::RemoveLine { line_id: self.line },
            Act::Discard => BasketRequest::Discard,
        }
    }
}

impl OwnClient {
    /// What comes next, done and durable: what it was, on which basket, at which position.
    ///
    /// # Errors
    /// When it is refused or writes nothing.
    pub async fn act(&mut self) -> anyhow::Result<(Act, BasketId, u64)> {
        let act = self.lives.next();
        let request = self.request(act);
        let envelope = Envelope::new(self.code.clone(), self.person.actor.clone(), self.clock.now(), "api");
        let done = self.commands.execute(envelope, self.basket.to_string(), request).await?;
        Ok((act, self.basket, done.position.with_context(|| format!("{act:?} has written nothing"))?))
    }
}

impl Client for OwnClient {
    async fn step(&mut self) -> anyhow::Result<()> {
        self.act().await.map(|_| ())
    }
}
