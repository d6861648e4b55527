//! Sessions: opened, found, replaced. What must stay true: a token is never used for a second purpose (every change of
//! what a session may do makes a new one and ends the old one), and no session outlives what it rests on.

use axum::http::StatusCode;
use bordereau_commands::{Housed, new_id};
use bordereau_domain::{
    AccountId, DelegationId, InstitutionId, Role, ShopCode,
    account::{Account, Mandate},
    shop::{OpenedShop, Shop},
    subject::Subject,
};
use bordereau_store::{Micros, NewSession, Session};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use super::{new_token, sign_in::INVALID, token_hash};
use crate::{app::App, extract::Caller, problem::Problem};

/// How often the use of a session is noted, at most.
const NOTED: TimeDelta = TimeDelta::minutes(1);
/// The part of the time after which an idle session ends that may pass between two notes.
const NOTED_PART: i32 = 10;

/// A new session.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The token, told once.
    pub token: String,
    /// The shop.
    pub shop: ShopCode,
    /// The account that acts.
    pub account: AccountId,
    /// The account in whose place it acts.
    pub on_behalf_of: Option<AccountId>,
    /// The role in which it acts.
    pub role: Role,
    /// The institutions that it acts for.
    pub institutions: Vec<InstitutionId>,
    /// When the session ends.
    pub expires_at: DateTime<Utc>,
}

/// What a session may do, and from what that follows.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Grant {
    on_behalf_of: Option<AccountId>,
    delegation: Option<DelegationId>,
    role: Role,
    institutions: Vec<InstitutionId>,
    /// Whether it takes a second factor to come in.
    second_factor: bool,
    /// From when on it may no more.
    ends_at: Option<DateTime<Utc>>,
}

/// What somebody has shown at a sign-in: it must be so still when his session is kept.
#[derive(Clone, Copy)]
pub struct Shown<'a> {
    /// Hash of the password that he knew.
    pub password_hash: &'a str,
    /// Whether a second factor was demanded, and given.
    pub second_factor: bool,
}

/// Whether facts are asked of memory, or of the log as it is now.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asking {
    Memory,
    Log,
}

const UNAUTHENTICATED: Problem = Problem::new(StatusCode::UNAUTHORIZED, "unauthenticated");
const MAY_NOT: Problem = Problem::new(StatusCode::FORBIDDEN, "may-not-stand-in");

/// Asks an account, or the person behind it, who has its id.
async fn look<D: Housed, T: Send>(
    app: &App,
    shop: &ShopCode,
    id: AccountId,
    asking: Asking,
    ask: impl FnOnce(&D) -> T + Send,
) -> Result<T, Problem>
where
    D::Error: Into<Problem>,
{
    let (shop, id) = (shop.as_str(), id.to_string());
    Ok(match asking {
        Asking::Memory => app.commands.peek::<D, T>(shop, &id, ask).await?.value,
        Asking::Log => app.commands.peek_now::<D, T>(shop, &id, ask).await?.value,
    })
}

/// Whether an account's person is erased: between that and its closing it still looks open.
async fn is_erased(app: &App, shop: &ShopCode, id: AccountId, asking: Asking) -> Result<bool, Problem> {
    look(app, shop, id, asking, |person: &Subject| *person == Subject::Erased).await
}

/// What an account may do in its own name.
async fn own(app: &App, shop: &ShopCode, id: AccountId, asking: Asking) -> Result<Grant, Problem> {
    // Whoever waits for his account may come in, and may do nothing for an institution (B08).
    let ask = |account: &Account| {
        let (role, institutions, active) = match (account.opened(), account.status()) {
            (Some(opened), _) => (opened.role, opened.institutions.clone(), opened.active),
            (None, Some(_)) => (Role::Requester, Vec::new(), true),
            (None, None) => return None,
        };
        Some((role, institutions, active, account.demands_second_factor()))
    };
    let (role, institutions, active, second_factor) = look(app, shop, id, asking, ask).await?.ok_or(INVALID)?;
    if is_erased(app, shop, id, asking).await? {
        return Err(INVALID);
    }
    if !active {
        return Err(Problem::new(StatusCode::FORBIDDEN, "account-inactive"));
    }
    Ok(Grant { on_behalf_of: None, delegation: None, role, institutions, second_factor, ends_at: None })
}

