//! An event as a page is told of it: which document, and in a sentence who did what, for whoever may see it.

use bordereau_domain::{AccountId, BasketId, Context, OrderId, QuoteId, account::Account};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    app::App,
    events::Heard,
    extract::Caller,
    names,
    problem::Problem,
    texts::{self, Language, Value},
};

/// The kinds of documents that pages show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Basket,
    Quote,
    Order,
}

/// What an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Subject {
    /// What kind of document.
    pub(super) kind: Kind,
    /// Which one.
    pub(super) id: Uuid,
    /// Whether it is work on the document, which leaves it where it is.
    pub(super) is_work: bool,
}

/// What a page is told: the document, and, of what others did, a sentence.
#[derive(Debug, Serialize)]
struct News {
    id: Uuid,
    path: String,
    text: Option<String>,
}

/// The document that an event is about; nothing for what no page of documents shows.
pub(super) fn subject(heard: &Heard) -> Option<Subject> {
    let (kind, id) = heard.subject.split_once('/')?;
    let kind = match kind {
        "basket" => Kind::Basket,
        "quote" => Kind::Quote,
        "order" => Kind::Order,
        _ => return None,
    };
    let is_work = key(&heard.kind)? == "live-basket-edited";
    Some(Subject { kind, id: id.parse().ok()?, is_work })
}

/// The key of an event's sentence; nothing for an event that has none.
pub(super) fn key(cloud_type: &str) -> Option<&'static str> {
    let (name, _) = cloud_type.strip_prefix("bordereau.")?.rsplit_once(".v")?;
    Some(match name {
        "basket.opened" => "live-basket-opened",
        "basket.renamed"
        | "basket.line-added"
        | "basket.line-changed"
        | "basket.line-removed"
        | "basket.lines-repriced" => "live-basket-edited",
        "basket.sent-to-approver" => "live-basket-sent",
        "basket.unlocked" => "live-basket-unlocked",
        "basket.returned-to-previous-role" => "live-basket-returned",
        "basket.validated" => "live-basket-validated",
        "basket.converted-to-quote" => "live-basket-quoted",
        "basket.converted-to-order" => "live-basket-ordered",
        "basket.taken-over" => "live-basket-taken-over",
        "basket.discarded" => "live-basket-discarded",
        "quote.requested" => "live-quote-requested",
        "quote.pushed-to-librisoft" => "live-quote-collected",
        "quote.answered" => "live-quote-answered",
        "quote.accepted" => "live-quote-accepted",
        "quote.refused" => "live-quote-refused",
        "quote.expired" => "live-quote-expired",
        "quote.archived" => "live-quote-archived",
        "order.placed" => "live-order-placed",
        "order.pushed-to-librisoft" => "live-order-collected",
        "order.lines-reported" => "live-order-reported",
        "order.made-available" => "live-order-available",
        "order.shipped" => "live-order-shipped",
        "order.closed" => "live-order-closed",
        "order.cancelled" => "live-order-cancelled",
        "order.cancellation-pushed-to-librisoft" => "live-order-cancellation-collected",
        "order.status-reset" => "live-order-reset",
        "order.message-sent" => "live-order-message",
        _ => return None,
    })
}

/// What `reader` is told of an event, as JSON on one line; nothing of a document that he may not see.
///
/// # Errors
/// 503 when store or views cannot be read.
pub(super) async fn tell(
    app: &App,
    reader: &Caller,
    language: Language,
    heard: &Heard,
) -> Result<Option<String>, Problem> {
    let (Some(subject), Some(key)) = (subject(heard), key(&heard.kind)) else { return Ok(None) };
    let Some(number) = number_for(app, reader, subject).await? else { return Ok(None) };
    let account = |id: &Option<String>| id.as_deref().and_then(|id| id.parse::<Uuid>().ok()).map(AccountId);
    let actor = account(&heard.actor);
    let text = if actor == Some(reader.actor.account) {
        None
    } else {
        let shop = reader.shop.as_str();
        let mut name = name_of(app, shop, actor, language).await?;
        if let Some(other) = account(&heard.on_behalf_of) {
            let other = name_of(app, shop, Some(other), language).await?;
            name = format!("{name} ({})", texts::say(language, "on-behalf-of", &[("name", Value::Text(&other))]));
        }
        let values = [("name", Value::Text(&name)), ("number", Value::Text(&number.to_string()))];
        Some(texts::say(language, key, &values))
    };
    let path = match subject.kind {
        Kind::Basket => "baskets",
        Kind::Quote => "quotes",
        Kind::Order => "orders",
    };
    let news = News { id: subject.id, path: format!("/{path}/{}", subject.id), text };
    serde_json::to_string(&news).map(Some).map_err(|error| Problem::internal(&error))
}

