//! Articles of the demonstration: the three of the manuals, classics, school books, press and stationery.

use bordereau_domain::{
    Ean, Money,
    article::{Article, ArticleKind, Availability},
};

const CLASSICS: &[(&str, &str)] = &[
    ("La Princesse de Clèves", "LA FAYETTE MADAME DE"),
    ("La Chartreuse de Parme", "STENDHAL"),
    ("La Peau de chagrin", "BALZAC HONORE DE"),
    ("La Cousine Bette", "BALZAC HONORE DE"),
    ("La Femme de trente ans", "BALZAC HONORE DE"),
    ("La Curée", "ZOLA EMILE"),
    ("La Bête humaine", "ZOLA EMILE"),
    ("La Terre", "ZOLA EMILE"),
    ("La Débâcle", "ZOLA EMILE"),
    ("La Joie de vivre", "ZOLA EMILE"),
    ("La Fortune des Rougon", "ZOLA EMILE"),
    ("La Faute de l'abbé Mouret", "ZOLA EMILE"),
    ("La Conquête de Plassans", "ZOLA EMILE"),
    ("La Reine Margot", "DUMAS ALEXANDRE"),
    ("La Dame de Monsoreau", "DUMAS ALEXANDRE"),
    ("La Tulipe noire", "DUMAS ALEXANDRE"),
    ("La Dame aux camélias", "DUMAS FILS ALEXANDRE"),
    ("La Mare au diable", "SAND GEORGE"),
    ("La Petite Fadette", "SAND GEORGE"),
    ("La Vénus d'Ille", "MERIMEE PROSPER"),
    ("La Maison Tellier", "MAUPASSANT GUY DE"),
    ("La Parure", "MAUPASSANT GUY DE"),
    ("La Jangada", "VERNE JULES"),
    ("La Maison à vapeur", "VERNE JULES"),
    ("La Nuit des rois", "SHAKESPEARE WILLIAM"),
    ("La Mégère apprivoisée", "SHAKESPEARE WILLIAM"),
    ("La Tempête", "SHAKESPEARE WILLIAM"),
    ("La Cerisaie", "TCHEKHOV ANTON"),
    ("La Mouette", "TCHEKHOV ANTON"),
    ("La Dame au petit chien", "TCHEKHOV ANTON"),
    ("La Dame de pique", "POUCHKINE ALEXANDRE"),
    ("La Fille du capitaine", "POUCHKINE ALEXANDRE"),
    ("La Sonate à Kreutzer", "TOLSTOI LEON"),
    ("La Mort d'Ivan Ilitch", "TOLSTOI LEON"),
    ("La Lettre écarlate", "HAWTHORNE NATHANIEL"),
    ("La Case de l'oncle Tom", "BEECHER STOWE HARRIET"),
    ("La Petite Dorrit", "DICKENS CHARLES"),
    ("La Machine à explorer le temps", "WELLS H. G."),
    ("La Guerre des mondes", "WELLS H. G."),
    ("La Guerre du feu", "ROSNY AINE J.-H."),
    ("La Légende des siècles", "HUGO VICTOR"),
    ("La Divine Comédie", "DANTE"),
    ("La Vie devant la fenêtre", "COLLECTIF"),
    ("Le Lac et autres poèmes", "LAMARTINE ALPHONSE DE"),
    ("Les Misérables", "HUGO VICTOR"),
    ("Notre-Dame de Paris", "HUGO VICTOR"),
    ("Quatrevingt-treize", "HUGO VICTOR"),
    ("L'Homme qui rit", "HUGO VICTOR"),
    ("Madame Bovary", "FLAUBERT GUSTAVE"),
    ("L'Éducation sentimentale", "FLAUBERT GUSTAVE"),
    ("Un cœur simple", "FLAUBERT GUSTAVE"),
    ("Salammbô", "FLAUBERT GUSTAVE"),
    ("Germinal", "ZOLA EMILE"),
    ("L'Assommoir", "ZOLA EMILE"),
    ("Nana", "ZOLA EMILE"),
    ("Au Bonheur des Dames", "ZOLA EMILE"),
    ("Thérèse Raquin", "ZOLA EMILE"),
    ("Le Père Goriot", "BALZAC HONORE DE"),
    ("Illusions perdues", "BALZAC HONORE DE"),
    ("Eugénie Grandet", "BALZAC HONORE DE"),
    ("Le Rouge et le Noir", "STENDHAL"),
    ("Bel-Ami", "MAUPASSANT GUY DE"),
    ("Une vie", "MAUPASSANT GUY DE"),
    ("Le Horla", "MAUPASSANT GUY DE"),
    ("Boule de suif", "MAUPASSANT GUY DE"),
    ("Les Trois Mousquetaires", "DUMAS ALEXANDRE"),
    ("Vingt ans après", "DUMAS ALEXANDRE"),
    ("Le Comte de Monte-Cristo", "DUMAS ALEXANDRE"),
    ("Vingt mille lieues sous les mers", "VERNE JULES"),
    ("L'Île mystérieuse", "VERNE JULES"),
    ("Le Tour du monde en quatre-vingts jours", "VERNE JULES"),
    ("Michel Strogoff", "VERNE JULES"),
    ("Voyage au centre de la Terre", "VERNE JULES"),
    ("De la Terre à la Lune", "VERNE JULES"),
    ("Les Enfants du capitaine Grant", "VERNE JULES"),
    ("Le Château des Carpathes", "VERNE JULES"),
    ("L'Avare", "MOLIERE"),
    ("Le Malade imaginaire", "MOLIERE"),
    ("Le Misanthrope", "MOLIERE"),
    ("Tartuffe", "MOLIERE"),
    ("Dom Juan", "MOLIERE"),
    ("Les Fourberies de Scapin", "MOLIERE"),
    ("Phèdre", "RACINE JEAN"),
    ("Andromaque", "RACINE JEAN"),
    ("Britannicus", "RACINE JEAN"),
    ("Le Cid", "CORNEILLE PIERRE"),
    ("Horace", "CORNEILLE PIERRE"),
    ("Candide", "VOLTAIRE"),
    ("Zadig", "VOLTAIRE"),
    ("Micromégas", "VOLTAIRE"),
    ("Lettres persanes", "MONTESQUIEU"),
    ("Les Confessions", "ROUSSEAU JEAN-JACQUES"),
    ("Émile ou De l'éducation", "ROUSSEAU JEAN-JACQUES"),
    ("Jacques le Fataliste", "DIDEROT DENIS"),
    ("Le Neveu de Rameau", "DIDEROT DENIS"),
    ("Le Mariage de Figaro", "BEAUMARCHAIS"),
    ("Le Barbier de Séville", "BEAUMARCHAIS"),
    ("Les Fleurs du mal", "BAUDELAIRE CHARLES"),
    ("Une saison en enfer", "RIMBAUD ARTHUR"),
    ("Romances sans paroles", "VERLAINE PAUL"),
    ("Alcools", "APOLLINAIRE GUILLAUME"),
    ("Du côté de chez Swann", "PROUST MARCEL"),
    ("À l'ombre des jeunes filles en fleurs", "PROUST MARCEL"),
    ("Le Grand Meaulnes", "ALAIN-FOURNIER"),
    ("L'été des Vosges", "COLLECTIF"),
    ("Cyrano de Bergerac", "ROSTAND EDMOND"),
    ("Lorenzaccio", "MUSSET ALFRED DE"),
    ("On ne badine pas avec l'amour", "MUSSET ALFRED DE"),
    ("Les Fables", "LA FONTAINE JEAN DE"),
    ("Les Caractères", "LA BRUYERE JEAN DE"),
    ("Maximes", "LA ROCHEFOUCAULD FRANCOIS DE"),
    ("Gargantua", "RABELAIS FRANCOIS"),
    ("Pantagruel", "RABELAIS FRANCOIS"),
    ("Les Essais", "MONTAIGNE MICHEL DE"),
    ("Tristan et Iseut", "BEROUL"),
    ("Yvain ou le Chevalier au lion", "CHRETIEN DE TROYES"),
    ("Perceval ou le Conte du Graal", "CHRETIEN DE TROYES"),
    ("L'Odyssée", "HOMERE"),
    ("L'Iliade", "HOMERE"),
    ("Antigone", "SOPHOCLE"),
    ("Œdipe roi", "SOPHOCLE"),
    ("Les Métamorphoses", "OVIDE"),
    ("Hamlet", "SHAKESPEARE WILLIAM"),
    ("Macbeth", "SHAKESPEARE WILLIAM"),
    ("Roméo et Juliette", "SHAKESPEARE WILLIAM"),
    ("Orgueil et Préjugés", "AUSTEN JANE"),
    ("Raison et Sentiments", "AUSTEN JANE"),
    ("Jane Eyre", "BRONTE CHARLOTTE"),
    ("Les Hauts de Hurlevent", "BRONTE EMILY"),
    ("Frankenstein", "SHELLEY MARY"),
    ("Dracula", "STOKER BRAM"),
    ("L'Île au trésor", "STEVENSON ROBERT LOUIS"),
    ("Le Livre de la jungle", "KIPLING RUDYARD"),
    ("Croc-Blanc", "LONDON JACK"),
    ("L'Appel de la forêt", "LONDON JACK"),
    ("Moby Dick", "MELVILLE HERMAN"),
    ("Les Aventures de Tom Sawyer", "TWAIN MARK"),
    ("Crime et Châtiment", "DOSTOIEVSKI FEDOR"),
    ("L'Idiot", "DOSTOIEVSKI FEDOR"),
    ("Anna Karénine", "TOLSTOI LEON"),
    ("Guerre et Paix", "TOLSTOI LEON"),
    ("Don Quichotte", "CERVANTES MIGUEL DE"),
    ("Les Souffrances du jeune Werther", "GOETHE JOHANN WOLFGANG VON"),
    ("Faust", "GOETHE JOHANN WOLFGANG VON"),
    ("Contes", "PERRAULT CHARLES"),
    ("Contes", "ANDERSEN HANS CHRISTIAN"),
    ("Contes", "GRIMM JACOB ET WILHELM"),
    ("Sans famille", "MALOT HECTOR"),
    ("Poil de carotte", "RENARD JULES"),
    ("Les Malheurs de Sophie", "SEGUR COMTESSE DE"),
    ("Pinocchio", "COLLODI CARLO"),
    ("Alice au pays des merveilles", "CARROLL LEWIS"),
    ("Heidi", "SPYRI JOHANNA"),
    ("Les Quatre Filles du docteur March", "ALCOTT LOUISA MAY"),
];

