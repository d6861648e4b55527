//! SQLite back end.
use crate::*;
use std::collections::HashMap;
use std::path::Path;
use tokio::sync::watch;
use uuid::Uuid;
#[derive(Debug)]
#[doc = "SQLite back end."]
pub struct Sqlite {
    changed: watch::Sender<u64>,
}
impl Sqlite {
    pub(crate) async fn append(&self, _append: Append) -> Result<Receipt, AppendError> {
        Err(AppendError::Unavailable("not ready".to_owned()))
    }
    pub(crate) async fn load(
        &self,
        _ledger: &str,
        _aggregate_type: &str,
        _aggregate_id: &str,
        _after: u64,
    ) -> Result<Vec<StoredEvent>, StoreError> {
        Err(StoreError::Unavailable("not ready".to_owned()))
    }
    pub(crate) async fn read(&self, _ledger: &str, _after: u64, _limit: usize) -> Result<Vec<StoredEvent>, StoreError> {
        Err(StoreError::Unavailable("not ready".to_owned()))
    }
    pub(crate) async fn head(&self, _ledger: &str) -> Result<Option<Head>, StoreError> {
        Err(StoreError::Unavailable("not ready".to_owned()))
    }
    pub(crate) async fn heads(&self) -> Result<Vec<Head>, StoreError> {
        Err(StoreError::Unavailable("not ready".to_owned()))
    }
    pub(crate) async fn renew_epochs(&self) -> Result<Vec<Head>, StoreError> {
        Err(StoreError::Unavailable("not ready".to_owned()))
    }
    pub(crate) async fn find_outcome(
        &self,
        _ledger: &str,
        _account: &str,
        _key: &str,
    ) -> Result<Option<Outcome>, StoreError> {
        Err(StoreError::Unavailable("not ready".to_owned()))
    }
    pub(crate) async fn take_numbers(&self, _ledger: &str, _kind: &str, _count: u64) -> Result<u64, StoreError> {
        Err(StoreError::Unavailable("not ready".to_owned()))
    }
    pub(crate) async fn find_claim(
        &self,
        _ledger: &str,
        _kind: &str,
        _value: &[u8; 32],
    ) -> Result<Option<String>, StoreError> {
        Err(StoreError::Unavailable("not ready".to_owned()))
    }
    pub(crate) async fn find_claim_everywhere(
        &self,
        _kind: &str,
        _text: &str,
    ) -> Result<Vec<(String, String)>, StoreError> {
        Err(StoreError::Unavailable("not ready".to_owned()))
    }
    pub(crate) async fn record_refusal(&self, _refusal: Refusal) -> Result<(), StoreError> {
        Err(StoreError::Unavailable("not ready".to_owned()))
    }
    pub(crate) async fn list_refusals(
        &self,
        _ledger: &str,
        _from: Micros,
        _to: Micros,
        _limit: usize,
    ) -> Result<Vec<Refusal>, StoreError> {
        Err(StoreError::Unavailable("not ready".to_owned()))
    }
    pub(crate) async fn seal(
        &self,
        _ledger: &str,
        _subject: Uuid,
        _purpose: Purpose,
        _field: &str,
        _text: &str,
    ) -> Result<SealedField, StoreError> {
        Err(StoreError::Unavailable("not ready".to_owned()))
    }
    pub(crate) async fn open_sealed(
        &self,
        _ledger: &str,
        _digests: &[[u8; 32]],
    ) -> Result<HashMap<[u8; 32], String>, StoreError> {
        Err(StoreError::Unavailable("not ready".to_owned()))
    }
    pub(crate) async fn erase_purposes(
        &self,
        _ledger: &str,
        _subject: Uuid,
        _purposes: &[Purpose],
    ) -> Result<Vec<Uuid>, StoreError> {
        Err(StoreError::Unavailable("not ready".to_owned()))
    }
    pub(crate) fn blind_index(&self, _ledger: &str, _kind: &str, _value: &str) -> [u8; 32] {
        [0; 32]
    }
    pub(crate) async fn ping(&self) -> Result<(), StoreError> {
        Err(StoreError::Unavailable("not ready".to_owned()))
    }
    pub(crate) async fn close(&self) {}
    pub(crate) async fn create_session(&self, _session: NewSession) -> Result<(), StoreError> {
        Err(StoreError::Unavailable("not ready".to_owned()))
    }
    pub(crate) async fn find_session(
        &self,
        _token_hash: &[u8; 32],
        _now: Micros,
    ) -> Result<Option<Session>, StoreError> {
        Err(StoreError::Unavailable("not ready".to_owned()))
    }
    pub(crate) async fn end_session(&self, _token_hash: &[u8; 32]) -> Result<bool, StoreError> {
        Err(StoreError::Unavailable("not ready".to_owned()))
    }
    pub(crate) async fn find_credential(
        &self,
        _ledger: &str,
        _account: Uuid,
    ) -> Result<Option<Credential>, StoreError> {
        Err(StoreError::Unavailable("not ready".to_owned()))
    }
    pub(crate) async fn record_sign_in_failure(
        &self,
        _ledger: &str,
        _account: Uuid,
        _at: Micros,
        _policy: LockPolicy,
    ) -> Result<LockState, StoreError> {
        Err(StoreError::Unavailable("not ready".to_owned()))
    }
    pub(crate) async fn clear_failures(&self, _ledger: &str, _account: Uuid) -> Result<(), StoreError> {
        Err(StoreError::Unavailable("not ready".to_owned()))
    }
    pub(crate) async fn set_reset_link(
        &self,
        _ledger: &str,
        _account: Uuid,
        _token_hash: &[u8; 32],
        _expires_at: Micros,
    ) -> Result<(), StoreError> {
        Err(StoreError::Unavailable("not ready".to_owned()))
    }
    pub(crate) async fn find_reset_link(&self, _token_hash: &[u8; 32]) -> Result<Option<ResetLink>, StoreError> {
        Err(StoreError::Unavailable("not ready".to_owned()))
    }
    pub(crate) async fn use_reset_link(
        &self,
        _token_hash: &[u8; 32],
        _now: Micros,
        _password_hash: &str,
    ) -> Result<ResetUse, StoreError> {
        Err(StoreError::Unavailable("not ready".to_owned()))
    }
    pub(crate) async fn set_password(
        &self,
        _ledger: &str,
        _account: Uuid,
        _password_hash: &str,
    ) -> Result<(), StoreError> {
        Err(StoreError::Unavailable("not ready".to_owned()))
    }
    pub(crate) async fn put_api_key(&self, _key: NewApiKey) -> Result<(), StoreError> {
        Err(StoreError::Unavailable("not ready".to_owned()))
    }
    pub(crate) async fn find_api_key(&self, _key_hash: &[u8; 32]) -> Result<Option<ApiKey>, StoreError> {
        Err(StoreError::Unavailable("not ready".to_owned()))
    }
    pub(crate) async fn list_api_keys(&self, _ledger: &str) -> Result<Vec<ApiKey>, StoreError> {
        Err(StoreError::Unavailable("not ready".to_owned()))
    }
    pub(crate) async fn revoke_api_key(&self, _ledger: &str, _id: Uuid, _at: Micros) -> Result<bool, StoreError> {
        Err(StoreError::Unavailable("not ready".to_owned()))
    }
    pub(crate) async fn put_articles(
        &self,
        _ledger: &str,
        _articles: Vec<ArticlePut>,
        _at: Micros,
    ) -> Result<Vec<ArticleVerdict>, StoreError> {
        Err(StoreError::Unavailable("not ready".to_owned()))
    }
    pub(crate) async fn withdraw_articles(
        &self,
        _ledger: &str,
        _eans: Vec<String>,
        _at: Micros,
    ) -> Result<u64, StoreError> {
        Err(StoreError::Unavailable("not ready".to_owned()))
    }
    pub(crate) async fn find_articles(&self, _ledger: &str, _eans: &[&str]) -> Result<Vec<StoredArticle>, StoreError> {
        Err(StoreError::Unavailable("not ready".to_owned()))
    }
    pub(crate) async fn articles_after(
        &self,
        _ledger: &str,
        _revision: u64,
        _limit: usize,
    ) -> Result<Vec<StoredArticle>, StoreError> {
        Err(StoreError::Unavailable("not ready".to_owned()))
    }
    pub(crate) async fn list_article_eans(
        &self,
        _ledger: &str,
        _after_ean: &str,
        _limit: usize,
    ) -> Result<Vec<String>, StoreError> {
        Err(StoreError::Unavailable("not ready".to_owned()))
    }
    pub(crate) async fn list_article_prices(&self, _ledger: &str, _ean: &str) -> Result<Vec<ArticlePrice>, StoreError> {
        Err(StoreError::Unavailable("not ready".to_owned()))
    }
    pub(crate) async fn open(url: &str, _data: &Path, _o: Options) -> Result<Self, OpenError> {
        Err(OpenError::Url(url.to_owned()))
    }
    pub(crate) fn appended(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }
}
