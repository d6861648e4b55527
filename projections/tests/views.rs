//! Every view on a real store: what stands where after which act, and that a rebuilt view equals a live one.

#[cfg(test)]
mod views {
    pub(crate) mod articles;
    pub(crate) mod baskets;
    pub(crate) mod delegations;
    pub(crate) mod frame;
    pub(crate) mod histories;
    pub(crate) mod institutions;
    pub(crate) mod librisoft;
    pub(crate) mod orders;
    pub(crate) mod quotes;
    pub(crate) mod rebuild;
    pub(crate) mod samples;
    pub(crate) mod world;
}