const PUBLISHERS: &[&str] = &["ÉDITIONS DU PARVIS", "LES CLASSIQUES DE POCHE", "LA PLUME D'OIE", "ATELIER DES LETTRES"];

const SUBJECTS: &[&str] = &["Mathématiques", "Français", "Histoire-géographie", "Sciences de la vie", "Anglais"];
const YEARS: &[&str] = &["6e", "5e", "4e", "3e"];

const OTHERS: &[(&str, &str)] = &[
    ("Carnet ligné, 96 pages", "20"),
    ("Marque-pages, lot de 50", "20"),
    ("Film de protection, rouleau de 25 m", "20"),
    ("Étiquettes de cote, 500 pièces", "20"),
    ("Agenda scolaire", "20"),
    ("Puzzle Europe, 200 pièces", "20"),
];

const PRESS: &[&str] = &["Revue des bibliothèques, n° 112", "Le Petit Observateur, n° 48", "Sciences jeunes, n° 301"];

fn book(ean: &str, title: &str, author: &str, publisher: &str, cents: i64) -> Option<Article> {
    Some(Article {
        ean: Ean::parse(ean).ok()?,
        title: title.to_owned(),
        author: author.to_owned(),
        publisher: publisher.to_owned(),
        price_incl_tax: Money::from_cents(cents),
        vat_rate: "5.5".parse().ok()?,
        kind: ArticleKind::Book,
        availability: Availability::Available,
        language: Some("fr".to_owned()),
        published_on: None,
    })
}