/// What an account may do in another's place.
async fn in_place(
    app: &App,
    shop: &ShopCode,
    me: AccountId,
    other: AccountId,
    asking: Asking,
) -> Result<Grant, Problem> {
    let zone = zone(app, shop).await?;
    let today = app.clock.now().with_timezone(&zone).date_naive();
    let mine = look(app, shop, me, asking, |account: &Account| account.opened().cloned()).await?.ok_or(MAY_NOT)?;
    let ask = |account: &Account| (account.opened().map(|opened| opened.role), account.mandate(me, &mine, today));
    let (Some(role), Some(mandate)) = look(app, shop, other, asking, ask).await? else { return Err(MAY_NOT) };
    if is_erased(app, shop, me, asking).await? || is_erased(app, shop, other, asking).await? {
        return Err(MAY_NOT);
    }
    let Mandate { delegation, institutions, last_day } = mandate;
    let ends_at = last_day.and_then(|last_day| end_of(last_day, zone));
    // Whoever goes over from his own session has come in already.
    Ok(Grant { on_behalf_of: Some(other), delegation, role, institutions, second_factor: false, ends_at })
}

/// The shop's time zone.
///
/// # Errors
/// 503 when the store is not to be reached.
pub async fn zone(app: &App, shop: &ShopCode) -> Result<Tz, Problem> {
    let ask = |shop: &Shop| shop.opened().map_or(chrono_tz::UTC, OpenedShop::zone);
    Ok(app.commands.peek::<Shop, Tz>(shop.as_str(), shop.as_str(), ask).await?.value)
}

/// The first moment after a day.
fn end_of(day: NaiveDate, zone: Tz) -> Option<DateTime<Utc>> {
    let next = day.checked_add_days(Days::new(1))?;
    // Where midnight does not exist, the day begins at the first hour that does.
    let mut begins = (0..4).filter_map(|hour| next.and_hms_opt(hour, 0, 0));
    let found = begins.find_map(|time| zone.from_local_datetime(&time).earliest())?;
    Some(found.to_utc())
}

fn new_session(
    app: &App,
    shop: &ShopCode,
    account: AccountId,
    grant: Grant,
    until: DateTime<Utc>,
) -> Result<(NewSession, SignedIn), Problem> {
    let token = new_token().map_err(|error| Problem::internal(&error))?;
    let expires_at = grant.ends_at.map_or(until, |end| end.min(until));
    let Grant { on_behalf_of, delegation, role, institutions, second_factor: _, ends_at: _ } = grant;
    let session = NewSession {
        token_hash: token_hash(&token),
        ledger: shop.to_string(),
        id: new_id(),
        account: account.0,
        on_behalf_of: on_behalf_of.map(|other| other.0),
        delegation: delegation.map(|delegation| delegation.0),
        role: role.to_string(),
        institutions: institutions.iter().map(|institution| institution.0).collect(),
        created_at: app.clock.micros(),
        last_seen_at: app.clock.micros(),
        expires_at: expires_at.timestamp_micros(),
    };
    Ok((session, SignedIn { token, shop: shop.clone(), account, on_behalf_of, role, institutions, expires_at }))
}

/// Takes a new session back when the log says otherwise by now: a node that closed an account or took a delegation back
/// in between has ended the sessions that it found, and this one was not yet there. Where it has ended them and its event
/// is not yet to be read, it is waited for.
async fn confirm(app: &App, signed: SignedIn, grant: &Grant) -> Result<SignedIn, Problem> {
    let SignedIn { shop, account, .. } = &signed;
    app.store.settle(shop.as_str()).await?;
    let now = match grant.on_behalf_of {
        Some(other) => in_place(app, shop, *account, other, Asking::Log).await,
        None => own(app, shop, *account, Asking::Log).await,
    };
    match now {
        Ok(now) if now == *grant => Ok(signed),
        changed => {
            app.store.end_session(&token_hash(&signed.token)).await?;
            let moved = Problem { retry_after: Some(1), ..Problem::new(StatusCode::CONFLICT, "contended") };
            Err(changed.err().unwrap_or(moved))
        }
    }
}

