//! What happens in the demonstration: enough that every tab of every list has at least three rows.

use bordereau_commands::{
    BasketRequest, Envelope, Housed, IdempotencyKey, OpenBasket, OrderRequest, PlaceOrder, QuoteRequest, Request,
    RequestedTerms, SealText, SentReport, stable_id,
};
use bordereau_domain::{
    Actor, BasketId, LineId, OrderId, QuoteId, ShopCode,
    article::Availability,
    basket::Basket,
    order::Report,
    personal::BasketName,
    terms::{DeliveryMode, PaymentMode},
};
use chrono::Days;

use super::{CHANNEL, cast::Company, catalogue};
use crate::app::App;

/// Names of baskets, used in turn.
const NAMES: [&str; 8] = [
    "Rentrée littéraire",
    "Fonds jeunesse",
    "Nouveautés romans",
    "Prix des lecteurs",
    "Club de lecture",
    "Remplacements",
    "Fonds régional",
    "Heure du conte",
];

/// The last thing that happens in a shop.
const ENDING: &str = "ending";

/// Plays in one shop.
pub struct Player<'a> {
    /// The service.
    pub app: &'a App,
    /// The shop.
    pub shop: ShopCode,
}

impl<'a> Player<'a> {
    /// A player for this shop.
    pub const fn new(app: &'a App, shop: ShopCode) -> Self {
        Self { app, shop }
    }

    /// Carries out a command once: asked for again, it is not done again.
    pub async fn act<R>(&self, who: &Actor, id: impl ToString, what: &str, request: R) -> anyhow::Result<()>
    where
        R: Request,
        R::Decider: Housed,
    {
        let id = id.to_string();
        let mut envelope = Envelope::new(self.shop.clone(), who.clone(), self.app.clock.now(), CHANNEL);
        envelope.key = Some(IdempotencyKey { key: format!("demo/{id}/{what}"), request_hash: [0; 32] });
        self.app.commands.execute(envelope, id, request).await?;
        Ok(())
    }

    fn basket_id(&self, story: &str) -> BasketId {
        BasketId(stable_id(&["demo", self.shop.as_str(), "basket", story]))
    }

    /// Whether the last story was told.
    pub async fn has_ended(&self) -> anyhow::Result<bool> {
        if self.app.store.head(self.shop.as_str()).await?.is_none() {
            return Ok(false);
        }
        let ask = |basket: &Basket| basket.opened().is_some_and(|opened| !opened.lines.is_empty());
        let id = self.basket_id(ENDING).to_string();
        Ok(self.app.commands.peek::<Basket, _>(self.shop.as_str(), &id, ask).await?.value)
    }

    /// Opens a basket with a few lines.
    async fn basket(&self, owner: &Actor, company: &Company, story: &str, rank: usize) -> anyhow::Result<BasketId> {
        let basket_id = self.basket_id(story);
        let name = SealText::<BasketName>::new(NAMES[rank % NAMES.len()])?;
        let open =
            OpenBasket { basket_id, institution_id: company.institution, name: Some(name), quota_reached: false };
        self.act(owner, basket_id, "open", BasketRequest::Open(open)).await?;
        let articles = catalogue::articles();
        for n in 0..2 + rank % 4 {
            let article = &articles[(rank * 7 + n * 11) % (articles.len() - 20)];
            let line_id = line_id(basket_id, n);
            let quantity = u32::try_from(1 + (rank + n) % 5)?;
            let add = BasketRequest::AddLine { line_id, ean: article.ean, quantity, line_reference: None };
            self.act(owner, basket_id, &format!("line {n}"), add).await?;
        }
        Ok(basket_id)
    }

    async fn send(&self, company: &Company, basket: BasketId) -> anyhow::Result<()> {
        self.act(&company.requester, basket, "send", BasketRequest::SendToApprover { comment: None }).await
    }

    async fn validate(&self, who: &Actor, basket: BasketId) -> anyhow::Result<()> {
        self.act(who, basket, "validate", BasketRequest::Validate { comment: None }).await
    }

    /// A basket of the requester that has come to the purchaser.
    async fn climb(&self, company: &Company, story: &str, rank: usize) -> anyhow::Result<BasketId> {
        let basket = self.basket(&company.requester, company, story, rank).await?;
        self.send(company, basket).await?;
        self.validate(company.approver.as_ref().unwrap_or(&company.purchaser), basket).await?;
        Ok(basket)
    }

    async fn quote(&self, company: &Company, story: &str, rank: usize) -> anyhow::Result<QuoteId> {
        let basket_id = self.climb(company, story, rank).await?;
        let quote_id = QuoteId(stable_id(&["demo", self.shop.as_str(), "quote", story]));
        let reference = format!("MED-2026-{:03}", 100 + rank);
        let request = BasketRequest::RequestQuote { quote_id, basket_id, reference, comment: None };
        self.act(&company.purchaser, basket_id, "request-quote", request).await?;
        Ok(quote_id)
    }

    async fn order(&self, company: &Company, story: &str, rank: usize, mode: DeliveryMode) -> anyhow::Result<OrderId> {
        let basket_id = self.climb(company, story, rank).await?;
        let order_id = OrderId(stable_id(&["demo", self.shop.as_str(), "order", story]));
        let terms = RequestedTerms {
            delivery_mode: mode,
            payment_mode: PaymentMode::Chorus,
            cost_centre: None,
            deliver_to: None,
            delivery_address_id: None,
            bill_to: None,
        };
        let reference = format!("MED-2026-{:03}", 200 + rank);
        let order = PlaceOrder { order_id, basket_id, reference, comment: None, terms };
        self.act(&company.purchaser, basket_id, "place-order", BasketRequest::PlaceOrder(order)).await?;
        Ok(order_id)
    }

