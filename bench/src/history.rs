//! A bookshop's history, generated from a seed: baskets that fill, climb the chain and become quotes and orders, many
//! at a time, so that neighbours in the log belong to different aggregates. Every event was decided by its aggregate.

use std::sync::Arc;

use bordereau_commands::new_id;
use bordereau_domain::{
    AccountId, Actor, BasketId, Context, Decider, Event, LineId, OrderId, QuoteId, Role,
    article::{Article, Availability},
    basket::{Basket, BasketCommand, Conversion, Opened, Today},
    order::{LineReport, Order, OrderCommand, Placement, Report},
    quote::{BasketOrigin, Quote, QuoteCommand},
    terms::{DeliveryMode, OrderTerms, PaymentMode},
};
use bordereau_store::{NewEvent, StreamAppend};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use rand::{RngExt, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use serde_json::json;

use crate::shop::{CODE, Shop};

/// Baskets under way at the same time.
const UNDER_WAY: usize = 200;

/// What happens next to a basket, or to what it became.
#[derive(Clone, Copy, Debug)]
enum Step {
    Open,
    Add,
    Change,
    Remove,
    Send,
    Validate,
    RequestQuote,
    Collect,
    Answer,
    Accept,
    PlaceOrder,
    Acknowledge,
    Report,
    MakeAvailable,
    Close,
    Discard,
}

/// An aggregate as the generator knows it.
#[derive(Debug)]
struct Known<D> {
    id: String,
    state: D,
    sequence: u64,
}

/// A basket on its way, and what it became.
#[derive(Debug)]
struct Way {
    owner: Actor,
    number: u64,
    /// The next one last.
    steps: Vec<Step>,
    basket: Known<Basket>,
    quote: Known<Quote>,
    order: Known<Order>,
}

/// Generates a history, command by command.
#[derive(Debug)]
pub struct History {
    shop: Arc<Shop>,
    random: StdRng,
    now: DateTime<Utc>,
    staff: Staff,
    ways: Vec<Way>,
    begun: u64,
}

/// Everybody but the requesters.
#[derive(Debug)]
struct Staff {
    approver: Actor,
    purchaser: Actor,
    bookseller: Actor,
    librisoft: Actor,
}

impl<D: Decider> Known<D> {
    fn new() -> Self {
        Self { id: new_id().to_string(), state: D::default(), sequence: 0 }
    }

    fn id<I: From<uuid::Uuid>>(&self) -> anyhow::Result<I> {
        Ok(I::from(self.id.parse()?))
    }

    /// Decides a command and gives its events as they are appended.
    fn decide(
        &mut self,
        context: &Context,
        command: &D::Command,
        wrap: fn(D::Event) -> Event,
    ) -> anyhow::Result<StreamAppend> {
        self.state.may(command, context)?;
        let expected = self.sequence;
        let mut events = Vec::new();
        for event in self.state.decide(command, context)? {
            self.state.evolve(&event);
            self.sequence += 1;
            events.push(written(&wrap(event), context)?);
        }
        Ok(StreamAppend { aggregate_type: D::TYPE.to_owned(), aggregate_id: self.id.clone(), expected, events })
    }
}

/// An event with as much metadata as the service writes.
fn written(event: &Event, context: &Context) -> anyhow::Result<NewEvent> {
    let metadata = json!({
        "actor": context.actor.account,
        "at": context.at.to_rfc3339_opts(SecondsFormat::Micros, true),
        "channel": "api",
        "command": "Generated",
        "correlation": new_id(),
        "institution": context.actor.institutions.first(),
        "ledger": CODE,
        "role": context.actor.role.as_str(),
    });
    Ok(NewEvent {
        event_id: new_id(),
        event_type: event.wire_name().to_owned(),
        event_version: event.version(),
        payload: event.to_payload()?,
        metadata: metadata.to_string(),
    })
}

impl History {
    /// A history of a shop that is open; the same choices for the same seed.
    pub fn new(shop: &Arc<Shop>, seed: u64, from: DateTime<Utc>) -> Self {
        let somebody = |role, institutions| Actor::new(AccountId(new_id()), role, institutions);
        let staff = Staff {
            approver: somebody(Role::Approver, vec![shop.institution]),
            purchaser: somebody(Role::Purchaser, vec![shop.institution]),
            bookseller: somebody(Role::Bookseller, Vec::new()),
            librisoft: somebody(Role::Librisoft, Vec::new()),
        };
        let random = StdRng::seed_from_u64(seed);
        Self { shop: Arc::clone(shop), random, now: from, staff, ways: Vec::new(), begun: 0 }
    }

    /// What the next command writes.
    ///
    /// # Errors
    /// When an aggregate refuses it: a mistake of the generator.
    pub fn next(&mut self) -> anyhow::Result<Vec<StreamAppend>> {
        self.now += TimeDelta::milliseconds(50);
        let mut way = if self.ways.len() < UNDER_WAY {
            self.begin()?
        } else {
            let picked = self.random.random_range(0..self.ways.len());
            self.ways.swap_remove(picked)
        };
        let Some(step) = way.steps.pop() else { return self.next() };
        let streams = self.take(&mut way, step)?;
        self.ways.push(way);
        Ok(streams)
    }

    /// A basket with a plan: some lines, then the chain, then a quote or an order; a few are thrown away.
    fn begin(&mut self) -> anyhow::Result<Way> {
        let owner = self.shop.people.choose(&mut self.random).ok_or_else(|| anyhow::anyhow!("nobody"))?.actor.clone();
        let mut plan = vec![Step::Open];
        for _ in 0..self.random.random_range(3..12) {
            plan.push(Step::Add);
            match self.random.random_range(0..10) {
                0..=2 => plan.push(Step::Change),
                3 if plan.len() > 4 => plan.push(Step::Remove),
                _ => {}
            }
        }
        if self.random.random_ratio(1, 20) {
            plan.push(Step::Discard);
        } else {
            plan.extend([Step::Send, Step::Validate]);
            if self.random.random_ratio(1, 5) {
                plan.extend([Step::RequestQuote, Step::Collect, Step::Answer, Step::Accept]);
            } else {
                plan.push(Step::PlaceOrder);
            }
            plan.extend([Step::Acknowledge, Step::Report, Step::MakeAvailable, Step::Close]);
        }
        plan.reverse();
        self.begun += 1;
        let number = self.begun;
        Ok(Way { owner, number, steps: plan, basket: Known::new(), quote: Known::new(), order: Known::new() })
    }

    fn take(&mut self, way: &mut Way, step: Step) -> anyhow::Result<Vec<StreamAppend>> {
        let actor = match step {
            Step::Open | Step::Add | Step::Change | Step::Remove | Step::Send | Step::Discard => &way.owner,
            Step::Validate => &self.staff.approver,
            Step::RequestQuote | Step::Accept | Step::PlaceOrder => &self.staff.purchaser,
            Step::Answer | Step::MakeAvailable | Step::Close => &self.staff.bookseller,
            Step::Collect | Step::Acknowledge | Step::Report => &self.staff.librisoft,
        };
        let context = Context::new(actor.clone(), self.now);
        match step {
            Step::RequestQuote => self.request_quote(way, &context),
            Step::PlaceOrder => self.place_order(way, &context),
            Step::Accept => self.accept(way, &context),
            Step::Collect | Step::Answer => {
                let command = quote_command(step, self.now);
                Ok(vec![way.quote.decide(&context, &command, Event::Quote)?])
            }
            Step::Acknowledge | Step::Report | Step::MakeAvailable | Step::Close => {
                let command = order_command(step, way);
                Ok(vec![way.order.decide(&context, &command, Event::Order)?])
            }
            Step::Open | Step::Add | Step::Change | Step::Remove | Step::Send | Step::Validate | Step::Discard => {
                let command = self.basket_command(way, step)?;
                Ok(vec![way.basket.decide(&context, &command, Event::Basket)?])
            }
        }
    }

    fn basket_command(&mut self, way: &Way, step: Step) -> anyhow::Result<BasketCommand> {
        let standing = self.shop.standing;
        let last = way.basket.state.opened().and_then(|basket| basket.lines.last());
        let last = last.map_or_else(LineId::default, |line| line.line_id);
        Ok(match step {
            Step::Add => BasketCommand::AddLine {
                line_id: LineId(new_id()),
                article: self.unused_article(way),
                quantity: self.random.random_range(1..6),
                line_reference: None,
                standing,
            },
            Step::Change => BasketCommand::ChangeLine {
                line_id: last,
                quantity: Some(self.random.random_range(6..20)),
                line_reference: None,
                today: self.today(way),
            },
            Step::Remove => BasketCommand::RemoveLine { line_id: last, standing },
            Step::Send => BasketCommand::SendToApprover { comment: None, standing },
            Step::Validate => BasketCommand::Validate { comment: None, standing },
            Step::Discard => BasketCommand::Discard,
            Step::Open
            | Step::RequestQuote
            | Step::Collect
            | Step::Answer
            | Step::Accept
            | Step::PlaceOrder
            | Step::Acknowledge
            | Step::Report
            | Step::MakeAvailable
            | Step::Close => BasketCommand::Open {
                basket_id: way.basket.id()?,
                number: way.number,
                institution_id: self.shop.institution,
                name: None,
                standing: Some(standing),
                quota_reached: false,
            },
        })
    }

    /// An article that has no line in the basket yet: the same one again would add to its line.
    fn unused_article(&mut self, way: &Way) -> Option<Article> {
        let lines = way.basket.state.opened().map(|basket| basket.lines.as_slice()).unwrap_or_default();
        let first = self.random.random_range(0..self.shop.articles.len());
        let mut articles = self.shop.articles.iter().cycle().skip(first).take(self.shop.articles.len());
        articles.find(|article| lines.iter().all(|line| line.ean != article.ean)).cloned()
    }

    fn today(&self, way: &Way) -> Today {
        let lines = way.basket.state.opened().map(|basket| basket.lines.as_slice()).unwrap_or_default();
        let wanted = self.shop.articles.iter().filter(|article| lines.iter().any(|line| line.ean == article.ean));
        let articles = wanted.map(|article| (article.ean, article.clone())).collect();
        Today { articles, standing: self.shop.standing }
    }

    fn conversion(&self, way: &Way) -> Conversion {
        let reference = format!("MED-{}", way.number);
        Conversion { reference, comment: None, number: way.number, today: self.today(way) }
    }

    fn placement(&self, way: &Way, quote_id: Option<QuoteId>) -> anyhow::Result<Box<Placement>> {
        let basket = way.basket.state.opened().ok_or_else(|| anyhow::anyhow!("no basket"))?;
        let institution = self.shop.institution;
        let quoted = way.quote.state.opened().map(|quote| &quote.lines);
        Ok(Box::new(Placement {
            number: way.number,
            basket: origin(way, basket)?,
            quote_id,
            institution_id: institution,
            terms: OrderTerms {
                delivered_to: institution,
                billed_to: institution,
                address: None,
                delivery_mode: DeliveryMode::Pickup,
                payment_mode: PaymentMode::Invoice,
                cost_centre: None,
            },
            establishment_id: None,
            created_by: self.staff.purchaser.account,
            reference: format!("MED-{}", way.number),
            comment: None,
            lines: quoted.unwrap_or(&basket.lines).clone(),
            deferred: Vec::new(),
            shipping_incl_tax: "0.00".parse()?,
            discount_justification: None,
        }))
    }

    fn request_quote(&self, way: &mut Way, context: &Context) -> anyhow::Result<Vec<StreamAppend>> {
        let placement = self.placement(way, None)?;
        let command = BasketCommand::RequestQuote { quote_id: way.quote.id()?, conversion: self.conversion(way) };
        let request = QuoteCommand::Request {
            number: way.number,
            basket: placement.basket,
            institution_id: placement.institution_id,
            reference: placement.reference,
            comment: None,
            lines: placement.lines,
        };
        let basket = way.basket.decide(context, &command, Event::Basket)?;
        Ok(vec![basket, way.quote.decide(context, &request, Event::Quote)?])
    }

    fn place_order(&self, way: &mut Way, context: &Context) -> anyhow::Result<Vec<StreamAppend>> {
        let (order_id, conversion) = (way.order.id::<OrderId>()?, self.conversion(way));
        let placement = self.placement(way, None)?;
        let command = BasketCommand::PlaceOrder { order_id, conversion, placement: Ok(placement.clone()) };
        let basket = way.basket.decide(context, &command, Event::Basket)?;
        Ok(vec![basket, way.order.decide(context, &OrderCommand::Place(placement), Event::Order)?])
    }

    fn accept(&self, way: &mut Way, context: &Context) -> anyhow::Result<Vec<StreamAppend>> {
        let placement = self.placement(way, Some(way.quote.id()?))?;
        let command = QuoteCommand::Accept {
            order_id: way.order.id()?,
            number: way.number,
            placement: Ok(placement.clone()),
            standing: self.shop.standing,
            today: self.now.date_naive(),
        };
        let quote = way.quote.decide(context, &command, Event::Quote)?;
        Ok(vec![quote, way.order.decide(context, &OrderCommand::Place(placement), Event::Order)?])
    }
}

fn origin(way: &Way, basket: &Opened) -> anyhow::Result<BasketOrigin> {
    let basket_id: BasketId = way.basket.id()?;
    Ok(BasketOrigin { basket_id, number: basket.number, name: basket.name, owner: basket.owner })
}

fn quote_command(step: Step, now: DateTime<Utc>) -> QuoteCommand {
    let today = now.date_naive();
    if matches!(step, Step::Collect) {
        QuoteCommand::Acknowledge { librisoft_number: None }
    } else {
        let valid_until = today + TimeDelta::days(90);
        QuoteCommand::Answer { lines: Vec::new(), valid_until, today, french: true }
    }
}

fn order_command(step: Step, way: &Way) -> OrderCommand {
    match step {
        Step::Acknowledge => OrderCommand::Acknowledge { librisoft_number: format!("L{}", way.number) },
        Step::Report => {
            let lines = way.order.state.opened().map(|order| order.lines.as_slice()).unwrap_or_default();
            let report = Report { availability: Availability::Available, in_stock: 20, expected: None };
            let lines = lines.iter().map(|line| LineReport { line_id: line.line.line_id, report }).collect();
            OrderCommand::ReportLines { lines }
        }
        Step::MakeAvailable => OrderCommand::MakeAvailable,
        Step::Open
        | Step::Add
        | Step::Change
        | Step::Remove
        | Step::Send
        | Step::Validate
        | Step::RequestQuote
        | Step::Collect
        | Step::Answer
        | Step::Accept
        | Step::PlaceOrder
        | Step::Close
        | Step::Discard => OrderCommand::Close,
    }
}
