//! What every handler has at hand.

use std::{hash::Hash, net::IpAddr, num::NonZeroU32, sync::Arc, time::Duration};

use bordereau_commands::{Commands, Envelope, Request};
use bordereau_domain::AccountId;
use bordereau_integrations::Board;
use bordereau_projections::Projections;
use bordereau_store::Store;
use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::sync::{Semaphore, watch};
use uuid::Uuid;

use crate::{
    auth::Passwords,
    clock::Clock,
    events::{Places, Tails},
    extract::{Answered, Command},
    form,
    privacy::Turns,
    problem::Problem,
    settings::Settings,
};

/// How long a read waits for a position that the caller has written.
pub const PATIENCE: Duration = Duration::from_secs(2);

/// Where the service is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The demonstration is being filled.
    Filling,
    /// It serves.
    Serving,
    /// It was told to stop.
    Stopping,
}

/// What every handler has at hand. Cheap to clone.
#[derive(Clone, Debug)]
pub struct App(Arc<Parts>);

/// The parts of the service.
#[derive(Debug)]
pub struct Parts {
    /// Settings.
    pub settings: Settings,
    /// The store.
    pub store: Store,
    /// The way to write.
    pub commands: Commands,
    /// What people look at.
    pub projections: Projections,
    /// The edge's clock.
    pub clock: Clock,
    /// Password hashing, bounded.
    pub passwords: Passwords,
    /// Requests per account or key.
    pub limits: DefaultKeyedRateLimiter<AccountId>,
    /// Sign-ins per address.
    pub sign_in_limits: DefaultKeyedRateLimiter<IpAddr>,
    /// Links, registrations and the like per address: who uses them up takes no sign-in from the others behind it.
    pub link_limits: DefaultKeyedRateLimiter<IpAddr>,
    /// Sign-ins per login, by a hash of it: whether it is known or not makes no difference.
    pub login_limits: DefaultKeyedRateLimiter<u64>,
    /// Long imports that may run at once.
    pub imports: Semaphore,
    /// Exports of persons' data under way.
    pub exports: Turns,
    /// Open streams per account or key.
    pub places: Places,
    /// The live ends of the ledgers that are followed.
    pub tails: Tails,
    /// Where the service is in its life.
    pub phase: watch::Sender<Phase>,
    /// How the reactors of this process stand.
    pub reactors: Board,
    /// Figures for Prometheus, where they are collected.
    pub figures: Option<PrometheusHandle>,
}

impl std::ops::Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl App {
    /// Puts the parts together.
    pub fn new(
        settings: Settings,
        store: Store,
        projections: Projections,
        clock: Clock,
        figures: Option<PrometheusHandle>,
    ) -> Self {
        let at_least_one = |value: u32| NonZeroU32::new(value).unwrap_or(NonZeroU32::MIN);
        let requests = Quota::per_second(at_least_one(settings.requests_per_second))
            .allow_burst(at_least_one(settings.request_burst));
        let sign_ins = Quota::per_minute(at_least_one(settings.sign_ins_per_minute));
        let logins = Quota::per_minute(at_least_one(settings.sign_ins_per_account));
        Self(Arc::new(Parts {
            commands: Commands::new(store.clone()),
            passwords: Passwords::new(),
            limits: RateLimiter::keyed(requests),
            sign_in_limits: RateLimiter::keyed(sign_ins),
            link_limits: RateLimiter::keyed(sign_ins),
            login_limits: RateLimiter::keyed(logins),
            imports: Semaphore::new(2),
            exports: Turns::default(),
            places: Places::default(),
            tails: Tails::default(),
            phase: watch::Sender::new(Phase::Serving),
            reactors: Board::default(),
            settings,
            store,
            projections,
            clock,
            figures,
        }))
    }

    /// Carries out a person's command on the aggregate that a path names.
    ///
    /// # Errors
    /// 403 for machines, 404 for a malformed id, or the refusal.
    pub async fn run<T, R>(&self, id: &str, command: Command<T>, request: R) -> Result<Answered, Problem>
    where
        R: Request,
        R::Decider: bordereau_commands::Housed,
        Problem: From<<R::Decider as bordereau_domain::Decider>::Error>,
    {
        command.caller.must_be_person()?;
        let id: Uuid = form::id(id)?;
        self.execute(command.envelope, id, request).await
    }

    /// Bounds how much one account or key may send.
    ///
    /// # Errors
    /// 429.
    pub fn limit_caller(&self, account: AccountId) -> Result<(), Problem> {
        bounded(&self.limits, &account)
    }

    /// Bounds what one address may try of what is open to everybody.
    ///
    /// # Errors
    /// 429.
    pub fn limit_address(&self, address: IpAddr) -> Result<(), Problem> {
        bounded(&self.sign_in_limits, &address)
    }

    /// Bounds how often links are tried, accounts and letters asked for from one address.
    ///
    /// # Errors
    /// 429.
    pub fn limit_links(&self, address: IpAddr) -> Result<(), Problem> {
        bounded(&self.link_limits, &address)
    }

    /// Bounds how often one login is tried, from wherever.
    ///
    /// # Errors
    /// 429.
    pub fn limit_account(&self, login: u64) -> Result<(), Problem> {
        bounded(&self.login_limits, &login)
    }

    /// Carries out a command and answers with its sequence and position.
    ///
    /// # Errors
    /// The refusal.
    pub async fn execute<R>(&self, envelope: Envelope, id: impl ToString, request: R) -> Result<Answered, Problem>
    where
        R: Request,
        R::Decider: bordereau_commands::Housed,
        Problem: From<<R::Decider as bordereau_domain::Decider>::Error>,
    {
        let shop = envelope.shop.clone();
        let done = self.commands.execute(envelope, id.to_string(), request).await?;
        let position = match done.position {
            Some(position) => position,
            None => self.store.head(shop.as_str()).await?.map_or(0, |head| head.position),
        };
        Ok(Answered { status: done.status, body: done.body, sequence: done.sequence, position })
    }
}

/// Keys that a limiter may hold before those at rest are dropped.
const MANY_KEYS: usize = 10_000;

fn bounded<K: Clone + Eq + Hash>(limits: &DefaultKeyedRateLimiter<K>, key: &K) -> Result<(), Problem> {
    if limits.len() > MANY_KEYS {
        limits.retain_recent();
    }
    limits.check_key(key).map_err(|until| {
        let wait = until.wait_time_from(DefaultClock::default().now());
        Problem::too_many_requests(u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).max(1))
    })
}
