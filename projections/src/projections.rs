//! The views together: started, waited for, read, watched and shut down as one.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use bordereau_store::{Store, StoreError, StoredArticle};
use tokio::{
    sync::{Notify, mpsc, watch},
    task::JoinHandle,
};

use crate::{
    account_list::{AccountList, AccountListView},
    article_search::{ArticleSearch, ArticleSearchView},
    audit_trail::{AuditTrail, AuditTrailView},
    basket_detail::{BasketDetailView, BasketDetails},
    basket_tray::{BasketTray, BasketTrayView},
    delegations::{Delegations, DelegationsView},
    error::{StartError, WaitError},
    feed::{INBOX, Seat},
    file::{offered, private, remove_other_versions},
    history::History,
    institutions::{Institutions, InstitutionsView},
    librisoft_queue::{LibrisoftQueue, LibrisoftQueueView},
    order_list::{OrderList, OrderListView},
    progress::{Progress, Published},
    quote_list::{QuoteList, QuoteListView},
    reader::Reader,
    recorded::Recorded,
    runner,
    title_use::{TitleUseView, TitleUses},
    view::View,
    worker::Worker,
};

/// Views that are no more: their files go too.
const GONE: [&str; 1] = ["history"];
/// How long a position is waited for before anybody asks whether there is one.
const SOON: Duration = Duration::from_millis(5);
/// The file that says that a process keeps its views here.
const LOCK: &str = "views.lock";

/// All read models of this process. Clones share them.
#[derive(Clone, Debug)]
pub struct Projections {
    inner: Arc<Inner>,
}

/// Who reads which view.
#[derive(Debug)]
struct Views {
    basket_tray: BasketTray,
    basket_detail: BasketDetails,
    quote_list: QuoteList,
    order_list: OrderList,
    librisoft_queue: LibrisoftQueue,
    title_uses: TitleUses,
    history: History,
    audit_trail: AuditTrail,
    delegations: Delegations,
    institutions: Institutions,
    article_search: ArticleSearch,
    account_list: AccountList,
}

#[derive(Debug)]
struct Inner {
    store: Store,
    views: Views,
    /// Fed by the log.
    by_log: Vec<Arc<Published>>,
    /// Fed by revisions of articles.
    by_article: Arc<Published>,
    nudges: [Arc<Notify>; 2],
    stop: watch::Sender<bool>,
    stopping: Arc<AtomicBool>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
    threads: Mutex<Vec<thread::JoinHandle<()>>>,
    /// Held, and so locked, as long as the views are open.
    lock: Mutex<Option<fs::File>>,
}

/// Where a view stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViewState {
    /// It has not yet reached the heads since it was opened.
    Building,
    /// It follows.
    Live,
    /// It stands still for one shop at least.
    Stopped,
}

impl ViewState {
    /// The state's name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Building => "building",
            Self::Live => "live",
            Self::Stopped => "stopped",
        }
    }
}

/// A shop for which a view stands still.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoppedShop {
    /// Code of the shop.
    pub shop: String,
    /// The event that the view cannot apply.
    pub position: u64,
    /// Why not.
    pub reason: String,
}

/// How a view does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewStatus {
    /// Its name.
    pub name: &'static str,
    /// Its version.
    pub version: u32,
    /// Where it stands.
    pub state: ViewState,
    /// How many events (of the catalogue: revisions) are still to be applied, over all shops.
    pub behind: u64,
    /// The shops for which it stands still.
    pub stopped: Vec<StoppedShop>,
}

/// The views with their threads, before anybody feeds them.
struct Opened {
    log_seats: Vec<Seat<Recorded>>,
    article_seat: Seat<StoredArticle>,
    views: Views,
    stopping: Arc<AtomicBool>,
    threads: Vec<thread::JoinHandle<()>>,
    lock: fs::File,
}

