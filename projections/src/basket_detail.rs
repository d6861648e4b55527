//! One basket with all that its page shows: the aggregate's own state, its owner, its institution's standing.

use std::sync::Arc;

use bordereau_domain::{
    BasketId, Event,
    basket::{Basket, BasketEvent, Opened},
    institution::Standing,
};
use bordereau_store::Store;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, Transaction};

use crate::{
    clients::{self, ClientRef},
    error::{ApplyError, ReadError},
    past::{fold_at_each, fold_up_to},
    people::{self, Person},
    reader::Reader,
    recorded::Recorded,
    sealed::SealedRef,
    sql::from_micros,
    states::{self, Folded, States},
    view::View,
};

/// A basket and what its page shows beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BasketDetail {
    /// Its id.
    pub id: BasketId,
    /// The aggregate's state: number, name, level, stage, lines.
    pub basket: Opened,
    /// Sequence of its last event.
    pub sequence: u64,
    /// Position of its last event.
    pub position: u64,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// When it came where it is.
    pub since: DateTime<Utc>,
    /// Whose it is; `active` as [`Context::owner_inactive`](bordereau_domain::Context) asks.
    pub owner: Person,
    /// The last return, while the basket is where that led.
    pub returned: Option<ReturnedDetail>,
    /// The institution it is for.
    pub institution: ClientRef,
    /// What decisions ask of that institution.
    pub standing: Standing,
}

/// A return: *Retourner ce panier au rôle précédent*.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnedDetail {
    /// Who returned it.
    pub by: Person,
    /// Why.
    pub comment: Option<SealedRef>,
    /// When.
    pub at: DateTime<Utc>,
}

/// Reads baskets.
#[derive(Clone, Debug)]
pub struct BasketDetails {
    reader: Reader,
}

impl BasketDetails {
    pub(crate) const fn new(reader: Reader) -> Self {
        Self { reader }
    }

    /// A basket, wherever it is, discarded ones too. Whether the asker may see it is his aggregate's question.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn find(&self, shop: &str, id: BasketId) -> Result<Option<BasketDetail>, ReadError> {
        self.reader.read(shop, move |connection, shop| Ok(find(connection, shop, id)?)).await
    }

    /// A basket as it was once the ledger had reached `position`, with today's names; nothing if there was none yet.
    /// Its own events are read from the log: no view keeps the past.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn find_at(
        &self,
        store: &Store,
        shop: &str,
        id: BasketId,
        position: u64,
    ) -> Result<Option<BasketDetail>, ReadError> {
        let folded = fold_up_to::<Basket>(store, shop, id.0, position, own, is_passage);
        let Some(folded) = folded.await? else { return Ok(None) };
        self.reader.read(shop, move |connection, shop| Ok(detail(connection, shop, id, folded)?)).await
    }

    /// A basket right after each event that is more than work on it: position and state, oldest first, from the log;
    /// empty for an unknown one. A step between roles changes no line: the lines are those that it arrived with.
    ///
    /// # Errors
    /// [`ReadError`].
    pub async fn list_turns(&self, store: &Store, shop: &str, id: BasketId) -> Result<Vec<(u64, Opened)>, ReadError> {
        let states = fold_at_each::<Basket>(store, shop, id.0, own, is_turn).await?;
        Ok(states.into_iter().filter_map(|(position, state)| Some((position, state.opened()?.clone()))).collect())
    }
}

fn own(event: &Event) -> Option<&BasketEvent> {
    if let Event::Basket(event) = event { Some(event) } else { None }
}

/// Whether an event is more than work on the basket: who has it, who may change it, what became of it.
const fn is_turn(event: &BasketEvent) -> bool {
    match event {
        BasketEvent::Renamed { .. }
        | BasketEvent::LineAdded { .. }
        | BasketEvent::LineChanged { .. }
        | BasketEvent::LineRemoved { .. }
        | BasketEvent::LinesRepriced { .. } => false,
        BasketEvent::Opened { .. }
        | BasketEvent::SentToApprover { .. }
        | BasketEvent::Unlocked { .. }
        | BasketEvent::ReturnedToPreviousRole { .. }
        | BasketEvent::Validated { .. }
        | BasketEvent::ConvertedToQuote { .. }
        | BasketEvent::ConvertedToOrder { .. }
        | BasketEvent::TakenOver { .. }
        | BasketEvent::Discarded {} => true,
    }
}

