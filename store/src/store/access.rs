//! Credentials, sessions and API keys on every back end.

use uuid::Uuid;

use super::Store;
use crate::access::{ApiKey, Credential, LockPolicy, LockState, NewApiKey, NewSession, ResetLink, ResetUse, Session};
use crate::error::StoreError;
use crate::options::Micros;

impl Store {
    /// Keeps a new session of somebody who knew the password behind this hash; `false`, and nothing kept, when the
    /// account has another one by now.
    pub async fn create_session(&self, session: NewSession, password_hash: &str) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(store) => store.create_session(session, password_hash).await,
            Self::Postgres(store) => store.create_session(session, password_hash).await,
        }
    }

    /// Waits for what is being appended to a ledger at this moment: what it ends beside the log may be ended already, and
    /// what was kept meanwhile may have been overlooked. Whoever reads the log afterwards knows of it.
    pub async fn settle(&self, ledger: &str) -> Result<(), StoreError> {
        match self {
            // One writer: what is kept comes before the whole of an append or after it.
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(store) => store.settle(ledger).await,
        }
    }

    /// Ends a session and keeps another one in its stead, in one transaction; nothing is kept when the old one was gone.
    pub async fn replace_session(&self, old: &[u8; 32], session: NewSession) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(store) => store.replace_session(old, session).await,
            Self::Postgres(store) => store.replace_session(old, session).await,
        }
    }

    /// The session of a token that is alive at `now` and was seen after `seen_after`.
    pub async fn find_session(
        &self,
        token_hash: &[u8; 32],
        now: Micros,
        seen_after: Micros,
    ) -> Result<Option<Session>, StoreError> {
        match self {
            Self::Sqlite(store) => store.find_session(token_hash, now, seen_after).await,
            Self::Postgres(store) => store.find_session(token_hash, now, seen_after).await,
        }
    }

    /// The sessions of an account that are alive at `now` and were seen after `seen_after`, the oldest first.
    pub async fn list_sessions(
        &self,
        ledger: &str,
        account: Uuid,
        now: Micros,
        seen_after: Micros,
    ) -> Result<Vec<Session>, StoreError> {
        match self {
            Self::Sqlite(store) => store.list_sessions(ledger, account, now, seen_after).await,
            Self::Postgres(store) => store.list_sessions(ledger, account, now, seen_after).await,
        }
    }

    /// Notes that a session was used, unless it was seen after `unless_after`.
    pub async fn touch_session(
        &self,
        token_hash: &[u8; 32],
        now: Micros,
        unless_after: Micros,
    ) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(store) => store.touch_session(token_hash, now, unless_after).await,
            Self::Postgres(store) => store.touch_session(token_hash, now, unless_after).await,
        }
    }

    /// Ends one of an account's sessions by its id; whether there was one.
    pub async fn end_session_by_id(&self, ledger: &str, account: Uuid, id: Uuid) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(store) => store.end_session_by_id(ledger, account, id).await,
            Self::Postgres(store) => store.end_session_by_id(ledger, account, id).await,
        }
    }

    /// Ends the sessions of an account, but for one.
    pub async fn end_other_sessions(&self, ledger: &str, account: Uuid, except: &[u8; 32]) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(store) => store.end_other_sessions(ledger, account, except).await,
            Self::Postgres(store) => store.end_other_sessions(ledger, account, except).await,
        }
    }

    /// Ends a session; whether there was one.
    pub async fn end_session(&self, token_hash: &[u8; 32]) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(store) => store.end_session(token_hash).await,
            Self::Postgres(store) => store.end_session(token_hash).await,
        }
    }

    /// Sets the link by which an account's person shows that the login is his; `false` when that is known already.
    pub async fn set_proof_link(&self, ledger: &str, account: Uuid, token_hash: &[u8; 32]) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(store) => store.set_proof_link(ledger, account, token_hash).await,
            Self::Postgres(store) => store.set_proof_link(ledger, account, token_hash).await,
        }
    }

    /// Ledger and account of such a link, by the hash of its token.
    pub async fn find_proof_link(&self, token_hash: &[u8; 32]) -> Result<Option<(String, Uuid)>, StoreError> {
        match self {
            Self::Sqlite(store) => store.find_proof_link(token_hash).await,
            Self::Postgres(store) => store.find_proof_link(token_hash).await,
        }
    }

    /// Notes that a login is its person's, by such a link, which is used up; `false` when there is none any more.
    pub async fn use_proof_link(&self, token_hash: &[u8; 32]) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(store) => store.use_proof_link(token_hash).await,
            Self::Postgres(store) => store.use_proof_link(token_hash).await,
        }
    }

    /// Notes that an account's login is its person's; its link is used up.
    pub async fn prove_login(&self, ledger: &str, account: Uuid) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(store) => store.prove_login(ledger, account).await,
            Self::Postgres(store) => store.prove_login(ledger, account).await,
        }
    }

    /// What an account signs in with.
    pub async fn find_credential(&self, ledger: &str, account: Uuid) -> Result<Option<Credential>, StoreError> {
        match self {
            Self::Sqlite(store) => store.find_credential(ledger, account).await,
            Self::Postgres(store) => store.find_credential(ledger, account).await,
        }
    }

    /// Notes a failed sign-in and tells how the account stands. A failure under a lock does not lengthen it.
    pub async fn record_sign_in_failure(
        &self,
        ledger: &str,
        account: Uuid,
        at: Micros,
        policy: LockPolicy,
    ) -> Result<LockState, StoreError> {
        match self {
            Self::Sqlite(store) => store.record_sign_in_failure(ledger, account, at, policy).await,
            Self::Postgres(store) => store.record_sign_in_failure(ledger, account, at, policy).await,
        }
    }

    /// Forgets failures and lifts a lock: after a right password, or by a bookseller.
    pub async fn clear_failures(&self, ledger: &str, account: Uuid) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(store) => store.clear_failures(ledger, account).await,
            Self::Postgres(store) => store.clear_failures(ledger, account).await,
        }
    }

    /// Notes the language that an account's person reads in: `fr`, `nl` or `en`. It is nothing without a credential, and
    /// goes with it.
    pub async fn note_language(&self, ledger: &str, account: Uuid, language: &str) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(store) => store.note_language(ledger, account, language).await,
            Self::Postgres(store) => store.note_language(ledger, account, language).await,
        }
    }

    /// The language that an account's person last read in, once that is known.
    pub async fn find_language(&self, ledger: &str, account: Uuid) -> Result<Option<String>, StoreError> {
        match self {
            Self::Sqlite(store) => store.find_language(ledger, account).await,
            Self::Postgres(store) => store.find_language(ledger, account).await,
        }
    }

    /// Forgets failures once somebody has come through; `false`, and nothing written, when the account is locked at `at`:
    /// whoever else tried meanwhile has locked it.
    pub async fn clear_failures_unless_locked(
        &self,
        ledger: &str,
        account: Uuid,
        at: Micros,
    ) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(store) => store.clear_failures_unless_locked(ledger, account, at).await,
            Self::Postgres(store) => store.clear_failures_unless_locked(ledger, account, at).await,
        }
    }

    /// Gives an account a reset link; an older one dies.
    pub async fn set_reset_link(
        &self,
        ledger: &str,
        account: Uuid,
        token_hash: &[u8; 32],
        expires_at: Micros,
    ) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(store) => store.set_reset_link(ledger, account, token_hash, expires_at).await,
            Self::Postgres(store) => store.set_reset_link(ledger, account, token_hash, expires_at).await,
        }
    }

    /// The reset link of a token, used or not, in time or not.
    pub async fn find_reset_link(&self, token_hash: &[u8; 32]) -> Result<Option<ResetLink>, StoreError> {
        match self {
            Self::Sqlite(store) => store.find_reset_link(token_hash).await,
            Self::Postgres(store) => store.find_reset_link(token_hash).await,
        }
    }

    /// Sets the password by a reset link and ends the account's sessions and the new login that waits, atomically and
    /// once. A lock stays.
    pub async fn use_reset_link(
        &self,
        token_hash: &[u8; 32],
        now: Micros,
        password_hash: &str,
    ) -> Result<ResetUse, StoreError> {
        match self {
            Self::Sqlite(store) => store.use_reset_link(token_hash, now, password_hash).await,
            Self::Postgres(store) => store.use_reset_link(token_hash, now, password_hash).await,
        }
    }

    /// Sets the password, ends the account's sessions and the new login that waits, and kills its reset link.
    pub async fn set_password(&self, ledger: &str, account: Uuid, password_hash: &str) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(store) => store.set_password(ledger, account, password_hash).await,
            Self::Postgres(store) => store.set_password(ledger, account, password_hash).await,
        }
    }

    /// Keeps a new API key.
    pub async fn put_api_key(&self, key: NewApiKey) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(store) => store.put_api_key(key).await,
            Self::Postgres(store) => store.put_api_key(key).await,
        }
    }

    /// The API key of a hash, unless it has been revoked.
    pub async fn find_api_key(&self, key_hash: &[u8; 32]) -> Result<Option<ApiKey>, StoreError> {
        match self {
            Self::Sqlite(store) => store.find_api_key(key_hash).await,
            Self::Postgres(store) => store.find_api_key(key_hash).await,
        }
    }

    /// The API keys of a ledger that have not been revoked, by time of making.
    pub async fn list_api_keys(&self, ledger: &str) -> Result<Vec<ApiKey>, StoreError> {
        match self {
            Self::Sqlite(store) => store.list_api_keys(ledger).await,
            Self::Postgres(store) => store.list_api_keys(ledger).await,
        }
    }

    /// Revokes an API key; whether it was alive.
    pub async fn revoke_api_key(&self, ledger: &str, id: Uuid, at: Micros) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(store) => store.revoke_api_key(ledger, id, at).await,
            Self::Postgres(store) => store.revoke_api_key(ledger, id, at).await,
        }
    }
}
