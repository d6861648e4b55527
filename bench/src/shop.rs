//! The place where the clients work: a bookshop with one library, a catalogue, and one account per client.

use anyhow::Context;
use bordereau_api::Clock;
use bordereau_commands::{
    AccountRequest, Commands, Envelope, Housed, InstitutionRequest, Request, SealText, SentInstitution, ShopRequest,
    new_id,
};
use bordereau_domain::{
    AccountId, Actor, Ean, InstitutionId, Money, Role, ShopCode,
    article::{Article, ArticleKind, Availability},
    institution::{InstitutionKind, Standing},
    pricing::{Conditions, Discounts},
};
use bordereau_store::ArticlePut;

/// The ledger.
pub const CODE: &str = "DLIVRE";
/// The library's number in the management system.
const LIBRARY: &str = "8010000696914";
/// Titles in the catalogue.
const TITLES: usize = 200;

/// A bookshop that is ready for work.
#[derive(Debug)]
pub struct Shop {
    /// The library.
    pub institution: InstitutionId,
    /// What a basket asks of the library.
    pub standing: Standing,
    /// The catalogue.
    pub articles: Vec<Article>,
    /// The library's requesters, one per client.
    pub people: Vec<Person>,
}

/// A requester.
#[derive(Clone, Debug)]
pub struct Person {
    /// As the log knows him.
    pub actor: Actor,
    /// His login.
    pub email: String,
}

impl Shop {
    /// Opens it by commands, with this many accounts, which all have the password behind `password_hash`.
    ///
    /// # Errors
    /// When a command is refused.
    pub async fn open(
        commands: &Commands,
        clock: &Clock,
        people: usize,
        password_hash: Option<&str>,
    ) -> anyhow::Result<Self> {
        let code: ShopCode = CODE.parse()?;
        let founder = Founder { commands, clock, code: &code };
        founder.act(Actor::system(), CODE.to_owned(), opening(&code)).await?;
        let librisoft = Actor::new(AccountId(new_id()), Role::Librisoft, Vec::new());
        let (institution, discounts) = (SentInstitution::id_of(&code, LIBRARY), discounts()?);
        founder.act(librisoft, institution.to_string(), library(discounts)).await?;
        let articles: Vec<_> = (0..TITLES).map(article).collect::<anyhow::Result<_>>()?;
        founder.put(&articles).await?;
        let mut opened = Vec::with_capacity(people);
        for number in 0..people {
            opened.push(founder.employ(number, institution, password_hash).await?);
        }
        let standing = Standing { conditions: Conditions { discounts, vat_exempt: false }, ..Standing::default() };
        Ok(Self { institution, standing, articles, people: opened })
    }
}

struct Founder<'a> {
    commands: &'a Commands,
    clock: &'a Clock,
    code: &'a ShopCode,
}

impl Founder<'_> {
    async fn act<R: Request>(&self, actor: Actor, id: String, request: R) -> anyhow::Result<()>
    where
        R::Decider: Housed,
    {
        let envelope = Envelope::new(self.code.clone(), actor, self.clock.now(), "cli");
        self.commands.execute(envelope, id, request).await?;
        Ok(())
    }

    async fn put(&self, articles: &[Article]) -> anyhow::Result<()> {
        let put = |article: &Article| {
            Ok(ArticlePut {
                ean: article.ean.to_string(),
                body: serde_json::to_string(article)?,
                price_incl_tax: article.price_incl_tax.to_string(),
                vat_rate: article.vat_rate.to_string(),
            })
        };
        let puts = articles.iter().map(put).collect::<serde_json::Result<_>>()?;
        self.commands.store().put_articles(CODE, puts, self.clock.micros()).await?;
        Ok(())
    }

    async fn employ(&self, number: usize, library: InstitutionId, password: Option<&str>) -> anyhow::Result<Person> {
        let account_id = AccountId(new_id());
        let email = format!("utilisateur-{number}@bench.example");
        let request = AccountRequest::Open {
            account_id,
            email: SealText::new(&email)?,
            name: SealText::new("Camille Aubert")?,
            phone: None,
            role: Role::Requester,
            institutions: vec![library],
            establishment: None,
            password_hash: password.map(str::to_owned),
        };
        self.act(Actor::system(), account_id.to_string(), request).await.context("an account")?;
        Ok(Person { actor: Actor::new(account_id, Role::Requester, vec![library]), email })
    }
}

fn opening(code: &ShopCode) -> ShopRequest {
    ShopRequest::Open {
        code: code.clone(),
        name: "DLIVRE".to_owned(),
        country: "FR".to_owned(),
        currency: "EUR".to_owned(),
        time_zone: "Europe/Paris".to_owned(),
    }
}

fn discounts() -> anyhow::Result<Discounts> {
    Ok(Discounts { reduced_5_5: "9".parse()?, ..Discounts::default() })
}

fn library(discounts: Discounts) -> InstitutionRequest {
    InstitutionRequest::Synchronise(Box::new(SentInstitution {
        librisoft_number: LIBRARY.to_owned(),
        kind: InstitutionKind::Library,
        name: "Médiathèque de l'Orangerie".to_owned(),
        city: "LUNEVILLE".to_owned(),
        discounts,
        blocked: false,
        vat_exempt: false,
        addresses: Vec::new(),
    }))
}

fn article(number: usize) -> anyhow::Result<Article> {
    let digit = |unit: usize| u8::try_from(number / unit % 10);
    let ean = Ean::from_prefix([9, 7, 8, 2, 3, 3, 0, 1, 5, digit(100)?, digit(10)?, digit(1)?]);
    Ok(Article {
        ean,
        title: format!("LA BIBLIOTHEQUE TOME {number}"),
        author: "ILES GREG".to_owned(),
        publisher: "ACTES SUD".to_owned(),
        price_incl_tax: Money::from_cents(640 + i64::try_from(number)? * 15),
        vat_rate: "5.5".parse()?,
        kind: ArticleKind::Book,
        availability: Availability::Available,
        language: Some("fr".to_owned()),
        published_on: None,
    })
}
