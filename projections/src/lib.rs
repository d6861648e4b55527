//! What people look at: read models in local SQLite files, fed by log position.
//!
//! One read model is one module is one file: its rows, its tables, what it makes of each event, its queries. Nothing
//! here is a fact: every file can be deleted and comes again from the log. Rows and the checkpoint of how far they go
//! are written in one transaction; a view that cannot apply an event stands still there, for that shop, and says so.
//! Personal data stays sealed: rows hold [`SealedRef`]s, which whoever shows them opens with the store.

mod account_list;
mod article_search;
mod audit_trail;
mod basket_detail;
mod basket_tray;
mod clients;
mod delegations;
mod documents;
mod error;
mod feed;
mod file;
mod fold;
mod history;
mod institutions;
mod librisoft_queue;
mod order_list;
mod page;
mod past;
mod people;
mod progress;
mod projections;
mod quote_list;
mod reader;
mod rebuild;
mod recent;
mod recorded;
mod runner;
mod sealed;
mod sql;
mod states;
mod tally;
mod title_use;
mod transact;
mod view;
mod word_index;
mod worker;

pub use account_list::{AccountCounts, AccountFilter, AccountList, AccountRow};
pub use article_search::{ArticleRow, ArticleSearch};
pub use audit_trail::{AggregateRef, AuditTrail, TrailFilter, TrailPlace, TrailRow};
pub use basket_detail::{BasketDetail, BasketDetails, ReturnedDetail};
pub use basket_tray::{BasketTray, Tray, TrayCounts, TrayRow, Viewer};
pub use clients::ClientRef;
pub use delegations::{DelegationRow, Delegations};
pub use documents::{OrderDetail, QuoteDetail};
pub use error::{ApplyError, ReadError, StartError, WaitError};
pub use fold::fold;
pub use history::{Change, ChangeValue, History, HistoryOf, HistoryRow};
pub use institutions::{InstitutionRow, Institutions, Lacking};
pub use librisoft_queue::{LibrisoftQueue, QueueDocument, QueueItem};
pub use order_list::{OrderCounts, OrderFilter, OrderList, OrderRow, OrderTab};
pub use page::{MAX_PAGE, Page, Scope, read_cursor, write_cursor};
pub use people::Person;
pub use projections::{Projections, StoppedShop, ViewState, ViewStatus};
pub use quote_list::{QuoteCounts, QuoteList, QuoteRow, QuoteTab};
pub use rebuild::{BuildError, FedBy, ReplaceError, Replaced, VIEWS, ViewFileName, Wanted, build_views, replace_views};
pub use recorded::{Provenance, Recorded, RecordedError};
pub use sealed::SealedRef;
pub use title_use::{BasketUse, OrderUse, TitleQuestion, TitleUse, TitleUses};
pub use word_index::{WORD_INDEXES, WordIndex};
