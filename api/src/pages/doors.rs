//! Page routes with who may ask for them. What is registered here is listed here: the rights grid of the pages reads it.

use axum::{
    Router,
    extract::{Request, State},
    handler::Handler,
    http::Method,
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{MethodFilter, on},
};
use bordereau_domain::Role;

use super::signed_in::{Entered, enter};
use crate::{app::App, problem::Problem};

/// Who may ask for a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Everybody, signed in or not.
    Everybody,
    /// Whoever is signed in with one of these roles.
    Roles(&'static [Role]),
}

impl Who {
    /// Every person that can sign in.
    pub const PEOPLE: Self =
        Self::Roles(&[Role::Requester, Role::Approver, Role::Purchaser, Role::Bookseller, Role::Auditor]);
    /// People of institutions.
    pub const INSTITUTIONS: Self = Self::Roles(&[Role::Requester, Role::Approver, Role::Purchaser]);

    /// Who reads quotes and orders.
    pub const DOCUMENTS: Self = Self::Roles(&[Role::Purchaser, Role::Bookseller, Role::Auditor]);
    /// Who decides on quotes and orders for an institution.
    pub const PURCHASERS: Self = Self::Roles(&[Role::Purchaser]);

    /// Whether somebody with this role may, or, without a role, somebody who is not signed in.
    pub fn lets(self, role: Option<Role>) -> bool {
        match (self, role) {
            (Self::Everybody, _) => true,
            (Self::Roles(roles), Some(role)) => roles.contains(&role),
            (Self::Roles(_), None) => false,
        }
    }
}

/// A page route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The method.
    pub method: Method,
    /// The path, with `{parameters}`.
    pub path: &'static str,
    /// Who may ask.
    pub who: Who,
}

/// Page routes on their way to a router.
#[derive(Debug)]
pub struct Pages {
    app: App,
    router: Router<App>,
    /// What has been registered.
    pub listed: Vec<Page>,
}

impl Pages {
    /// No page.
    pub fn new(app: &App) -> Self {
        Self { app: app.clone(), router: Router::new(), listed: Vec::new() }
    }

    /// Adds the pages of an area.
    #[must_use]
    pub fn with(self, area: impl FnOnce(Self) -> Self) -> Self {
        area(self)
    }

    /// Adds a page that is read.
    #[must_use]
    pub fn get<H: Handler<T, App>, T: 'static>(self, path: &'static str, who: Who, handler: H) -> Self {
        self.route(Method::GET, MethodFilter::GET, path, who, handler)
    }

    /// Adds a form's target.
    #[must_use]
    pub fn post<H: Handler<T, App>, T: 'static>(self, path: &'static str, who: Who, handler: H) -> Self {
        self.route(Method::POST, MethodFilter::POST, path, who, handler)
    }

    fn route<H: Handler<T, App>, T: 'static>(
        mut self,
        method: Method,
        filter: MethodFilter,
        path: &'static str,
        who: Who,
        handler: H,
    ) -> Self {
        let route = on(filter, handler).route_layer(middleware::from_fn_with_state((self.app.clone(), who), admit));
        self.router = self.router.route(path, route);
        self.listed.push(Page { method, path, who });
        self
    }

    pub(super) fn into_router(self) -> Router<App> {
        self.router
    }
}

/// Lets in whom the page is for: others are led to the sign-in, or refused.
async fn admit(State((app, who)): State<(App, Who)>, mut request: Request, next: Next) -> Response {
    let Who::Roles(roles) = who else { return next.run(request).await };
    let (mut parts, body) = request.into_parts();
    let entered = enter(&mut parts, &app).await;
    request = Request::from_parts(parts, body);
    match entered {
        Ok(Entered(signed_in)) if roles.contains(&signed_in.caller.actor.role) => {
            request.extensions_mut().insert(Entered(signed_in));
            next.run(request).await
        }
        Ok(_) => Problem::role_may_not().into_response(),
        Err(turned) => turned.into_response(),
    }
}
