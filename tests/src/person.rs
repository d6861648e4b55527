//! Somebody who is signed in to the real binary, whichever node he asks.

use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

/// An answer of the real binary.
#[derive(Clone, Debug)]
pub struct Told {
    /// The status.
    pub status: StatusCode,
    /// `Bordereau-Position`, empty when absent.
    pub position: String,
    /// The sequence of the `ETag`, if there is one.
    pub sequence: Option<u64>,
    /// `Retry-After`, empty when absent.
    pub retry_after: String,
    /// The body where it is JSON, else null.
    pub body: Value,
}

/// Somebody who is signed in. The session holds on every node and over restarts.
#[derive(Clone, Debug)]
pub struct Person {
    /// What he asks with.
    pub http: Client,
    token: String,
    /// His account.
    pub account: String,
    /// The first institution he acts for.
    pub institution: Value,
}

/// Sends a request to a node that answers.
pub async fn tell(request: RequestBuilder) -> Told {
    try_to_tell(request).await.expect("an answer")
}

/// Sends a request to a node that may be gone before it has answered.
///
/// # Errors
/// When no answer came.
pub async fn try_to_tell(request: RequestBuilder) -> Result<Told, reqwest::Error> {
    let answer = request.send().await?;
    let header = |name| answer.headers().get(name).map_or_else(String::new, |value| value.to_str().unwrap().to_owned());
    let (status, position, retry_after) = (answer.status(), header("bordereau-position"), header("retry-after"));
    let sequence = header("etag").trim_matches('"').parse().ok();
    Ok(Told { status, position, sequence, retry_after, body: answer.json().await.unwrap_or_default() })
}

impl Person {
    /// Signs in to the demonstration at DLIVRE, by what stands before the `@`.
    pub async fn sign_in(node: &str, who: &str) -> Self {
        let http = Client::new();
        let body = json!({ "email": format!("{who}@demo.example"), "password": "bordereau-demo" });
        let told = tell(http.post(format!("{node}/api/v1/sessions")).json(&body)).await;
        assert_eq!(told.status, 201, "{}", told.body);
        let text = |field: &str| told.body[field].as_str().expect("a text").to_owned();
        Self { token: text("token"), account: text("account"), institution: told.body["institutions"][0].clone(), http }
    }

    /// A request to be completed; the path goes on from `/api/v1/`.
    pub fn call(&self, method: Method, node: &str, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{node}/api/v1/{path}")).bearer_auth(&self.token)
    }

    /// Reads what holds from a position on.
    pub async fn read(&self, node: &str, path: &str, position: &str) -> Told {
        tell(self.call(Method::GET, node, path).header("bordereau-position", position)).await
    }

    /// Opens a basket for his institution.
    pub async fn open_basket(&self, node: &str, key: &str) -> Told {
        let body = json!({ "institution_id": self.institution });
        tell(self.call(Method::POST, node, "baskets").header("idempotency-key", key).json(&body)).await
    }
}
