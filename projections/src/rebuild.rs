//! Building views anew beside those in use: for whoever checks them, and for whoever replaces them.
//!
//! A folder of views belongs to the process that holds its lock, and only that process touches the files in their
//! places. A file that was rebuilt elsewhere is therefore *offered*: put beside its place, whole and synced, under the
//! name `NAME.vN.db.rebuilt`. The service that runs looks for offers at every poll; it closes its file, takes the offered
//! one instead, opens its readers anew and applies what the log has had since. Where nobody holds the lock, whoever
//! offers puts the files into their places.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use bordereau_store::{Head, Store, StoreError, StoredArticle};
use tokio::sync::mpsc;

use crate::{
    account_list::AccountListView,
    article_search::ArticleSearchView,
    audit_trail::AuditTrailView,
    basket_detail::BasketDetailView,
    basket_tray::BasketTrayView,
    delegations::DelegationsView,
    error::{ApplyError, StartError},
    file::{Shape, ViewFile, offered, put_offered, sync_folder},
    institutions::InstitutionsView,
    librisoft_queue::LibrisoftQueueView,
    order_list::OrderListView,
    projections::{is_in_use, lock},
    quote_list::QuoteListView,
    recorded::Recorded,
    title_use::TitleUseView,
    transact::{Needs, transact},
    view::{Item, Read, View},
    worker::Batch,
};

/// How many items are read at once.
const CHUNK: usize = 2_000;
/// How many batches may wait at a view.
const INBOX: usize = 8;
/// Between two looks at whether an offer was taken.
const LOOK: Duration = Duration::from_millis(50);

/// A view as it stands in a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ViewFileName {
    /// The view's name.
    pub view: &'static str,
    /// Its version.
    pub version: u32,
    /// What its positions are.
    pub fed_by: FedBy,
}

/// What a view is made of, and so what its positions count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FedBy {
    /// Events: positions of the ledger.
    Log,
    /// Articles as they are now: revisions.
    Articles,
}

impl ViewFileName {
    const fn of<V: View>(fed_by: FedBy) -> Self {
        Self { view: V::NAME, version: V::VERSION, fed_by }
    }

    /// Where its file stands in a folder of views.
    pub fn path(&self, folder: &Path) -> PathBuf {
        Shape { name: self.view, version: self.version, ddl: &[], indexes: "" }.path(folder)
    }
}

/// Every view there is.
pub const VIEWS: [ViewFileName; 11] = [
    ViewFileName::of::<BasketTrayView>(FedBy::Log),
    ViewFileName::of::<BasketDetailView>(FedBy::Log),
    ViewFileName::of::<QuoteListView>(FedBy::Log),
    ViewFileName::of::<OrderListView>(FedBy::Log),
    ViewFileName::of::<LibrisoftQueueView>(FedBy::Log),
    ViewFileName::of::<TitleUseView>(FedBy::Log),
    ViewFileName::of::<AuditTrailView>(FedBy::Log),
    ViewFileName::of::<DelegationsView>(FedBy::Log),
    ViewFileName::of::<AccountListView>(FedBy::Log),
    ViewFileName::of::<InstitutionsView>(FedBy::Log),
    ViewFileName::of::<ArticleSearchView>(FedBy::Articles),
];

/// A view to be built, and how far: up to and with these positions by shop, or to the heads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The view's name.
    pub view: &'static str,
    /// The last position of each shop; shops that are not named stay out. `None`: the heads as they are at the beginning.
    pub upto: Option<BTreeMap<String, u64>>,
}

