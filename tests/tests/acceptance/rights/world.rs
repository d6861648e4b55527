//! The people of the rights grid, and what they make before a request: by commands, in memory.

use bordereau_commands::{
    AccountRequest, BasketRequest, OpenBasket, OrderRequest, PlaceOrder, QuoteRequest, RequestedTerms, SealText,
    new_id, stable_id,
};
use bordereau_domain::{
    AccountId, Actor, InstitutionId, Role,
    terms::{DeliveryMode, PaymentMode},
};
use bordereau_tests::TestApp;
use chrono::Days;
use uuid::Uuid;

use super::{CEMETERY_ROAD, Come};

/// People of an institution, in memory: what they do is done by commands.
pub(super) struct World {
    pub(super) shop: &'static str,
    pub(super) institution: InstitutionId,
    pub(super) requester: Actor,
    pub(super) above: Actor,
    pub(super) purchaser: Actor,
    pub(super) bookseller: Actor,
    pub(super) librisoft: Actor,
}

pub(super) fn account_of(email: &str) -> AccountId {
    AccountId(stable_id(&["demo", "account", email]))
}

impl World {
    pub(super) fn médiathèque(test: &TestApp) -> Self {
        let institution = InstitutionId(test.institution("8010000696914"));
        let person = |email: &str, role| Actor::new(account_of(email), role, vec![institution]);
        Self {
            shop: "DLIVRE",
            institution,
            requester: person("utilisateur@demo.example", Role::Requester),
            above: person("approbateur@demo.example", Role::Approver),
            purchaser: person("collectivite@demo.example", Role::Purchaser),
            bookseller: Actor::new(account_of("libraire@demo.example"), Role::Bookseller, Vec::new()),
            librisoft: Actor::new(AccountId(new_id()), Role::Librisoft, Vec::new()),
        }
    }

    pub(super) fn parvis() -> Self {
        let shop = "PARVIS".parse().unwrap();
        let institution = bordereau_commands::SentInstitution::id_of(&shop, "1");
        let person = |email: &str, role| Actor::new(account_of(email), role, vec![institution]);
        Self {
            shop: "PARVIS",
            institution,
            requester: person("utilisateur@parvis.example", Role::Requester),
            above: person("collectivite@parvis.example", Role::Purchaser),
            purchaser: person("collectivite@parvis.example", Role::Purchaser),
            bookseller: Actor::new(account_of("libraire@parvis.example"), Role::Bookseller, Vec::new()),
            librisoft: Actor::new(AccountId(new_id()), Role::Librisoft, Vec::new()),
        }
    }

    /// Other people: of the same institution, or of another one of the shop.
    pub(super) async fn others(test: &TestApp, number: &str) -> Self {
        let institution = InstitutionId(test.institution(number));
        let mut actors = Vec::new();
        for role in [Role::Requester, Role::Approver, Role::Purchaser] {
            let account_id = AccountId(new_id());
            let request = AccountRequest::Open {
                account_id,
                email: SealText::new(&format!("{role}.{account_id}@demo.example")).unwrap(),
                name: SealText::new("Alex Martin").unwrap(),
                phone: None,
                role,
                institutions: vec![institution],
                establishment: None,
                password_hash: None,
            };
            test.act("DLIVRE", account_id, request).await;
            actors.push(Actor::new(account_id, role, vec![institution]));
        }
        let [requester, above, purchaser] = actors.try_into().unwrap();
        Self { institution, requester, above, purchaser, ..Self::médiathèque(test) }
    }

    /// Makes an object that has come so far; its id and its first line's.
    pub(super) async fn make(&self, test: &TestApp, owner: &Actor, come: Come) -> (Uuid, Uuid) {
        let (basket, line) = self.basket(test, owner, come).await;
        match come {
            Come::Drafting | Come::Sent | Come::Validated => (basket, line),
            Come::Requested | Come::Answered => (self.quote(test, basket, come).await, line),
            Come::Placed | Come::Collected | Come::Cancelled => (self.order(test, basket, come).await, line),
        }
    }

    async fn basket(&self, test: &TestApp, owner: &Actor, come: Come) -> (Uuid, Uuid) {
        let (basket, line) = (new_id(), new_id());
        let act = async |who: &Actor, request| test.act_as(who.clone(), self.shop, basket, request).await;
        let open =
            OpenBasket { basket_id: basket.into(), institution_id: self.institution, name: None, quota_reached: false };
        act(owner, BasketRequest::Open(open)).await;
        let ean = CEMETERY_ROAD.parse().unwrap();
        act(owner, BasketRequest::AddLine { line_id: line.into(), ean, quantity: 1, line_reference: None }).await;
        if come == Come::Drafting {
            return (basket, line);
        }
        // A purchaser's own basket has no way before it: he converts the draft.
        if owner.role == Role::Requester {
            act(owner, BasketRequest::SendToApprover { comment: None }).await;
            if come != Come::Sent {
                act(&self.above, BasketRequest::Validate { comment: None }).await;
            }
        } else if owner.role == Role::Approver {
            act(owner, BasketRequest::Validate { comment: None }).await;
        }
        (basket, line)
    }

    async fn quote(&self, test: &TestApp, basket: Uuid, come: Come) -> Uuid {
        let quote = new_id();
        let reference = "R1".to_owned();
        let (quote_id, basket_id) = (quote.into(), basket.into());
        let request = BasketRequest::RequestQuote { quote_id, basket_id, reference, comment: None };
        test.act_as(self.purchaser.clone(), self.shop, basket, request).await;
        if come == Come::Answered {
            let valid_until = test.clock.now().date_naive() + Days::new(9);
            let answer = QuoteRequest::Answer { lines: Vec::new(), valid_until };
            test.act_as(self.bookseller.clone(), self.shop, quote, answer).await;
        }
        quote
    }

    async fn order(&self, test: &TestApp, basket: Uuid, come: Come) -> Uuid {
        let order = new_id();
        let terms = RequestedTerms {
            delivery_mode: DeliveryMode::Pickup,
            payment_mode: PaymentMode::Invoice,
            cost_centre: None,
            deliver_to: None,
            delivery_address_id: None,
            bill_to: None,
        };
        let place = PlaceOrder {
            order_id: order.into(),
            basket_id: basket.into(),
            reference: "R1".to_owned(),
            comment: None,
            terms,
        };
        test.act_as(self.purchaser.clone(), self.shop, basket, BasketRequest::PlaceOrder(place)).await;
        if come != Come::Placed {
            let collected = OrderRequest::Acknowledge { librisoft_number: order.to_string() };
            test.act_as(self.librisoft.clone(), self.shop, order, collected).await;
        }
        if come == Come::Cancelled {
            let cancel = OrderRequest::Cancel { reason: SealText::new("because").unwrap() };
            test.act_as(self.bookseller.clone(), self.shop, order, cancel).await;
        }
        order
    }
}
