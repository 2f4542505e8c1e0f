//! A publisher's csv as it comes: records of any width, each with its line.

use crate::Error;
use csv::StringRecord;
use std::path::Path;

/// A file's text without a byte order mark; what is not UTF-8 is refused with its line.
pub(crate) fn text(path: &Path) -> Result<String, Error> {
    let bytes = std::fs::read(path).map_err(Error::io(path))?;
    let text = String::from_utf8(bytes).map_err(|e| {
        let sound = &e.as_bytes()[..e.utf8_error().valid_up_to()];
        let line = sound.iter().filter(|b| **b == b'\n').count() as u64 + 1;
        Error::line(path, line, "not UTF-8 text")
    })?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// Every record with the line on which it begins. The line that the csv reader gives is that of blank lines before it.
pub(crate) fn records<'a>(
    path: &'a Path,
    text: &'a str,
) -> impl Iterator<Item = Result<(u64, StringRecord), Error>> + 'a {
    let reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    // Where the last record began: its byte and its line.
    let mut last = (0, 1);
    reader.into_records().map(move |record| {
        let record = record.map_err(|e| Error::line(path, e.position().map_or(last.1, csv::Position::line), e))?;
        let from = record.position().map_or(last.0, |position| position.byte() as usize).clamp(last.0, text.len());
        let blank = text[from..].bytes().take_while(|b| matches!(b, b'\r' | b'\n')).count();
        let newlines = text.as_bytes()[last.0..from + blank].iter().filter(|b| **b == b'\n').count();
        last = (from + blank, last.1 + newlines as u64);
        Ok((last.1, record))
    })
}
