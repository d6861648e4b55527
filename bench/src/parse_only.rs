//! The baseline of P2: the same routes in axum; handlers that parse the same bodies, strictly typed, and answer as
//! long. No sign-in, no log.

use axum::{
    Json, Router,
    http::StatusCode,
    routing::{delete, patch, post},
};
use bordereau_commands::new_id;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OpenBody {
    institution_id: Uuid,
    name: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AddLineBody {
    ean: String,
    quantity: u32,
    line_reference: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangeLineBody {
    quantity: Option<u32>,
    line_reference: Option<String>,
}

async fn open(Json(body): Json<OpenBody>) -> (StatusCode, Json<Value>) {
    std::hint::black_box((body.institution_id, body.name));
    (StatusCode::CREATED, Json(json!({ "id": new_id(), "number": 1 })))
}

async fn add_line(Json(body): Json<AddLineBody>) -> (StatusCode, Json<Value>) {
    std::hint::black_box((body.ean, body.quantity, body.line_reference));
    (StatusCode::CREATED, Json(json!({ "line_id": new_id() })))
}

async fn change_line(Json(body): Json<ChangeLineBody>) -> Json<Value> {
    std::hint::black_box((body.quantity, body.line_reference));
    Json(json!({}))
}

async fn nothing() -> Json<Value> {
    Json(json!({}))
}

/// The routes that the clients use.
pub fn router() -> Router {
    Router::new()
        .route("/api/v1/baskets", post(open))
        .route("/api/v1/baskets/{id}", delete(nothing))
        .route("/api/v1/baskets/{id}/lines", post(add_line))
        .route("/api/v1/baskets/{id}/lines/{line_id}", patch(change_line).delete(nothing))
}
