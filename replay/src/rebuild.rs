//! `rebuild`: read models made anew from the store, in a folder of their own inside the folder of views, then put into
//! their places. A service that runs keeps its views meanwhile, takes the rebuilt ones over when they are offered, and
//! goes on from where they end: see `bordereau_projections::replace_views`.

use std::time::Duration;

use anyhow::Context;
use bordereau_projections::{FedBy, Replaced, VIEWS, ViewFileName, Wanted, build_views, replace_views};
use bordereau_store::Head;
use serde::Serialize;

use crate::{
    desk::{Desk, Verdict, refuse},
    progress::Progress,
};

/// How long a service may take to take the views over.
const PATIENCE: Duration = Duration::from_secs(30);

/// The answer.
#[derive(Debug, Serialize)]
struct Rebuilt {
    views: Vec<&'static str>,
    /// Whether a service that runs has taken them over.
    taken_over: bool,
}

/// The views that are asked for: all of them, or the one of this name.
pub(crate) fn views_called(name: Option<&str>) -> anyhow::Result<Vec<ViewFileName>> {
    let views: Vec<_> = VIEWS.into_iter().filter(|view| name.is_none_or(|name| view.view == name)).collect();
    if views.is_empty() {
        let names = VIEWS.map(|view| view.view).join(", ");
        return refuse(format!("there is no view {}: there are {names}", name.unwrap_or_default()));
    }
    Ok(views)
}

/// How much there is to read for these views.
pub(crate) fn to_read(views: &[ViewFileName], heads: &[Head]) -> u64 {
    let read = |fed_by, of: fn(&Head) -> u64| -> u64 {
        if views.iter().any(|view| view.fed_by == fed_by) { heads.iter().map(of).sum() } else { 0 }
    };
    read(FedBy::Log, |head| head.position) + read(FedBy::Articles, |head| head.article_revision)
}

/// Rebuilds all views, or one.
pub(crate) async fn run(desk: &Desk, name: Option<&str>) -> anyhow::Result<Verdict> {
    let views = views_called(name)?;
    let heads = desk.ledgers(None).await?;
    let folder = desk.views();
    std::fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    // On the same file system, so that a file can be moved into its place.
    let workshop = tempfile::Builder::new().prefix("rebuild-").tempdir_in(&folder)?;
    let wanted: Vec<_> = views.iter().map(|view| Wanted { view: view.view, upto: None }).collect();
    let progress = Progress::begin("rebuilding", to_read(&views, &heads));
    build_views(&desk.store, workshop.path(), &wanted, |read| progress.advance(read)).await?;
    progress.end();
    let replaced = replace_views(workshop.path(), &folder, &views, PATIENCE).await?;
    let rebuilt =
        Rebuilt { views: views.iter().map(|view| view.view).collect(), taken_over: replaced == Replaced::ByService };
    desk.say(&rebuilt, || {
        let how = match replaced {
            Replaced::ByService => "the running service has taken over",
            Replaced::ByCaller => "rebuilt",
        };
        format!("{how}: {}", rebuilt.views.join(", "))
    })?;
    Ok(Verdict::Sound)
}
