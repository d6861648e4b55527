//! What the service writes is its owner's alone: links to set a password, hashes, what an institution buys.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use bordereau_api::Settings;
use bordereau_store::MailState;
use bordereau_tests::TestApp;

use super::mail::{invite, settled, start};

/// The files of a folder that somebody else might read.
fn open_to_others(folder: &Path, looked_at: &mut usize) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(open_to_others(&path, looked_at));
            continue;
        }
        // The harness's own.
        if path.ends_with("tokens.json") {
            continue;
        }
        *looked_at += 1;
        if fs::metadata(&path).unwrap().permissions().mode() & 0o077 != 0 {
            found.push(path.display().to_string());
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_on_the_machine_reads_what_the_service_writes() {
    let letters = tempfile::TempDir::new().unwrap();
    let app = TestApp::demo_with(Settings {
        smtp_url: Some(format!("folder:{}", letters.path().display())),
        public_url: Some("https://commandes.example".to_owned()),
        ..Settings::default()
    })
    .await;
    let running = start(&app).await;
    let account = invite(&app, "lea@demo.example", "Léa").await;
    settled(&app, account, MailState::Sent, 1).await;
    let (data, mut looked_at) = (app.folder.clone().unwrap(), 0);
    for folder in [data.path(), letters.path()] {
        assert_eq!(open_to_others(folder, &mut looked_at), Vec::<String>::new());
    }
    assert!(looked_at > 10, "{looked_at}");
    running.shutdown().await;
}
