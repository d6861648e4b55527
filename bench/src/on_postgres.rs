//! P1 on PostgreSQL: commands per second in process, beside plain `cqrs-es` with unmodified `postgres-es` on the same
//! server in the same run. Each side has a database of its own.

use std::{path::Path, str::FromStr, sync::Arc};

use anyhow::Context;
use bordereau_api::{Clock, Settings, serve::open_store};
use bordereau_commands::{Commands, new_id};
use bordereau_domain::{Es, basket::Basket};
use cqrs_es::persist::PersistedEventStore;
use postgres_es::{PostgresEventRepository, default_postgress_pool};
use sqlx::{ConnectOptions, Connection, PgPool, postgres::PgConnectOptions};

use crate::{
    drive::{Pace, compare},
    figure::Figure,
    framework::FrameworkClient,
    in_process::OwnClient,
    pgbench,
    shop::Shop,
};

/// The table of events as postgres-es 0.5 publishes it (`db/init.sql`).
const PLAIN_EVENTS: &str = "
CREATE TABLE events (
    aggregate_type text                         NOT NULL,
    aggregate_id   text                         NOT NULL,
    sequence       bigint CHECK (sequence >= 0) NOT NULL,
    event_type     text                         NOT NULL,
    event_version  text                         NOT NULL,
    payload        json                         NOT NULL,
    metadata       json                         NOT NULL,
    PRIMARY KEY (aggregate_type, aggregate_id, sequence)
)";

type PlainStore = PersistedEventStore<PostgresEventRepository, Es<Basket>>;

/// Takes the figures in two databases made on the server behind `url`, one pair per count. They are dropped at the end.
///
/// # Errors
/// When the server does not let us make databases, or a command is refused.
pub async fn measure(url: &str, folder: &Path, counts: &[usize], pace: Pace) -> anyhow::Result<Vec<Figure>> {
    // The URL may hold a password: what is wrong with it is told without it.
    let server = PgConnectOptions::from_str(url).ok().context("--postgres: this is no URL of a PostgreSQL server")?;
    let mut connection = server.connect().await.context("the PostgreSQL server cannot be reached")?;
    let run = new_id().simple();
    let names = ["own", "plain"].map(|side| format!("bordereau_bench_{run}_{side}"));
    let urls = names.each_ref().map(|name| server.clone().database(name).to_url_lossy().to_string());
    for name in &names {
        let sql = format!("CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0");
        sqlx::raw_sql(&sql).execute(&mut connection).await.context("a database could not be made")?;
    }
    let mut figures = compare_databases(urls.clone(), folder, counts, pace).await;
    if let Ok(figures) = &mut figures {
        figures.extend(pgbench::measure(&urls[1], folder, counts, pace.turn).await?);
    }
    for name in &names {
        let sql = format!("DROP DATABASE {name} WITH (FORCE)");
        sqlx::raw_sql(&sql).execute(&mut connection).await.context("a database could not be dropped")?;
    }
    connection.close().await?;
    figures
}

async fn compare_databases(
    [own_url, plain_url]: [String; 2],
    folder: &Path,
    counts: &[usize],
    pace: Pace,
) -> anyhow::Result<Vec<Figure>> {
    let clock = Clock::wall();
    let settings = Settings { store: own_url, data: folder.to_owned(), ..Settings::default() };
    let commands = Commands::new(open_store(&settings, &clock).await?);
    let most = counts.iter().copied().max().unwrap_or_default();
    let shop = Arc::new(Shop::open(&commands, &clock, most, None).await?);
    // Ten connections, as the library makes it.
    let pool = default_postgress_pool(&plain_url).await;
    sqlx::raw_sql(PLAIN_EVENTS).execute(&pool).await?;
    let mut figures = Vec::new();
    for &count in counts {
        let people = &shop.people[..count];
        let own =
            people.iter().map(|person| OwnClient::new(&commands, &shop, person, &clock)).collect::<Result<_, _>>();
        let plain =
            people.iter().map(|person| FrameworkClient::new(plain_store(&pool), &shop, person, &clock)).collect();
        let pair = compare::<OwnClient, FrameworkClient<PlainStore>>(own?, plain, pace).await?;
        let whats = ["basket commands in process, PostgreSQL", "plain CqrsFramework and postgres-es, same server"];
        figures.extend(Figure::of_pair(["P1-pg", "P1-pg-es"], whats, count, &pair));
    }
    commands.store().close().await;
    pool.close().await;
    Ok(figures)
}

fn plain_store(pool: &PgPool) -> PlainStore {
    PersistedEventStore::new_event_store(PostgresEventRepository::new(pool.clone()))
}