    async fn collect(&self, company: &Company, order: OrderId, number: usize) -> anyhow::Result<()> {
        let librisoft_number = (6700 + number).to_string();
        self.act(&company.librisoft, order, "collect", OrderRequest::Acknowledge { librisoft_number }).await
    }

    /// Reports every line of the order of `story`: all in stock, or the first one short.
    async fn report(&self, company: &Company, story: &str, order: OrderId, short: bool) -> anyhow::Result<()> {
        let basket = self.basket_id(story);
        let ask = |basket: &Basket| basket.opened().map(|opened| opened.lines.clone()).unwrap_or_default();
        let lines = self.app.commands.peek::<Basket, _>(self.shop.as_str(), &basket.to_string(), ask).await?.value;
        let report = |(n, line): (usize, &bordereau_domain::line::Line)| SentReport {
            line_id: line.line_id,
            report: Report {
                availability: if short && n == 0 { Availability::Reprinting } else { Availability::Available },
                in_stock: if short && n == 0 { 0 } else { line.quantity },
                expected: None,
            },
        };
        let lines = lines.iter().enumerate().map(report).collect();
        self.act(&company.librisoft, order, "report", OrderRequest::ReportLines { lines }).await
    }
}

fn line_id(basket: BasketId, n: usize) -> LineId {
    LineId(stable_id(&["demo", "line", &basket.to_string(), &n.to_string()]))
}

/// Tells every story of a shop.
pub async fn play(player: &Player<'_>, company: &Company) -> anyhow::Result<()> {
    on_the_way(player, company).await?;
    quotes(player, company).await?;
    orders(player, company).await?;
    player.basket(&company.requester, company, ENDING, 3).await?;
    Ok(())
}

/// Drafts, baskets at the approver, returned ones, baskets at the purchaser.
async fn on_the_way(player: &Player<'_>, company: &Company) -> anyhow::Result<()> {
    let owners = [Some(&company.requester), company.approver.as_ref(), Some(&company.purchaser)];
    for (role, owner) in owners.into_iter().flatten().enumerate() {
        for n in 0..3 {
            player.basket(owner, company, &format!("draft {role} {n}"), role * 3 + n).await?;
        }
    }
    for n in 0..3 {
        let waiting = player.basket(&company.requester, company, &format!("sent {n}"), 10 + n).await?;
        player.send(company, waiting).await?;
        player.climb(company, &format!("validated {n}"), 13 + n).await?;
        let by_purchaser = player.basket(&company.requester, company, &format!("checked {n}"), 16 + n).await?;
        player.send(company, by_purchaser).await?;
        player.validate(&company.purchaser, by_purchaser).await?;
    }
    let back = player.basket(&company.requester, company, "returned", 19).await?;
    player.send(company, back).await?;
    let comment = Some(SealText::new("Un titre est épuisé : merci de le remplacer.")?);
    let above = company.approver.as_ref().unwrap_or(&company.purchaser);
    player.act(above, back, "return", BasketRequest::Return { comment }).await
}

/// Quotes in every status that people see.
async fn quotes(player: &Player<'_>, company: &Company) -> anyhow::Result<()> {
    let valid_until = player.app.clock.now().date_naive().checked_add_days(Days::new(60)).unwrap_or_default();
    for n in 0..11 {
        let quote = player.quote(company, &format!("quote {n}"), 20 + n).await?;
        if n < 3 {
            continue;
        }
        let librisoft_number = Some((900 + n).to_string());
        player.act(&company.librisoft, quote, "collect", QuoteRequest::Acknowledge { librisoft_number }).await?;
        if (6..9).contains(&n) {
            let answer = QuoteRequest::Answer { lines: Vec::new(), valid_until };
            player.act(&company.bookseller, quote, "answer", answer).await?;
        }
        if n >= 8 {
            player.act(&company.bookseller, quote, "archive", QuoteRequest::Archive).await?;
        }
    }
    Ok(())
}

/// Orders in every status.
async fn orders(player: &Player<'_>, company: &Company) -> anyhow::Result<()> {
    for n in 0..14 {
        let story = format!("order {n}");
        let sent = n % 2 == 1 && has_address(player);
        let mode = if sent { DeliveryMode::Delivery } else { DeliveryMode::Pickup };
        let order = player.order(company, &story, 40 + n, mode).await?;
        if n < 3 {
            continue;
        }
        player.collect(company, order, n).await?;
        player.report(company, &story, order, n == 3).await?;
        let staff = &company.bookseller;
        match n {
            3..=5 => {}
            6 | 7 => {
                let request = if sent { OrderRequest::Ship { tracking: None } } else { OrderRequest::MakeAvailable };
                player.act(staff, order, "hand over", request).await?;
            }
            8..=10 => player.act(staff, order, "close", OrderRequest::Close).await?,
            _ => {
                let reason = SealText::new("Commande passée deux fois.")?;
                player.act(staff, order, "cancel", OrderRequest::Cancel { reason }).await?;
            }
        }
    }
    Ok(())
}

/// Whether the shop's first institution can be delivered to.
fn has_address(player: &Player<'_>) -> bool {
    player.shop.as_str() == "DLIVRE"
}
