//! Trade in products from files of others.

pub mod baci;
pub mod plain;

use crate::Error;
use csv::ByteRecord;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use zili_world::trade::{Flows, Manifest};

/// What the user asks of an import of trade.
#[derive(Clone, Debug)]
pub struct TradeSettings {
    pub name: String,
    /// The only year to read.
    pub year: Option<i32>,
}

/// Trade read and checked, ready for [`zili_world::trade::write`].
pub type ImportedTrade = (Manifest, Vec<Flows>);

/// A table with a header, row by row: a yearly file can be hundreds of megabytes.
pub(crate) struct Rows<'a> {
    path: &'a Path,
    reader: csv::Reader<Box<dyn Read + 'a>>,
    header: Vec<String>,
}

impl<'a> Rows<'a> {
    pub(crate) fn open(path: &'a Path) -> Result<Self, Error> {
        let file = File::open(path).map_err(Error::io(path))?;
        let reader: Box<dyn Read> = match path.extension().is_some_and(|ending| ending == "gz") {
            true => Box::new(flate2::read::GzDecoder::new(file)),
            false => Box::new(file),
        };
        Self::of(path, reader)
    }

    /// The same of a text that is read already; `path` is for messages.
    pub(crate) fn of(path: &'a Path, reader: Box<dyn Read + 'a>) -> Result<Self, Error> {
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).buffer_capacity(1 << 20).from_reader(reader);
        let header = reader.byte_headers().map_err(|e| Error::file(path, e))?;
        let text = |cell: &[u8]| String::from_utf8_lossy(cell).trim_start_matches('\u{feff}').to_lowercase();
        let header: Vec<String> = header.iter().map(text).collect();
        if let Some(twice) = (0..header.len()).find(|k| !header[*k].is_empty() && header[..*k].contains(&header[*k])) {
            return Err(Error::line(path, 1, format!("column '{}' is there twice", header[twice])));
        }
        Ok(Self { path, reader, header })
    }

    /// Position of a column that has one of these names.
    pub(crate) fn column(&self, names: &[&str]) -> Option<usize> {
        self.header.iter().position(|found| names.contains(&found.as_str()))
    }

    /// The same, or a refusal.
    pub(crate) fn needed(&self, names: &[&str]) -> Result<usize, Error> {
        let refuse = || {
            let reason = format!("no column '{}' (found: {})", names.join("' or '"), self.header.join(", "));
            Error::line(self.path, 1, reason)
        };
        self.column(names).ok_or_else(refuse)
    }

    /// Every row in turn, with its line.
    pub(crate) fn each(mut self, mut take: impl FnMut(u64, &ByteRecord) -> Result<(), String>) -> Result<(), Error> {
        let mut record = ByteRecord::new();
        let mut damaged = |record: &mut ByteRecord| self.reader.read_byte_record(record);
        while damaged(&mut record).map_err(|e| Error::file(self.path, e))? {
            let line = record.position().map_or(0, csv::Position::line);
            take(line, &record).map_err(|reason| Error::line(self.path, line, reason))?;
        }
        Ok(())
    }
}

/// A cell as text; what is not UTF-8 is refused.
pub(crate) fn text(record: &ByteRecord, column: usize) -> Result<&str, String> {
    let cell = record.get(column).unwrap_or_default();
    std::str::from_utf8(cell).map_err(|_| format!("column {} is not UTF-8", column + 1))
}

/// A cell as a number.
pub(crate) fn number(record: &ByteRecord, column: usize, what: &str) -> Result<f64, String> {
    let word = text(record, column)?;
    word.parse().ok().filter(|v: &f64| v.is_finite()).ok_or_else(|| format!("{what} '{word}' is not a number"))
}
