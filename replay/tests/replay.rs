//! The auditor's tool on real stores: the demonstration on both back ends, beside a service that runs.

#[cfg(test)]
mod replay {
    mod diff;
    mod examples;
    mod frame;
    mod rebuild;
    mod show;
    mod transfer;
    mod verify;
}
