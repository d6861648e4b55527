//! Who is in the demonstration: shops, institutions, accounts and keys.

use anyhow::Context;
use bordereau_commands::{
    AccountRequest, InstitutionRequest, SealText, SentAddress, SentInstitution, ShopRequest, stable_id,
};
use bordereau_domain::{
    AccountId, Actor, InstitutionId, Role, account::Account, institution::InstitutionKind, pricing::Discounts,
};
use bordereau_store::{ArticlePut, NewApiKey};

use super::{PASSWORD, catalogue, stories::Player};
use crate::auth::token_hash;

/// A shop of the demonstration.
pub struct ShopCast {
    /// Its code.
    pub code: &'static str,
    name: &'static str,
    clients: &'static [Client],
    people: &'static [PersonCast],
    keys: [(&'static str, Role); 2],
}

struct Client {
    number: &'static str,
    kind: InstitutionKind,
    name: &'static str,
    city: &'static str,
    /// School, 2.1 %, 5.5 %, 20 %.
    discounts: [&'static str; 4],
    addresses: &'static [(&'static str, &'static str, &'static str)],
}

struct PersonCast {
    email: &'static str,
    name: &'static str,
    role: Role,
}

/// The shops.
pub const SHOPS: [ShopCast; 2] = [
    ShopCast {
        code: "DLIVRE",
        name: "DLIVRE",
        clients: &[
            Client {
                number: "8010000696914",
                kind: InstitutionKind::Library,
                name: "Médiathèque de l'Orangerie",
                city: "Lunéville",
                discounts: ["0", "0", "9", "0"],
                addresses: &[
                    ("ADRESSE PRINCIPALE", "25, rue de Bruges", "54300"),
                    ("ANNEXE", "2, rue des Jonquilles", "54300"),
                    ("ADRESSE SECONDAIRE", "2, rue des Érables", "54300"),
                ],
            },
            client("5", "JULIEN BARTHELEMY", "54290", ["0", "0", "5", "0"]),
            client("1", "CHRISTOPHE CHAILAN", "54230 CHAUVIGNY", ["0", "0", "0", "0"]),
            client("2", "MICHAEL DENIS", "54000 NANCY", ["0", "5", "5", "10"]),
            Client {
                kind: InstitutionKind::School,
                ..client("16", "ECOLE JULES FERRY", "NANCY", ["0", "0", "9", "0"])
            },
        ],
        people: &[
            PersonCast { email: "utilisateur@demo.example", name: "Camille Aubert", role: Role::Requester },
            PersonCast { email: "approbateur@demo.example", name: "Michel Denis", role: Role::Approver },
            PersonCast { email: "collectivite@demo.example", name: "Christine Chailan", role: Role::Purchaser },
            PersonCast { email: "libraire@demo.example", name: "Julie Barthélemy", role: Role::Bookseller },
            PersonCast { email: "auditeur@demo.example", name: "Antoine Perrin", role: Role::Auditor },
        ],
        keys: [("demo-integrator", Role::Integrator), ("demo-librisoft", Role::Librisoft)],
    },
    ShopCast {
        code: "PARVIS",
        name: "Librairie du Parvis",
        clients: &[client("1", "Bibliothèque du Parvis", "57000 METZ", ["0", "0", "9", "0"])],
        people: &[
            PersonCast { email: "utilisateur@parvis.example", name: "Nora Klein", role: Role::Requester },
            PersonCast { email: "collectivite@parvis.example", name: "Paul Hoffmann", role: Role::Purchaser },
            PersonCast { email: "libraire@parvis.example", name: "Inès Muller", role: Role::Bookseller },
        ],
        keys: [("parvis-integrator", Role::Integrator), ("parvis-librisoft", Role::Librisoft)],
    },
];

const fn client(number: &'static str, name: &'static str, city: &'static str, discounts: [&'static str; 4]) -> Client {
    Client { number, kind: InstitutionKind::Library, name, city, discounts, addresses: &[] }
}

/// The people of a shop's first institution, ready to act.
pub struct Company {
    /// Prepares baskets.
    pub requester: Actor,
    /// Checks them, where there is one.
    pub approver: Option<Actor>,
    /// Orders.
    pub purchaser: Actor,
    /// Answers.
    pub bookseller: Actor,
    /// The management system.
    pub librisoft: Actor,
    /// Their institution.
    pub institution: InstitutionId,
}

