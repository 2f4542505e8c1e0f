//! Label files: csv with a header, a column `code`, and optionally `name`, `official`, `alias`, `isic4`, `role`.

use crate::Error;
use std::collections::HashMap;
use std::path::Path;

/// A line of a label file.
pub struct Label {
    pub code: String,
    pub name: String,
    pub official: Option<String>,
    pub alias: Option<String>,
    /// Places in ISIC Rev. 4, apart by spaces.
    pub isic4: Option<String>,
    pub role: Option<String>,
    /// Line in the file, for messages.
    pub line: u64,
}

/// Reads a label file; refuses one without `code`, an empty code and a code given twice.
pub fn read(path: &Path) -> Result<Vec<Label>, Error> {
    if !path.is_file() {
        return Err(Error::Missing { path: path.to_owned(), needed: crate::plain::NEEDED });
    }
    let text = std::fs::read_to_string(path).map_err(Error::io(path))?;
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|e| Error::file(path, e))?.clone();
    let column = |name: &str| header.iter().position(|h| h.eq_ignore_ascii_case(name));
    let Some(code_column) = column("code") else {
        let found: Vec<&str> = header.iter().collect();
        return Err(Error::line(path, 1, format!("no column 'code' (found: {})", found.join(", "))));
    };
    let [name, official, alias, isic4, role] = ["name", "official", "alias", "isic4", "role"].map(column);
    let mut labels: Vec<Label> = Vec::new();
    let mut seen: HashMap<String, u64> = HashMap::new();
    for record in reader.records() {
        let record = record.map_err(|e| Error::file(path, e))?;
        let line = record.position().map_or(0, csv::Position::line);
        let field = |c: Option<usize>| c.and_then(|c| record.get(c)).filter(|t| !t.is_empty()).map(str::to_owned);
        let code = field(Some(code_column)).ok_or_else(|| Error::line(path, line, "the code is empty"))?;
        if let Some(first) = seen.insert(code.to_lowercase(), line) {
            return Err(Error::line(path, line, format!("code '{code}' stands in line {first} already")));
        }
        let name = field(name).unwrap_or_else(|| code.clone());
        let (official, alias, isic4, role) = (field(official), field(alias), field(isic4), field(role));
        labels.push(Label { code, name, official, alias, isic4, role, line });
    }
    if labels.is_empty() {
        return Err(Error::file(path, "no codes below the header"));
    }
    Ok(labels)
}
