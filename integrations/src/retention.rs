//! How long personal data is kept, and the daily run that lets it go (decision 0017).

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    time::Duration,
};

use bordereau_commands::{Commands, Envelope, ShopRequest, new_id};
use bordereau_domain::{
    AccountId, Actor, Decider, Event, ShopCode,
    account::{Account, AccountStatus},
    shop::Released,
};
use bordereau_projections::Recorded;
use bordereau_store::{Erasure, Limits, Micros, Purpose, Store, Usage};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    erasure::{Eraser, ErasureReason},
    mail::{MailArgs, MailKind, new_mail},
};

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
    /// How long before that their person is warned.
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
    /// Persons who were told that their account will be erased.
    pub warned: u64,
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

/// What is to be done with an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Due {
    Nothing,
    Warn,
    EraseAccount,
    EraseRegistration,
}

/// An account as far as its time is concerned.
struct Known {
    state: Account,
    opened_at: Micros,
    last_event_at: Micros,
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
        let code = shop.as_str();
        let mut report = Report::default();
        let erasures = self.store().list_erasures().await?.into_iter();
        // Others tell of texts alone, about people who are still there.
        let erasures: Vec<_> = erasures.filter(|line| line.ledger == code && line.is_of_person()).collect();
        self.look_at_accounts(shop, &erasures, &mut report).await?;
        self.look_at_accounting(shop, &erasures, &mut report).await?;
        let limits = Limits {
            refusals: self.before(self.terms.refusal_days),
            mails: self.before(self.terms.mail_days),
            sessions: self.before(0),
            identity_checks: self.before(1),
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

    async fn look_at_accounts(&self, shop: &ShopCode, erasures: &[Erasure], report: &mut Report) -> anyhow::Result<()> {
        let gone: HashSet<Uuid> = erasures.iter().map(|erasure| erasure.subject).collect();
        let usage = self.store().list_usage(shop.as_str()).await?;
        let usage: HashMap<Uuid, Usage> = usage.into_iter().map(|usage| (usage.account, usage)).collect();
        let eraser = Eraser::new(self.commands.clone());
        for id in self.store().list_streams(shop.as_str(), Account::TYPE).await? {
            let account: AccountId = id.parse()?;
            if gone.contains(&account.0) {
                continue;
            }
            let Some(known) = self.know(shop, &id).await? else { continue };
            let due = self.due(&known, usage.get(&account.0));
            match due {
                Due::Nothing => continue,
                Due::Warn => report.warned += 1,
                Due::EraseAccount => report.accounts += 1,
                Due::EraseRegistration => report.registrations += 1,
            }
            match due {
                Due::Warn if !self.dry => self.warn(shop, account).await?,
                Due::EraseAccount | Due::EraseRegistration if !self.dry => {
                    eraser.erase(shop, account, ErasureReason::Retention, self.now).await?;
                }
                Due::Nothing | Due::Warn | Due::EraseAccount | Due::EraseRegistration => {}
            }
        }
        Ok(())
    }

    async fn know(&self, shop: &ShopCode, id: &str) -> anyhow::Result<Option<Known>> {
        let events = self.store().load(shop.as_str(), Account::TYPE, id, 0).await?;
        let mut state = Account::default();
        let (mut opened_at, mut last_event_at) = (None, 0);
        for stored in events {
            let recorded = Recorded::decode(stored)?;
            last_event_at = recorded.at.timestamp_micros();
            opened_at = opened_at.or(Some(last_event_at));
            if let Event::Account(event) = recorded.event {
                state.evolve(&event);
            }
        }
        Ok(opened_at.map(|opened_at| Known { state, opened_at, last_event_at }))
    }

    fn due(&self, known: &Known, usage: Option<&Usage>) -> Due {
        // The bookshop's own people are the operator's affair.
        if known.state.opened().is_some_and(|opened| !opened.role.is_institutional()) {
            return Due::Nothing;
        }
        let last = usage.and_then(|usage| usage.last_sign_in_at).unwrap_or(known.opened_at);
        let over = last < self.before(self.terms.inactive_days);
        match known.state.status() {
            None => return Due::Nothing,
            Some(AccountStatus::Requested | AccountStatus::Declined) => {
                let over = known.last_event_at < self.before(self.terms.registration_days);
                return if over { Due::EraseRegistration } else { Due::Nothing };
            }
            Some(AccountStatus::Inactive) => {
                // Its person cannot sign in: a letter would ask for what he cannot do. It counts from its closing, too.
                let closed = known.last_event_at < self.before(self.terms.inactive_days);
                return if over && closed { Due::EraseAccount } else { Due::Nothing };
            }
            Some(AccountStatus::Active | AccountStatus::Private) => {}
        }
        let soon = last < self.before(self.terms.inactive_days.saturating_sub(self.terms.warning_days));
        match usage.and_then(|usage| usage.warned_at) {
            Some(warned) if over && warned <= self.before(self.terms.warning_days) => Due::EraseAccount,
            None if soon => Due::Warn,
            Some(_) | None => Due::Nothing,
        }
    }

    /// Once for each time that an account falls asleep: a sign-in forgets it.
    async fn warn(&self, shop: &ShopCode, account: AccountId) -> anyhow::Result<()> {
        let (code, at) = (shop.as_str(), self.now.timestamp_micros());
        let args = MailArgs { days: Some(self.terms.warning_days), ..MailArgs::default() };
        self.store().queue_mail(new_mail(code, MailKind::InactiveAccount, account, new_id(), &args, at)?).await?;
        self.store().note_warned(code, account.0, at).await?;
        Ok(())
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