impl Opened {
    /// Opens every view in a folder that nobody else uses.
    fn open(folder: &Path) -> Result<Self, StartError> {
        let lock = lock(folder)?;
        let stopping = Arc::new(AtomicBool::new(false));
        let mut opening = Opening { folder, stopping: Arc::clone(&stopping), threads: Vec::new() };
        let (basket_tray, tray_seat) = opening.open(BasketTrayView::new())?;
        let (basket_detail, detail_seat) = opening.open(BasketDetailView::new())?;
        let (quote_list, quote_seat) = opening.open(QuoteListView::new())?;
        let (order_list, order_seat) = opening.open(OrderListView::new())?;
        let (librisoft_queue, queue_seat) = opening.open(LibrisoftQueueView::new())?;
        let (title_uses, title_seat) = opening.open(TitleUseView::new())?;
        let (audit_trail, audit_seat) = opening.open(AuditTrailView)?;
        let (delegations, delegation_seat) = opening.open(DelegationsView)?;
        let (institutions, institution_seat) = opening.open(InstitutionsView)?;
        let (account_list, account_seat) = opening.open(AccountListView::new())?;
        let (article_search, article_seat) = opening.open(ArticleSearchView::default())?;
        let views = Views {
            basket_tray: BasketTray::new(basket_tray),
            basket_detail: BasketDetails::new(basket_detail),
            quote_list: QuoteList::new(quote_list),
            order_list: OrderList::new(order_list),
            librisoft_queue: LibrisoftQueue::new(librisoft_queue),
            title_uses: TitleUses::new(title_uses),
            history: History::new(audit_trail.clone()),
            audit_trail: AuditTrail::new(audit_trail),
            delegations: Delegations::new(delegations),
            institutions: Institutions::new(institutions),
            article_search: ArticleSearch::new(article_search),
            account_list: AccountList::new(account_list),
        };
        let log_seats = vec![
            tray_seat,
            detail_seat,
            quote_seat,
            order_seat,
            queue_seat,
            title_seat,
            audit_seat,
            delegation_seat,
            institution_seat,
            account_seat,
        ];
        Ok(Self { log_seats, article_seat, views, stopping, threads: opening.threads, lock })
    }
}

/// Opens view after view.
struct Opening<'a> {
    folder: &'a Path,
    stopping: Arc<AtomicBool>,
    threads: Vec<thread::JoinHandle<()>>,
}

impl Opening<'_> {
    /// Opens a view, gives it its thread, and returns who reads it and who feeds it.
    fn open<V: View>(&mut self, view: V) -> Result<(Reader, Seat<V::Item>), StartError> {
        let published = Arc::new(Published::new(V::NAME, V::VERSION));
        let worker = Worker::open(view, self.folder, Arc::clone(&published), Arc::clone(&self.stopping))?;
        let (inbox, told) = mpsc::channel(INBOX);
        let thread = thread::Builder::new()
            .name(V::NAME.to_owned())
            .spawn(move || worker.run(told))
            .map_err(|source| StartError::Io { path: self.folder.to_owned(), source })?;
        self.threads.push(thread);
        let path = Worker::<V>::SHAPE.path(self.folder);
        let offer = offered(&path);
        let reader = Reader::new(Arc::clone(&published), path);
        Ok((reader, Seat { published, inbox, offer }))
    }
}

impl Projections {
    /// Opens the views in `folder` (made if it is missing) and begins to follow the log. Returns at once: views that
    /// are behind answer [`ReadError::Building`](crate::ReadError) or an older state until they have caught up.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn start(store: Store, folder: impl Into<PathBuf>) -> Result<Self, StartError> {
        let folder = folder.into();
        let opened = {
            let folder = folder.clone();
            tokio::task::spawn_blocking(move || Opened::open(&folder)).await.map_err(|_| StartError::Interrupted)??
        };
        let Opened { log_seats, article_seat, views, stopping, threads, lock } = opened;
        let by_log: Vec<_> = log_seats.iter().map(|seat| Arc::clone(&seat.published)).collect();
        let by_article = Arc::clone(&article_seat.published);
        let all = by_log.iter().chain([&by_article]).map(Arc::clone).collect();
        let nudges: [Arc<Notify>; 2] = Default::default();
        let [log_nudge, article_nudge] = nudges.clone();
        let (stop, stopped) = watch::channel(false);
        let article_seats = vec![article_seat];
        let tasks = vec![
            tokio::spawn(runner::run::<Recorded>(store.clone(), log_seats, log_nudge, stopped.clone())),
            tokio::spawn(runner::run::<StoredArticle>(store.clone(), article_seats, article_nudge, stopped.clone())),
            tokio::spawn(tidy(folder, all, stopped)),
        ];
        let (tasks, threads, lock) = (Mutex::new(tasks), Mutex::new(threads), Mutex::new(Some(lock)));
        let inner = Inner { store, views, by_log, by_article, nudges, stop, stopping, tasks, threads, lock };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The trays of baskets.
    pub fn basket_tray(&self) -> &BasketTray {
        &self.inner.views.basket_tray
    }

