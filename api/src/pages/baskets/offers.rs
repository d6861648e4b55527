//! What a basket's page offers to do next, and why it does not offer something that its reader may look for.

use bordereau_domain::{
    Context, Role,
    basket::{Action, BasketError},
};
use bordereau_projections::BasketDetail;

use crate::{pages::frame::Frame, problem::Problem, texts};

/// Something that may be done with a basket now.
pub struct Offer {
    /// Last segment of its path.
    pub path: &'static str,
    /// What its button says.
    pub label: String,
    /// Whether it is what this reader is waited for to do: one at most.
    pub primary: bool,
    /// How it is asked for.
    pub kind: OfferKind,
}

/// How a step is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfferKind {
    /// By a button.
    Button,
    /// By a button, with a word if one likes.
    Word,
    /// By a button beneath a field for a word, which stands folded up.
    Folded,
    /// On a page of its own.
    Page,
}

/// What may be done with a basket, and what may not for a reason that its reader should know.
pub struct Offers {
    /// Steps between roles, the primary one first.
    pub steps: Vec<Offer>,
    /// Why others are missing.
    pub reasons: Vec<String>,
    /// All that its reader may do.
    allowed: Vec<Action>,
}

/// Steps in the order of their buttons; the first that is allowed and leads on is the primary one.
const STEPS: [(Action, &str, OfferKind); 7] = [
    (Action::PlaceOrder, "order", OfferKind::Page),
    (Action::RequestQuote, "quote", OfferKind::Page),
    (Action::Validate, "validate", OfferKind::Word),
    (Action::SendToApprover, "send-to-approver", OfferKind::Word),
    (Action::TakeOver, "take-over", OfferKind::Button),
    (Action::Unlock, "unlock", OfferKind::Button),
    (Action::Return, "return", OfferKind::Folded),
];

impl Offers {
    /// What the actor of `context` may do with a basket.
    pub fn of(frame: &Frame, detail: &BasketDetail, context: &Context) -> Self {
        let judge = |action| detail.basket.may_act(action, context, &detail.standing);
        let allowed = detail.basket.next_actions(context, &detail.standing);
        let mut steps = Vec::new();
        for (action, path, kind) in STEPS {
            if allowed.contains(&action) {
                let leads_on = !matches!(action, Action::Unlock | Action::Return);
                let primary = leads_on && steps.is_empty();
                steps.push(Offer { path, label: label(frame, action, context.actor.role), primary, kind });
            }
        }
        let mut reasons: Vec<String> = Vec::new();
        for action in [Action::PlaceOrder, Action::Validate, Action::SendToApprover, Action::Return, Action::Lines] {
            if let Some(reason) = judge(action).err().and_then(|error| reason(frame, error))
                && !reasons.contains(&reason)
            {
                reasons.push(reason);
            }
        }
        Self { steps, reasons, allowed }
    }

    /// Whether its lines may be changed.
    pub fn lines(&self) -> bool {
        self.allowed.contains(&Action::Lines)
    }

    /// Whether it may be brought to the prices of the day.
    pub fn reprice(&self) -> bool {
        self.allowed.contains(&Action::Reprice)
    }

    /// Whether it may be renamed.
    pub fn rename(&self) -> bool {
        self.allowed.contains(&Action::Rename)
    }

    /// Whether it may be deleted.
    pub fn discard(&self) -> bool {
        self.allowed.contains(&Action::Discard)
    }
}

/// The exact labels of the trade (L42 L43 L44).
fn label(frame: &Frame, action: Action, role: Role) -> String {
    frame.t(match action {
        Action::PlaceOrder => "step-place-order",
        Action::RequestQuote => "step-request-quote",
        Action::Validate if role == Role::Purchaser => "step-validate-as-purchaser",
        Action::Validate => "step-validate",
        Action::SendToApprover => "step-send",
        Action::TakeOver => "step-take-over",
        Action::Unlock => "step-unlock",
        Action::Return => "step-return",
        Action::Reprice => "step-reprice",
        Action::Rename => "step-rename",
        Action::Discard => "step-discard",
        Action::Lines => "basket-lines",
    })
}

/// What a reader should know of a refusal that he has not met yet. That it is not his turn he sees anyway.
fn reason(frame: &Frame, error: BasketError) -> Option<String> {
    let worth_telling = match error {
        BasketError::InstitutionBlocked
        | BasketError::TwoPersonsNeeded
        | BasketError::Locked
        | BasketError::OwnerInactive => true,
        BasketError::RoleMayNot
        | BasketError::NotTheOwner
        | BasketError::NotOpened
        | BasketError::IdTaken
        | BasketError::WrongStage { .. }
        | BasketError::WrongLevel { .. }
        | BasketError::Empty
        | BasketError::AlreadyConverted(_)
        | BasketError::OwnerActive
        | BasketError::PricesChanged(_)
        | BasketError::UnknownLine
        | BasketError::TooManyLines
        | BasketError::TooManyBaskets
        | BasketError::QuantityOutOfRange
        | BasketError::UnknownArticle
        | BasketError::InList { .. }
        | BasketError::UnknownInstitution
        | BasketError::ReferenceMissing
        | BasketError::Terms(_) => false,
    };
    worth_telling.then(|| {
        let problem = Problem::from(error);
        texts::problem(frame.language, problem.slug, &problem.args).1
    })
}
