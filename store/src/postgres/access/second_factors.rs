//! Second factors and their recovery codes. The secret lies here sealed; its key is its person's.

use sqlx::Row;
use uuid::Uuid;

use crate::access::{SECRET_FIELD, SecondFactor, WAITS};
use crate::error::StoreError;
use crate::options::Micros;
use crate::postgres::Postgres;
use crate::postgres::failure::Fault;
use crate::postgres::link::Link;
use crate::vault::Purpose;

// A secret that is in use is not replaced.
const BEGIN: &str = "INSERT INTO second_factors (ledger, account, secret, begun_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (ledger, account) DO UPDATE SET secret = excluded.secret, begun_at = excluded.begun_at
    WHERE second_factors.confirmed_at IS NULL RETURNING ledger";
const FIND: &str = "SELECT secret, confirmed_at FROM second_factors
    WHERE ledger = $1 AND account = $2 AND (confirmed_at IS NOT NULL OR begun_at > $3)";
const USE_STEP: &str = "UPDATE second_factors SET last_step = $3
    WHERE ledger = $1 AND account = $2 AND confirmed_at IS NOT NULL AND last_step < $3 RETURNING ledger";
const USE_CODE: &str =
    "DELETE FROM recovery_codes WHERE ledger = $1 AND account = $2 AND code_hash = $3 RETURNING ledger";
const CONFIRM: &str = "UPDATE second_factors SET secret = $3, confirmed_at = $4, last_step = $5
    WHERE ledger = $1 AND account = $2";
const ADD_CODES: &str = "INSERT INTO recovery_codes (ledger, account, code_hash) SELECT $1, $2, unnest($3::bytea[])";
const DROP_CODES: &str = "DELETE FROM recovery_codes WHERE ledger = $1 AND account = $2";
const DROP: &str = "DELETE FROM second_factors WHERE ledger = $1 AND account = $2";

impl Postgres {
    pub(crate) async fn begin_second_factor(
        &self,
        ledger: &str,
        account: Uuid,
        secret: &str,
        now: Micros,
    ) -> Result<bool, StoreError> {
        let sealed = self.seal(ledger, account, Purpose::Account, SECRET_FIELD, secret).await?;
        let query = sqlx::query(BEGIN).bind(ledger).bind(account).bind(&sealed.bytes).bind(now);
        Ok(!self.write(query).await?.is_empty())
    }

    pub(crate) async fn find_second_factor(
        &self,
        ledger: &str,
        account: Uuid,
        now: Micros,
    ) -> Result<Option<SecondFactor>, StoreError> {
        let read = |row: &sqlx::postgres::PgRow| Ok((row.try_get(0)?, row.try_get(1)?));
        let found: Option<(Vec<u8>, Option<Micros>)> =
            self.find(read, || sqlx::query(FIND).bind(ledger).bind(account).bind(now - WAITS)).await?;
        let Some((sealed, confirmed_at)) = found else { return Ok(None) };
        let secret = self.open_apart(ledger, account, SECRET_FIELD, sealed.clone()).await?;
        Ok(secret.map(|secret| SecondFactor { secret, sealed, confirmed: confirmed_at.is_some() }))
    }

    pub(crate) async fn use_second_factor_step(
        &self,
        ledger: &str,
        account: Uuid,
        step: i64,
    ) -> Result<bool, StoreError> {
        Ok(!self.write(sqlx::query(USE_STEP).bind(ledger).bind(account).bind(step)).await?.is_empty())
    }

    pub(crate) async fn use_recovery_code(
        &self,
        ledger: &str,
        account: Uuid,
        code_hash: &[u8; 32],
    ) -> Result<bool, StoreError> {
        Ok(!self.write(sqlx::query(USE_CODE).bind(ledger).bind(account).bind(code_hash)).await?.is_empty())
    }
}

/// Puts a secret that was proven into use.
pub(crate) async fn confirm_second_factor(
    link: &mut Link,
    ledger: &str,
    account: Uuid,
    (sealed, at, step): (&[u8], Micros, i64),
    recovery: &[[u8; 32]],
) -> Result<(), Fault> {
    link.execute(sqlx::query(CONFIRM).bind(ledger).bind(account).bind(sealed).bind(at).bind(step)).await?;
    link.execute(sqlx::query(DROP_CODES).bind(ledger).bind(account)).await?;
    let codes: Vec<&[u8]> = recovery.iter().map(<[u8; 32]>::as_slice).collect();
    link.execute(sqlx::query(ADD_CODES).bind(ledger).bind(account).bind(codes)).await.map(|_| ())
}

/// Forgets a second factor.
pub(crate) async fn drop_second_factor(link: &mut Link, ledger: &str, account: Uuid) -> Result<(), Fault> {
    link.execute(sqlx::query(DROP_CODES).bind(ledger).bind(account)).await?;
    link.execute(sqlx::query(DROP).bind(ledger).bind(account)).await.map(|_| ())
}
