//! Writing a letter: everything it says is looked up when it is sent, so that nothing of it lies about before.

use bordereau_commands::{Commands, new_token, token_hash};
use bordereau_domain::{
    account::{Account, OpenedAccount},
    shop::Shop,
};
use bordereau_store::{Micros, NewMail, Store, StoreError};

use super::{
    kind::{MailArgs, MailKind},
    letter::{Action, Letter, Reader, one_line},
    texts::{MailLanguage, Words},
};

/// How long a link for a forgotten password lives (L23).
const RESET_LIFE: Micros = 30 * 60 * 1_000_000;
/// How long a link for a first password lives.
const FIRST_LIFE: Micros = 7 * 24 * 60 * 60 * 1_000_000;

/// Why no letter was written; without personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unwritten {
    /// It may be written later.
    Later(String),
    /// It never will.
    Never(String),
}

impl From<StoreError> for Unwritten {
    fn from(error: StoreError) -> Self {
        Self::Later(error.to_string())
    }
}

/// Writes letters.
#[derive(Clone, Debug)]
pub(super) struct Writer {
    pub(super) store: Store,
    pub(super) commands: Commands,
    pub(super) public_url: Option<String>,
}

impl Writer {
    /// The letter that a row of the queue asks for, and who gets it. A link's token is made here and now.
    pub(super) async fn write(&self, mail: &NewMail, now: Micros) -> Result<(Letter, Reader), Unwritten> {
        let kind = MailKind::parse(&mail.kind).ok_or_else(|| Unwritten::Never(format!("no kind {}", mail.kind)))?;
        let args: MailArgs = serde_json::from_str(&mail.args).map_err(|error| Unwritten::Never(error.to_string()))?;
        let account = self.account(mail).await?;
        let reader = self.reader(mail, &account).await?;
        let (shop, language) = self.shop(mail, &args).await?;
        let number = args.order_number.map(|number| number.to_string()).unwrap_or_default();
        let name = reader.name.clone().unwrap_or_default();
        let tracking = args.tracking.clone().unwrap_or_default();
        let values = [
            ("shop", shop.as_str()),
            ("name", name.as_str()),
            ("number", number.as_str()),
            ("tracking", tracking.as_str()),
        ];
        let words = Words::new(language, &values);
        let url = self.url(mail, kind, &args, &account, now).await?;
        let letter = Letter {
            language,
            quoted: self.quoted(mail, &args).await?,
            action: url.map(|url| action(&words, kind, url)),
            ..compose(&words, kind, language, !name.is_empty(), args.tracking.is_some())
        };
        Ok((letter, reader))
    }

    async fn account(&self, mail: &NewMail) -> Result<OpenedAccount, Unwritten> {
        let ask = |account: &Account| account.opened().cloned();
        let found = self.commands.peek::<Account, _>(&mail.ledger, &mail.account.to_string(), ask).await;
        let found = found.map_err(|error| Unwritten::Later(error.to_string()))?.value;
        found.ok_or_else(|| Unwritten::Never("no such account".to_owned()))
    }

    async fn reader(&self, mail: &NewMail, account: &OpenedAccount) -> Result<Reader, Unwritten> {
        let (email, name) = (account.email.digest.0, account.name.digest.0);
        let mut texts = self.store.open_sealed(&mail.ledger, &[email, name]).await?;
        let address = texts.remove(&email).ok_or_else(|| Unwritten::Never("the person was erased".to_owned()))?;
        Ok(Reader { address, name: texts.remove(&name).map(|name| one_line(&name)) })
    }

    async fn shop(&self, mail: &NewMail, args: &MailArgs) -> Result<(String, MailLanguage), Unwritten> {
        let ask = |shop: &Shop| shop.opened().map(|shop| (shop.name.clone(), shop.country.clone()));
        let found = self.commands.peek::<Shop, _>(&mail.ledger, &mail.ledger, ask).await;
        let found = found.map_err(|error| Unwritten::Later(error.to_string()))?.value;
        let (name, country) = found.ok_or_else(|| Unwritten::Never("no such shop".to_owned()))?;
        Ok((name, args.language.unwrap_or_else(|| MailLanguage::of_country(&country))))
    }

    async fn quoted(&self, mail: &NewMail, args: &MailArgs) -> Result<Option<String>, Unwritten> {
        let Some(digest) = args.quoted else { return Ok(None) };
        let mut texts = self.store.open_sealed(&mail.ledger, &[digest.0]).await?;
        texts.remove(&digest.0).map(Some).ok_or_else(|| Unwritten::Never("what it quotes was erased".to_owned()))
    }

    /// Where the letter's button leads.
    async fn url(
        &self,
        mail: &NewMail,
        kind: MailKind,
        args: &MailArgs,
        account: &OpenedAccount,
        now: Micros,
    ) -> Result<Option<String>, Unwritten> {
        let base = self.public_url.as_deref().map(|url| url.trim_end_matches('/'));
        let life = match kind {
            MailKind::FirstPassword => FIRST_LIFE,
            MailKind::ResetPassword => RESET_LIFE,
            MailKind::OrderAvailable | MailKind::OrderShipped | MailKind::OrderMessage => {
                return Ok(base.zip(args.order_id).map(|(base, order)| format!("{base}/orders/{order}")));
            }
        };
        let base = base.ok_or_else(|| Unwritten::Later("public_url is not set".to_owned()))?;
        if !account.active {
            return Err(Unwritten::Never("the account is inactive".to_owned()));
        }
        let token = new_token().map_err(|error| Unwritten::Later(error.to_string()))?;
        self.store.set_reset_link(&mail.ledger, mail.account, &token_hash(&token), now + life).await?;
        Ok(Some(format!("{base}/password/{token}")))
    }
}

fn action(words: &Words<'_>, kind: MailKind, url: String) -> Action {
    Action { label: words.say(&format!("{}.action", kind.as_str())), url, fallback: words.say("link-once") }
}

fn compose(words: &Words<'_>, kind: MailKind, language: MailLanguage, named: bool, tracked: bool) -> Letter {
    let word = kind.as_str();
    let tracking = tracked.then(|| words.find(&format!("{word}.tracking"))).flatten();
    Letter {
        language,
        subject: words.say(word),
        greeting: words.say(if named { "greeting" } else { "greeting-nameless" }),
        paragraphs: std::iter::once(words.say(&format!("{word}.body"))).chain(tracking).collect(),
        quoted: None,
        action: None,
        note: words.find(&format!("{word}.note")),
        signature: words.say("signature"),
        automatic: words.say("automatic"),
    }
}
