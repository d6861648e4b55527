//! The one place where ids are made.

use uuid::Uuid;

/// A new id: UUIDv7, so that ids made later sort later.
#[expect(clippy::disallowed_methods, reason = "this is the one place where ids are made")]
pub fn new_id() -> Uuid {
    Uuid::now_v7()
}

/// Namespace of ids that follow from a name. Frozen: institutions' ids in the log come from it.
const NAMESPACE: Uuid = Uuid::from_u128(0x6f1d_52b0_3c0e_4c5e_9a7c_b0de_ea00_0001);

/// The id that always stands for this name: UUIDv5 of the parts, joined by `/`.
pub fn stable_id(parts: &[&str]) -> Uuid {
    Uuid::new_v5(&NAMESPACE, parts.join("/").as_bytes())
}
