//! The harness of the acceptance suite: the service on its real router, a settable clock, one method per user action.
//!
//! What must stay true: every answer that passes through it is compared with the OpenAPI document, and every refused
//! command is shown to have moved no position.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a harness fails its test by panicking, there and then"
)]

mod actions;
mod answer;
mod app;
mod browser;
mod chromium;
mod client;
mod clock;
mod cluster;
mod journal;
mod mail_server;
mod openapi;
mod oracle;
mod paper;
mod person;
mod process;
mod said;
mod sdk;
mod served;
mod stream;
mod template;

pub use answer::Answer;
pub use app::TestApp;
pub use browser::{Browser, Visit, percent};
pub use chromium::{Light, Looks, Scripts, Window};
pub use client::{Call, Client};
pub use clock::TestClock;
pub use cluster::Cluster;
pub use journal::{Asked, Entry, Verdict};
pub use mail_server::{MailServer, TakenLetter};
pub use openapi::{Operation, operations};
pub use oracle::{Ledger, Reckoning, rows_of_views};
pub use paper::{Paper, decoded, plain};
pub use person::{Person, Told, tell, try_to_tell};
pub use process::{Ended, Process, run};
pub use said::Said;
pub use sdk::Sdk;
pub use served::Served;
pub use stream::{Block, EventStream};
pub use template::{CEMETERY_ROAD, CLUB_GUIDE, MEDIATHEQUE, PEOPLE, READING_ALOUD, SCHOOL, demo_database, demo_folder};
