//! The baselines of P1: the same deciders through `cqrs-es`' own framework, on our store or on another. It loads the
//! stream for every command, decides, and commits one command at a time; rights, facts of others, answers and seals are
//! not its business, so it is given prices and standing instead of looking them up.

use std::{collections::HashMap, sync::Arc};

use anyhow::Context as _;
use bordereau_api::Clock;
use bordereau_commands::new_id;
use bordereau_domain::{
    BasketId, Context, Es, LineId,
    article::Article,
    basket::{Basket, BasketCommand, Today},
};
use chrono::SecondsFormat;
use cqrs_es::{CqrsFramework, EventStore};

use crate::{
    drive::Client,
    life::{Act, Lives},
    shop::{CODE, Person, Shop},
};

/// A client that needs nothing but `cqrs-es` and a store.
pub struct FrameworkClient<S: EventStore<Es<Basket>>> {
    cqrs: CqrsFramework<Es<Basket>, S>,
    shop: Arc<Shop>,
    person: Person,
    clock: Clock,
    lives: Lives,
    basket: BasketId,
    line: LineId,
    added: usize,
}

impl<S: EventStore<Es<Basket>>> FrameworkClient<S> {
    /// A client with a basket of its own.
    pub fn new(store: S, shop: &Arc<Shop>, person: &Person, clock: &Clock) -> Self {
        Self {
            cqrs: CqrsFramework::new(store, Vec::new(), ()),
            shop: Arc::clone(shop),
            person: person.clone(),
            clock: clock.clone(),
            lives: Lives::new(),
            basket: BasketId::default(),
            line: LineId::default(),
            added: 0,
        }
    }

    /// The article of the line added last.
    fn article(&self) -> &Article {
        &self.shop.articles[self.added % self.shop.articles.len()]
    }

    fn command(&mut self, act: Act) -> (&'static str, BasketCommand) {
        let standing = self.shop.standing;
        match act {
            Act::Open => {
                self.basket = BasketId(new_id());
                let command = BasketCommand::Open {
                    basket_id: self.basket,
                    number: self.lives.acts() as u64,
                    institution_id: self.shop.institution,
                    name: None,
                    standing: Some(standing),
                    quota_reached: false,
                };
                ("OpenBasket", command)
            }
            Act::Add => {
                self.line = LineId(new_id());
                self.added = self.lives.acts();
                let article = Some(self.article().clone());
                let add =
                    BasketCommand::AddLine { line_id: self.line, article, quantity: 1, line_reference: None, standing };
                ("AddBasketLine", add)
            }
            Act::Change => {
                let article = self.article();
                let today = Today { articles: [(article.ean, article.clone())].into(), standing };
                let change =
                    BasketCommand::ChangeLine { line_id: self.line, quantity: Some(2), line_reference: None, today };
                ("ChangeBasketLine", change)
            }
            Act::Remove => ("RemoveBasketLine", BasketCommand::RemoveLine { line_id: self.line, standing }),
            Act::Discard => ("DiscardBasket", BasketCommand::Discard),
        }
    }

    /// As many bytes as our own commands write.
    fn metadata(&self, command: &str, context: &Context) -> HashMap<String, String> {
        [
            ("actor", context.actor.account.to_string()),
            ("at", context.at.to_rfc3339_opts(SecondsFormat::Micros, true)),
            ("channel", "api".to_owned()),
            ("command", command.to_owned()),
            ("correlation", new_id().to_string()),
            ("institution", self.shop.institution.to_string()),
            ("ledger", CODE.to_owned()),
            ("role", context.actor.role.to_string()),
        ]
        .map(|(key, value)| (key.to_owned(), value))
        .into()
    }
}

impl<S: EventStore<Es<Basket>, AC: Send> + 'static> Client for FrameworkClient<S> {
    async fn step(&mut self) -> anyhow::Result<()> {
        let act = self.lives.next();
        let (name, command) = self.command(act);
        let context = Context::new(self.person.actor.clone(), self.clock.now());
        let metadata = self.metadata(name, &context);
        let id = self.basket.to_string();
        self.cqrs.execute_with_metadata(&id, (command, context), metadata).await.with_context(|| format!("{act:?}"))
    }
}