/// Opens the shop with its catalogue, institutions, accounts and keys.
pub async fn engage(player: &Player<'_>, cast: &ShopCast) -> anyhow::Result<Company> {
    open_shop(player, cast).await?;
    put_keys(player, cast).await?;
    put_articles(player).await?;
    let librisoft = Actor::new(AccountId(key_id(cast.keys[1].0)), Role::Librisoft, Vec::new());
    for client in cast.clients {
        let sent = sent(client)?;
        let id = SentInstitution::id_of(&player.shop, client.number);
        player.act(&librisoft, id, "synchronise", InstitutionRequest::Synchronise(Box::new(sent))).await?;
    }
    let first = cast.clients.first().context("a shop has a client")?;
    let institution = SentInstitution::id_of(&player.shop, first.number);
    let mut actors = Vec::new();
    for person in cast.people {
        actors.push(open_account(player, person, institution).await?);
    }
    let find = |role: Role| actors.iter().find(|actor| actor.role == role).cloned();
    Ok(Company {
        requester: find(Role::Requester).context("a requester")?,
        approver: find(Role::Approver),
        purchaser: find(Role::Purchaser).context("a purchaser")?,
        bookseller: find(Role::Bookseller).context("a bookseller")?,
        librisoft,
        institution,
    })
}

async fn open_shop(player: &Player<'_>, cast: &ShopCast) -> anyhow::Result<()> {
    if player.app.store.head(player.shop.as_str()).await?.is_some() {
        return Ok(());
    }
    let request = ShopRequest::Open {
        code: player.shop.clone(),
        name: cast.name.to_owned(),
        country: "FR".to_owned(),
        currency: "EUR".to_owned(),
        time_zone: "Europe/Paris".to_owned(),
    };
    player.act(&Actor::system(), player.shop.clone(), "open", request).await
}

fn key_id(token: &str) -> uuid::Uuid {
    stable_id(&["demo", "key", token])
}

async fn put_keys(player: &Player<'_>, cast: &ShopCast) -> anyhow::Result<()> {
    for (token, role) in cast.keys {
        let key = NewApiKey {
            ledger: player.shop.to_string(),
            id: key_id(token),
            key_hash: token_hash(token),
            role: role.to_string(),
            label: token.to_owned(),
            created_at: player.app.clock.micros(),
        };
        player.app.store.put_api_key(key).await?;
    }
    Ok(())
}

async fn put_articles(player: &Player<'_>) -> anyhow::Result<()> {
    let put = |article: &bordereau_domain::article::Article| {
        Ok(ArticlePut {
            ean: article.ean.to_string(),
            body: serde_json::to_string(article)?,
            price_incl_tax: article.price_incl_tax.to_string(),
            vat_rate: article.vat_rate.to_string(),
        })
    };
    let puts = catalogue::articles().iter().map(put).collect::<serde_json::Result<_>>()?;
    player.app.store.put_articles(player.shop.as_str(), puts, player.app.clock.micros()).await?;
    Ok(())
}

fn sent(client: &Client) -> anyhow::Result<SentInstitution> {
    let [school, reduced_2_1, reduced_5_5, normal_20] = client.discounts;
    let address = |(label, street, postcode): &(&str, &str, &str)| SentAddress {
        id: None,
        label: (*label).to_owned(),
        lines: vec![(*street).to_owned()],
        postcode: (*postcode).to_owned(),
        city: client.city.to_owned(),
        country: "FR".to_owned(),
    };
    Ok(SentInstitution {
        librisoft_number: client.number.to_owned(),
        kind: client.kind,
        name: client.name.to_owned(),
        city: client.city.to_owned(),
        discounts: Discounts {
            school: school.parse()?,
            reduced_2_1: reduced_2_1.parse()?,
            reduced_5_5: reduced_5_5.parse()?,
            normal_20: normal_20.parse()?,
        },
        blocked: false,
        vat_exempt: false,
        addresses: client.addresses.iter().map(address).collect(),
    })
}

async fn open_account(player: &Player<'_>, person: &PersonCast, institution: InstitutionId) -> anyhow::Result<Actor> {
    let account_id = AccountId(stable_id(&["demo", "account", person.email]));
    let institutions = if person.role.is_institutional() { vec![institution] } else { Vec::new() };
    let actor = Actor::new(account_id, person.role, institutions.clone());
    let ask = |account: &Account| account.opened().is_some();
    let id = account_id.to_string();
    if player.app.commands.peek::<Account, _>(player.shop.as_str(), &id, ask).await?.value {
        return Ok(actor);
    }
    let hash = player.app.passwords.hash(PASSWORD.to_owned()).await;
    let request = AccountRequest::Open {
        account_id,
        email: SealText::new(person.email)?,
        name: SealText::new(person.name)?,
        phone: None,
        role: person.role,
        institutions,
        establishment: None,
        password_hash: Some(hash.map_err(|problem| anyhow::anyhow!("{}", problem.slug))?),
    };
    player.act(&Actor::system(), account_id, "open", request).await?;
    Ok(actor)
}
