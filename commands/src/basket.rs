//! What people ask of a basket.

use bordereau_domain::{
    BasketId, Context, Ean, InstitutionId, LineId, OrderId, QuoteId,
    basket::{Basket, BasketCommand, BasketError, Conversion, NewLine, Opened, Today},
    order::{Order, OrderCommand},
    personal::{BasketName, Comment, LineReference},
    quote::{BasketOrigin, Quote, QuoteCommand},
};
use serde_json::json;

mod lines;

pub use lines::{CopiedLine, ListedLine};

use self::lines::{copied, listed};
use crate::{
    failed::Failed,
    follow::Follow,
    numbers::Numbered,
    placement::{Source, eans},
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
    /// Open it with the lines of another basket or of an order. Their references stay where they are: they are words
    /// about that purchase, by whoever wrote them.
    Copy {
        /// The basket to open.
        open: OpenBasket,
        /// The lines.
        lines: Vec<CopiedLine>,
    },
    /// Put a list of articles into it: all of them, or none.
    AddLines {
        /// The lines.
        lines: Vec<ListedLine>,
    },
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
            Self::Copy { .. } => "CopyBasket",
            Self::AddLines { .. } => "AddBasketLines",
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
        matches!(self, Self::Open(_) | Self::Copy { .. })
    }

    async fn prepare(&self, state: &Basket, scene: &mut Scene<'_>) -> Result<BasketCommand, Failed<BasketError>> {
        if let Self::Open(open) | Self::Copy { open, .. } = self {
            let command = open.prepare(state, scene).await?;
            return Ok(if let Self::Copy { lines, .. } = self {
                copied(command, lines, scene).await?
            } else {
                command
            });
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
        if let Self::Open(open) | Self::Copy { open, .. } = self {
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
            BasketCommand::Copy { basket_id, number, lines, .. } => {
                let number = state.opened().map_or(*number, |basket| basket.number);
                Answer::created(json!({ "id": basket_id, "number": number, "missing": self.missing(lines) }))
            }
            BasketCommand::AddLine { line_id, .. } => Answer::created(json!({ "line_id": line_id })),
            BasketCommand::AddLines { lines, .. } => {
                let ids: Vec<_> = lines.iter().map(|line| line.line_id).collect();
                Answer::created(json!({ "line_ids": ids }))
            }
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
    /// The lines of a copy that the catalogue has no more.
    fn missing(&self, found: &[NewLine]) -> Vec<serde_json::Value> {
        let Self::Copy { lines, .. } = self else { return Vec::new() };
        let gone = lines.iter().zip(found).filter(|(_, found)| found.article.is_none());
        gone.map(|(line, _)| json!({ "ean": line.ean, "title": line.title, "quantity": line.quantity })).collect()
    }

    /// The command on an opened basket that the actor may see.
    async fn complete(&self, basket: &Opened, scene: &mut Scene<'_>) -> Result<BasketCommand, Missing> {
        let institution = basket.institution_id;
        Ok(match self {
            Self::Open(open) | Self::Copy { open, .. } => {
                open.prepare(&Basket::Opened(Box::new(basket.clone())), scene).await?
            }
            Self::AddLines { lines } => BasketCommand::AddLines {
                lines: listed(lines, scene).await?,
                standing: scene.standing(institution).await?,
            },
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
            Self::Reprice => BasketCommand::Reprice { today: scene.today(institution, &eans(&basket.lines)).await? },
            Self::Rename { name } => BasketCommand::Rename { name: scene.seal(name).await? },
            Self::SendToApprover { comment } => BasketCommand::SendToApprover {
                comment: scene.seal_optional(comment.as_ref()).await?,
                standing: scene.rests_on_standing(institution).await?,
            },
            Self::Validate { comment } => BasketCommand::Validate {
                comment: scene.seal_optional(comment.as_ref()).await?,
                standing: scene.rests_on_standing(institution).await?,
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

async fn convert(
    basket: &Opened,
    kind: Numbered,
    reference: &str,
    comment: Option<&SealText<Comment>>,
    scene: &mut Scene<'_>,
) -> Result<Conversion, Missing> {
    let today = Today {
        articles: scene.articles(&eans(&basket.lines)).await?,
        standing: scene.rests_on_standing(basket.institution_id).await?,
    };
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
        let source = Source {
            number: conversion.number,
            basket: origin(self.basket_id, basket),
            quote_id: None,
            institution_id: basket.institution_id,
            reference: &conversion.reference,
            comment: conversion.comment,
            lines: &basket.lines,
        };
        let placement = source.place(&self.terms, &conversion.today.articles, scene).await?;
        Ok(BasketCommand::PlaceOrder { order_id: self.order_id, conversion, placement })
    }
}
