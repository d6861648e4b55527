//! The last page before a basket becomes a quote request or an order (L47): who, what, where to, under which reference.

mod changed;
mod page;
mod submit;

use bordereau_domain::{Role, basket::Action};

use super::doors::{Pages, Who};

/// The pages of this area.
pub fn pages(pages: Pages) -> Pages {
    pages
        .get("/baskets/{id}/quote", PURCHASERS, page::quote)
        .post("/baskets/{id}/quote", PURCHASERS, submit::request_quote)
        .get("/baskets/{id}/order", PURCHASERS, page::order)
        .post("/baskets/{id}/order", PURCHASERS, submit::place_order)
}

const PURCHASERS: Who = Who::Roles(&[Role::Purchaser]);

/// What a basket becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A quote request.
    Quote,
    /// An order.
    Order,
}

impl Kind {
    /// Last segment of its paths, and of its texts' keys.
    const fn as_str(self) -> &'static str {
        match self {
            Self::Quote => "quote",
            Self::Order => "order",
        }
    }

    const fn action(self) -> Action {
        match self {
            Self::Quote => Action::RequestQuote,
            Self::Order => Action::PlaceOrder,
        }
    }
}