/// Why views were not built.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The file cannot be made.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The log cannot be read.
    #[error("the log cannot be read")]
    Store(#[from] StoreError),
    /// An event that cannot be decoded.
    #[error("{shop}, position {position}: {reason}")]
    Undecodable {
        /// Its shop.
        shop: String,
        /// Its position.
        position: u64,
        /// Why.
        reason: String,
    },
    /// An event that the view cannot apply.
    #[error("{shop}, position {position}: the view {view} cannot apply it")]
    Inapplicable {
        /// The view.
        view: &'static str,
        /// The shop.
        shop: String,
        /// The event's position.
        position: u64,
        /// Why.
        source: ApplyError,
    },
    /// The built file cannot be finished.
    #[error("the view {view} cannot be finished")]
    Unfinished {
        /// The view.
        view: &'static str,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// A building thread ended by itself: a bug of ours.
    #[error("the view {0} stumbled")]
    Stumbled(&'static str),
}

/// A view that is being built, on a thread of its own.
struct Builder<I> {
    view: &'static str,
    upto: BTreeMap<String, u64>,
    batches: mpsc::Sender<Batch<I>>,
    thread: thread::JoinHandle<Result<(), BuildError>>,
}

impl<I: Item> Builder<I> {
    fn start<V: View<Item = I>>(view: V, folder: &Path, upto: BTreeMap<String, u64>) -> Result<Self, StartError> {
        let shape = Shape { name: V::NAME, version: V::VERSION, ddl: V::DDL, indexes: V::INDEXES };
        let file = ViewFile::open(shape, folder)?;
        let (batches, told) = mpsc::channel(INBOX);
        let bounds = upto.clone();
        let thread = thread::Builder::new()
            .name(V::NAME.to_owned())
            .spawn(move || build(view, file, &bounds, told))
            .map_err(|source| StartError::Io { path: folder.to_owned(), source })?;
        Ok(Self { view: V::NAME, upto, batches, thread })
    }

    async fn end(self) -> Result<(), BuildError> {
        drop(self.batches);
        let joined = tokio::task::spawn_blocking(|| self.thread.join()).await;
        joined.ok().and_then(Result::ok).unwrap_or(Err(BuildError::Stumbled(self.view)))
    }
}

/// Applies what comes, each view only up to its bounds, then closes the file.
fn build<V: View>(
    mut view: V,
    mut file: ViewFile,
    upto: &BTreeMap<String, u64>,
    mut told: mpsc::Receiver<Batch<V::Item>>,
) -> Result<(), BuildError> {
    while let Some(batch) = told.blocking_recv() {
        let last = upto.get(&*batch.shop).copied().unwrap_or(0);
        let items: Vec<_> = batch.items.iter().take_while(|item| item.position() <= last).collect();
        if items.is_empty() || transact(&mut view, &mut file, &batch, &items, Needs::Always).is_ok() {
            continue;
        }
        // One of them fails: they go one by one, to tell which.
        view.forget();
        for item in items {
            transact(&mut view, &mut file, &batch, &[item], Needs::Always).map_err(|source| {
                BuildError::Inapplicable {
                    view: V::NAME,
                    shop: batch.shop.to_string(),
                    position: item.position(),
                    source,
                }
            })?;
        }
    }
    file.finish().map_err(|source| BuildError::Unfinished { view: V::NAME, source })
}

/// Starts the builders of the views that are wanted.
struct Builders<'a> {
    folder: &'a Path,
    wanted: &'a [Wanted],
    heads: &'a [Head],
}

impl Builders<'_> {
    fn add<V: View>(&self, view: V, to: &mut Vec<Builder<V::Item>>) -> Result<(), StartError> {
        let Some(wanted) = self.wanted.iter().find(|wanted| wanted.view == V::NAME) else { return Ok(()) };
        let heads = || self.heads.iter().map(|head| (head.ledger.clone(), V::Item::head(head))).collect();
        let upto = wanted.upto.clone().unwrap_or_else(heads);
        to.push(Builder::start(view, self.folder, upto)?);
        Ok(())
    }
}

/// Builds views in `folder`, which must be empty or new, from nothing but the store. Each event is read and decoded once
/// for all of them. `read` is told how many events and articles were read, now and then.
///
/// # Errors
/// [`BuildError`]: unlike a live view, one that is built stops at nothing silently.
pub async fn build_views(
    store: &Store,
    folder: &Path,
    wanted: &[Wanted],
    read: impl Fn(u64),
) -> Result<(), BuildError> {
    fs::create_dir_all(folder).map_err(|source| StartError::Io { path: folder.to_owned(), source })?;
    let heads = store.heads().await?;
    let builders = Builders { folder, wanted, heads: &heads };
    let (mut log, mut articles): (Vec<Builder<Recorded>>, Vec<Builder<StoredArticle>>) = Default::default();
    builders.add(BasketTrayView::new(), &mut log)?;
    builders.add(BasketDetailView::new(), &mut log)?;
    builders.add(QuoteListView::new(), &mut log)?;
    builders.add(OrderListView::new(), &mut log)?;
    builders.add(LibrisoftQueueView::new(), &mut log)?;
    builders.add(TitleUseView::new(), &mut log)?;
    builders.add(AuditTrailView, &mut log)?;
    builders.add(DelegationsView, &mut log)?;
    builders.add(AccountListView::new(), &mut log)?;
    builders.add(InstitutionsView, &mut log)?;
    builders.add(ArticleSearchView::default(), &mut articles)?;
    let fed = match feed(store, &heads, &log, &read).await {
        Ok(()) => feed(store, &heads, &articles, &read).await,
        Err(error) => Err(error),
    };
    let mut ended = Ok(());
    for builder in log {
        ended = ended.and(builder.end().await);
    }
    for builder in articles {
        ended = ended.and(builder.end().await);
    }
    // What stopped a builder also stopped its feeder, and says more.
    ended.and(fed)
}

