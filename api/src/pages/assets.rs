//! The files that pages load: in the binary, each under an address that changes with its bytes, so that a browser may
//! keep it for ever.

use std::sync::LazyLock;

use axum::{
    extract::Path,
    http::header,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use super::doors::{Pages, Who};
use crate::problem::Problem;

struct Asset {
    name: &'static str,
    kind: &'static str,
    bytes: &'static [u8],
    /// `NAME.HASH.EXTENSION`.
    printed: String,
}

/// The one sheet, from the general to the particular. An area of pages adds its own file before the print rules.
const STYLES: &str = concat!(
    include_str!("../../static/styles/base.css"),
    include_str!("../../static/styles/components.css"),
    include_str!("../../static/styles/baskets.css"),
    include_str!("../../static/styles/articles.css"),
    include_str!("../../static/styles/story.css"),
    include_str!("../../static/styles/documents.css"),
    include_str!("../../static/styles/live.css"),
    include_str!("../../static/styles/lists.css"),
    include_str!("../../static/styles/account.css"),
    include_str!("../../static/styles/print.css"),
);

/// The one script, which no page needs: one file for each thing that it adds.
const SCRIPTS: &str = concat!(
    include_str!("../../static/scripts/menus.js"),
    include_str!("../../static/scripts/forms.js"),
    include_str!("../../static/scripts/live.js"),
    include_str!("../../static/scripts/parts.js"),
    include_str!("../../static/scripts/entry.js"),
    include_str!("../../static/scripts/autosave.js"),
    include_str!("../../static/scripts/search.js"),
);

static ASSETS: LazyLock<[Asset; 3]> = LazyLock::new(|| {
    [
        asset("bordereau.css", "text/css; charset=utf-8", STYLES.as_bytes()),
        asset("bordereau.js", "text/javascript; charset=utf-8", SCRIPTS.as_bytes()),
        asset("bordereau.svg", "image/svg+xml", include_bytes!("../../static/bordereau.svg")),
    ]
});

fn asset(name: &'static str, kind: &'static str, bytes: &'static [u8]) -> Asset {
    let hash = URL_SAFE_NO_PAD.encode(&Sha256::digest(bytes)[..6]);
    let printed = match name.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}.{hash}.{extension}"),
        None => format!("{name}.{hash}"),
    };
    Asset { name, kind, bytes, printed }
}

/// The pages of this area.
pub fn pages(pages: Pages) -> Pages {
    pages.get("/static/{name}", Who::Everybody, serve)
}

/// Where a file is served; empty for one that we do not have.
pub fn address(name: &str) -> String {
    let found = ASSETS.iter().find(|asset| asset.name == name);
    found.map(|asset| format!("/static/{}", asset.printed)).unwrap_or_default()
}

async fn serve(Path(name): Path<String>) -> Result<Response, Problem> {
    let asset = ASSETS.iter().find(|asset| asset.printed == name).ok_or(Problem::not_found())?;
    let headers = [(header::CONTENT_TYPE, asset.kind), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    Ok((headers, asset.bytes).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_needs_few_bytes_and_nothing_from_elsewhere() {
        let sum: usize = ASSETS.iter().map(|asset| asset.bytes.len()).sum();
        assert!(sum < 60_000, "{sum}");
        for asset in ASSETS.iter() {
            let text = String::from_utf8_lossy(asset.bytes);
            for foreign in ["https://", "url(", "@import", "@font-face", "<script"] {
                assert!(!text.contains(foreign), "{} holds {foreign}", asset.name);
            }
            assert!(address(asset.name).len() > asset.name.len() + 8 + 8, "{}", asset.name);
        }
        let script =
            ASSETS.iter().find(|asset| asset.kind.starts_with("text/javascript")).map(|asset| asset.bytes.len());
        assert!(script.is_some_and(|bytes| bytes < 10_000));
        assert_eq!(address("none.css"), "");
    }
}
