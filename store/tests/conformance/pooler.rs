//! Behind `PgBouncer` in transaction mode as Debian ships it: no startup options, no prepared statements, every
//! transaction perhaps on another server connection. `./test` installs it; without it there is nothing to run here.

use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use crate::conformance::bench::Bench;
use crate::conformance::cluster::{Cluster, as_nobody_special};
use crate::conformance::{access, appending, articles, load, sessions, sharing, vault};

const PROGRAM: &str = "/usr/sbin/pgbouncer";

struct Pooler {
    child: Child,
    port: u16,
    _folder: TempDir,
}

impl Pooler {
    async fn before(server: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let (_, place) = server.split_once('@').unwrap();
        let (address, _) = place.split_once('/').unwrap();
        let (host, server_port) = address.split_once(':').unwrap();
        let users = folder.path().join("users.txt");
        std::fs::write(&users, "\"bordereau\" \"\"\n").unwrap();
        let settings = folder.path().join("pgbouncer.ini");
        let text = format!(
            "[databases]\n* = host={host} port={server_port}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
             auth_type = trust\nauth_file = {}\npool_mode = transaction\ndefault_pool_size = 5\nunix_socket_dir =\n",
            users.display()
        );
        std::fs::write(&settings, text).unwrap();
        make_readable(folder.path());
        let child = as_nobody_special(PROGRAM)
            .arg(&settings)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let pooler = Self { child, port, _folder: folder };
        let mut ticks = tokio::time::interval(Duration::from_millis(20));
        for _ in 0..500 {
            ticks.tick().await;
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return pooler;
            }
        }
        panic!("PgBouncer did not start");
    }

    /// A bench whose store goes through the pooler to a fresh database.
    async fn bench(&self) -> Bench {
        let direct = Cluster::fresh_database().await;
        let (_, database) = direct.rsplit_once('/').unwrap();
        Bench::at(&format!("postgres://bordereau@127.0.0.1:{}/{database}", self.port))
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

#[cfg(unix)]
fn make_readable(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755)).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn everything_works_behind_a_pooler_that_lends_connections_by_the_transaction() {
    if !Path::new(PROGRAM).exists() {
        return;
    }
    let pooler = Pooler::before(&Cluster::fresh_database().await).await;
    appending::events_are_read_back_as_they_were_written(pooler.bench().await).await;
    appending::a_key_is_used_once_also_after_a_reopening(pooler.bench().await).await;
    appending::a_poisoned_command_fails_alone(pooler.bench().await).await;
    appending::a_code_that_is_no_code_opens_nothing(pooler.bench().await).await;
    sharing::a_claim_is_held_by_one(pooler.bench().await).await;
    sharing::followers_hear_of_events_and_articles(pooler.bench().await).await;
    sharing::refusals_are_kept_once_a_second(pooler.bench().await).await;
    sessions::sessions_follow_the_account_in_the_same_transaction(pooler.bench().await).await;
    access::two_at_once_use_a_reset_link_once(pooler.bench().await).await;
    articles::a_broken_article_undoes_the_whole_call(pooler.bench().await).await;
    vault::what_is_sealed_can_be_opened_after_a_reopening(pooler.bench().await).await;
    load::every_fresh_command_is_stored_and_every_stale_one_refused(pooler.bench().await).await;
    load::one_value_is_claimed_once_over_two_nodes(pooler.bench().await).await;
}
