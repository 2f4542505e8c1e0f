//! Matrices of numbers, from csv without a header or from Parquet with one column per column.

use crate::Error;
use std::path::{Path, PathBuf};
use zili_world::{Matrix, columnar};

/// Endings under which a matrix `Z` may stand: `Z.csv`, `Z.parquet`, and Parquet with its number type in the name.
const ENDINGS: [&str; 5] = [".csv", ".parquet", "_f64.parquet", "_f32.parquet", "_i32.parquet"];

/// The file of matrix `name` in a folder, if there is one; refuses two.
pub fn find(folder: &Path, name: &str) -> Result<Option<PathBuf>, Error> {
    let mut found = ENDINGS.iter().map(|e| folder.join(format!("{name}{e}"))).filter(|p| p.is_file());
    let first = found.next();
    if let (Some(first), Some(second)) = (&first, found.next()) {
        let also = second.file_name().unwrap_or_default().to_string_lossy().into_owned();
        return Err(Error::file(first, format!("'{also}' is there too; keep one")));
    }
    Ok(first)
}

/// Reads a matrix of the given shape; every cell must be a finite number.
pub fn read(path: &Path, rows: usize, columns: usize) -> Result<Matrix, Error> {
    let matrix = match path.extension().and_then(|e| e.to_str()) {
        Some("csv") => read_csv(path, columns)?,
        _ => read_parquet(path, rows)?,
    };
    let found = (matrix.rows(), matrix.columns());
    if found == (rows, columns) {
        return Ok(matrix);
    }
    let hint = match found {
        _ if found == (columns, rows) => "; it looks transposed",
        _ if found == (rows + 1, columns) => "; is one row a total?",
        _ if found == (rows, columns + 1) => "; is one column a total or an index?",
        (r, c) if r < rows && c == columns => "; was the file cut short?",
        _ => "",
    };
    Err(Error::file(path, format!("{} × {}, but the labels say {rows} × {columns}{hint}", found.0, found.1)))
}

fn read_csv(path: &Path, columns: usize) -> Result<Matrix, Error> {
    let file = std::fs::File::open(path).map_err(Error::io(path))?;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(file);
    let mut record = csv::ByteRecord::new();
    let mut values = Vec::new();
    let (mut rows, mut width) = (0, columns);
    while reader.read_byte_record(&mut record).map_err(|e| Error::file(path, e))? {
        let line = record.position().map_or(0, csv::Position::line);
        if rows == 0 {
            width = record.len();
        }
        if record.len() != width {
            let reason = format!("{} cells, but the first line has {width}; was the file cut short?", record.len());
            return Err(Error::line(path, line, reason));
        }
        for (c, cell) in record.iter().enumerate() {
            values.push(number(cell).map_err(|reason| {
                let hint = if rows == 0 || c == 0 { " (a matrix has numbers only: no header, no labels)" } else { "" };
                Error::line(path, line, format!("column {}: {reason}{hint}", c + 1))
            })?);
        }
        rows += 1;
    }
    Ok(Matrix::from_rows(rows, if rows == 0 { 0 } else { width }, values))
}

fn number(cell: &[u8]) -> Result<f64, String> {
    let text = String::from_utf8_lossy(cell);
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Err("the cell is empty; write 0 for no flow".to_owned());
    }
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value),
        Ok(_) => Err(format!("'{text}' is not a finite number")),
        Err(_) => Err(format!("'{text}' is not a number")),
    }
}

fn read_parquet(path: &Path, rows: usize) -> Result<Matrix, Error> {
    let bytes = std::fs::read(path).map_err(Error::io(path))?;
    let mut columns = columnar::read_numbers(bytes.into()).map_err(|e| Error::file(path, e))?;
    // pandas adds its row labels as a last column of this name.
    columns.retain(|column| !column.name.starts_with("__index_level_"));
    let found = columns.first().map_or(rows, |column| column.values.len());
    for column in &columns {
        if let Some(row) = column.values.iter().position(|v| !v.is_finite()) {
            return Err(Error::file(
                path,
                format!("column '{}', row {}: missing or not a finite number", column.name, row + 1),
            ));
        }
    }
    Ok(Matrix::from_fn(found, columns.len(), |i, j| columns[j].values[i]))
}
