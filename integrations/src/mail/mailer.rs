//! What happened becomes mail: one row of the queue for each person who has to know.

use bordereau_commands::{Commands, stable_id};
use bordereau_domain::{
    AccountId, Digest, Event, Role,
    account::{AccountEvent, AccountStatus},
    order::{Order, OrderEvent},
    subject::Subject,
};
use bordereau_projections::{AccountFilter, Projections, Recorded, Scope};
use bordereau_store::{Clock, Micros, Store, StoreError};
use uuid::Uuid;

use super::{
    kind::{MailArgs, MailKind, new_mail},
    texts::MailLanguage,
};
use crate::reactor::{Reactor, Trouble};

/// What is older when it is read is no news any more, in µs: a mailer that starts on an old log writes to nobody.
const NEWS: Micros = 3 * 24 * 60 * 60 * 1_000_000;

/// Within this time the bookshop hears once of a request, however often its person completes it, in µs.
const HOUR: Micros = 60 * 60 * 1_000_000;

/// Most people of a bookshop who are written to about one thing.
const MANY: usize = 50;

/// Queues mails about what happened.
pub struct Mailer {
    store: Store,
    commands: Commands,
    projections: Projections,
    clock: Clock,
}

impl std::fmt::Debug for Mailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Mailer")
    }
}

/// A mail that an event asks for.
struct Wanted {
    kind: MailKind,
    account: AccountId,
    args: MailArgs,
}

/// The reason for a letter about a request of which it was written within this hour already.
fn this_hour(event: &Recorded) -> Uuid {
    stable_id(&["registration-heard-of", &event.aggregate_id, &(event.recorded_at / HOUR).to_string()])
}

fn not_now(error: &StoreError) -> Trouble {
    Trouble::NotNow(error.to_string())
}

impl Mailer {
    /// Queues in `store`.
    pub fn new(store: Store, commands: Commands, projections: Projections, clock: Clock) -> Self {
        Self { store, commands, projections, clock }
    }

    async fn wanted(&self, event: &Recorded) -> Result<Vec<Wanted>, Trouble> {
        match &event.event {
            Event::Account(account) => self.about_account(event, account).await,
            Event::Order(order) => Ok(self.about_order(event, order).await?.into_iter().collect()),
            Event::Shop(_) | Event::Institution(_) | Event::Subject(_) | Event::Basket(_) | Event::Quote(_) => {
                Ok(Vec::new())
            }
        }
    }

    async fn about_account(&self, event: &Recorded, happened: &AccountEvent) -> Result<Vec<Wanted>, Trouble> {
        let account: AccountId = event.aggregate_id.parse().map_err(|_| Trouble::Never("no account id".to_owned()))?;
        let to_its_person = |kind, args| vec![Wanted { kind, account, args }];
        Ok(match happened {
            AccountEvent::Requested { .. } if event.actor == account => {
                let mut wanted = self.to_the_bookshop(event).await?;
                wanted.extend(to_its_person(MailKind::ProveLogin, MailArgs::default()));
                wanted
            }
            // The bookshop wrote him down: he may have no password yet (B05).
            AccountEvent::Opened { .. } | AccountEvent::Requested { .. } => self.first_password(event, account).await?,
            // Whose password may have been a stranger's has none any more.
            AccountEvent::Approved { .. } => {
                let link = self.first_password(event, account).await?;
                to_its_person(MailKind::AccountApproved, MailArgs::default()).into_iter().chain(link).collect()
            }
            AccountEvent::Declined {} => to_its_person(MailKind::AccountDeclined, MailArgs::default()),
            AccountEvent::MessageSent { message } => {
                let args = MailArgs { quoted: Some(message.digest), ..MailArgs::default() };
                to_its_person(MailKind::AccountMessage, args)
            }
            AccountEvent::EmailChanged { .. } => {
                let digest = self.address_before(event).await?;
                let changed = Wanted {
                    kind: MailKind::AddressChanged,
                    account,
                    args: MailArgs { digest, ..MailArgs::default() },
                };
                // Whoever has no password yet got its link at the former address, and that link is dead.
                std::iter::once(changed).chain(self.first_password(event, account).await?).collect()
            }
            AccountEvent::Assigned { .. }
            | AccountEvent::Deactivated {}
            | AccountEvent::Reactivated {}
            | AccountEvent::DetailsChanged { .. }
            | AccountEvent::EstablishmentSet { .. }
            | AccountEvent::BuyersGroupSet { .. }
            | AccountEvent::Delegated { .. }
            | AccountEvent::DelegationRevoked { .. }
            | AccountEvent::SubstitutionGranted {}
            | AccountEvent::SubstitutionRevoked {}
            | AccountEvent::SecondFactorEnabled {}
            | AccountEvent::SecondFactorDisabled {}
            | AccountEvent::OrganisationDeleted { .. } => Vec::new(),
        })
    }

    /// Whoever was erased gets no letter, not even about what his erasure ends.
    async fn is_erased(&self, shop: &str, account: AccountId) -> Result<bool, Trouble> {
        let ask = |person: &Subject| *person == Subject::Erased;
        let found = self.commands.peek_now::<Subject, _>(shop, &account.to_string(), ask).await;
        Ok(found.map_err(|error| Trouble::NotNow(error.to_string()))?.value)
    }