/// Opens a session of an account that has proven who it is; the one that the same browser held ends.
///
/// # Errors
/// 403 `account-inactive`; 401 when the account has another password by now.
pub async fn open_session(
    app: &App,
    shop: &ShopCode,
    account: AccountId,
    shown: Shown<'_>,
    replaces: Option<[u8; 32]>,
) -> Result<SignedIn, Problem> {
    let Shown { password_hash, second_factor } = shown;
    let grant = Grant { second_factor, ..own(app, shop, account, Asking::Memory).await? };
    let until = app.clock.now() + TimeDelta::hours(i64::from(app.settings.session_hours));
    let (session, signed) = new_session(app, shop, account, grant.clone(), until)?;
    if !app.store.create_session(session, password_hash).await? {
        return Err(INVALID);
    }
    let signed = confirm(app, signed, &grant).await?;
    if let Some(old) = replaces {
        app.store.end_session(&old).await?;
    }
    Ok(signed)
}

/// Replaces the caller's session by one in another's place, which ends no later.
///
/// # Errors
/// 403 `may-not-stand-in`; 403 `in-anothers-place` for whoever acts in another's place already.
pub async fn act_for(app: &App, caller: &Caller, other: AccountId) -> Result<SignedIn, Problem> {
    caller.must_be_himself()?;
    let grant = in_place(app, &caller.shop, caller.actor.account, other, Asking::Memory).await?;
    replace(app, caller, grant).await
}

/// Replaces the caller's session by one in his own name, which ends no later.
///
/// # Errors
/// 401 when it has ended meanwhile.
pub async fn act_for_oneself(app: &App, caller: &Caller) -> Result<SignedIn, Problem> {
    let grant = own(app, &caller.shop, caller.actor.account, Asking::Memory).await?;
    replace(app, caller, grant).await
}

async fn replace(app: &App, caller: &Caller, grant: Grant) -> Result<SignedIn, Problem> {
    let old = caller.session.ok_or_else(Problem::role_may_not)?;
    let held = find_session(app, &old).await?.ok_or(UNAUTHENTICATED)?;
    let until = DateTime::from_timestamp_micros(held.expires_at).unwrap_or_default();
    let (session, signed) = new_session(app, &caller.shop, caller.actor.account, grant.clone(), until)?;
    if !app.store.replace_session(&old, session).await? {
        return Err(UNAUTHENTICATED);
    }
    confirm(app, signed, &grant).await
}

/// How long a session lives without being used.
fn idle(app: &App) -> TimeDelta {
    TimeDelta::minutes(i64::from(app.settings.session_idle_minutes))
}

/// Sessions that were not used since then are dead.
pub fn seen_after(app: &App) -> Micros {
    (app.clock.now() - idle(app)).timestamp_micros()
}

/// The living session of a token. Its use is noted once a minute, and more often where it ends soon without; nobody waits
/// for that.
///
/// # Errors
/// 503 when the store is not to be reached.
pub async fn find_session(app: &App, token: &[u8; 32]) -> Result<Option<Session>, Problem> {
    let now = app.clock.now();
    let found = look_at_session(app, token).await?;
    let due = (now - NOTED.min(idle(app) / NOTED_PART)).timestamp_micros();
    if found.as_ref().is_some_and(|session| session.last_seen_at <= due) {
        let (store, token) = (app.store.clone(), *token);
        tokio::spawn(async move {
            if let Err(error) = store.touch_session(&token, now.timestamp_micros(), due).await {
                tracing::warn!(%error, "the use of a session was not noted");
            }
        });
    }
    Ok(found)
}

/// A session by its token hash, if it is alive; looking is no use of it.
///
/// # Errors
/// 503 when the store is not to be reached.
pub async fn look_at_session(app: &App, token: &[u8; 32]) -> Result<Option<Session>, Problem> {
    Ok(app.store.find_session(token, app.clock.now().timestamp_micros(), seen_after(app)).await?)
}