    /// Single baskets.
    pub fn basket_detail(&self) -> &BasketDetails {
        &self.inner.views.basket_detail
    }

    /// Quotes.
    pub fn quote_list(&self) -> &QuoteList {
        &self.inner.views.quote_list
    }

    /// Orders.
    pub fn order_list(&self) -> &OrderList {
        &self.inner.views.order_list
    }

    /// What the management system should collect.
    pub fn librisoft_queue(&self) -> &LibrisoftQueue {
        &self.inner.views.librisoft_queue
    }

    /// Where institutions have titles already.
    pub fn title_uses(&self) -> &TitleUses {
        &self.inner.views.title_uses
    }

    /// Histories, which follow as the audit trail does.
    pub fn history(&self) -> &History {
        &self.inner.views.history
    }

    /// The whole trail.
    pub fn audit_trail(&self) -> &AuditTrail {
        &self.inner.views.audit_trail
    }

    /// Delegations.
    pub fn delegations(&self) -> &Delegations {
        &self.inner.views.delegations
    }

    /// Institutions.
    pub fn institutions(&self) -> &Institutions {
        &self.inner.views.institutions
    }

    /// People's accounts.
    pub fn account_list(&self) -> &AccountList {
        &self.inner.views.account_list
    }

    /// The catalogue.
    pub fn article_search(&self) -> &ArticleSearch {
        &self.inner.views.article_search
    }

    /// Returns when every view has reached the heads as they are now, or has stopped where it cannot.
    ///
    /// # Errors
    /// [`StoreError`], when the heads cannot be read.
    pub async fn catch_up(&self) -> Result<(), StoreError> {
        let heads = self.inner.store.heads().await?;
        self.nudge();
        let through = |progress: &Progress, head: fn(&bordereau_store::Head) -> u64| {
            progress.live && heads.iter().all(|at| progress.is_through(&at.ledger, head(at)))
        };
        for published in &self.inner.by_log {
            let mut progress = published.subscribe();
            // The sender lives as long as `self`.
            drop(progress.wait_for(|progress| through(progress, |head| head.position)).await);
        }
        let mut progress = self.inner.by_article.subscribe();
        drop(progress.wait_for(|progress| through(progress, |head| head.article_revision)).await);
        Ok(())
    }

    /// Waits until a view has applied a position of a shop (of `article_search`: a revision).
    ///
    /// # Errors
    /// [`WaitError`]: within milliseconds for a position above the head, or for a view that has stopped before it.
    pub async fn wait_for(&self, view: &str, shop: &str, position: u64, timeout: Duration) -> Result<(), WaitError> {
        let published = self.published().find(|published| published.name == view);
        let published = published.ok_or_else(|| WaitError::UnknownView(view.to_owned()))?;
        let mut progress = published.subscribe();
        // What this process has just appended is on its way to the view, and there before the head could be asked for.
        let arrives = progress.wait_for(|progress| progress.position(shop) >= position);
        if matches!(tokio::time::timeout(SOON, arrives).await, Ok(Ok(_))) {
            return Ok(());
        }
        let head = self.inner.store.head(shop).await?;
        let of_articles = Arc::ptr_eq(published, &self.inner.by_article);
        let above = head.is_none_or(|head| position > if of_articles { head.article_revision } else { head.position });
        if above {
            return Err(WaitError::AboveHead);
        }
        self.nudge();
        let through = progress.wait_for(|progress| progress.is_through(shop, position));
        match tokio::time::timeout(timeout, through).await {
            Ok(Ok(progress)) if progress.position(shop) >= position => Ok(()),
            Ok(_) => Err(WaitError::Stopped),
            Err(_) => Err(WaitError::TimedOut),
        }
    }