/// An EAN of the demonstration's own range.
fn made_up(series: u8, number: usize) -> String {
    let mut prefix = [9, 7, 9, 1, 0, 9, 9, 0, 0, 0, 0, 0];
    prefix[7] = series;
    for (digit, power) in prefix[8..].iter_mut().zip([1000, 100, 10, 1]) {
        *digit = u8::try_from(number / power % 10).unwrap_or(0);
    }
    Ean::from_prefix(prefix).to_string()
}

/// What cannot be ordered, one for each code from 2 to 9 at least.
const UNAVAILABLE: [Availability; 10] = [
    Availability::NotYetPublished,
    Availability::Reprinting,
    Availability::TemporarilyUnavailable,
    Availability::NoLongerDistributed,
    Availability::Discontinued,
    Availability::MissingWithoutDate,
    Availability::ToReappear,
    Availability::PublicationAbandoned,
    Availability::Reprinting,
    Availability::MissingWithoutDate,
];

/// Every article of the demonstration.
pub fn articles() -> Vec<Article> {
    let mut all: Vec<Option<Article>> = vec![
        book("9782330150136", "CEMETERY ROAD", "ILES GREG", "ACTES SUD", 2500),
        book("9782362210419", "PETIT TRAITÉ DE LECTURE À VOIX HAUTE", "COLLECTIF", "LA PLUME D'OIE", 640),
        book("9791097284657", "LE GUIDE DU CLUB DE LECTURE", "COLLECTIF", "ATELIER DES LETTRES", 1490),
    ];
    for (n, (title, author)) in CLASSICS.iter().enumerate() {
        let publisher = PUBLISHERS[n % PUBLISHERS.len()];
        let cents = i64::try_from(450 + n * 137 % 2600 / 10 * 10).unwrap_or(990);
        let mut article = book(&made_up(0, n), title, author, publisher, cents);
        // The last ten cannot be ordered.
        if let (Some(article), Some(rank)) = (&mut article, n.checked_sub(CLASSICS.len() - UNAVAILABLE.len())) {
            article.availability = UNAVAILABLE[rank];
        }
        all.push(article);
    }
    for (n, (subject, year)) in SUBJECTS.iter().flat_map(|s| YEARS.iter().map(move |y| (s, y))).enumerate() {
        let title = format!("{subject} {year}, manuel de l'élève");
        let article = book(
            &made_up(1, n),
            &title,
            "COLLECTIF",
            "ÉDITIONS DU PARVIS",
            2150 + 35 * i64::try_from(n % 7).unwrap_or(0),
        );
        all.push(article.map(|article| Article { kind: ArticleKind::SchoolBook, ..article }));
    }
    for (n, title) in PRESS.iter().enumerate() {
        let article = book(&made_up(2, n), title, "", "PRESSE DU PARVIS", 690);
        let press = |article| Some(Article { kind: ArticleKind::Press, vat_rate: "2.1".parse().ok()?, ..article });
        all.push(article.and_then(press));
    }
    for (n, (title, rate)) in OTHERS.iter().enumerate() {
        let article =
            book(&made_up(3, n), title, "", "FOURNITURES DU PARVIS", 350 + 120 * i64::try_from(n).unwrap_or(0));
        let other = |article| Some(Article { kind: ArticleKind::Other, vat_rate: rate.parse().ok()?, ..article });
        all.push(article.and_then(other));
    }
    for n in 0..20 {
        let title = format!("Contes et récits de Lorraine, volume {}", n + 1);
        all.push(book(&made_up(4, n), &title, "COLLECTIF", "ATELIER DES LETTRES", 1250));
    }
    all.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_catalogue_has_what_was_promised() {
        let all = articles();
        let eans: BTreeSet<_> = all.iter().map(|article| article.ean).collect();
        assert_eq!(eans.len(), all.len());
        assert!(all.len() >= 200, "{}", all.len());
        let la = |title: &str| title.to_lowercase().split([' ', '\'']).any(|word| word.starts_with("la"));
        assert!(all.iter().filter(|article| la(&article.title)).count() >= 40);
        assert_eq!(all.iter().filter(|article| article.kind == ArticleKind::SchoolBook).count(), 20);
        let codes: Vec<_> = all.iter().map(|a| a.availability).filter(|a| !a.is_orderable()).collect();
        assert_eq!(codes.len(), 10);
        assert_eq!(codes.iter().copied().collect::<BTreeSet<_>>().len(), 8);
        assert!(all.iter().all(|article| article.check().is_ok()));
    }
}
