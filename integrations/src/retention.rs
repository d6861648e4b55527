//! How long personal data is kept, and the daily run that lets it go (decision 0017).

mod accounts;

use std::{collections::BTreeMap, time::Duration};

use bordereau_commands::{Commands, Envelope, ShopRequest};
use bordereau_domain::{Actor, ShopCode, shop::Released};
use bordereau_projections::Recorded;
use bordereau_store::{Erasure, Limits, Micros, Purpose, Store};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use accounts::Plan;

use crate::erasure::ErasureReason;

/// Names the lease.
pub const NAME: &str = "retention";
/// How often it is run.
pub const PERIOD: Duration = Duration::from_hours(24);

const DAY: Micros = 24 * 3_600 * 1_000_000;
/// Events that are read at a time.
const STRETCH: usize = 1_000;

/// How long personal data is kept, in days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Retention {
    /// Accounts of institutions' people that nobody signs in to, from the last sign-in.
    pub inactive_days: u32,
    /// How long before that their person is warned; counts from when a mail server has taken the letter.
    pub warning_days: u32,
    /// Accounts that were asked for and refused or never answered, from the request or the refusal.
    pub registration_days: u32,
    /// Refused commands, from the refusal.
    pub refusal_days: u32,
    /// Rows of the mail queue, from the end of the letter.
    pub mail_days: u32,
    /// What invoices must show, from the person's last order.
    pub accounting_days: u32,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            inactive_days: 730,
            warning_days: 30,
            registration_days: 365,
            refusal_days: 365,
            mail_days: 90,
            accounting_days: 3_653,
        }
    }
}

/// What a run let go, or would.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Persons for whom a letter was queued that tells them that their account will be erased.
    pub warned: u64,
    /// Persons whose letter no mail server has taken yet: they stay.
    pub unwarned: u64,
    /// Persons whose letter was given up: they stay.
    pub unreachable: u64,
    /// Persons whose account nobody used any more.
    pub accounts: u64,
    /// Persons who had asked for an account and never got it.
    pub registrations: u64,
    /// Persons of whom nothing more had to be kept for accounting.
    pub accounting: u64,
    /// Refused commands.
    pub refusals: u64,
    /// Rows of the mail queue.
    pub mails: u64,
    /// Ended sessions.
    pub sessions: u64,
}

/// Lets go what has been kept its time.
#[derive(Clone, Debug)]
pub struct Run {
    commands: Commands,
    terms: Retention,
    now: DateTime<Utc>,
    /// Only tells what it would do.
    dry: bool,
}

impl Run {
    /// A run at `now` by these terms; a dry one only tells.
    pub fn new(commands: Commands, terms: Retention, now: DateTime<Utc>, dry: bool) -> Self {
        Self { commands, terms, now, dry }
    }

    fn store(&self) -> &Store {
        self.commands.store()
    }

    fn before(&self, days: u32) -> Micros {
        self.now.timestamp_micros() - Micros::from(days) * DAY
    }

    /// Lets go what has been kept its time in one shop.
    ///
    /// # Errors
    /// When the store cannot be reached; the next run goes on.
    pub async fn take(&self, shop: &ShopCode) -> anyhow::Result<Report> {
        let plan = self.plan(shop).await?;
        self.carry_out(shop, plan).await
    }

    /// Does what is due with the accounts, and lets go of the rest.
    ///
    /// # Errors
    /// When the store cannot be reached; the next run goes on.
    pub async fn carry_out(&self, shop: &ShopCode, plan: Plan) -> anyhow::Result<Report> {
        let code = shop.as_str();
        let mut report = Report::default();
        let erasures = self.list_erasures(code).await?;
        self.look_at_accounts(shop, plan, &mut report).await?;
        self.look_at_accounting(shop, &erasures, &mut report).await?;
        let limits = Limits {
            refusals: self.before(self.terms.refusal_days),
            mails: self.before(self.terms.mail_days),
            sessions: self.before(0),
            identity_checks: self.before(1),
            pending_emails: self.before(1),
            second_factors: self.before(1),
        };
        let rows = if self.dry {
            self.store().count_expired(code, limits).await?
        } else {
            self.store().delete_expired(code, limits).await?
        };
        report = Report { refusals: rows.refusals, mails: rows.mails, sessions: rows.sessions, ..report };
        if !self.dry {
            self.sweep(&erasures).await?;
            self.note(shop, &report).await?;
        }
        Ok(report)
    }

    /// Destroys what was kept for accounting alone, of persons who were erased long ago.
    async fn look_at_accounting(
        &self,
        shop: &ShopCode,
        erasures: &[Erasure],
        report: &mut Report,
    ) -> anyhow::Result<()> {
        let mut kept = BTreeMap::new();
        for erasure in erasures {
            let keys = self.store().list_subject_keys(shop.as_str(), erasure.subject).await?;
            let key = keys.into_iter().find(|key| key.purpose == Purpose::Accounting && !key.destroyed);
            kept.extend(key.map(|key| (erasure.subject, (key.key_id, erasure.at))));
        }
        if kept.is_empty() {
            return Ok(());
        }
        self.find_last_documents(shop, &mut kept).await?;
        for (subject, (key_id, last)) in kept {
            if last >= self.before(self.terms.accounting_days) {
                continue;
            }
            report.accounting += 1;
            if !self.dry {
                let erasure = Erasure {
                    ledger: shop.to_string(),
                    subject,
                    purposes: vec![Purpose::Accounting],
                    organisation: false,
                    digests: Vec::new(),
                    key_ids: vec![key_id],
                    reason: ErasureReason::Retention.as_str().to_owned(),
                    at: self.now.timestamp_micros(),
                };
                self.store().note_erasure(erasure).await?;
                self.store().erase_purposes(shop.as_str(), subject, &[Purpose::Accounting]).await?;
            }
        }
        Ok(())
    }

    /// When each of them last asked for a quote or placed an order, if he did.
    async fn find_last_documents(
        &self,
        shop: &ShopCode,
        kept: &mut BTreeMap<Uuid, (Uuid, Micros)>,
    ) -> anyhow::Result<()> {
        for (_, last) in kept.values_mut() {
            *last = 0;
        }
        let mut after = 0;
        loop {
            let events = self.store().read(shop.as_str(), after, STRETCH).await?;
            let Some(end) = events.last() else { return Ok(()) };
            after = end.position;
            for stored in events {
                if !matches!(stored.event_type.as_str(), "OrderPlaced" | "QuoteRequested") {
                    continue;
                }
                let recorded = Recorded::decode(stored)?;
                for person in [Some(recorded.actor), recorded.on_behalf_of].into_iter().flatten() {
                    if let Some((_, last)) = kept.get_mut(&person.0) {
                        *last = recorded.at.timestamp_micros();
                    }
                }
            }
        }
    }

    /// What a command had sealed just before an erasure and stored just after it.
    async fn sweep(&self, erasures: &[Erasure]) -> anyhow::Result<()> {
        let lately = self.before(2);
        for erasure in erasures.iter().filter(|erasure| erasure.at > lately) {
            self.store().erase_purposes(&erasure.ledger, erasure.subject, &erasure.purposes).await?;
        }
        Ok(())
    }

    async fn note(&self, shop: &ShopCode, report: &Report) -> anyhow::Result<()> {
        let Report { accounts, registrations, accounting, refusals, .. } = *report;
        let released = Released { accounts, registrations, accounting, refusals };
        let envelope = Envelope::new(shop.clone(), Actor::system(), self.now, "reactor");
        self.commands.execute(envelope, shop.to_string(), ShopRequest::NoteRetention { released }).await?;
        Ok(())
    }
}
