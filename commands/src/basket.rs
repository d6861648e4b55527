//! What people ask of a basket.

use std::collections::BTreeSet;

use bordereau_domain::{
    BasketId, Context, Ean, InstitutionId, LineId, Money, OrderId, QuoteId,
    basket::{Basket, BasketCommand, BasketError, Conversion, Opened},
    order::{Order, OrderCommand, Placement},
    personal::{BasketName, Comment, LineReference},
    quote::{BasketOrigin, Quote, QuoteCommand},
};
use serde_json::json;

use crate::{
    failed::Failed,
    follow::Follow,
    numbers::Numbered,
    request::{Answer, Request},
    scene::{Missing, Scene},
    seal::SealText,
    terms::RequestedTerms,
};

/// A basket to open.
#[derive(Clone, Debug)]
pub struct OpenBasket {
    /// Its id.
    pub basket_id: BasketId,
    /// For which institution.
    pub institution_id: InstitutionId,
    /// Its name.
    pub name: Option<SealText<BasketName>>,
    /// Whether the account has as many open baskets as it may have.
    pub quota_reached: bool,
}

/// An order to place.
#[derive(Clone, Debug)]
pub struct PlaceOrder {
    /// The order's id.
    pub order_id: OrderId,
    /// The basket's id.
    pub basket_id: BasketId,
    /// *Référence collectivité*.
    pub reference: String,
    /// A comment for the bookshop.
    pub comment: Option<SealText<Comment>>,
    /// Where to, how, how paid.
    pub terms: RequestedTerms,
}

/// What people ask of a basket.
#[derive(Clone, Debug)]
pub enum BasketRequest {
    /// Open it.
    Open(OpenBasket),
    /// Put an article into it.
    AddLine {
        /// The new line's id.
        line_id: LineId,
        /// The article's number.
        ean: Ean,
        /// Copies.
        quantity: u32,
        /// The requester's own reference.
        line_reference: Option<SealText<LineReference>>,
    },
    /// Change a line.
    ChangeLine {
        /// Which.
        line_id: LineId,
        /// Copies, if they change.
        quantity: Option<u32>,
        /// The reference, if it changes.
        line_reference: Option<Option<SealText<LineReference>>>,
    },
    /// Take a line out.
    RemoveLine {
        /// Which.
        line_id: LineId,
    },
    /// Bring all lines to the prices of the day.
    Reprice,
    /// Give it another name.
    Rename {
        /// The new name.
        name: SealText<BasketName>,
    },
    /// Send it to the approvers.
    SendToApprover {
        /// A word with it.
        comment: Option<SealText<Comment>>,
    },
    /// Pass it on to the purchasers.
    Validate {
        /// A word with it.
        comment: Option<SealText<Comment>>,
    },
    /// Unlock it.
    Unlock,
    /// Return it to the previous role.
    Return {
        /// Why.
        comment: Option<SealText<Comment>>,
    },
    /// Turn it into a quote request.
    RequestQuote {
        /// The quote's id.
        quote_id: QuoteId,
        /// The basket's id.
        basket_id: BasketId,
        /// *Référence collectivité*.
        reference: String,
        /// A comment for the bookshop.
        comment: Option<SealText<Comment>>,
    },
    /// Turn it into an order.
    PlaceOrder(PlaceOrder),
    /// Take it over.
    TakeOver,
    /// Delete it.
    Discard,
}

impl Request for BasketRequest {
    type Decider = Basket;

