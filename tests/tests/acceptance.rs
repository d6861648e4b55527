//! What the service promises, shown through its router and its real binary.

#[cfg(test)]
mod acceptance {
    mod accounts;
    mod architecture;
    mod articles;
    mod attacks;
    mod baskets;
    mod binary;
    mod bodies;
    mod checks;
    mod conditions;
    mod demonstration;
    mod foreign;
    mod in_place;
    mod institutions;
    mod logins;
    mod nodes;
    mod orders;
    mod quotes;
    mod races;
    mod registration;
    mod rights;
    mod second_factor;
    mod sessions;
    mod values;
    mod walkthrough;
    mod way;

    /// The real binary: built of the service's own `main.rs`.
    const BINARY: &str = env!("CARGO_BIN_EXE_bordereau-under-test");
}
