//! Connections, each with its time limits, in small pools.
//!
//! What must stay true: no statement waits without end, neither here nor on the server; rows are handed out only after
//! the server has said that it is ready again, which is after the commit; a connection that has failed is not used
//! again. Behind a pooler that lends a server's connection by the transaction nothing is kept in the session: no
//! settings, no prepared statements.

use std::str::FromStr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use sqlx::postgres::{PgArguments, PgConnectOptions, PgConnection, PgRow};
use sqlx::{ConnectOptions, Connection, Executor, Postgres, Row};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::failure::Fault;
use crate::error::OpenError;

/// A statement with its parameters.
pub(super) type Query<'q> = sqlx::query::Query<'q, Postgres, PgArguments>;

/// How long a turn may take to come, and then a connection to be made: together two seconds at most.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long the server may work on one statement.
const STATEMENT: &str = "5s";
/// How long we wait for the server to say anything: a little more, so that its own verdict comes first.
const ANSWER: Duration = Duration::from_secs(6);
/// A connection that has rested this long is asked whether it lives before it is trusted with work.
const RESTED: Duration = Duration::from_secs(1);

const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";
const BEGIN_BEHIND_A_POOLER: &str =
    "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL statement_timeout = '5s'; SET LOCAL enable_seqscan = off";
const PROBE: &str = "SELECT current_setting('statement_timeout'), current_setting('server_encoding')";

/// How connections are made.
#[derive(Clone)]
pub(super) struct Door {
    options: PgConnectOptions,
    behind_a_pooler: bool,
}

impl Door {
    /// Reads the URL and finds out whether a pooler stands between.
    pub(super) async fn find(url: &str) -> Result<Self, OpenError> {
        // The URL may hold a password: what is wrong with it is told without it.
        let options = PgConnectOptions::from_str(url)
            .map_err(|_| OpenError::Url("postgres://..".to_owned()))?
            .application_name("bordereau")
            .disable_statement_logging();
        // Every table is only ever asked by its keys; a plan made while a table was small must not scan it for ever.
        let settings = [
            ("statement_timeout", STATEMENT),
            ("enable_seqscan", "off"),
            // No plan depends on the parameters either: left to choose, the server plans the append anew each time.
            ("plan_cache_mode", "force_generic_plan"),
            ("default_transaction_isolation", r"read\ committed"),
        ];
        let direct = Self { options: options.clone().options(settings), behind_a_pooler: false };
        // A pooler refuses these settings or forgets them.
        match direct.probe().await {
            Ok(true) => return Ok(direct),
            Ok(false) => {}
            Err(Fault::Lost(reason)) if reason.contains("startup parameter") => {}
            Err(fault) => return Err(fault.into()),
        }
        let pooled =
            Self { options: options.extra_float_digits(None).statement_cache_capacity(0), behind_a_pooler: true };
        pooled.probe().await?;
        tracing::info!("a connection pooler stands before PostgreSQL: no notifications, followers poll");
        Ok(pooled)
    }

    pub(super) fn is_behind_a_pooler(&self) -> bool {
        self.behind_a_pooler
    }

    /// Whether a new connection has the settings that it was asked for.
    async fn probe(&self) -> Result<bool, Fault> {
        let rows = self.connect().await?.all(sqlx::query(PROBE)).await?;
        let row = rows.first().ok_or_else(|| Fault::Unable("no answer".to_owned()))?;
        let encoding: String = row.try_get(1)?;
        if encoding != "UTF8" {
            return Err(Fault::Unable(format!("the database is encoded in {encoding}: UTF8 is needed")));
        }
        Ok(row.try_get::<String, _>(0)? == STATEMENT)
    }

