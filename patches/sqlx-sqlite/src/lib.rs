//! Deliberately empty: stands in for a driver that the lock file lists and nobody links.
