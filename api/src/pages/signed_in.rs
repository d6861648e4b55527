//! Who is signed in: the session behind the cookie, and what every page shows of him.

use std::fmt::Write;

use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
    response::{IntoResponse, Response},
};
use bordereau_commands::Envelope;
use bordereau_domain::{AccountId, Digest, account::Account, shop::Shop};
use bordereau_projections::WaitError;
use chrono_tz::Tz;
use uuid::Uuid;

use super::{cookies::Cookie, live, notice::Notice, reader::Reader, redirect::SeeOther};
use crate::{
    app::{App, PATIENCE},
    extract::{Caller, Reading, Trace},
    names,
    problem::Problem,
};

/// The header of what a page asks for by itself, without anybody's doing.
pub const UNASKED: &str = "bordereau-unasked";

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who he is.
    pub caller: Caller,
    /// How he reads.
    pub reader: Reader,
    /// His name; none once erased.
    pub name: Option<String>,
    /// His e-mail address; none once erased.
    pub email: Option<String>,
    /// In whose place he acts: that person's name, empty once erased.
    pub on_behalf_of: Option<String>,
    /// The shop's name.
    pub shop_name: String,
    /// The time zone of its days.
    pub zone: Tz,
    /// Where the ledger stood when he asked: what comes later is told to his page live.
    pub head: u64,
    /// What he has written and wants to see.
    position: Option<u64>,
    trace: Option<Uuid>,
}

/// Stands in the request once the page's door is passed.
#[derive(Clone, Debug)]
pub struct Entered(pub SignedIn);

/// Why somebody does not get in.
#[derive(Debug)]
pub enum Turned {
    /// He must sign in first.
    ToSignIn(SeeOther),
    /// Something else.
    Away(Problem),
}

impl From<Problem> for Turned {
    fn from(problem: Problem) -> Self {
        Self::Away(problem)
    }
}

impl IntoResponse for Turned {
    fn into_response(self) -> Response {
        match self {
            Self::ToSignIn(lead) => lead.into_response(),
            Self::Away(problem) => problem.into_response(),
        }
    }
}

/// Finds who asks for a page.
///
/// # Errors
/// [`Turned::ToSignIn`] for a browser, 401 for others; 429; 503.
pub async fn enter(parts: &mut Parts, app: &App) -> Result<Entered, Turned> {
    let reader = Reader::of(app, &parts.method, &parts.headers, &parts.uri, &parts.extensions);
    let token = Cookie::Session.read(&parts.headers, reader.transport);
    let caller = match token {
        // What a page asks for by itself is no use of the session.
        Some(token) if parts.headers.contains_key(UNASKED) || parts.uri.path() == live::PATH => {
            Caller::look_by_session(app, token).await?
        }
        Some(token) => Caller::find_by_session(app, token).await?,
        None => None,
    };
    let Some(caller) = caller else { return Err(turn_back(parts, &reader, token.is_some())) };
    let trace = parts.extensions.get::<Trace>();
    caller.admit(app, trace)?;
    let shop = caller.shop.as_str();
    let position = Cookie::Position.read(&parts.headers, reader.transport).and_then(|value| {
        let (of, position) = value.split_once(':')?;
        (of == shop).then(|| position.parse().ok()).flatten()
    });
    let ask = |shop: &Shop| shop.opened().map(|opened| (opened.name.clone(), opened.zone()));
    let opened = app.commands.peek::<Shop, _>(shop, shop, ask).await.map_err(Problem::from)?.value;
    let (shop_name, zone) = opened.unwrap_or_else(|| (shop.to_owned(), Tz::UTC));
    let head = app.store.head(shop).await.map_err(Problem::from)?.map_or(0, |head| head.position);
    let digests = find_digests(app, shop, caller.actor.account).await?;
    let other = match caller.actor.on_behalf_of {
        Some(other) => Some(find_digests(app, shop, other).await?),
        None => None,
    };
    let wanted = digests.iter().chain(other.iter().flatten()).flat_map(|(name, email)| [*name, *email]);
    let clear = names::open(app, shop, wanted).await?;
    Ok(Entered(SignedIn {
        name: digests.and_then(|(name, _)| clear.text(name)),
        email: digests.and_then(|(_, email)| clear.text(email)),
        on_behalf_of: other.map(|found| found.and_then(|(name, _)| clear.text(name)).unwrap_or_default()),
        trace: trace.map(|trace| trace.id),
        head,
        caller,
        reader,
        shop_name,
        zone,
        position,
    }))
}

/// The digests of an account's name and e-mail address.
async fn find_digests(app: &App, shop: &str, account: AccountId) -> Result<Option<(Digest, Digest)>, Problem> {
    // Whoever waits for his account has a name, too.
    let ask =
        |account: &Account| account.details().zip(account.email()).map(|(of, email)| (of.name.digest, email.digest));
    Ok(app.commands.peek::<Account, _>(shop, &account.to_string(), ask).await?.value)
}

/// A browser is led to the sign-in and back; a dead cookie is taken from it.
fn turn_back(parts: &Parts, reader: &Reader, had_cookie: bool) -> Turned {
    let accept = parts.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !accept.contains("text/html") {
        return Turned::Away(Problem::unauthenticated());
    }
    let mut to = "/sign-in".to_owned();
    if parts.method.is_safe() && reader.here != "/" {
        to.push_str("?next=");
        for byte in reader.here.bytes() {
            if byte.is_ascii_alphanumeric() || b"/-_.".contains(&byte) {
                to.push(char::from(byte));
            } else {
                // Writing to a text never fails.
                let _ = write!(to, "%{byte:02X}");
            }
        }
    }
    let lead = SeeOther::to(&to, reader.transport);
    // Somebody else may have ended the session: whoever was at work is told why he stands before a form.
    Turned::ToSignIn(if had_cookie { lead.forgetting(Cookie::Session).saying(Notice::SessionOver) } else { lead })
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = Turned;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Turned> {
        match parts.extensions.remove::<Entered>() {
            Some(Entered(signed_in)) => Ok(signed_in),
            None => Ok(enter(parts, app).await?.0),
        }
    }
}

impl SignedIn {
    /// The shop's code.
    pub fn shop(&self) -> &str {
        self.caller.shop.as_str()
    }

    /// Waits until `view` shows what the reader has written. A position of a history that was lost is passed over.
    ///
    /// # Errors
    /// 503 when the view is too far behind or stopped.
    pub async fn settle(&self, app: &App, view: &str) -> Result<(), Problem> {
        let Some(position) = self.position else { return Ok(()) };
        match app.projections.wait_for(view, self.shop(), position, PATIENCE).await {
            Ok(()) | Err(WaitError::AboveHead) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// He has written up to this position within this very request.
    pub const fn has_written(&mut self, position: u64) {
        self.position = Some(position);
    }

    /// What he asks of the functions that read for the API. Pages have waited with [`Self::settle`] before.
    pub fn reading(&self) -> Reading {
        Reading { caller: self.caller.clone(), position: None }
    }

    /// A command of his, ready for the log.
    pub fn envelope(&self, app: &App) -> Envelope {
        let caller = &self.caller;
        let mut envelope = Envelope::new(caller.shop.clone(), caller.actor.clone(), app.clock.now(), "pages");
        if let Some(trace) = self.trace {
            envelope.correlation = trace;
        }
        envelope
    }
}
