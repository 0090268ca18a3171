//! The binary: hands arguments and environment to the library, and its answer to the system.

use std::process::ExitCode;

fn main() -> ExitCode {
    #[expect(
        clippy::disallowed_methods,
        reason = "the environment is handed in from here"
    )]
    let environment = |name: &str| std::env::var(name).ok();
    crp_recon::cli::main(std::env::args_os(), &environment)
}