    fn name(&self) -> &'static str {
        match self {
            Self::Open(_) => "OpenBasket",
            Self::AddLine { .. } => "AddBasketLine",
            Self::ChangeLine { .. } => "ChangeBasketLine",
            Self::RemoveLine { .. } => "RemoveBasketLine",
            Self::Reprice => "RepriceBasket",
            Self::Rename { .. } => "RenameBasket",
            Self::SendToApprover { .. } => "SendBasketToApprover",
            Self::Validate { .. } => "ValidateBasket",
            Self::Unlock => "UnlockBasket",
            Self::Return { .. } => "ReturnBasket",
            Self::RequestQuote { .. } => "RequestQuote",
            Self::PlaceOrder(_) => "PlaceOrder",
            Self::TakeOver => "TakeOverBasket",
            Self::Discard => "DiscardBasket",
        }
    }

    fn creates(&self) -> bool {
        matches!(self, Self::Open(_))
    }

    async fn prepare(&self, state: &Basket, scene: &mut Scene<'_>) -> Result<BasketCommand, Failed<BasketError>> {
        if let Self::Open(open) = self {
            return open.prepare(state, scene).await.map_err(Into::into);
        }
        let Some(basket) = state.opened() else { return Err(Failed::NotFound) };
        scene.context.owner_inactive = scene.is_inactive(basket.owner).await?;
        // Whoever may not see it costs no look-up and no number.
        if !basket.is_seen_by(&scene.context) {
            return Err(Failed::NotFound);
        }
        Ok(self.complete(basket, scene).await?)
    }

    fn institution(&self, _: &str, state: &Basket, _: &BasketCommand) -> Option<InstitutionId> {
        if let Self::Open(open) = self {
            return Some(open.institution_id);
        }
        state.opened().map(|basket| basket.institution_id)
    }

    fn follow(&self, state: &Basket, command: &BasketCommand, context: &Context) -> Result<Vec<Follow>, String> {
        let Some(basket) = state.opened() else { return Ok(Vec::new()) };
        match (self, command) {
            (Self::RequestQuote { basket_id, .. }, BasketCommand::RequestQuote { quote_id, conversion }) => {
                let request = request_quote(*basket_id, basket, conversion);
                Ok(vec![Follow::born::<Quote>(quote_id.to_string(), &request, context)?])
            }
            (Self::PlaceOrder(_), BasketCommand::PlaceOrder { order_id, placement, .. }) => match placement {
                Ok(placement) => {
                    let place = OrderCommand::Place(placement.clone());
                    Ok(vec![Follow::born::<Order>(order_id.to_string(), &place, context)?])
                }
                Err(refused) => Err(refused.to_string()),
            },
            _ => Ok(Vec::new()),
        }
    }

    fn answer(&self, state: &Basket, command: &BasketCommand) -> Answer {
        match command {
            BasketCommand::Open { basket_id, number, .. } => {
                let number = state.opened().map_or(*number, |basket| basket.number);
                Answer::created(json!({ "id": basket_id, "number": number }))
            }
            BasketCommand::AddLine { line_id, .. } => Answer::created(json!({ "line_id": line_id })),
            BasketCommand::RequestQuote { quote_id, conversion } => {
                Answer::ok(json!({ "quote_id": quote_id, "number": conversion.number }))
            }
            BasketCommand::PlaceOrder { order_id, conversion, .. } => {
                Answer::ok(json!({ "order_id": order_id, "number": conversion.number }))
            }
            BasketCommand::ChangeLine { .. }
            | BasketCommand::RemoveLine { .. }
            | BasketCommand::Reprice { .. }
            | BasketCommand::Rename { .. }
            | BasketCommand::SendToApprover { .. }
            | BasketCommand::Validate { .. }
            | BasketCommand::Unlock
            | BasketCommand::Return { .. }
            | BasketCommand::TakeOver
            | BasketCommand::Discard => Answer::done(),
        }
    }
}

impl OpenBasket {
    async fn prepare(&self, state: &Basket, scene: &mut Scene<'_>) -> Result<BasketCommand, Missing> {
        let standing = scene.find_standing(self.institution_id).await?;
        let acceptable = standing.is_some() && scene.context.actor.acts_for(self.institution_id);
        // A number is taken only for a basket that can be opened.
        let number = match state.opened() {
            None if acceptable && !self.quota_reached => scene.number(Numbered::Basket).await?,
            opened => opened.map_or(0, |basket| basket.number),
        };
        Ok(BasketCommand::Open {
            basket_id: self.basket_id,
            number,
            institution_id: self.institution_id,
            name: scene.seal_optional(self.name.as_ref()).await?,
            standing,
            quota_reached: self.quota_reached,
        })
    }
}