fn find(connection: &Connection, shop: &str, id: BasketId) -> rusqlite::Result<Option<BasketDetail>> {
    let Some(folded) = states::find::<Basket>(connection, shop, id.0)? else { return Ok(None) };
    detail(connection, shop, id, folded)
}

/// A basket in some state, with today's names.
fn detail(
    connection: &Connection,
    shop: &str,
    id: BasketId,
    folded: Folded<Basket>,
) -> rusqlite::Result<Option<BasketDetail>> {
    let Basket::Opened(basket) = folded.state else { return Ok(None) };
    let since = from_micros(folded.marked_at.unwrap_or(folded.opened_at));
    let returned = match basket.returned {
        None => None,
        Some(returned) => Some(ReturnedDetail {
            by: people::get_person(connection, shop, returned.by)?,
            comment: returned.comment.map(SealedRef::from),
            // While it is where a return led, that was its last passage.
            at: since,
        }),
    };
    let known = clients::find_known(connection, shop, basket.institution_id)?;
    Ok(Some(BasketDetail {
        id,
        sequence: folded.sequence,
        position: folded.position,
        opened_at: from_micros(folded.opened_at),
        since,
        owner: people::get_person(connection, shop, basket.owner)?,
        returned,
        institution: clients::get_ref(connection, shop, basket.institution_id)?,
        standing: known.map_or_else(Standing::default, |known| known.standing()),
        basket: *basket,
    }))
}

/// Whether an event brings a basket to another place: since then it is where it is.
const fn is_passage(event: &BasketEvent) -> bool {
    match event {
        BasketEvent::SentToApprover { .. }
        | BasketEvent::Validated { .. }
        | BasketEvent::ReturnedToPreviousRole { .. }
        | BasketEvent::ConvertedToQuote { .. }
        | BasketEvent::ConvertedToOrder { .. }
        | BasketEvent::Discarded {} => true,
        BasketEvent::Opened { .. }
        | BasketEvent::Renamed { .. }
        | BasketEvent::LineAdded { .. }
        | BasketEvent::LineChanged { .. }
        | BasketEvent::LineRemoved { .. }
        | BasketEvent::LinesRepriced { .. }
        | BasketEvent::Unlocked { .. }
        | BasketEvent::TakenOver { .. } => false,
    }
}

/// Writes baskets.
#[derive(Debug)]
pub(crate) struct BasketDetailView {
    baskets: States<Basket>,
}

impl BasketDetailView {
    pub(crate) fn new() -> Self {
        Self { baskets: States::new(|_| None) }
    }
}

impl View for BasketDetailView {
    type Item = Recorded;
    const NAME: &'static str = "basket_detail";
    const VERSION: u32 = 2;
    const DDL: &'static [&'static str] = &[people::DDL, clients::DDL, states::DDL];

    fn apply(&mut self, tx: &Transaction<'_>, shop: &Arc<str>, recorded: &Recorded) -> Result<(), ApplyError> {
        match &recorded.event {
            Event::Basket(event) => {
                let folded = self.baskets.fold(tx, shop, recorded, event)?;
                if is_passage(event) {
                    folded.marked_at = Some(recorded.at_micros());
                }
                Ok(())
            }
            Event::Account(event) => people::apply(tx, recorded, event),
            Event::Institution(event) => clients::apply(tx, recorded, event),
            Event::Shop(event) => clients::apply_shop(tx, recorded, event),
            Event::Subject(_) | Event::Quote(_) | Event::Order(_) => Ok(()),
        }
    }

    fn flush(&mut self, tx: &Transaction<'_>, _: &Arc<str>) -> Result<(), ApplyError> {
        self.baskets.flush(tx, |_, _, _| Ok(()))
    }

    fn forget(&mut self) {
        self.baskets.forget();
    }
}
