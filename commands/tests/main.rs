//! Commands on a real store: what is written, what is answered again, who wins a race, and what never shows.

#[cfg(test)]
mod accounts;
#[cfg(test)]
mod bench;
#[cfg(test)]
#[path = "../../store/tests/conformance/cluster.rs"]
#[expect(dead_code, reason = "the store's own suite uses more of it")]
mod cluster;
#[cfg(test)]
mod framework;
#[cfg(test)]
mod postgres_es;
#[cfg(test)]
mod privacy;
#[cfg(test)]
mod racing;
#[cfg(test)]
mod repeating;
#[cfg(test)]
mod selling;
#[cfg(test)]
mod writing;
