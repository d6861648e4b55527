//! Writing a letter: everything it says is looked up when it is sent, so that nothing of it lies about before.

use bordereau_commands::{Commands, derived_token, token_hash};
use bordereau_domain::{
    Decider, Digest, Event,
    account::{Account, AccountEvent, AccountStatus},
    shop::Shop,
};
use bordereau_projections::Recorded;
use bordereau_store::{Append, Beside, Micros, NewMail, Store, StoreError};

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

/// An account, as far as a letter asks.
#[derive(Clone, Copy)]
struct Person {
    email: Digest,
    name: Option<Digest>,
    inactive: bool,
}

/// Writes letters.
#[derive(Clone, Debug)]
pub(super) struct Writer {
    pub(super) store: Store,
    pub(super) commands: Commands,
    pub(super) public_url: Option<String>,
}

impl Writer {
    /// The letter that a row of the queue asks for, and who gets it. Written again it has the same link.
    pub(super) async fn write(&self, mail: &NewMail, now: Micros) -> Result<(Letter, Reader), Unwritten> {
        let kind = MailKind::parse(&mail.kind).ok_or_else(|| Unwritten::Never(format!("no kind {}", mail.kind)))?;
        let args: MailArgs = serde_json::from_str(&mail.args).map_err(|error| Unwritten::Never(error.to_string()))?;
        let account = self.account(mail).await?;
        if kind == MailKind::InactiveAccount {
            self.must_be_asleep(mail, &account).await?;
        }
        let reader = self.reader(mail, &args, &account).await?;
        let (shop, language) = self.shop(mail, &args).await?;
        let number = args.order_number.map(|number| number.to_string()).unwrap_or_default();
        let name = reader.name.clone().unwrap_or_default();
        let tracking = args.tracking.clone().unwrap_or_default();
        let days = args.days.map(|days| days.to_string()).unwrap_or_default();
        let values = [
            ("shop", shop.as_str()),
            ("name", name.as_str()),
            ("number", number.as_str()),
            ("tracking", tracking.as_str()),
            ("days", days.as_str()),
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

    async fn account(&self, mail: &NewMail) -> Result<Person, Unwritten> {
        let ask = |account: &Account| {
            let name = account.details().map(|details| details.name.digest);
            let inactive = account.status() == Some(AccountStatus::Inactive);
            account.email().map(|email| Person { email: email.digest, name, inactive })
        };
        let found = self.commands.peek::<Account, _>(&mail.ledger, &mail.account.to_string(), ask).await;
        let found = found.map_err(|error| Unwritten::Later(error.to_string()))?.value;
        found.ok_or_else(|| Unwritten::Never("no such account".to_owned()))
    }

    /// A letter may have waited long for its mail server: whoever has come back since is not told that he will be erased.
    async fn must_be_asleep(&self, mail: &NewMail, account: &Person) -> Result<(), Unwritten> {
        let usage = self.store.find_usage(&mail.ledger, mail.account).await?;
        let signed_in = usage.and_then(|usage| usage.last_sign_in_at).is_some_and(|at| at > mail.queued_at);
        let stream = self.store.load(&mail.ledger, Account::TYPE, &mail.account.to_string(), 0).await?;
        let since = stream.into_iter().filter(|stored| stored.recorded_at > mail.queued_at);
        let mut events = since.filter_map(|stored| Recorded::decode(stored).ok());
        // What begins the term anew in the rules of retention.
        let begins = |event: &Event| {
            matches!(event, Event::Account(AccountEvent::Approved { .. } | AccountEvent::Reactivated {}))
        };
        let reopened = events.any(|recorded| begins(&recorded.event));
        if signed_in || reopened || account.inactive {
            return Err(Unwritten::Never("the account has been used, opened again or closed since".to_owned()));
        }
        Ok(())
    }

    async fn reader(&self, mail: &NewMail, args: &MailArgs, account: &Person) -> Result<Reader, Unwritten> {
        let email = args.digest.unwrap_or(account.email).0;
        let wanted: Vec<_> = account.name.iter().map(|name| name.0).chain([email]).collect();
        let mut texts = self.store.open_sealed(&mail.ledger, &wanted).await?;
        let address = texts.remove(&email).ok_or_else(|| Unwritten::Never("the person was erased".to_owned()))?;
        let name = account.name.and_then(|name| texts.remove(&name.0));
        Ok(Reader { address, name: name.map(|name| one_line(&name)) })
    }

    /// The shop's name, and the reader's language as far as it is known.
    async fn shop(&self, mail: &NewMail, args: &MailArgs) -> Result<(String, MailLanguage), Unwritten> {
        let ask = |shop: &Shop| shop.opened().map(|shop| (shop.name.clone(), shop.country.clone()));
        let found = self.commands.peek::<Shop, _>(&mail.ledger, &mail.ledger, ask).await;
        let found = found.map_err(|error| Unwritten::Later(error.to_string()))?.value;
        let (name, country) = found.ok_or_else(|| Unwritten::Never("no such shop".to_owned()))?;
        let own = self.store.find_language(&mail.ledger, mail.account).await?;
        let known = own.as_deref().and_then(MailLanguage::from_tag).or(args.language);
        Ok((name, known.unwrap_or_else(|| MailLanguage::of_country(&country))))
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
        account: &Person,
        now: Micros,
    ) -> Result<Option<String>, Unwritten> {
        let base = self.public_url.as_deref().map(|url| url.trim_end_matches('/'));
        let life = match kind {
            MailKind::FirstPassword => FIRST_LIFE,
            MailKind::ResetPassword => RESET_LIFE,
            MailKind::ConfirmAddress => return self.confirmation(mail, args).await.map(Some),
            MailKind::ProveLogin => return self.proof(mail, account).await.map(Some),
            MailKind::LoginKnown => return Ok(base.map(|base| format!("{base}/password/forgotten"))),
            MailKind::RegistrationReceived => return Ok(base.map(|base| format!("{base}/accounts?status=requested"))),
            MailKind::OrderAvailable | MailKind::OrderShipped | MailKind::OrderMessage => {
                return Ok(base.zip(args.order_id).map(|(base, order)| format!("{base}/orders/{order}")));
            }
            MailKind::AccountApproved
            | MailKind::AccountDeclined
            | MailKind::AccountMessage
            | MailKind::InactiveAccount => return Ok(base.map(|base| format!("{base}/"))),
            MailKind::AddressChangeAsked | MailKind::AddressChanged => return Ok(None),
        };
        self.password_link(mail, kind, account, life, now).await.map(Some)
    }

    /// A link that sets a password. The token follows from the letter, so that a letter that comes twice brings one link;
    /// a password that was set meanwhile, another login, or the end of the link's life makes it another one.
    async fn password_link(
        &self,
        mail: &NewMail,
        kind: MailKind,
        account: &Person,
        life: Micros,
        now: Micros,
    ) -> Result<String, Unwritten> {
        if account.inactive {
            return Err(Unwritten::Never("the account is inactive".to_owned()));
        }
        let base = self.base()?;
        let known = self.store.find_credential(&mail.ledger, mail.account).await?;
        let password = known.and_then(|known| known.password_hash).unwrap_or_default();
        if kind == MailKind::FirstPassword && !password.is_empty() {
            return Err(Unwritten::Never("a password has been set since".to_owned()));
        }
        let lives = now.saturating_sub(mail.queued_at).max(0) / life;
        let token = self.token(mail, &[&account.email.to_string(), &lives.to_string(), &password]);
        let hash = token_hash(&token);
        match self.store.find_reset_link(&hash).await? {
            Some(link) if link.used => return Err(Unwritten::Never("its link has been used".to_owned())),
            Some(link) if link.expires_at > now => {}
            Some(_) | None => self.store.set_reset_link(&mail.ledger, mail.account, &hash, now + life).await?,
        }
        self.must_still_be_his(mail, account).await?;
        Ok(format!("{base}/password/{token}"))
    }

    /// The login may have changed between the look at it and the link: that change has ended the links of before, not
    /// this one, which must not go to the former address (attack 6).
    async fn must_still_be_his(&self, mail: &NewMail, account: &Person) -> Result<(), Unwritten> {
        let ask = |account: &Account| account.email().map(|email| email.digest);
        let found = self.commands.peek_now::<Account, _>(&mail.ledger, &mail.account.to_string(), ask).await;
        if found.map_err(|error| Unwritten::Later(error.to_string()))?.value == Some(account.email) {
            return Ok(());
        }
        let beside = vec![Beside::EndResetLink { account: mail.account }];
        let ended = self.store.append(Append { ledger: mail.ledger.clone(), beside, ..Append::default() }).await;
        ended.map_err(|error| Unwritten::Later(error.to_string()))?;
        Err(Unwritten::Later("the login has just changed".to_owned()))
    }

    /// A token that whoever reads the queue cannot guess: the key is in the key store.
    fn token(&self, mail: &NewMail, parts: &[&str]) -> String {
        let value = format!("{}/{}", mail.id, parts.join("/"));
        derived_token(&self.store.blind_index(&mail.ledger, "mailed-link", &value))
    }

    /// The link that shows that a new address is its person's.
    async fn confirmation(&self, mail: &NewMail, args: &MailArgs) -> Result<String, Unwritten> {
        let digest = args.digest.ok_or_else(|| Unwritten::Never("no address is named".to_owned()))?;
        let base = self.base()?;
        let token = self.token(mail, &[&digest.to_string()]);
        if self.store.set_email_link(&mail.ledger, mail.account, &digest.0, &token_hash(&token)).await? {
            Ok(format!("{base}/email/{token}"))
        } else {
            Err(Unwritten::Never("this address is waited for no longer".to_owned()))
        }
    }

    /// The link that shows that the login is its person's.
    async fn proof(&self, mail: &NewMail, account: &Person) -> Result<String, Unwritten> {
        let base = self.base()?;
        let token = self.token(mail, &[&account.email.to_string()]);
        if self.store.set_proof_link(&mail.ledger, mail.account, &token_hash(&token)).await? {
            Ok(format!("{base}/email/{token}"))
        } else {
            Err(Unwritten::Never("the login is known to be its person's".to_owned()))
        }
    }

    fn base(&self) -> Result<&str, Unwritten> {
        let base = self.public_url.as_deref().map(|url| url.trim_end_matches('/'));
        base.ok_or_else(|| Unwritten::Later("public_url is not set".to_owned()))
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
