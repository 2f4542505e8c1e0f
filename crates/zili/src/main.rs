use std::process::ExitCode;

fn main() -> ExitCode {
    zili::main_with(&[])
}