/// The number of a document that the reader may see.
async fn number_for(app: &App, reader: &Caller, subject: Subject) -> Result<Option<u64>, Problem> {
    let shop = reader.shop.as_str();
    let mut context = Context::new(reader.actor.clone(), app.clock.now());
    Ok(match subject.kind {
        Kind::Basket => {
            let found = app.projections.basket_detail().find(shop, BasketId(subject.id)).await?;
            found.and_then(|detail| {
                context.owner_inactive = !detail.owner.active;
                detail.basket.is_seen_by(&context).then_some(detail.basket.number)
            })
        }
        Kind::Quote => {
            let found = app.projections.quote_list().find(shop, QuoteId(subject.id)).await?;
            found.and_then(|detail| detail.quote.is_seen_by(&context).then_some(detail.quote.number))
        }
        Kind::Order => {
            let found = app.projections.order_list().find(shop, OrderId(subject.id)).await?;
            found.and_then(|detail| detail.order.is_seen_by(&context).then_some(detail.order.number))
        }
    })
}

/// Who acted: his name, or what stands in its place for machines and erased persons.
async fn name_of(app: &App, shop: &str, actor: Option<AccountId>, language: Language) -> Result<String, Problem> {
    let ask = |account: &Account| account.opened().map(|opened| opened.name.digest);
    let digest = match actor {
        Some(actor) => app.commands.peek::<Account, _>(shop, &actor.to_string(), ask).await?.value,
        None => None,
    };
    let Some(digest) = digest else { return Ok(texts::say(language, "live-somebody", &[])) };
    let clear = names::open(app, shop, [digest]).await?;
    Ok(clear.text(digest).unwrap_or_else(|| texts::say(language, "erased", &[])))
}

#[cfg(test)]
mod tests {
    use bordereau_domain::{basket::BasketEvent, order::OrderEvent, quote::QuoteEvent};

    use super::*;
    use crate::events::cloud_type;

    #[test]
    fn every_event_of_a_document_has_its_sentence_in_every_language() {
        let documents = [("Basket", BasketEvent::NAMES), ("Quote", QuoteEvent::NAMES), ("Order", OrderEvent::NAMES)];
        for (aggregate, names) in documents {
            for (name, version) in names {
                let key =
                    key(&cloud_type(aggregate, name, version)).unwrap_or_else(|| panic!("{name} has no sentence"));
                for language in Language::ALL {
                    let values = [("name", Value::Text("Camille")), ("number", Value::Text("12"))];
                    let text = texts::say(language, key, &values);
                    assert!(text.contains("12") && !text.contains('⟦'), "{key} in {}: {text}", language.tag());
                }
            }
        }
    }

    #[test]
    fn other_events_are_passed_over() {
        let of = |kind: &str, subject: &str| Heard {
            position: 1,
            kind: kind.to_owned(),
            subject: subject.to_owned(),
            actor: None,
            on_behalf_of: None,
        };
        let id = Uuid::from_u128(7);
        let found = subject(&of("bordereau.basket.line-added.v1", &format!("basket/{id}")));
        assert_eq!(found, Some(Subject { kind: Kind::Basket, id, is_work: true }));
        for (kind, about) in [
            ("bordereau.account.opened.v1", format!("account/{id}")),
            ("bordereau.basket.unheard-of.v1", format!("basket/{id}")),
            ("bordereau.basket.opened.v1", "basket/none".to_owned()),
        ] {
            assert_eq!(subject(&of(kind, &about)), None);
        }
    }
}
