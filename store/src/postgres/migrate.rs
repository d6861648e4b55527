//! Brings a database to the schema that this program knows. Each migration runs once, in order. Nodes that start
//! together take turns: an advisory lock is held until the transaction ends.

use sha2::{Digest, Sha256};
use sqlx::Row;

use super::failure::{Fault, integer};
use super::foreign;
use super::link::{Link, Query};
use crate::error::OpenError;
use crate::options::Micros;

/// A migration: name and text of its file.
type Migration = (&'static str, &'static str);

macro_rules! migrations {
    ($folder:literal: $($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../../migrations/postgres/", $folder, $name, ".sql")))),+]
    };
}

/// A part of the database with a schema version of its own.
struct Part {
    name: &'static str,
    prepare: &'static str,
    applied: &'static str,
    note: &'static str,
    migrations: &'static [Migration],
}

const LOG: Part = Part {
    name: "log",
    prepare: "CREATE TABLE IF NOT EXISTS schema_migrations (version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL,
        checksum BYTEA NOT NULL, applied_at BIGINT NOT NULL)",
    applied: "SELECT version, checksum FROM schema_migrations ORDER BY version",
    note: "INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES ($1, $2, $3, $4)",
    migrations: migrations!("":
        "0001_ledger_heads",
        "0002_events",
        "0003_outcomes",
        "0004_claims",
        "0005_counters",
        "0006_credentials",
        "0007_sessions",
        "0008_api_keys",
        "0009_vault",
        "0010_refusals",
        "0011_articles",
        "0012_article_prices",
        "0013_sessions_in_place",
        "0014_pending_emails",
        "0015_mail_queue",
        "0016_reactors",
        "0017_second_factors",
        "0018_identity_checks",
        "0019_last_sign_ins",
        "0020_readers_languages",
        "0021_second_factors_begun",
        "0022_proven_logins",
    ),
};

const KEYS: Part = Part {
    name: "keys",
    prepare: "CREATE SCHEMA IF NOT EXISTS bordereau_keys;
        CREATE TABLE IF NOT EXISTS bordereau_keys.schema_migrations (version BIGINT NOT NULL PRIMARY KEY,
        name TEXT NOT NULL, checksum BYTEA NOT NULL, applied_at BIGINT NOT NULL)",
    applied: "SELECT version, checksum FROM bordereau_keys.schema_migrations ORDER BY version",
    note: "INSERT INTO bordereau_keys.schema_migrations (version, name, checksum, applied_at) VALUES ($1, $2, $3, $4)",
    migrations: migrations!("keys/": "0001_subject_keys", "0002_secrets", "0003_erasures"),
};

/// A number that no other program is likely to lock: "bordereau" read as a number.
const LOCK: i64 = 0x626f_7264_6572_6561;

/// Applies what is missing; changes nothing when all is there. Nodes that come second wait for the first.
/// `foreign_writers`: whether the trigger for them is to be there.
pub(super) async fn run(link: &mut Link, now: Micros, foreign_writers: bool) -> Result<(), OpenError> {
    link.begin().await?;
    wait_for_turn(link).await?;
    for part in [LOG, KEYS] {
        apply(link, &part, now).await?;
    }
    foreign::set(link, foreign_writers).await?;
    Ok(link.commit().await?)
}

async fn wait_for_turn(link: &mut Link) -> Result<(), Fault> {
    link.run("SET LOCAL client_min_messages = warning").await?;
    link.rows(sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(LOCK)).await.map(|_| ())
}

async fn apply(link: &mut Link, part: &Part, now: Micros) -> Result<(), OpenError> {
    link.run(part.prepare).await?;
    let applied = applied(link, sqlx::query(part.applied)).await?;
    let known = u32::try_from(part.migrations.len()).unwrap_or(u32::MAX);
    if let Some((found, _)) = applied.last().filter(|(found, _)| *found > known) {
        return Err(OpenError::NewerSchema { database: part.name, found: *found, known });
    }
    for (version, (name, text)) in (1_u32..).zip(part.migrations) {
        let checksum = Sha256::digest(text.as_bytes()).to_vec();
        match applied.iter().find(|(number, _)| *number == version) {
            Some((_, found)) if *found == checksum => {}
            Some(_) => return Err(OpenError::ChangedMigration { database: part.name, version }),
            None => {
                link.run(text).await?;
                let note = sqlx::query(part.note).bind(integer(version.into())).bind(*name).bind(checksum).bind(now);
                link.execute(note).await?;
                tracing::info!(database = part.name, migration = name, "migration applied");
            }
        }
    }
    Ok(())
}

async fn applied(link: &mut Link, query: Query<'_>) -> Result<Vec<(u32, Vec<u8>)>, Fault> {
    let mut applied = Vec::new();
    for row in link.rows(query).await? {
        let version: i64 = row.try_get(0)?;
        applied.push((u32::try_from(version).unwrap_or(u32::MAX), row.try_get(1)?));
    }
    Ok(applied)
}
