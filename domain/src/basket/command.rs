//! What can be asked of a basket, with the facts of other aggregates that the answer rests on.

use std::collections::BTreeMap;

use crate::{
    article::Article,
    ean::Ean,
    ids::{BasketId, InstitutionId, LineId, OrderId, QuoteId},
    institution::Standing,
    order::{Placement, TermsError},
    personal::{BasketName, Comment, LineReference, Personal},
};

/// Today's catalogue, as far as a basket's lines ask it. What is missing is gone.
#[derive(Clone, Debug, Default)]
pub struct Today {
    /// Articles by number.
    pub articles: BTreeMap<Ean, Article>,
    /// The institution's standing and conditions.
    pub standing: Standing,
}

/// A line to be put in.
#[derive(Clone, Debug)]
pub struct NewLine {
    /// Its id.
    pub line_id: LineId,
    /// The article; nothing if the catalogue has none.
    pub article: Option<Article>,
    /// Copies.
    pub quantity: u32,
    /// The requester's own reference.
    pub line_reference: Option<Personal<LineReference>>,
}

/// What a quote request and an order have in common.
#[derive(Clone, Debug)]
pub struct Conversion {
    /// *Référence collectivité*, mandatory (L47).
    pub reference: String,
    /// A comment for the bookshop.
    pub comment: Option<Personal<Comment>>,
    /// The document's number.
    pub number: u64,
    /// Prices and discounts of the day.
    pub today: Today,
}

/// What can be asked of a basket.
#[derive(Clone, Debug)]
pub enum BasketCommand {
    /// Open it.
    Open {
        /// Its id: opening the same again is harmless.
        basket_id: BasketId,
        /// Its number.
        number: u64,
        /// For which institution.
        institution_id: InstitutionId,
        /// Its name.
        name: Option<Personal<BasketName>>,
        /// What the institution's record says; nothing if there is none.
        standing: Option<Standing>,
        /// Whether the account has as many open baskets as it may have.
        quota_reached: bool,
    },
    /// Open it with the lines of another, at today's prices. What the catalogue has no more is left out.
    Copy {
        /// Its id: opening the same again is harmless.
        basket_id: BasketId,
        /// Its number.
        number: u64,
        /// For which institution.
        institution_id: InstitutionId,
        /// Its name.
        name: Option<Personal<BasketName>>,
        /// What the institution's record says; nothing if there is none.
        standing: Option<Standing>,
        /// Whether the account has as many open baskets as it may have.
        quota_reached: bool,
        /// The lines, in their order.
        lines: Vec<NewLine>,
    },
    /// Put an article into it.
    AddLine {
        /// The new line's id.
        line_id: LineId,
        /// The article; nothing if the catalogue has none.
        article: Option<Article>,
        /// Copies.
        quantity: u32,
        /// The requester's own reference.
        line_reference: Option<Personal<LineReference>>,
        /// The institution's standing and conditions.
        standing: Standing,
    },
    /// Put a list of articles into it: all of them, or none.
    AddLines {
        /// The lines, in their order.
        lines: Vec<NewLine>,
        /// The institution's standing and conditions.
        standing: Standing,
    },
    /// Change a line.
    ChangeLine {
        /// Which.
        line_id: LineId,
        /// Copies, if they change.
        quantity: Option<u32>,
        /// The reference, if it changes: nothing takes it away.
        line_reference: Option<Option<Personal<LineReference>>>,
        /// Today's prices.
        today: Today,
    },
    /// Take a line out.
    RemoveLine {
        /// Which.
        line_id: LineId,
        /// The institution's standing.
        standing: Standing,
    },
    /// Bring all lines to the prices of the day.
    Reprice {
        /// Today's prices.
        today: Today,
    },
    /// Give it another name.
    Rename {
        /// The new name.
        name: Personal<BasketName>,
    },
    /// *Envoyer ce panier à l'approbateur*.
    SendToApprover {
        /// A word with it.
        comment: Option<Personal<Comment>>,
        /// The institution's standing.
        standing: Standing,
    },
    /// *Transmettre ce panier à la collectivité*.
    Validate {
        /// A word with it.
        comment: Option<Personal<Comment>>,
        /// The institution's standing.
        standing: Standing,
    },
    /// *Déverrouiller le panier*.
    Unlock,
    /// *Retourner ce panier au rôle précédent*.
    Return {
        /// Why.
        comment: Option<Personal<Comment>>,
    },
    /// *Transformer ce panier en demande de devis*.
    RequestQuote {
        /// The quote's id.
        quote_id: QuoteId,
        /// Reference, comment, number, prices of the day.
        conversion: Conversion,
    },
    /// *Transformer ce panier en commande*.
    PlaceOrder {
        /// The order's id.
        order_id: OrderId,
        /// Reference, comment, number, prices of the day.
        conversion: Conversion,
        /// What the order is made of, or why its terms cannot be.
        placement: Result<Box<Placement>, TermsError>,
    },
    /// Take it over from an owner who has gone.
    TakeOver,
    /// Delete it.
    Discard,
}