impl BasketRequest {
    /// The command on an opened basket that the actor may see.
    async fn complete(&self, basket: &Opened, scene: &mut Scene<'_>) -> Result<BasketCommand, Missing> {
        let institution = basket.institution_id;
        Ok(match self {
            Self::Open(open) => open.prepare(&Basket::Opened(Box::new(basket.clone())), scene).await?,
            Self::AddLine { line_id, ean, quantity, line_reference } => BasketCommand::AddLine {
                line_id: *line_id,
                article: scene.articles(&[*ean]).await?.remove(ean),
                quantity: *quantity,
                line_reference: scene.seal_optional(line_reference.as_ref()).await?,
                standing: scene.standing(institution).await?,
            },
            Self::ChangeLine { line_id, quantity, line_reference } => BasketCommand::ChangeLine {
                line_id: *line_id,
                quantity: *quantity,
                line_reference: match line_reference {
                    Some(given) => Some(scene.seal_optional(given.as_ref()).await?),
                    None => None,
                },
                today: {
                    let ean = basket.find_line(*line_id).map(|line| line.ean);
                    scene.today(institution, ean.as_slice()).await?
                },
            },
            Self::RemoveLine { line_id } => {
                BasketCommand::RemoveLine { line_id: *line_id, standing: scene.standing(institution).await? }
            }
            Self::Reprice => BasketCommand::Reprice { today: scene.today(institution, &eans(basket)).await? },
            Self::Rename { name } => BasketCommand::Rename { name: scene.seal(name).await? },
            Self::SendToApprover { comment } => BasketCommand::SendToApprover {
                comment: scene.seal_optional(comment.as_ref()).await?,
                standing: scene.standing(institution).await?,
            },
            Self::Validate { comment } => BasketCommand::Validate {
                comment: scene.seal_optional(comment.as_ref()).await?,
                standing: scene.standing(institution).await?,
            },
            Self::Unlock => BasketCommand::Unlock,
            Self::Return { comment } => BasketCommand::Return { comment: scene.seal_optional(comment.as_ref()).await? },
            Self::RequestQuote { quote_id, reference, comment, .. } => BasketCommand::RequestQuote {
                quote_id: *quote_id,
                conversion: convert(basket, Numbered::Quote, reference, comment.as_ref(), scene).await?,
            },
            Self::PlaceOrder(order) => order.complete(basket, scene).await?,
            Self::TakeOver => BasketCommand::TakeOver,
            Self::Discard => BasketCommand::Discard,
        })
    }
}

fn eans(basket: &Opened) -> Vec<Ean> {
    basket.lines.iter().map(|line| line.ean).collect::<BTreeSet<_>>().into_iter().collect()
}

async fn convert(
    basket: &Opened,
    kind: Numbered,
    reference: &str,
    comment: Option<&SealText<Comment>>,
    scene: &mut Scene<'_>,
) -> Result<Conversion, Missing> {
    let today = scene.today(basket.institution_id, &eans(basket)).await?;
    // A number is taken only for a basket that looks convertible; one that is refused after all leaves a gap.
    let convertible = basket.next_actions(&scene.context, &today.standing);
    let likely = convertible.contains(&bordereau_domain::basket::Action::PlaceOrder);
    Ok(Conversion {
        reference: reference.trim().to_owned(),
        comment: scene.seal_optional(comment).await?,
        number: if likely { scene.number(kind).await? } else { 0 },
        today,
    })
}

fn origin(basket_id: BasketId, basket: &Opened) -> BasketOrigin {
    BasketOrigin { basket_id, number: basket.number, name: basket.name, owner: basket.owner }
}

fn request_quote(basket_id: BasketId, basket: &Opened, conversion: &Conversion) -> QuoteCommand {
    QuoteCommand::Request {
        number: conversion.number,
        basket: origin(basket_id, basket),
        institution_id: basket.institution_id,
        reference: conversion.reference.clone(),
        comment: conversion.comment,
        lines: basket.lines.clone(),
    }
}

impl PlaceOrder {
    async fn complete(&self, basket: &Opened, scene: &mut Scene<'_>) -> Result<BasketCommand, Missing> {
        let conversion = convert(basket, Numbered::Order, &self.reference, self.comment.as_ref(), scene).await?;
        let orderable = |ean: &Ean| conversion.today.articles.get(ean).is_some_and(|a| a.availability.is_orderable());
        let created_by = scene.context.actor.principal();
        let placement = self.terms.resolve(basket.institution_id, scene).await?;
        let establishment_id = scene.establishment_of(created_by).await?;
        let placement = placement.map(|terms| {
            Box::new(Placement {
                number: conversion.number,
                basket: origin(self.basket_id, basket),
                quote_id: None,
                institution_id: basket.institution_id,
                terms,
                establishment_id,
                created_by,
                reference: conversion.reference.clone(),
                comment: conversion.comment,
                lines: basket.lines.clone(),
                deferred: basket.lines.iter().filter(|l| !orderable(&l.ean)).map(|l| l.line_id).collect(),
                shipping_incl_tax: Money::ZERO,
            })
        });
        Ok(BasketCommand::PlaceOrder { order_id: self.order_id, conversion, placement })
    }
}
