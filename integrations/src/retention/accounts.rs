//! Accounts that nobody uses: who is to be warned, whose letter nobody has taken yet, who is erased.
//!
//! What must stay true: nobody whose account is open, and who ever had one, is erased without having been warned, and a
//! warning counts from when a mail server took its letter. No letter goes to whoever never got an account, and none to
//! whose account is closed.

use std::collections::{HashMap, HashSet};

use bordereau_commands::new_id;
use bordereau_domain::{
    AccountId, Decider, Event, ShopCode,
    account::{Account, AccountEvent, AccountStatus},
};
use bordereau_projections::Recorded;
use bordereau_store::{Erasure, MailState, Micros, QueuedMail, Usage};
use uuid::Uuid;

use super::{DAY, Report, Run};
use crate::{
    erasure::{Eraser, ErasureReason},
    mail::{MailArgs, MailKind, new_mail},
};

/// What is due with the accounts of a shop, as they were when it was looked.
#[derive(Debug)]
pub struct Plan(Vec<(AccountId, Due)>);

/// What is to be done with an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Due {
    Nothing,
    /// A letter is to be queued.
    Warn,
    /// A letter is queued, and no mail server has taken it.
    Wait,
    /// The letter was given up: whose address is wrong is not warned.
    Unreachable,
    EraseAccount,
    EraseRegistration,
}

/// An account as far as its time is concerned.
struct Known {
    state: Account,
    /// When its time began: opened, granted, opened again.
    begun_at: Micros,
    /// When its address became what it is.
    address_at: Micros,
    last_event_at: Micros,
    /// Whether it ever was somebody's who acts, or has acted, for an organisation.
    was_granted: bool,
}

