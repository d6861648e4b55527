//! All routes, and what runs around them. Every route of the API is registered with its description and every page with
//! who may ask for it: there is no other way in.

use axum::{Router, http::StatusCode, middleware, response::IntoResponse};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::{
    accounts, app::App, articles, audit, baskets, delegations, events, extract::trace_layer, health, history,
    institutions, librisoft, openapi, orders, pages, privacy, problem::Problem, quotes, second_factor, sessions, shop,
};

/// The routes with their document.
fn described() -> (Router<App>, utoipa::openapi::OpenApi) {
    let (routes, mut document) = OpenApiRouter::with_openapi(openapi::Frame::openapi())
        .merge(health::routes())
        .merge(sessions::routes())
        .merge(accounts::routes())
        .merge(privacy::routes())
        .merge(shop::routes())
        .merge(second_factor::routes())
        .merge(delegations::routes())
        .merge(institutions::routes())
        .merge(articles::routes())
        .merge(baskets::routes())
        .merge(quotes::routes())
        .merge(orders::routes())
        .merge(history::routes())
        .merge(audit::routes())
        .merge(librisoft::routes())
        .merge(events::routes())
        .split_for_parts();
    openapi::describe_headers(&mut document);
    (routes, document)
}

/// The OpenAPI document of all routes.
pub fn document() -> utoipa::openapi::OpenApi {
    described().1
}

/// The service.
pub fn router(app: App) -> Router {
    let (routes, document) = described();
    let docs = SwaggerUi::new("/api/docs").url("/api/openapi.json", document).config(Config::from("/api/openapi.json"));
    let pages = pages::routes(&app);
    around(routes.merge(docs).merge(pages), app)
}

/// What runs around all routes: whatever happens inside, the answer tells nothing of it.
pub fn around(routes: Router<App>, app: App) -> Router {
    routes
        .fallback(|| async { Problem::new(StatusCode::NOT_FOUND, "not-found") })
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| {
            Problem::internal(&"a handler panicked").into_response()
        }))
        .layer(middleware::from_fn_with_state(app.clone(), trace_layer))
        .layer(middleware::from_fn_with_state(app.clone(), pages::browser_layer))
        .with_state(app)
}
