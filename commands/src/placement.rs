//! The order that a basket or a quote becomes: what it takes over from its source, and which lines wait.

use std::collections::{BTreeMap, BTreeSet};

use bordereau_domain::{
    Ean, InstitutionId, Money, Personal, QuoteId,
    article::Article,
    line::Line,
    order::{Placement, TermsError},
    personal::{Comment, Reason},
    pricing::FRENCH_BOOK_DISCOUNT_CAP,
    quote::BasketOrigin,
};

use crate::{
    scene::{Missing, Scene},
    terms::RequestedTerms,
};

/// The articles of lines, each once.
pub(crate) fn eans(lines: &[Line]) -> Vec<Ean> {
    lines.iter().map(|line| line.ean).collect::<BTreeSet<_>>().into_iter().collect()
}

/// What an order takes over from the basket or the quote it is made of.
pub(crate) struct Source<'a> {
    /// The order's number.
    pub(crate) number: u64,
    /// The basket, also behind a quote.
    pub(crate) basket: BasketOrigin,
    /// The quote, if it was one.
    pub(crate) quote_id: Option<QuoteId>,
    /// The basket's institution.
    pub(crate) institution_id: InstitutionId,
    /// *Référence collectivité*.
    pub(crate) reference: &'a str,
    /// A comment for the bookshop.
    pub(crate) comment: Option<Personal<Comment>>,
    /// The lines with their prices.
    pub(crate) lines: &'a [Line],
}

impl Source<'_> {
    /// The order on these terms, or why the terms cannot be. A line is deferred when its article cannot be ordered
    /// today, by `articles`.
    pub(crate) async fn place(
        self,
        terms: &RequestedTerms,
        articles: &BTreeMap<Ean, Article>,
        scene: &mut Scene<'_>,
    ) -> Result<Result<Box<Placement>, TermsError>, Missing> {
        let orderable = |line: &Line| articles.get(&line.ean).is_some_and(|a| a.availability.is_orderable());
        let created_by = scene.context.actor.principal();
        let establishment_id = scene.establishment_of(created_by).await?;
        let discount_justification = self.discount_justification(scene).await?;
        let terms = terms.resolve(self.institution_id, scene).await?;
        Ok(terms.map(|terms| {
            Box::new(Placement {
                number: self.number,
                basket: self.basket,
                quote_id: self.quote_id,
                institution_id: self.institution_id,
                terms,
                establishment_id,
                created_by,
                reference: self.reference.to_owned(),
                comment: self.comment,
                lines: self.lines.to_vec(),
                deferred: self.lines.iter().filter(|line| !orderable(line)).map(|line| line.line_id).collect(),
                shipping_incl_tax: Money::ZERO,
                discount_justification,
            })
        }))
    }

    /// Why the institution may have more off than the law allows most clients, if a line has more.
    async fn discount_justification(&self, scene: &Scene<'_>) -> Result<Option<Personal<Reason>>, Missing> {
        let above = |line: &Line| line.price.discount_rate.percent() > FRENCH_BOOK_DISCOUNT_CAP;
        if !self.lines.iter().any(above) {
            return Ok(None);
        }
        Ok(scene.institution(self.institution_id).await?.and_then(|known| known.discount_justification))
    }
}
