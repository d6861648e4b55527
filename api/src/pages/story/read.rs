//! What a story is told from: the history that the API shows, and the basket's own states, folded from the log.

use std::slice::from_ref;

use bordereau_domain::{
    Context,
    basket::{Document, Opened, Stage},
};
use bordereau_projections::{BasketDetail, HistoryOf, HistoryRow, Person};

use super::{
    changes::{self, LineThen},
    facts::{Lane, Step, Story, Turn},
    words::{self, ChangesText},
};
use crate::{
    app::{App, PATIENCE},
    baskets, history,
    names::{self, Clear},
    pages::{frame::Frame, signed_in::SignedIn},
    problem::Problem,
};

/// All that a story is told from. There is a row for each step, and a state after each.
pub(super) struct Told {
    /// The basket as it is.
    pub(super) detail: BasketDetail,
    /// In what the reader sees it.
    pub(super) context: Context,
    /// Its whole history, oldest first.
    pub(super) rows: Vec<HistoryRow>,
    /// Which of the rows are steps.
    pub(super) steps: Vec<usize>,
    /// The basket right after each step.
    pub(super) states: Vec<Opened>,
    /// The facts.
    pub(super) story: Story,
    /// Personal texts.
    pub(super) clear: Clear,
    /// Whether the reader may read what an institution's people tell each other.
    inner: bool,
}

impl Told {
    /// Reads what the reader may see of a basket.
    ///
    /// # Errors
    /// 404 for what he may not know of; 503 while a view is behind.
    pub(super) async fn read(app: &App, signed_in: &SignedIn, id: &str) -> Result<Self, Problem> {
        signed_in.settle(app, "basket_detail").await?;
        let (detail, context) = baskets::find_visible(app, &signed_in.reading(), id).await?;
        let shop = signed_in.shop();
        // The table must not be older than the sentence above it.
        app.projections.wait_for("audit_trail", shop, detail.position, PATIENCE).await?;
        let rows = app.projections.history().list(shop, HistoryOf::Basket, detail.id.0, None).await?;
        let turns = app.projections.basket_detail().list_turns(&app.store, shop, detail.id).await?;
        let now = app.clock.now();
        let (steps, states, story) = tell(&rows, turns, now);
        let inner = signed_in.caller.reads_inner_comments(app).await?;
        let clear = names::open(app, shop, sealed(&rows, &states, &detail)).await?;
        Ok(Self { detail, context, rows, steps, states, story, clear, inner })
    }

    /// A person's name, or what stands in its place.
    pub(super) fn name_of(&self, frame: &Frame, person: &Person) -> String {
        self.clear.sealed(person.name).unwrap_or_else(|| frame.t("erased"))
    }

    /// What was said with a step, as far as it is for the reader.
    pub(super) fn comment_of(&self, row: &HistoryRow) -> Option<String> {
        self.clear.sealed(row.comment.filter(|_| self.inner || !row.inner))
    }

    /// Where the quote or order is shown that a step made, for whoever may read it.
    pub(super) fn document_of(&self, index: usize) -> Option<String> {
        let lets = super::Who::DOCUMENTS.lets(Some(self.context.actor.role));
        match self.states.get(index).filter(|_| lets)?.stage {
            Stage::Converted(Document::Quote(id)) => Some(format!("/quotes/{id}")),
            Stage::Converted(Document::Order(id)) => Some(format!("/orders/{id}")),
            Stage::Drafting | Stage::AwaitingApprover { .. } | Stage::AwaitingPurchaser { .. } | Stage::Discarded => {
                None
            }
        }
    }

    /// What was changed between the step before and this one; behind the last step, what was changed since.
    pub(super) fn changes_after(&self, frame: &Frame, index: usize) -> ChangesText {
        let Some(before) = index.checked_sub(1).and_then(|before| self.states.get(before)) else {
            return ChangesText::default();
        };
        let after = self.states.get(index).unwrap_or(&self.detail.basket);
        let lines =
            |basket: &Opened| -> Vec<_> { basket.lines.iter().map(|line| LineThen::of(line, &self.clear)).collect() };
        let found = changes::compare(&lines(before), &lines(after));
        let [old, new] = [before, after].map(|basket| self.clear.field(basket.name));
        words::changes(frame, &found, (old, new), &self.editors(frame, index))
    }

    /// Who worked on the basket between the step before and this one.
    fn editors(&self, frame: &Frame, index: usize) -> Vec<String> {
        let begin = index.checked_sub(1).and_then(|before| self.steps.get(before)).map_or(0, |row| row + 1);
        let end = self.steps.get(index).copied().unwrap_or(self.rows.len());
        let mut editors = Vec::new();
        for row in self.rows.get(begin..end).unwrap_or_default() {
            let name = self.name_of(frame, &row.actor);
            if !editors.contains(&name) {
                editors.push(name);
            }
        }
        editors
    }
}

/// Rows and states brought together by their positions: a step that only one of both knows yet is left for later.
fn tell(
    rows: &[HistoryRow],
    turns: Vec<(u64, Opened)>,
    now: chrono::DateTime<chrono::Utc>,
) -> (Vec<usize>, Vec<Opened>, Story) {
    let (mut places, mut states, mut steps) = (Vec::new(), Vec::new(), Vec::new());
    for (position, basket) in turns {
        let Ok(place) = rows.binary_search_by_key(&position, |row| row.position) else { continue };
        let Some(turn) = Turn::of(&rows[place].event_type) else { continue };
        steps.push(Step { turn, at: rows[place].at, to: Lane::of(basket.level, basket.stage) });
        places.push(place);
        states.push(basket);
    }
    (places, states, Story { steps, now })
}

/// What has to be opened: persons, comments, names and references.
fn sealed<'a>(
    rows: &'a [HistoryRow],
    states: &'a [Opened],
    detail: &'a BasketDetail,
) -> impl Iterator<Item = bordereau_domain::Digest> + 'a {
    let baskets = states.iter().chain(from_ref(&detail.basket));
    let texts = baskets.flat_map(|basket| {
        let lines = basket.lines.iter().filter_map(|line| line.line_reference.map(|reference| reference.digest));
        lines.chain(basket.name.map(|name| name.digest))
    });
    rows.iter().flat_map(history::sealed).chain(crate::documents::references(&detail.owner)).chain(texts)
}