    /// A connection of one's own.
    pub(super) async fn connect(&self) -> Result<Link, Fault> {
        let connecting = tokio::time::timeout(PATIENCE, PgConnection::connect_with(&self.options));
        let connection = match connecting.await {
            Ok(Ok(connection)) => connection,
            Ok(Err(error)) => return Err(of_connecting(error)),
            Err(_) => return Err(Fault::Unreached("PostgreSQL does not answer".to_owned())),
        };
        Ok(Link { connection, behind_a_pooler: self.behind_a_pooler, rested_since: Instant::now() })
    }

    /// A connection pool of one, for the library's listener.
    pub(super) fn for_listening(&self) -> sqlx::PgPool {
        sqlx::postgres::PgPoolOptions::new()
            .max_connections(1)
            .acquire_timeout(PATIENCE)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_lazy_with(self.options.clone())
    }
}

fn of_connecting(error: sqlx::Error) -> Fault {
    match Fault::from(error) {
        // Kept apart while the door is being found: it tells of a pooler.
        Fault::Lost(reason) if reason.contains("startup parameter") => Fault::Lost(reason),
        fault @ (Fault::Lost(_)
        | Fault::Unreached(_)
        | Fault::Taken(_)
        | Fault::Again(_)
        | Fault::Data(_)
        | Fault::Unable(_)) => Fault::Unreached(fault.reason().to_owned()),
    }
}

/// A connection.
pub(super) struct Link {
    connection: PgConnection,
    behind_a_pooler: bool,
    rested_since: Instant,
}

impl Link {
    /// Runs one statement in a transaction of its own. Its rows come after the commit.
    pub(super) async fn all(&mut self, query: Query<'_>) -> Result<Vec<PgRow>, Fault> {
        if !self.behind_a_pooler {
            return self.rows(query).await;
        }
        self.begin().await?;
        let rows = self.rows(query).await?;
        self.commit().await?;
        Ok(rows)
    }

    /// Runs one statement inside the transaction that has begun.
    pub(super) async fn rows(&mut self, query: Query<'_>) -> Result<Vec<PgRow>, Fault> {
        let query = query.persistent(!self.behind_a_pooler);
        in_time(query.fetch_all(&mut self.connection)).await
    }

    /// The same for a statement that returns nothing; how many rows it wrote.
    pub(super) async fn execute(&mut self, query: Query<'_>) -> Result<u64, Fault> {
        let query = query.persistent(!self.behind_a_pooler);
        Ok(in_time(query.execute(&mut self.connection)).await?.rows_affected())
    }

    /// Runs a script without parameters.
    pub(super) async fn run(&mut self, sql: &str) -> Result<(), Fault> {
        in_time(self.connection.execute(sqlx::raw_sql(sql))).await.map(|_| ())
    }

    pub(super) async fn begin(&mut self) -> Result<(), Fault> {
        self.run(if self.behind_a_pooler { BEGIN_BEHIND_A_POOLER } else { BEGIN }).await
    }

    pub(super) async fn commit(&mut self) -> Result<(), Fault> {
        self.run("COMMIT").await
    }

    /// Undoes the transaction that has begun; whether the connection is as good as new.
    pub(super) async fn roll_back(&mut self) -> bool {
        self.run("ROLLBACK").await.is_ok()
    }

    async fn is_alive(&mut self) -> bool {
        self.rested_since.elapsed() < RESTED
            || matches!(tokio::time::timeout(PATIENCE, self.connection.ping()).await, Ok(Ok(())))
    }
}