/// Feeds builders until each has what it is to have, or one has ended.
async fn feed<I: Item>(
    store: &Store,
    heads: &[Head],
    builders: &[Builder<I>],
    read: &impl Fn(u64),
) -> Result<(), BuildError> {
    for head in heads {
        let bounds = builders.iter().map(|builder| builder.upto.get(&head.ledger).copied().unwrap_or(0));
        let last = bounds.max().unwrap_or(0);
        let mut after = 0;
        while after < last {
            let Read { items, poison } = I::read(store, &head.ledger, after, CHUNK).await?;
            let reached = items.last().map_or(last, Item::position);
            read(reached.min(last) - after);
            let batch = Batch { shop: Arc::from(head.ledger.as_str()), epoch: head.epoch, items: Arc::from(items) };
            for builder in builders {
                if builder.batches.send(batch.clone()).await.is_err() {
                    return Ok(());
                }
            }
            match poison.filter(|(position, _)| *position <= last) {
                Some((position, reason)) => {
                    return Err(BuildError::Undecodable { shop: head.ledger.clone(), position, reason });
                }
                None => after = reached,
            }
        }
    }
    Ok(())
}

/// Who put rebuilt views into their places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replaced {
    /// The service that runs has taken them over.
    ByService,
    /// Nobody keeps views there: the caller has.
    ByCaller,
}

/// Why rebuilt views are not in their places.
#[derive(Debug, thiserror::Error)]
pub enum ReplaceError {
    /// A file cannot be moved.
    #[error("{path}: {source}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A process keeps views there, and does not take these. The offer was withdrawn.
    #[error("the process that keeps its views in {0} has not taken over the rebuilt ones")]
    NotTaken(PathBuf),
}

/// Replaces views in `folder` by those that were built in `built`, which must be on the same file system: a service that
/// keeps its views there is offered them and takes them over within a fraction of a second; if there is none they are
/// put into their places at once.
///
/// # Errors
/// [`ReplaceError`]. After `patience` the offer is withdrawn, and the service has kept what it had.
pub async fn replace_views(
    built: &Path,
    folder: &Path,
    views: &[ViewFileName],
    patience: Duration,
) -> Result<Replaced, ReplaceError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| ReplaceError::Io { path, source }
    };
    fs::create_dir_all(folder).map_err(failed(folder))?;
    for view in views {
        let offer = offered(&view.path(folder));
        fs::rename(view.path(built), &offer).map_err(failed(&offer))?;
    }
    sync_folder(folder).map_err(failed(folder))?;
    let until = Instant::now() + patience;
    let mut look = tokio::time::interval(LOOK);
    loop {
        look.tick().await;
        let open: Vec<_> = views.iter().map(|view| view.path(folder)).filter(|path| offered(path).exists()).collect();
        if open.is_empty() {
            return Ok(Replaced::ByService);
        }
        match lock(folder) {
            Ok(held) => {
                for path in &open {
                    put_offered(path).map_err(failed(path))?;
                }
                drop(held);
                return Ok(Replaced::ByCaller);
            }
            Err(error) if is_in_use(&error) => {}
            Err(StartError::Io { path, source }) => return Err(ReplaceError::Io { path, source }),
            Err(_) => return Err(ReplaceError::NotTaken(folder.to_owned())),
        }
        if Instant::now() > until {
            for path in &open {
                fs::remove_file(offered(path)).map_err(failed(path))?;
            }
            return Err(ReplaceError::NotTaken(folder.to_owned()));
        }
    }
}