    /// One letter to each of the bookshop's people.
    async fn to_the_bookshop(&self, event: &Recorded) -> Result<Vec<Wanted>, Trouble> {
        let filter = AccountFilter {
            role: Some(Role::Bookseller),
            status: Some(AccountStatus::Active),
            scope: Scope::All,
            institution: None,
        };
        let (page, _) = self
            .projections
            .account_list()
            .list(&event.shop, &filter, MANY, None)
            .await
            .map_err(|error| Trouble::NotNow(error.to_string()))?;
        let kind = MailKind::RegistrationReceived;
        Ok(page.items.iter().map(|row| Wanted { kind, account: row.id, args: MailArgs::default() }).collect())
    }

    /// The address that the account had until this event.
    async fn address_before(&self, event: &Recorded) -> Result<Option<Digest>, Trouble> {
        let stream = self.store.load(&event.shop, "Account", &event.aggregate_id, 0).await.map_err(|e| not_now(&e))?;
        let earlier = stream.iter().take_while(|stored| stored.sequence < event.sequence);
        let addresses = earlier.filter_map(|stored| match Recorded::decode(stored.clone()).ok()?.event {
            Event::Account(
                AccountEvent::Opened { email, .. }
                | AccountEvent::Requested { email, .. }
                | AccountEvent::EmailChanged { email },
            ) => Some(email.digest),
            Event::Account(_)
            | Event::Shop(_)
            | Event::Institution(_)
            | Event::Subject(_)
            | Event::Basket(_)
            | Event::Quote(_)
            | Event::Order(_) => None,
        });
        Ok(addresses.last())
    }

    /// Who was given a password needs no link. He has never been here: until he comes, his language is taken to be that of
    /// who opened his account.
    async fn first_password(&self, event: &Recorded, account: AccountId) -> Result<Vec<Wanted>, Trouble> {
        let credential = self.store.find_credential(&event.shop, account.0).await.map_err(|e| not_now(&e))?;
        let has_password = credential.is_some_and(|credential| credential.password_hash.is_some());
        if has_password {
            return Ok(Vec::new());
        }
        let language = self.store.find_language(&event.shop, event.actor.0).await.map_err(|e| not_now(&e))?;
        let language = language.as_deref().and_then(MailLanguage::from_tag);
        let args = MailArgs { language, ..MailArgs::default() };
        Ok(vec![Wanted { kind: MailKind::FirstPassword, account, args }])
    }

    async fn about_order(&self, event: &Recorded, order: &OrderEvent) -> Result<Option<Wanted>, Trouble> {
        let (kind, args) = match order {
            OrderEvent::MadeAvailable {} => (MailKind::OrderAvailable, MailArgs::default()),
            OrderEvent::Shipped { tracking } => {
                (MailKind::OrderShipped, MailArgs { tracking: tracking.clone(), ..MailArgs::default() })
            }
            OrderEvent::MessageSent { text } => {
                (MailKind::OrderMessage, MailArgs { quoted: Some(text.digest), ..MailArgs::default() })
            }
            OrderEvent::Placed { .. }
            | OrderEvent::PushedToLibrisoft { .. }
            | OrderEvent::LinesReported { .. }
            | OrderEvent::Closed {}
            | OrderEvent::Cancelled { .. }
            | OrderEvent::CancellationPushedToLibrisoft {}
            | OrderEvent::StatusReset { .. } => return Ok(None),
        };
        let ask = |order: &Order| order.opened().map(|order| (order.created_by, order.number));
        let found = self.commands.peek::<Order, _>(&event.shop, &event.aggregate_id, ask).await;
        let found = found.map_err(|error| Trouble::NotNow(error.to_string()))?.value;
        let (account, number) = found.ok_or_else(|| Trouble::Never("no such order".to_owned()))?;
        let order_id = event.aggregate_id.parse().map_err(|_| Trouble::Never("no order id".to_owned()))?;
        let args = MailArgs { order_id: Some(order_id), order_number: Some(number), ..args };
        Ok(Some(Wanted { kind, account, args }))
    }
}

impl Reactor for Mailer {
    const NAME: &'static str = "mail";

    async fn react(&self, event: &Recorded) -> Result<(), Trouble> {
        let now = (self.clock)();
        if event.recorded_at < now - NEWS {
            return Ok(());
        }
        for Wanted { kind, account, args } in self.wanted(event).await? {
            if self.is_erased(&event.shop, account).await? {
                continue;
            }
            let is_of_a_request = matches!(kind, MailKind::RegistrationReceived | MailKind::ProveLogin);
            let because = if is_of_a_request { this_hour(event) } else { event.event_id };
            let mail = new_mail(&event.shop, kind, account, because, &args, now)
                .map_err(|error| Trouble::Never(error.to_string()))?;
            self.store.queue_mail(mail).await.map_err(|error| not_now(&error))?;
        }
        Ok(())
    }
}
