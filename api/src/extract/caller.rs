//! Who sends a request: the session or key behind `Authorization: Bearer`.

use axum::{
    extract::{FromRequestParts, MatchedPath},
    http::{HeaderMap, StatusCode, header, request::Parts},
};
use bordereau_domain::{AccountId, Actor, Role, ShopCode, account::Account};
use bordereau_store::Session;

use super::{query::check_query, trace::Trace};
use crate::{app::App, auth, problem::Problem};

/// An authenticated caller.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The shop, whose code names the ledger.
    pub shop: ShopCode,
    /// The account or key, with its role and institutions.
    pub actor: Actor,
    /// Hash of the session's token; keys have none.
    pub session: Option<[u8; 32]>,
    /// Hash of what was shown: the session's token or the key.
    pub credential: [u8; 32],
}

impl Caller {
    /// Who is behind a session's token, if it is alive.
    ///
    /// # Errors
    /// 503.
    pub async fn find_by_session(app: &App, token: &str) -> Result<Option<Self>, Problem> {
        find_session(app, auth::token_hash(token)).await
    }

    /// Who is behind his session now; nobody once it has ended. Looking is no use of it: a page that stands open does not
    /// keep its session alive.
    ///
    /// # Errors
    /// 503.
    pub async fn look_again(&self, app: &App) -> Result<Option<Self>, Problem> {
        let Some(session) = auth::look_at_session(app, &self.credential).await? else { return Ok(None) };
        Self::of_session(session, self.credential).map(Some)
    }

    /// The same, of a token.
    ///
    /// # Errors
    /// 503.
    pub async fn look_by_session(app: &App, token: &str) -> Result<Option<Self>, Problem> {
        let hash = auth::token_hash(token);
        let Some(session) = auth::look_at_session(app, &hash).await? else { return Ok(None) };
        Self::of_session(session, hash).map(Some)
    }

    fn of_session(session: Session, hash: [u8; 32]) -> Result<Self, Problem> {
        let institutions = session.institutions.into_iter().map(Into::into).collect();
        let caller = known(&session.ledger, session.account.into(), &session.role, institutions, hash)?;
        let mut caller = Self { session: Some(hash), ..caller };
        caller.actor.on_behalf_of = session.on_behalf_of.map(Into::into);
        Ok(caller)
    }

    /// Notes who sends the request, and bounds how much he may send.
    ///
    /// # Errors
    /// 429.
    pub fn admit(&self, app: &App, trace: Option<&Trace>) -> Result<(), Problem> {
        if let Some(trace) = trace {
            // Set once per request: a second extractor finds the same caller.
            let _ = trace.caller.set(self.clone());
        }
        app.limit_caller(self.actor.account)
    }

    /// Refuses machine keys: this route is for people.
    ///
    /// # Errors
    /// 403.
    pub fn must_be_person(&self) -> Result<(), Problem> {
        match self.actor.role {
            Role::Requester | Role::Approver | Role::Purchaser | Role::Bookseller | Role::Auditor => Ok(()),
            Role::Integrator | Role::Librisoft | Role::Buyer | Role::System => Err(Problem::role_may_not()),
        }
    }

    /// Refuses whoever acts in another's place: this is done in one's own name only.
    ///
    /// # Errors
    /// 403.
    pub const fn must_be_himself(&self) -> Result<(), Problem> {
        match self.actor.on_behalf_of {
            None => Ok(()),
            Some(_) => Err(Problem::new(StatusCode::FORBIDDEN, "in-anothers-place")),
        }
    }

    /// Whether it may read what an institution's people tell each other: not the bookshop, in whosever place it acts.
    ///
    /// # Errors
    /// 503 when the store is not to be reached.
    pub async fn reads_inner_comments(&self, app: &App) -> Result<bool, Problem> {
        if self.actor.on_behalf_of.is_none() {
            return Ok(self.actor.role != Role::Bookseller);
        }
        let ask = |account: &Account| account.opened().is_some_and(|opened| opened.role == Role::Bookseller);
        let (shop, id) = (self.shop.as_str(), self.actor.account.to_string());
        Ok(!app.commands.peek::<Account, _>(shop, &id, ask).await?.value)
    }

    /// Refuses every role but these.
    ///
    /// # Errors
    /// 403.
    pub fn must_be(&self, roles: &[Role]) -> Result<(), Problem> {
        if roles.contains(&self.actor.role) { Ok(()) } else { Err(Problem::role_may_not()) }
    }

    /// Whether what was shown once still stands for the same account or key, in one of these roles: for answers that
    /// take long. Not when it cannot be found out. Looking is no use of a session.
    pub async fn is_still(&self, app: &App, roles: &[Role]) -> bool {
        let now = match self.session {
            Some(_) => self.look_again(app).await,
            None => find(app, self.credential).await,
        };
        match now {
            Ok(Some(now)) => {
                (&now.shop, now.actor.account) == (&self.shop, self.actor.account) && roles.contains(&now.actor.role)
            }
            Ok(None) | Err(_) => false,
        }
    }
}

/// The token of a request, where it has one.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

/// Token hash of the session that a request carries, be it alive or not: a sign-in ends it.
pub fn session_of(headers: &HeaderMap) -> Option<[u8; 32]> {
    bearer(headers).map(auth::token_hash)
}

/// Whom a session token or a key, by its hash, stands for now.
async fn find(app: &App, hash: [u8; 32]) -> Result<Option<Caller>, Problem> {
    if let Some(caller) = find_session(app, hash).await? {
        return Ok(Some(caller));
    }
    match app.store.find_api_key(&hash).await? {
        Some(key) => known(&key.ledger, key.id.into(), &key.role, Vec::new(), hash).map(Some),
        None => Ok(None),
    }
}

async fn find_session(app: &App, hash: [u8; 32]) -> Result<Option<Caller>, Problem> {
    let Some(session) = auth::find_session(app, &hash).await? else { return Ok(None) };
    Caller::of_session(session, hash).map(Some)
}

fn known(
    ledger: &str,
    account: AccountId,
    role: &str,
    institutions: Vec<bordereau_domain::InstitutionId>,
    credential: [u8; 32],
) -> Result<Caller, Problem> {
    let shop = ledger.parse().map_err(|error| Problem::internal(&error))?;
    let role = role.parse().map_err(|error| Problem::internal(&error))?;
    Ok(Caller { shop, actor: Actor::new(account, role, institutions), session: None, credential })
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let token = bearer(&parts.headers).ok_or(Problem::unauthenticated())?;
        let caller = find(app, auth::token_hash(token)).await?.ok_or(Problem::unauthenticated())?;
        caller.admit(app, parts.extensions.get::<Trace>())?;
        check_query(&parts.method, parts.extensions.get::<MatchedPath>(), &parts.uri)?;
        Ok(caller)
    }
}

/// The key of the bookshop's management system. Anybody else is refused before his body is read.
#[derive(Clone, Debug)]
pub struct LibrisoftKey(pub Caller);

impl FromRequestParts<App> for LibrisoftKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, app).await?;
        caller.must_be(&[Role::Librisoft])?;
        Ok(Self(caller))
    }
}
