//! People of the demonstration who wait for their account, were refused one, or have left: every list of accounts shows
//! somebody.

use bordereau_commands::{
    AccountRequest, Application, Organisation, SealText, SentInstitution, ShopRequest, stable_id,
};
use bordereau_domain::{AccountId, Actor, Role, account::Account};

use super::{PASSWORD, cast::Company, stories::Player};

/// The shop where people ask for accounts themselves.
const SHOP: &str = "DLIVRE";

/// Who waits, and for which organisation.
const WAITING: [(&str, &str, &str); 3] = [
    ("mairie@demo.example", "Hélène Marchal", "Mairie de Lunéville"),
    ("college@demo.example", "Karim Benali", "Collège Charles-Guérin"),
    ("crous@demo.example", "Sophie Weber", "CROUS Lorraine"),
];
/// Who was refused.
const REFUSED: [(&str, &str, &str); 3] = [
    ("particulier@demo.example", "Luc Simon", "Luc Simon"),
    ("negoce@demo.example", "Marc Thiébaut", "Négoce de papier Thiébaut"),
    ("test@demo.example", "Test Test", "Test"),
];
/// Who has left, and the client number he acted for.
const GONE: [(&str, &str, &str); 3] = [
    ("ancien.1@demo.example", "Odile Humbert", "5"),
    ("ancien.2@demo.example", "Pierre Noël", "1"),
    ("ancien.3@demo.example", "Yvette Colin", "2"),
];

/// Lets them come and go.
pub async fn arrive(player: &Player<'_>, company: &Company) -> anyhow::Result<()> {
    if player.shop.as_str() != SHOP {
        return Ok(());
    }
    let open = ShopRequest::SetRegistration { open: true };
    player.act(&company.bookseller, player.shop.clone(), "registration", open).await?;
    let hash = player.app.passwords.hash(PASSWORD.to_owned()).await;
    let hash = hash.map_err(|problem| anyhow::anyhow!("{}", problem.slug))?;
    for (email, name, organisation) in WAITING {
        ask(player, email, name, organisation, &hash).await?;
    }
    for (email, name, organisation) in REFUSED {
        let account = ask(player, email, name, organisation, &hash).await?;
        let message = Some(SealText::new("Ces comptes sont réservés aux collectivités.")?);
        player.act(&company.bookseller, account, "decline", AccountRequest::Decline { message }).await?;
    }
    for (email, name, number) in GONE {
        leave(player, company, email, name, number).await?;
    }
    Ok(())
}

fn account_of(email: &str) -> AccountId {
    AccountId(stable_id(&["demo", "account", email]))
}

async fn exists(player: &Player<'_>, account: AccountId) -> anyhow::Result<bool> {
    let ask = |account: &Account| account.status().is_some();
    Ok(player.app.commands.peek::<Account, _>(player.shop.as_str(), &account.to_string(), ask).await?.value)
}

async fn ask(
    player: &Player<'_>,
    email: &str,
    name: &str,
    organisation: &str,
    hash: &str,
) -> anyhow::Result<AccountId> {
    let account_id = account_of(email);
    if exists(player, account_id).await? {
        return Ok(account_id);
    }
    let request = Application {
        account_id,
        email: SealText::new(email)?,
        name: SealText::new(name)?,
        phone: None,
        organisation: Organisation {
            company: SealText::new(organisation)?,
            vat_number: Some(SealText::new("FR00000000000")?),
            chamber_number: None,
            department: None,
        },
        password_hash: Some(hash.to_owned()),
    };
    let newcomer = Actor::new(account_id, Role::Requester, Vec::new());
    player.act(&newcomer, account_id, "request", AccountRequest::Request(Box::new(request))).await?;
    Ok(account_id)
}

async fn leave(player: &Player<'_>, company: &Company, email: &str, name: &str, number: &str) -> anyhow::Result<()> {
    let account_id = account_of(email);
    if !exists(player, account_id).await? {
        let request = AccountRequest::Open {
            account_id,
            email: SealText::new(email)?,
            name: SealText::new(name)?,
            phone: None,
            role: Role::Requester,
            institutions: vec![SentInstitution::id_of(&player.shop, number)],
            establishment: None,
            password_hash: None,
        };
        player.act(&company.bookseller, account_id, "open", request).await?;
    }
    player.act(&company.bookseller, account_id, "deactivate", AccountRequest::Deactivate { account_id }).await
}
