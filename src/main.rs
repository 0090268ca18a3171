//! The binary: hands arguments and environment to the library, and its answer to the system.

use std::process::ExitCode;

/// Rows are read by one thread and stored by another: an allocator that frees across threads well
/// takes a third off a first night.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    #[expect(
        clippy::disallowed_methods,
        reason = "the environment is handed in from here"
    )]
    let environment = |name: &str| std::env::var(name).ok();
    crp_recon::cli::main(std::env::args_os(), &environment)
}