impl Run {
    /// Looks at the accounts of one shop; nothing is done yet.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn plan(&self, shop: &ShopCode) -> anyhow::Result<Plan> {
        let code = shop.as_str();
        let erasures = self.list_erasures(code).await?;
        let gone: HashSet<Uuid> = erasures.iter().map(|erasure| erasure.subject).collect();
        let usage = self.store().list_usage(code).await?;
        let usage: HashMap<Uuid, Usage> = usage.into_iter().map(|usage| (usage.account, usage)).collect();
        // The oldest first: the last one of each account stays.
        let letters = self.store().list_mails_of(code, MailKind::InactiveAccount.as_str()).await?;
        let letters: HashMap<Uuid, QueuedMail> = letters.into_iter().map(|mail| (mail.mail.account, mail)).collect();
        let mut plan = Vec::new();
        for id in self.store().list_streams(code, Account::TYPE).await? {
            let account: AccountId = id.parse()?;
            if gone.contains(&account.0) {
                continue;
            }
            let due = self.due(shop, account, usage.get(&account.0), letters.get(&account.0)).await?;
            if due != Due::Nothing {
                plan.push((account, due));
            }
        }
        Ok(Plan(plan))
    }

    /// Warns and erases; whoever has come back since the plan was made stays.
    pub(super) async fn look_at_accounts(
        &self,
        shop: &ShopCode,
        Plan(plan): Plan,
        report: &mut Report,
    ) -> anyhow::Result<()> {
        let eraser = Eraser::new(self.commands.clone());
        for (account, due) in plan {
            let count = match due {
                Due::Nothing => continue,
                Due::Warn => &mut report.warned,
                Due::Wait => &mut report.unwarned,
                Due::Unreachable => {
                    tracing::warn!(%shop, %account, "the letter before an erasure was given up: the account stays");
                    &mut report.unreachable
                }
                Due::EraseAccount => &mut report.accounts,
                Due::EraseRegistration => &mut report.registrations,
            };
            match due {
                Due::Warn if !self.dry => self.warn(shop, account).await?,
                Due::EraseAccount | Due::EraseRegistration if !self.dry => {
                    // The run takes its time; a sign-in of this moment counts.
                    let usage = self.store().find_usage(shop.as_str(), account.0).await?;
                    if self.due(shop, account, usage.as_ref(), None).await? != due {
                        continue;
                    }
                    eraser.erase(shop, account, ErasureReason::Retention, self.now).await?;
                }
                Due::Nothing
                | Due::Warn
                | Due::Wait
                | Due::Unreachable
                | Due::EraseAccount
                | Due::EraseRegistration => {}
            }
            *count += 1;
        }
        Ok(())
    }

    async fn know(&self, shop: &ShopCode, account: AccountId) -> anyhow::Result<Option<Known>> {
        let events = self.store().load(shop.as_str(), Account::TYPE, &account.to_string(), 0).await?;
        let mut known: Option<Known> = None;
        for stored in events {
            let recorded = Recorded::decode(stored)?;
            let at = recorded.at.timestamp_micros();
            let known = known.get_or_insert_with(|| Known {
                state: Account::default(),
                begun_at: at,
                address_at: at,
                last_event_at: at,
                was_granted: false,
            });
            known.last_event_at = at;
            if let Event::Account(event) = recorded.event {
                match event {
                    AccountEvent::Approved { .. } | AccountEvent::Reactivated {} => known.begun_at = at,
                    AccountEvent::EmailChanged { .. } => known.address_at = at,
                    AccountEvent::Opened { .. }
                    | AccountEvent::Requested { .. }
                    | AccountEvent::Declined {}
                    | AccountEvent::MessageSent { .. }
                    | AccountEvent::Assigned { .. }
                    | AccountEvent::Deactivated {}
                    | AccountEvent::DetailsChanged { .. }
                    | AccountEvent::EstablishmentSet { .. }
                    | AccountEvent::BuyersGroupSet { .. }
                    | AccountEvent::Delegated { .. }
                    | AccountEvent::DelegationRevoked { .. }
                    | AccountEvent::SubstitutionGranted {}
                    | AccountEvent::SubstitutionRevoked {}
                    | AccountEvent::SecondFactorEnabled {}
                    | AccountEvent::SecondFactorDisabled {}
                    | AccountEvent::OrganisationDeleted { .. } => {}
                }
                known.state.evolve(&event);
                known.was_granted |=
                    matches!(known.state.status(), Some(AccountStatus::Active | AccountStatus::Private));
            }
        }
        Ok(known)
    }

    async fn due(
        &self,
        shop: &ShopCode,
        account: AccountId,
        usage: Option<&Usage>,
        letter: Option<&QueuedMail>,
    ) -> anyhow::Result<Due> {
        let Some(known) = self.know(shop, account).await? else { return Ok(Due::Nothing) };
        // The bookshop's own people are the operator's affair.
        if known.state.opened().is_some_and(|opened| !opened.role.is_institutional()) {
            return Ok(Due::Nothing);
        }
        let last_sign_in = usage.and_then(|usage| usage.last_sign_in_at).unwrap_or(known.begun_at);
        let last = last_sign_in.max(known.begun_at);
        let over = last < self.before(self.terms.inactive_days);
        let closed_for = |days| known.last_event_at < self.before(days);
        Ok(match known.state.status() {
            // Whoever has had an account is warned like everybody, though he asks anew.
            Some(AccountStatus::Requested | AccountStatus::Declined) if known.was_granted => {
                self.due_asleep(&known, last, usage, letter)
            }
            Some(AccountStatus::Requested | AccountStatus::Declined) => {
                let days = self.terms.registration_days;
                if closed_for(days) && last < self.before(days) { Due::EraseRegistration } else { Due::Nothing }
            }
            // Its person cannot sign in: a letter would ask for what he cannot do. It counts from its closing, too.
            Some(AccountStatus::Inactive) if over && closed_for(self.terms.inactive_days) => Due::EraseAccount,
            None | Some(AccountStatus::Inactive) => Due::Nothing,
            Some(AccountStatus::Active | AccountStatus::Private) => self.due_asleep(&known, last, usage, letter),
        })
    }

    /// Of an account that is open: warned, then erased. What was written of an earlier sleep does not count.
    fn due_asleep(&self, known: &Known, last: Micros, usage: Option<&Usage>, letter: Option<&QueuedMail>) -> Due {
        let days = self.terms.inactive_days.saturating_sub(self.terms.warning_days);
        let asleep_at = last + Micros::from(days) * DAY;
        if asleep_at >= self.now.timestamp_micros() {
            return Due::Nothing;
        }
        let over = last < self.before(self.terms.inactive_days);
        match usage.and_then(|usage| usage.warned_at).filter(|warned| *warned >= asleep_at) {
            Some(warned) if over && warned <= self.before(self.terms.warning_days) => return Due::EraseAccount,
            Some(_) => return Due::Nothing,
            None => {}
        }
        match letter.filter(|letter| letter.mail.queued_at >= asleep_at) {
            None => Due::Warn,
            Some(letter) => match letter.state {
                MailState::Waiting | MailState::Sent => Due::Wait,
                // Another address, another letter.
                MailState::Failed if letter.mail.queued_at < known.address_at => Due::Warn,
                MailState::Failed => Due::Unreachable,
            },
        }
    }

    /// Queues the letter; whoever sends it notes that it was taken.
    async fn warn(&self, shop: &ShopCode, account: AccountId) -> anyhow::Result<()> {
        let at = self.now.timestamp_micros();
        let args = MailArgs { days: Some(self.terms.warning_days), ..MailArgs::default() };
        let letter = new_mail(shop.as_str(), MailKind::InactiveAccount, account, new_id(), &args, at)?;
        self.store().queue_mail(letter).await?;
        Ok(())
    }

    /// The erasures of persons of a shop. Others tell of texts alone, about people who are still there.
    pub(super) async fn list_erasures(&self, shop: &str) -> anyhow::Result<Vec<Erasure>> {
        let erasures = self.store().list_erasures().await?.into_iter();
        Ok(erasures.filter(|line| line.ledger == shop && line.is_of_person()).collect())
    }
}
