//! Brings a database to the schema that this program knows. Each migration runs once, in order, in a transaction.

use rusqlite::{Connection, TransactionBehavior, params};
use sha2::{Digest, Sha256};

use crate::error::OpenError;
use crate::options::Micros;

/// A migration: name and text of its file.
pub(super) type Migration = (&'static str, &'static str);

macro_rules! migrations {
    ($folder:literal: $($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../../migrations/sqlite/", $folder, $name, ".sql")))),+]
    };
}

/// Migrations of `bordereau.db`; the first has number 1.
pub(super) const LOG: &[Migration] = migrations!("":
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
);

/// Migrations of `keys.db`.
pub(super) const KEYS: &[Migration] = migrations!("keys/": "0001_subject_keys", "0002_secrets", "0003_erasures");

const TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_migrations (
    version    INTEGER NOT NULL PRIMARY KEY,
    name       TEXT    NOT NULL,
    checksum   BLOB    NOT NULL,
    applied_at INTEGER NOT NULL
) STRICT";

/// Applies what is missing; changes nothing when all is there.
pub(super) fn run(
    connection: &mut Connection,
    database_name: &'static str,
    migrations: &[Migration],
    now: Micros,
) -> Result<(), OpenError> {
    // One immediate transaction: of two processes that start together, the second finds all done.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(TABLE)?;
    let applied = applied(&transaction)?;
    let known = u32::try_from(migrations.len()).unwrap_or(u32::MAX);
    if let Some((found, _)) = applied.last().filter(|(found, _)| *found > known) {
        return Err(OpenError::NewerSchema { database: database_name, found: *found, known });
    }
    for (version, (name, text)) in (1_u32..).zip(migrations) {
        let checksum: [u8; 32] = Sha256::digest(text.as_bytes()).into();
        match applied.iter().find(|(number, _)| *number == version) {
            Some((_, found)) if *found == checksum => {}
            Some(_) => return Err(OpenError::ChangedMigration { database: database_name, version }),
            None => {
                transaction.execute_batch(text)?;
                transaction.execute(
                    "INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES (?1, ?2, ?3, ?4)",
                    params![version, name, checksum, now],
                )?;
                tracing::info!(database = database_name, migration = name, "migration applied");
            }
        }
    }
    Ok(transaction.commit()?)
}

fn applied(connection: &Connection) -> rusqlite::Result<Vec<(u32, [u8; 32])>> {
    let mut statement = connection.prepare("SELECT version, checksum FROM schema_migrations ORDER BY version")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect()
}
