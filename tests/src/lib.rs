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
mod client;
mod clock;
mod cluster;
mod openapi;
mod process;
mod template;

pub use answer::Answer;
pub use app::TestApp;
pub use browser::{Browser, Visit};
pub use client::{Call, Client};
pub use clock::TestClock;
pub use cluster::Cluster;
pub use openapi::{Operation, operations};
pub use process::{Ended, Process, run};
pub use template::{CEMETERY_ROAD, CLUB_GUIDE, MEDIATHEQUE, PEOPLE, READING_ALOUD, SCHOOL, demo_database};
