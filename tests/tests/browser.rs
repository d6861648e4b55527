//! The pages in a real Chromium: what only a browser can tell.

#[cfg(test)]
mod browser {
    mod choosing;
    mod every_page;
    mod injected;
    mod pictures;
    mod places;
    mod signing_in;
    mod stage;
    mod typing;
    mod way;
}
