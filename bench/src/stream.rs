//! P8: a command on a basket of 5,000 events, by a process that has never seen it, and by one that has it in memory.

use std::{path::Path, time::Instant};

use anyhow::Context;
use bordereau_api::{Clock, Settings, serve::open_store};
use bordereau_commands::{BasketRequest, Commands, Envelope, OpenBasket, new_id};
use bordereau_domain::{BasketId, LineId};

use crate::{
    figure::Figure,
    shop::{CODE, Shop},
    statistics::Sample,
};

/// Events of the stream.
const EVENTS: u32 = 5_000;
/// Commands of each kind that are measured.
const ROUNDS: u32 = 50;

/// A basket whose one line changes again and again.
struct Basket<'a> {
    shop: &'a Shop,
    clock: &'a Clock,
    id: BasketId,
    line: LineId,
}

impl Basket<'_> {
    async fn ask(&self, commands: &Commands, request: BasketRequest) -> anyhow::Result<()> {
        let actor = self.shop.people.first().context("nobody")?.actor.clone();
        let envelope = Envelope::new(CODE.parse()?, actor, self.clock.now(), "api");
        commands.execute(envelope, self.id.to_string(), request).await?;
        Ok(())
    }

    async fn open(&self, commands: &Commands) -> anyhow::Result<()> {
        let (basket_id, institution_id) = (self.id, self.shop.institution);
        let open = OpenBasket { basket_id, institution_id, name: None, quota_reached: false };
        self.ask(commands, BasketRequest::Open(open)).await?;
        let ean = self.shop.articles.first().context("no article")?.ean;
        let add = BasketRequest::AddLine { line_id: self.line, ean, quantity: 1, line_reference: None };
        self.ask(commands, add).await
    }

    async fn change(&self, commands: &Commands, quantity: u32) -> anyhow::Result<()> {
        let change = BasketRequest::ChangeLine { line_id: self.line, quantity: Some(quantity), line_reference: None };
        self.ask(commands, change).await
    }
}

/// Takes both figures on a store of its own in `folder`. Each command is durable when its answer comes.
///
/// # Errors
/// When a command is refused.
pub async fn measure(folder: &Path) -> anyhow::Result<Vec<Figure>> {
    let clock = Clock::wall();
    let settings = Settings { data: folder.to_owned(), ..Settings::default() };
    let store = open_store(&settings, &clock).await?;
    let commands = Commands::new(store.clone());
    let shop = Shop::open(&commands, &clock, 1, None).await?;
    let basket = Basket { shop: &shop, clock: &clock, id: BasketId(new_id()), line: LineId(new_id()) };
    basket.open(&commands).await?;
    for event in 2..EVENTS {
        basket.change(&commands, 1 + event % 2).await?;
    }
    let (mut cold, mut warm) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        // What it has in memory goes with it.
        let commands = Commands::new(store.clone());
        for waits in [&mut cold, &mut warm] {
            let asked = Instant::now();
            basket.change(&commands, 3 + (round + u32::try_from(waits.len())?) % 7).await?;
            waits.push(asked.elapsed());
            basket.change(&commands, 20).await?;
        }
    }
    store.close().await;
    let figure = |id, what, waits: Vec<_>| {
        let elapsed = waits.iter().sum();
        Figure::alone(id, what, 1, Sample { waits, elapsed }.summarise())
    };
    Ok(vec![
        figure("P8", "a command on a stream of 5,000 events, cold", cold),
        figure("P8-warm", "the next command on it", warm),
    ])
}
