//! The binary `bordereau`.

use std::process::ExitCode;

use bordereau_api::cli;

fn main() -> ExitCode {
    cli::run()
}
