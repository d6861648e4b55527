//! A demonstration that real browsers can open, and who looks at it.

use bordereau_tests::{Scripts, Served, TestApp, Window};

/// The librarian who fills baskets.
pub const REQUESTER: &str = "utilisateur@demo.example";
/// Who checks them.
pub const APPROVER: &str = "approbateur@demo.example";
/// Who orders.
pub const PURCHASER: &str = "collectivite@demo.example";
/// The bookseller.
pub const BOOKSELLER: &str = "libraire@demo.example";

/// Somebody who has deleted his B2B account.
pub const LEFT: &str = "partie@demo.example";

/// The service on a socket, with the demonstration.
pub struct Stage {
    /// The service.
    pub app: TestApp,
    served: Served,
}

impl Stage {
    /// Sets it up.
    pub async fn new() -> Self {
        let app = TestApp::demo().await;
        let served = Served::begin(&app.app).await;
        Self { app, served }
    }

    /// A fresh window of somebody who reads this language.
    pub async fn window(&self, language: &str, scripts: Scripts) -> Window {
        Window::open(&self.served.url(), language, scripts).await
    }

    /// A window of somebody who has signed in, with or without scripts.
    pub async fn of_with(&self, email: &str, language: &str, scripts: Scripts) -> Window {
        Window::signed_in(&self.served.url(), language, scripts, email).await
    }

    /// Ends it, once every window is closed.
    pub async fn end(self) {
        self.served.end().await;
    }
}