async fn in_time<T>(work: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, Fault> {
    match tokio::time::timeout(ANSWER, work).await {
        Ok(done) => Ok(done?),
        Err(_) => Err(Fault::Lost("PostgreSQL does not answer any more".to_owned())),
    }
}

/// A pool of connections, made as they are needed. Clones share one pool.
#[derive(Clone)]
pub(super) struct Links {
    pool: Arc<Pool>,
}

struct Pool {
    door: Door,
    turns: Arc<Semaphore>,
    idle: Mutex<Vec<Link>>,
}

impl Links {
    pub(super) fn new(door: Door, count: usize) -> Self {
        Self { pool: Arc::new(Pool { door, turns: Arc::new(Semaphore::new(count)), idle: Mutex::default() }) }
    }

    /// A turn, in the order of asking, however long it takes.
    pub(super) async fn turn(&self) -> Result<Turn, Fault> {
        let turns = Arc::clone(&self.pool.turns);
        let permit = turns.acquire_owned().await.map_err(|closed| Fault::Unreached(closed.to_string()))?;
        Ok(Turn { pool: Arc::clone(&self.pool), link: None, _permit: permit })
    }

    /// A turn that comes soon or not at all.
    pub(super) async fn turn_soon(&self) -> Result<Turn, Fault> {
        let waiting = tokio::time::timeout(PATIENCE, self.turn());
        waiting.await.map_err(|_| Fault::Unreached("every connection is busy".to_owned()))?
    }

    /// Runs one statement that only reads. A connection that is found dead costs one more try.
    pub(super) async fn read<'q>(&self, query: impl Fn() -> Query<'q>) -> Result<Vec<PgRow>, Fault> {
        match self.all(query()).await {
            Err(Fault::Lost(_)) => self.all(query()).await,
            done => done,
        }
    }

    /// Runs one statement in a transaction of its own.
    pub(super) async fn all(&self, query: Query<'_>) -> Result<Vec<PgRow>, Fault> {
        let mut turn = self.turn_soon().await?;
        let done = turn.link().await?.all(query).await;
        turn.end(done).await
    }

    /// Begins a transaction; it ends with [`Turn::commit`].
    pub(super) async fn begin(&self) -> Result<Turn, Fault> {
        let mut turn = self.turn_soon().await?;
        turn.link().await?.begin().await?;
        Ok(turn)
    }
}

/// The right to use one connection of a pool. Dropped before its end, it closes the connection: nobody knows what is
/// under way on it.
pub(super) struct Turn {
    pool: Arc<Pool>,
    link: Option<Link>,
    _permit: OwnedSemaphorePermit,
}

impl Turn {
    /// The connection of this turn: one that rested, if it lives, or a new one.
    pub(super) async fn link(&mut self) -> Result<&mut Link, Fault> {
        let link = match self.link.take() {
            Some(link) => link,
            None => self.pool.connection().await?,
        };
        Ok(self.link.insert(link))
    }

    /// Closes the connection; the next one of this turn is new.
    pub(super) fn spoil(&mut self) {
        self.link = None;
    }

    /// Makes the connection ready again after a transaction that failed, or closes it.
    pub(super) async fn recover(&mut self, fault: &Fault) {
        let sound = match self.link.as_mut().filter(|_| fault.spares_the_link()) {
            Some(link) => link.roll_back().await,
            None => false,
        };
        if !sound {
            self.spoil();
        }
    }

    /// Ends the turn: commits what went well, undoes the rest.
    pub(super) async fn commit<T>(mut self, done: Result<T, Fault>) -> Result<T, Fault> {
        let committed = match (done, self.link.as_mut()) {
            (Ok(value), Some(link)) => link.commit().await.map(|()| value),
            (Ok(_), None) => Err(Fault::Unable("the transaction has no connection".to_owned())),
            (Err(fault), _) => Err(fault),
        };
        self.end(committed).await
    }

    /// Ends the turn and keeps the connection for the next one, if it is sound.
    pub(super) async fn end<T>(mut self, done: Result<T, Fault>) -> Result<T, Fault> {
        if let Err(fault) = &done {
            self.recover(fault).await;
        }
        if let Some(mut link) = self.link.take() {
            link.rested_since = Instant::now();
            self.pool.idle().push(link);
        }
        done
    }
}

impl Pool {
    async fn connection(&self) -> Result<Link, Fault> {
        let rested = self.idle().pop();
        if let Some(mut link) = rested {
            if link.is_alive().await {
                return Ok(link);
            }
            // What killed one has killed the others: they are not asked one after another.
            self.idle().clear();
        }
        self.door.connect().await
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Link>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
