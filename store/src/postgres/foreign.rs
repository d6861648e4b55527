//! The trigger that lets programs on plain postgres-es append beside us. Off unless a setting asks for it.

use sqlx::Row;

use super::failure::Fault;
use super::link::Link;

const INSTALLED: &str =
    "SELECT count(*) FROM pg_trigger WHERE tgname = 'foreign_event' AND tgrelid = 'events'::regclass";
const INSTALL: &str = "CREATE TRIGGER foreign_event BEFORE INSERT ON events
    FOR EACH ROW WHEN (NEW.position IS NULL) EXECUTE FUNCTION place_foreign_event()";
const REMOVE: &str = "DROP TRIGGER foreign_event ON events";

/// Installs the trigger or takes it away, as the setting says; touches nothing when all is as it should be.
pub(super) async fn set(link: &mut Link, wanted: bool) -> Result<(), Fault> {
    let rows = link.rows(sqlx::query(INSTALLED)).await?;
    let installed = match rows.first() {
        Some(row) => row.try_get::<i64, _>(0)? > 0,
        None => false,
    };
    match (installed, wanted) {
        (false, true) => link.run(INSTALL).await,
        (true, false) => link.run(REMOVE).await,
        (true, true) | (false, false) => Ok(()),
    }
}
