//! `diff`: the read models in use against what the log says they should be.
//!
//! Of each view the file in use is read in one snapshot, which a service that runs does not notice; a fresh one is built
//! up to exactly the positions at which that snapshot stands; then all rows of all tables are compared, whatever their
//! order. Not compared is what depends on the order of insertion alone: numbers that a table gives its rows, and the way
//! in which a full-text index numbers its documents (its words are).
//!
//! The catalogue is fed by articles as they are now: what was changed after the snapshot cannot be built as it was, so
//! the snapshot is taken again, a few times, until it has all of it.

use std::collections::BTreeMap;

use anyhow::Context;
use bordereau_projections::{FedBy, ViewFileName, Wanted, build_views};
use serde::Serialize;

use crate::{
    desk::{Desk, Verdict, refuse},
    progress::Progress,
    rebuild::views_called,
};

mod row;
mod snapshot;

use snapshot::Snapshot;

/// Differences that are printed of each view; `--json` has them all.
const PRINTED: usize = 50;
/// How often the catalogue is looked at anew.
const TRIES: usize = 5;

/// Where two views differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Difference {
    /// The table.
    pub(crate) table: String,
    /// The row, by the columns of its key.
    pub(crate) key: String,
    /// The column; absent where a row is missing, or there is one too many.
    pub(crate) column: Option<String>,
    /// What the view in use has.
    pub(crate) live: Option<String>,
    /// What the log says.
    pub(crate) rebuilt: Option<String>,
}

/// What was found of one view.
#[derive(Debug, Serialize)]
struct Compared {
    view: &'static str,
    version: u32,
    /// How far the file in use goes, by shop.
    upto: BTreeMap<String, u64>,
    rows: u64,
    differences: Vec<Difference>,
}

/// The answer.
#[derive(Debug, Serialize)]
struct Report {
    equal: bool,
    views: Vec<Compared>,
}

/// Compares all views, or one.
pub(crate) async fn run(desk: &Desk, name: Option<&str>) -> anyhow::Result<Verdict> {
    let views = views_called(name)?;
    let missing: Vec<_> =
        views.iter().filter(|view| !view.path(&desk.views()).exists()).map(|view| view.view).collect();
    if !missing.is_empty() {
        let folder = desk.views();
        return refuse(format!("{} has no {}: has a service run here?", folder.display(), missing.join(", ")));
    }
    let mut compared = Vec::new();
    for view in views {
        compared.push(compare(desk, view).await.with_context(|| format!("the view {}", view.view))?);
    }
    let count = compared.iter().map(|view| view.differences.len()).sum();
    let report = Report { equal: count == 0, views: compared };
    desk.say(&report, || in_words(&report))?;
    Ok(Verdict::of(count))
}

async fn compare(desk: &Desk, view: ViewFileName) -> anyhow::Result<Compared> {
    for _ in 0..TRIES {
        let live = Snapshot::open(&view.path(&desk.views()))?;
        let upto = live.checkpoints()?;
        let workshop = tempfile::tempdir()?;
        let progress = Progress::begin(view.view, upto.values().sum());
        let wanted = [Wanted { view: view.view, upto: Some(upto.clone()) }];
        build_views(&desk.store, workshop.path(), &wanted, |read| progress.advance(read)).await?;
        progress.end();
        if view.fed_by == FedBy::Articles && moved(desk, &upto).await? {
            continue;
        }
        let fresh = Snapshot::open(&view.path(workshop.path()))?;
        let (rows, differences) = tokio::task::spawn_blocking(move || snapshot::compare(view, &live, &fresh)).await??;
        return Ok(Compared { view: view.view, version: view.version, upto, rows, differences });
    }
    refuse("the catalogue does not stand still, or its view does not follow it: try again later")
}

/// Whether articles were changed that a snapshot at these revisions does not have.
async fn moved(desk: &Desk, upto: &BTreeMap<String, u64>) -> anyhow::Result<bool> {
    let heads = desk.store.heads().await?;
    Ok(heads.iter().any(|head| head.article_revision > upto.get(&head.ledger).copied().unwrap_or(0)))
}

fn in_words(report: &Report) -> String {
    let mut words = Vec::new();
    for Compared { view, rows, differences, .. } in &report.views {
        let verdict =
            if differences.is_empty() { "equal".to_owned() } else { format!("{} differences", differences.len()) };
        words.push(format!("{view}: {rows} rows, {verdict}"));
        for difference in differences.iter().take(PRINTED) {
            let Difference { table, key, column, live, rebuilt } = difference;
            let absent = || "absent".to_owned();
            let (live, rebuilt) = (live.clone().unwrap_or_else(absent), rebuilt.clone().unwrap_or_else(absent));
            let column = column.as_ref().map(|column| format!(", column {column}")).unwrap_or_default();
            words.push(format!("  {table}, row {key}{column}: in use {live}, by the log {rebuilt}"));
        }
        if differences.len() > PRINTED {
            words.push(format!("  and {} more: see --json", differences.len() - PRINTED));
        }
    }
    words.join("\n")
}
