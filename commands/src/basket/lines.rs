//! Many lines at once: those of a list, and those of a basket or an order that is copied.

use bordereau_domain::{
    Ean, LineId,
    basket::{BasketCommand, NewLine},
    personal::LineReference,
};

use crate::{
    scene::{Missing, Scene},
    seal::SealText,
};

/// A line of another basket or of an order, to be put into a new one.
#[derive(Clone, Debug)]
pub struct CopiedLine {
    /// The new line's id.
    pub line_id: LineId,
    /// The article's number.
    pub ean: Ean,
    /// The title it had there: it is told of what the catalogue has no more.
    pub title: String,
    /// Copies.
    pub quantity: u32,
}

/// A line of a list.
#[derive(Clone, Debug)]
pub struct ListedLine {
    /// The new line's id.
    pub line_id: LineId,
    /// The article's number.
    pub ean: Ean,
    /// Copies.
    pub quantity: u32,
    /// The requester's own reference.
    pub line_reference: Option<SealText<LineReference>>,
}

/// The lines of a list, with today's articles.
pub(super) async fn listed(lines: &[ListedLine], scene: &mut Scene<'_>) -> Result<Vec<NewLine>, Missing> {
    let eans: Vec<Ean> = lines.iter().map(|line| line.ean).collect();
    let articles = scene.articles(&eans).await?;
    let mut listed = Vec::with_capacity(lines.len());
    for ListedLine { line_id, ean, quantity, line_reference } in lines {
        listed.push(NewLine {
            line_id: *line_id,
            article: articles.get(ean).cloned(),
            quantity: *quantity,
            line_reference: scene.seal_optional(line_reference.as_ref()).await?,
        });
    }
    Ok(listed)
}

/// The opening of a basket, with the lines of another.
pub(super) async fn copied(
    opening: BasketCommand,
    lines: &[CopiedLine],
    scene: &Scene<'_>,
) -> Result<BasketCommand, Missing> {
    let BasketCommand::Open { basket_id, number, institution_id, name, standing, quota_reached } = opening else {
        return Ok(opening);
    };
    let eans: Vec<Ean> = lines.iter().map(|line| line.ean).collect();
    let articles = scene.articles(&eans).await?;
    let line = |line: &CopiedLine| NewLine {
        line_id: line.line_id,
        article: articles.get(&line.ean).cloned(),
        quantity: line.quantity,
        line_reference: None,
    };
    let lines = lines.iter().map(line).collect();
    Ok(BasketCommand::Copy { basket_id, number, institution_id, name, standing, quota_reached, lines })
}
