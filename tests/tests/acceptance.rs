//! What the service promises, shown through its router and its real binary.

#[cfg(test)]
mod acceptance {
    mod account_pages;
    mod accounts;
    mod after_erasure;
    mod architecture;
    mod article_pages;
    mod articles;
    mod as_of;
    mod at_once;
    mod at_the_door;
    mod attacks;
    mod audit;
    mod backup;
    mod basket_pages;
    mod baskets;
    mod binary;
    mod bodies;
    mod bookshop_pages;
    mod browser_safety;
    mod canary;
    mod checks;
    mod client_choices;
    mod conditions;
    mod crash;
    mod demonstration;
    mod document_pages;
    mod ended_sessions;
    mod erasure;
    mod exports;
    mod foreign;
    mod foreign_objects;
    mod harmful_texts;
    mod in_place;
    mod institution_pages;
    mod institutions;
    mod limits;
    mod list_pages;
    mod lists;
    mod live;
    mod locked;
    mod logins;
    mod mail;
    mod mail_links;
    mod mail_server;
    mod nodes;
    mod orders;
    mod organisation;
    mod page_rights;
    mod pages;
    mod people_pages;
    mod privacy_pages;
    mod private_files;
    mod quotes;
    mod races;
    mod refused_forms;
    mod registration;
    mod restored;
    mod retention;
    mod rights;
    mod schemas;
    mod second_factor;
    mod sessions;
    mod story_pages;
    mod streams;
    mod values;
    mod views;
    mod walkthrough;
    mod warnings;
    mod way;

    use std::path::Path;

    use bordereau_tests::{Ended, run};

    /// The real binary: built of the service's own `main.rs`.
    const BINARY: &str = env!("CARGO_BIN_EXE_bordereau-under-test");
    /// The auditor's tool, in the same way.
    const REPLAY: &str = env!("CARGO_BIN_EXE_bordereau-replay-under-test");

    /// Runs a subcommand of the service on a data folder.
    fn bordereau(data: &Path, arguments: &[&str]) -> Ended {
        run(Path::new(BINARY), &[&["--data", data.to_str().unwrap()], arguments].concat(), "")
    }
}
