//! Data to standard output or a file, messages to standard error.

use crate::args::{Common, OutputArgs, OutputFormat};
use crate::failure::Failure;
use std::io::{IsTerminal, Write};
use std::path::Path;
use zili_report::files::{self, FileFormat};
use zili_report::terminal;
use zili_world::{Finding, label};

pub fn to_stdout(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush()).map_err(Failure::io(Path::new("standard output")))
}

/// A message for the person at the terminal; never data.
pub fn message(common: &Common, text: &str) {
    if !common.quiet {
        complain(text);
    }
}

/// What is wrong, said while the work goes on.
pub fn complain(text: &str) {
    let _ = writeln!(std::io::stderr(), "{}", visible(text));
}

/// What a terminal would obey is written out: words of the user's own, and of files, come back in messages.
fn visible(text: &str) -> String {
    text.split('\n')
        .map(|line| line.split('\t').map(label::escaped).collect::<Vec<_>>().join("\t"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Columns of the terminal; 80 where there is none.
pub fn width() -> usize {
    if !std::io::stdout().is_terminal() {
        return 80;
    }
    terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0))
}

/// Writes a finding as asked.
pub fn finding(common: &Common, args: &OutputArgs, mut finding: Finding) -> Result<(), Failure> {
    if let Some(top) = args.top {
        finding.rows.truncate(top as usize);
    }
    let format = match args.format {
        OutputFormat::Table => return table(common, args, &finding),
        OutputFormat::Csv => FileFormat::Csv,
        OutputFormat::Json => FileFormat::Json,
        OutputFormat::Parquet => FileFormat::Parquet,
    };
    if format == FileFormat::Parquet && args.output.is_none() && std::io::stdout().is_terminal() {
        return Err(Failure::Usage("Parquet is not for a terminal; give --output FILE".to_owned()));
    }
    let bytes = files::encode(&finding, format)?;
    write(args, &bytes)?;
    notes(common, &finding);
    Ok(())
}

fn write(args: &OutputArgs, bytes: &[u8]) -> Result<(), Failure> {
    match &args.output {
        Some(path) => Ok(files::write_whole(path, bytes)?),
        None => to_stdout(bytes),
    }
}

fn table(common: &Common, args: &OutputArgs, finding: &Finding) -> Result<(), Failure> {
    let laid = terminal::lay_out(finding, if args.output.is_some() { 160 } else { width() });
    let evidence = &finding.evidence;
    let asked: Vec<String> = evidence.parameters.iter().map(|(name, value)| format!("{name} {value}")).collect();
    message(common, &format!("{}\n{}\n", evidence.title, terminal::wrap(&asked.join("; "), width().min(100))));
    write(args, laid.text.as_bytes())?;
    if finding.rows.is_empty() {
        message(common, "There are no rows: nothing of the kind is found.");
    }
    if !laid.left_out.is_empty() {
        let text = format!(
            "\nNot shown for want of width: {}. All columns: --format csv, json or parquet.",
            laid.left_out.join(", ")
        );
        message(common, &terminal::wrap(&text, width().min(100)));
    }
    notes(common, finding);
    Ok(())
}

fn notes(common: &Common, finding: &Finding) {
    for note in &finding.evidence.notes {
        message(common, &terminal::wrap(&format!("Note: {note}."), width().min(100)));
    }
}
