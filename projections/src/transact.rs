//! One transaction of a view: items, what they change, and how far that brings it.

use uuid::Uuid;

use crate::{
    error::ApplyError,
    file::{ViewFile, put_checkpoint},
    progress::Checkpoint,
    view::{Item, View},
    worker::Batch,
};

/// When a checkpoint is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Needs {
    /// In any case.
    Always,
    /// Only together with a row that changed.
    Change,
}

/// What became of items.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Applied {
    /// Where the view stands after them.
    pub(crate) checkpoint: Checkpoint,
    /// Whether that is written.
    pub(crate) written: bool,
}

/// Applies items and their checkpoint in one transaction. Most events concern few views: where they change no row, and
/// the checkpoint does not need to be written, there is nothing to commit.
pub(crate) fn transact<V: View>(
    view: &mut V,
    file: &mut ViewFile,
    batch: &Batch<V::Item>,
    items: &[&V::Item],
    needs: Needs,
) -> Result<Applied, ApplyError> {
    let tx = file.transaction()?;
    let before = tx.total_changes();
    for item in items {
        view.apply(&tx, &batch.shop, item)?;
    }
    view.flush(&tx, &batch.shop)?;
    let (position, mark) = items.last().map_or((0, Uuid::nil()), |last| (last.position(), last.mark(batch.epoch)));
    let checkpoint = Checkpoint { position, mark };
    let written = needs == Needs::Always || tx.total_changes() > before;
    if written {
        put_checkpoint(&tx, &batch.shop, checkpoint)?;
        tx.commit()?;
    }
    Ok(Applied { checkpoint, written })
}
