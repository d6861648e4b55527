//! Articles, institutions and terms as the tests of views need them.

use bordereau_domain::{
    AddressId, Ean, InstitutionId,
    article::{Article, ArticleKind, Availability},
    institution::{InstitutionKind, Profile},
    pricing::Discounts,
    terms::{Address, DeliveryMode, OrderTerms, PaymentMode},
};

use super::world::uuid;

pub(crate) fn article(n: u8) -> Article {
    Article {
        ean: Ean::from_prefix([9, 7, 8, 2, 0, 0, 0, 0, n / 100, n / 10 % 10, n % 10, 0]),
        title: format!("TITRE {n}"),
        author: "AUTEUR".to_owned(),
        publisher: "ÉDITEUR".to_owned(),
        price_incl_tax: "25.00".parse().expect("price"),
        vat_rate: "5.5".parse().expect("rate"),
        kind: ArticleKind::Book,
        availability: Availability::Available,
        language: None,
        published_on: None,
    }
}

pub(crate) fn profile(name: &str, number: &str) -> Profile {
    Profile {
        librisoft_number: number.to_owned(),
        kind: InstitutionKind::Library,
        name: name.to_owned(),
        city: "NANCY".to_owned(),
        discounts: Discounts { reduced_5_5: "9".parse().expect("rate"), ..Discounts::default() },
        vat_exempt: false,
        addresses: vec![Address {
            id: AddressId(uuid(77)),
            label: "SIÈGE".to_owned(),
            lines: vec!["1 rue des Lilas".to_owned()],
            postcode: "54000".to_owned(),
            city: "NANCY".to_owned(),
            country: "FR".to_owned(),
        }],
    }
}

pub(crate) fn terms(institution: InstitutionId, delivery_mode: DeliveryMode) -> OrderTerms {
    OrderTerms {
        delivered_to: institution,
        billed_to: institution,
        address: None,
        delivery_mode,
        payment_mode: PaymentMode::Invoice,
        cost_centre: None,
    }
}