    /// How each view does.
    pub fn status(&self) -> Vec<ViewStatus> {
        self.published().map(|published| published.look(|progress| status(published, progress))).collect()
    }

    /// Whether every view has once caught up since the start.
    pub fn ready(&self) -> bool {
        self.published().all(|published| published.look(|progress| progress.live))
    }

    /// Stops following, lets each view finish its present batch, closes the files and gives up the folder.
    pub async fn shutdown(&self) {
        self.inner.stopping.store(true, Ordering::Relaxed);
        self.inner.stop.send_replace(true);
        let tasks = std::mem::take(&mut *self.inner.tasks.lock().unwrap_or_else(PoisonError::into_inner));
        for task in tasks {
            // A task that panicked has said so.
            drop(task.await);
        }
        let threads = std::mem::take(&mut *self.inner.threads.lock().unwrap_or_else(PoisonError::into_inner));
        let joined = tokio::task::spawn_blocking(move || threads.into_iter().for_each(|thread| drop(thread.join())));
        drop(joined.await);
        self.inner.lock.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    fn published(&self) -> impl Iterator<Item = &Arc<Published>> {
        self.inner.by_log.iter().chain([&self.inner.by_article])
    }

    fn nudge(&self) {
        for nudge in &self.inner.nudges {
            nudge.notify_one();
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        // The tasks end with the sender of `stop`, the threads with the tasks.
        self.stopping.store(true, Ordering::Relaxed);
    }
}

fn status(published: &Published, progress: &Progress) -> ViewStatus {
    let stopped = progress.halted.iter().map(|(shop, halt)| StoppedShop {
        shop: shop.clone(),
        position: halt.position,
        reason: halt.reason.clone(),
    });
    ViewStatus {
        name: published.name,
        version: published.version,
        state: match (progress.halted.is_empty(), progress.live) {
            (false, _) => ViewState::Stopped,
            (true, true) => ViewState::Live,
            (true, false) => ViewState::Building,
        },
        behind: progress.behind(),
        stopped: stopped.collect(),
    }
}

/// Whether a folder was not locked because somebody else has locked it.
pub(crate) const fn is_in_use(error: &StartError) -> bool {
    matches!(error, StartError::InUse(_))
}

/// Takes a folder of views for this process, as long as the file is held.
///
/// # Errors
/// [`StartError::InUse`], where another process has it.
pub(crate) fn lock(folder: &Path) -> Result<fs::File, StartError> {
    let path = folder.join(LOCK);
    let failed = |source| StartError::Io { path: path.clone(), source };
    fs::create_dir_all(folder).map_err(failed)?;
    let file = private().create(true).truncate(false).open(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(StartError::InUse(folder.to_owned())),
        Err(fs::TryLockError::Error(source)) => Err(failed(source)),
    }
}

/// Removes the files of other versions once every view has caught up.
async fn tidy(folder: PathBuf, views: Vec<Arc<Published>>, mut stop: watch::Receiver<bool>) {
    let all_live = async {
        for view in &views {
            drop(view.subscribe().wait_for(|progress| progress.live).await);
        }
    };
    tokio::select! {
        () = all_live => {}
        _ = stop.changed() => {}
    }
    // Asked again: the last view may have caught up, and the stop have come, between two looks at them.
    if !views.iter().all(|view| view.look(|progress| progress.live)) {
        return;
    }
    let removed = tokio::task::spawn_blocking(move || {
        let kept = views.iter().map(|view| (view.name, Some(view.version)));
        for (name, version) in kept.chain(GONE.map(|name| (name, None))) {
            if let Err(error) = remove_other_versions(&folder, name, version) {
                tracing::warn!(view = name, %error, "older files of the view cannot be removed");
            }
        }
    });
    drop(removed.await);
}
