//! The command line's entry: everything else is in `casefile::cli`.

fn main() -> std::process::ExitCode {
    casefile::cli::run(std::env::args_os())
}
