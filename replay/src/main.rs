//! The binary `bordereau-replay`.

use std::process::ExitCode;

use bordereau_replay::cli;

fn main() -> ExitCode {
    cli::run()
}
