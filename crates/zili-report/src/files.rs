//! A finding as csv, json or Parquet; column names are the stable ones of its method.

use crate::Error;
use serde_json::{Map, Value, json};
use std::fs;
use std::io::Write;
use std::path::Path;
use zili_world::columnar::{self, Values};
use zili_world::{Cell, Finding, Format};

/// The bytes of a finding in a format for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFormat {
    Csv,
    Json,
    Parquet,
}

/// Encodes a finding.
pub fn encode(finding: &Finding, format: FileFormat) -> Result<Vec<u8>, Error> {
    match format {
        FileFormat::Csv => csv(finding),
        FileFormat::Json => Ok(json_text(finding).into_bytes()),
        FileFormat::Parquet => parquet(finding),
    }
}

/// One line of column names, then the rows; numbers in full precision, missing empty.
fn csv(finding: &Finding) -> Result<Vec<u8>, Error> {
    let unwritten = |e: csv::Error| Error::file(Path::new("csv"), e);
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(finding.columns.iter().map(|c| c.name)).map_err(unwritten)?;
    for row in &finding.rows {
        writer.write_record(row.iter().map(plain)).map_err(unwritten)?;
    }
    writer.into_inner().map_err(|e| Error::file(Path::new("csv"), e))
}

/// A cell in full precision.
fn plain(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.clone(),
        Cell::Integer(v) => v.to_string(),
        Cell::Number(v) => v.to_string(),
        Cell::Missing => String::new(),
    }
}

/// Columns with units, rows as objects, and the evidence.
fn json_text(finding: &Finding) -> String {
    let rows: Vec<Value> = finding
        .rows
        .iter()
        .map(|row| {
            let fields = finding.columns.iter().zip(row).map(|(column, cell)| (column.name.to_owned(), json!(cell)));
            Value::Object(fields.collect::<Map<String, Value>>())
        })
        .collect();
    let document = json!({ "columns": finding.columns, "rows": rows, "evidence": finding.evidence });
    format!("{document:#}\n")
}

/// Typed columns; units and evidence in the footer under `zili.columns` and `zili.evidence`.
fn parquet(finding: &Finding) -> Result<Vec<u8>, Error> {
    let column = |c: usize| finding.rows.iter().map(move |row| &row[c]);
    let columns = finding.columns.iter().enumerate().map(|(c, described)| {
        let values = match described.format {
            Format::Text => {
                Values::Text(column(c).map(|v| Some(v.text().to_owned()).filter(|t| !t.is_empty())).collect())
            }
            Format::Year | Format::Integer => {
                Values::Integer(column(c).map(|v| v.number().map(|v| v as i64)).collect())
            }
            _ => Values::Number(column(c).map(Cell::number).collect()),
        };
        (described.name.to_owned(), values)
    });
    let metadata = vec![
        ("zili.columns".to_owned(), json!(finding.columns).to_string()),
        ("zili.evidence".to_owned(), json!(finding.evidence).to_string()),
    ];
    let mut bytes = Vec::new();
    columnar::write(&mut bytes, columns.collect(), metadata).map_err(|e| Error::file(Path::new("parquet"), e))?;
    Ok(bytes)
}

/// Writes a file by way of a temporary one beside it: the old content or the new, never half.
///
/// A link is followed, an existing file keeps its permissions, and what is no regular file (a pipe, a device) is written to as it is.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let place = match fs::canonicalize(path) {
        Ok(place) => place,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => path.to_owned(),
        Err(e) => return Err(Error::io(path)(e)),
    };
    let earlier = fs::metadata(&place).ok();
    if let Some(earlier) = &earlier {
        // Opening says what may not be written, before anything is.
        let mut file = fs::OpenOptions::new().write(true).open(&place).map_err(Error::io(path))?;
        if !earlier.is_file() {
            return file.write_all(bytes).and_then(|()| file.flush()).map_err(Error::io(path));
        }
    }
    let folder = place.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(Error::io(folder))?;
    file.write_all(bytes).and_then(|()| file.flush()).map_err(Error::io(path))?;
    let permissions = earlier.map_or_else(readable, |earlier| Some(earlier.permissions()));
    if let Some(permissions) = permissions {
        fs::set_permissions(file.path(), permissions).map_err(Error::io(path))?;
    }
    file.persist(&place).map_err(|e| Error::Io { path: path.to_owned(), source: e.error })?;
    Ok(())
}

/// A temporary file is private; a result is not.
#[cfg(unix)]
fn readable() -> Option<fs::Permissions> {
    use std::os::unix::fs::PermissionsExt;
    Some(fs::Permissions::from_mode(0o644))
}
#[cfg(not(unix))]
fn readable() -> Option<fs::Permissions> {
    None
}
