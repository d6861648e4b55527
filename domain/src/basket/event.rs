//! What can have happened to a basket. Names and shapes are frozen in the log.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    actor::Role,
    ids::{AccountId, InstitutionId, LineId, OrderId, QuoteId},
    line::{Line, LineTerms, RepricedLine},
    personal::{BasketName, Comment, Personal},
    wire::wire_names,
};

/// The owner's role when the basket was opened: where its way begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Goes to an approver first.
    Requester,
    /// Goes to the purchaser.
    Approver,
    /// May be converted at once.
    Purchaser,
}

impl Level {
    /// The level of a basket that an account of this role opens; none if it may not open any.
    pub const fn of(role: Role) -> Option<Self> {
        match role {
            Role::Requester => Some(Self::Requester),
            Role::Approver => Some(Self::Approver),
            Role::Purchaser => Some(Self::Purchaser),
            Role::Bookseller | Role::Auditor | Role::Integrator | Role::Librisoft | Role::Buyer | Role::System => None,
        }
    }

    /// The level's name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Requester => "requester",
            Self::Approver => "approver",
            Self::Purchaser => "purchaser",
        }
    }
}

/// Where a return leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReturnedTo {
    /// To its owner, unlocked.
    Drafting,
    /// To the approvers, locked.
    AwaitingApprover,
}

/// What can have happened to a basket. Who did it in person is in `by` where later rules ask; time and the rest of
/// who acted are in the metadata.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub enum BasketEvent {
    /// A basket was opened by its owner.
    #[serde(rename = "BasketOpened")]
    Opened {
        /// The number people call it by.
        number: u64,
        /// The institution it is for.
        institution_id: InstitutionId,
        /// Whose it is.
        owner: AccountId,
        /// Where its way begins.
        level: Level,
        /// Its name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<Personal<BasketName>>,
    },
    /// It got another name.
    #[serde(rename = "BasketRenamed")]
    Renamed {
        /// The new name.
        name: Personal<BasketName>,
    },
    /// A line was added.
    #[serde(rename = "BasketLineAdded")]
    LineAdded {
        /// The whole line.
        line: Line,
    },
    /// A line's quantity or reference was changed; its price was computed anew.
    #[serde(rename = "BasketLineChanged")]
    LineChanged {
        /// The line.
        line_id: LineId,
        /// Its article.
        ean: crate::ean::Ean,
        /// Its title.
        title: String,
        /// What held until now.
        before: LineTerms,
        /// What holds from now on.
        after: LineTerms,
    },
    /// A line was taken out.
    #[serde(rename = "BasketLineRemoved")]
    LineRemoved {
        /// The whole line as it was.
        line: Line,
    },
    /// Lines were brought to the prices of the day.
    #[serde(rename = "BasketLinesRepriced")]
    LinesRepriced {
        /// Those whose amounts changed, in the basket's order.
        lines: Vec<RepricedLine>,
    },
    /// Its owner sent it to the approvers.
    #[serde(rename = "BasketSentToApprover")]
    SentToApprover {
        /// Who sent it.
        by: AccountId,
        /// A word with it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<Personal<Comment>>,
    },
    /// Somebody who may change it where it is opened it for changes.
    #[serde(rename = "BasketUnlocked")]
    Unlocked {
        /// Who unlocked it.
        by: AccountId,
    },
    /// It went back one role.
    #[serde(rename = "BasketReturnedToPreviousRole")]
    ReturnedToPreviousRole {
        /// Who returned it.
        by: AccountId,
        /// Where it went.
        to: ReturnedTo,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<Personal<Comment>>,
    },
    /// It was found good and passed on to the purchasers.
    #[serde(rename = "BasketValidated")]
    Validated {
        /// Who validated it.
        by: AccountId,
        /// In which role: a return leads to the approvers only if one of them had validated it.
        role: Role,
        /// A word with it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<Personal<Comment>>,
    },
    /// It became a quote request.
    #[serde(rename = "BasketConvertedToQuote")]
    ConvertedToQuote {
        /// Who converted it.
        by: AccountId,
        /// The quote.
        quote_id: QuoteId,
        /// The quote's number.
        number: u64,
    },
    /// It became an order.
    #[serde(rename = "BasketConvertedToOrder")]
    ConvertedToOrder {
        /// Who converted it.
        by: AccountId,
        /// The order.
        order_id: OrderId,
        /// The order's number.
        number: u64,
    },
    /// A colleague took over a basket whose owner has gone.
    #[serde(rename = "BasketTakenOver")]
    TakenOver {
        /// The owner until now.
        from: AccountId,
        /// The owner from now on.
        to: AccountId,
    },
    /// Its owner deleted it.
    #[serde(rename = "BasketDiscarded")]
    Discarded {},
}

wire_names!(BasketEvent {
    Opened = "BasketOpened" v "1",
    Renamed = "BasketRenamed" v "1",
    LineAdded = "BasketLineAdded" v "1",
    LineChanged = "BasketLineChanged" v "1",
    LineRemoved = "BasketLineRemoved" v "1",
    LinesRepriced = "BasketLinesRepriced" v "1",
    SentToApprover = "BasketSentToApprover" v "1",
    Unlocked = "BasketUnlocked" v "1",
    ReturnedToPreviousRole = "BasketReturnedToPreviousRole" v "1",
    Validated = "BasketValidated" v "1",
    ConvertedToQuote = "BasketConvertedToQuote" v "1",
    ConvertedToOrder = "BasketConvertedToOrder" v "1",
    TakenOver = "BasketTakenOver" v "1",
    Discarded = "BasketDiscarded" v "1",
});
