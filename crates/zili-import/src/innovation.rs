//! What a user knows about research by sector, each one csv with a header.
//!
//! * today's research: columns `sector`, `research` (any one unit); every sector once, 0 where there is none;
//! * citations: columns `citing`, `cited`, `citations`, optionally `domestic` (those of home's own patents); a pair that is not there
//!   is not cited.

use crate::Error;
use crate::trade::{Rows, number, text};
use std::path::Path;
use zili_world::finding::Input;
use zili_world::innovation::{Citations, ResearchSpending};
use zili_world::store::sha256;
use zili_world::{Classification, Matrix};

/// Reads what is spent on research by sector from a file's text; its name is for messages and evidence. Refuses, with its line, an unknown sector, one given twice, and a number below zero; and by
/// name the sectors that are not there: what is not known is not zero.
pub fn research(name: &str, text_of: &str, classification: &Classification) -> Result<ResearchSpending, Error> {
    let (path, file) = (Path::new(name), input(name, text_of.as_bytes()));
    let rows = Rows::of(path, Box::new(text_of.as_bytes()))?;
    let (sector, research) = (rows.needed(&["sector"])?, rows.needed(&["research", "rd"])?);
    let mut values: Vec<Option<f64>> = vec![None; classification.sectors().len()];
    rows.each(|_, record| {
        let word = text(record, sector)?;
        let position = classification.sector(word).map_err(|e| e.to_string())?;
        let value = amount(number(record, research, "research")?, "research")?;
        match values[position].replace(value) {
            Some(_) => Err(format!("sector '{word}' is given twice")),
            None => Ok(()),
        }
    })?;
    let absent: Vec<&str> = values
        .iter()
        .zip(classification.sectors())
        .filter(|(value, _)| value.is_none())
        .map(|(_, sector)| sector.code.as_str())
        .collect();
    if !absent.is_empty() {
        let reason = format!("no research of {}; give 0 where there is none", absent.join(", "));
        return Err(Error::file(path, reason));
    }
    Ok(ResearchSpending::new(file, values.into_iter().flatten().collect(), classification)?)
}

/// Reads citations between sectors' patents from a file's text. Refuses, with its line, an unknown sector, a pair given twice, a number below zero, and
/// more citations of home's patents than there are citations.
pub fn citations(name: &str, text_of: &str, classification: &Classification) -> Result<Citations, Error> {
    let (path, file) = (Path::new(name), input(name, text_of.as_bytes()));
    let rows = Rows::of(path, Box::new(text_of.as_bytes()))?;
    let (citing, cited) = (rows.needed(&["citing"])?, rows.needed(&["cited"])?);
    let (count, home) = (rows.needed(&["citations"])?, rows.column(&["domestic"]));
    let n = classification.sectors().len();
    let (mut all, mut domestic) = (Matrix::zeros(n, n), home.map(|_| Matrix::zeros(n, n)));
    let mut seen = vec![false; n * n];
    rows.each(|_, record| {
        let position = |column: usize| classification.sector(text(record, column)?).map_err(|e| e.to_string());
        let (i, j) = (position(citing)?, position(cited)?);
        if std::mem::replace(&mut seen[i * n + j], true) {
            let (citing, cited) = (text(record, citing)?, text(record, cited)?);
            return Err(format!("citations of '{cited}' by '{citing}' are given twice"));
        }
        all[(i, j)] = amount(number(record, count, "citations")?, "citations")?;
        if let (Some(column), Some(domestic)) = (home, domestic.as_mut()) {
            let of_home = amount(number(record, column, "domestic")?, "domestic")?;
            if of_home > all[(i, j)] {
                return Err(format!("{of_home} domestic citations are more than the {} there are", all[(i, j)]));
            }
            domestic[(i, j)] = of_home;
        }
        Ok(())
    })?;
    if all.as_slice().iter().all(|value| *value == 0.0) {
        return Err(Error::file(path, "there are no citations in it"));
    }
    Ok(Citations::new(file, all, domestic, classification)?)
}

fn amount(value: f64, what: &str) -> Result<f64, String> {
    if value < 0.0 { Err(format!("{what} {value} is below zero")) } else { Ok(value) }
}

/// The file as evidence: its name, not where it lies, so that the same file gives the same finding anywhere.
pub(crate) fn input(name: &str, bytes: &[u8]) -> Input {
    let file = Path::new(name).file_name().map_or_else(|| name.to_owned(), |name| name.to_string_lossy().into_owned());
    Input { file, sha256: sha256(bytes) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use zili_world::{FinalCategory, Region, Sector};

    fn labels() -> Classification {
        let sectors = ["A", "B"].map(|code| Sector::new(code, code));
        let region = Region { code: "R".into(), name: "R".into() };
        let category = FinalCategory { code: "F".into(), name: "F".into() };
        Classification::new(vec![region], sectors.to_vec(), vec![category]).expect("labels")
    }

    fn refusal<T>(read: impl Fn(&str, &str, &Classification) -> Result<T, Error>, text: &str) -> String {
        read("x.csv", text, &labels()).err().unwrap_or_else(|| panic!("accepted: {text}")).to_string()
    }

    #[test]
    fn slips_in_research_are_named_with_their_line() {
        for (text, says) in [
            ("sector,spent\nA,1\n", "x.csv:1: no column 'research' or 'rd' (found: sector, spent)"),
            ("sector,research\nA,1\nC,2\n", "x.csv:3: unknown sector 'C'"),
            ("sector,research\nA,1\nA,2\n", "x.csv:3: sector 'A' is given twice"),
            ("sector,research\nA,-1\n", "x.csv:2: research -1 is below zero"),
            ("sector,research\nA,much\n", "x.csv:2: research 'much' is not a number"),
            ("sector,research\nA,1\n", "x.csv: no research of B; give 0 where there is none"),
            ("sector,research\nA,0\nB,0\n", "x.csv: no sector has any research"),
        ] {
            let said = refusal(research, text);
            assert!(said.contains(says), "{text}: {said}");
        }
    }

    #[test]
    fn slips_in_citations_are_named_with_their_line() {
        for (text, says) in [
            ("citing,cited\nA,B\n", "x.csv:1: no column 'citations'"),
            ("citing,cited,citations\nA,B,1\nA,D,1\n", "x.csv:3: unknown sector 'D'"),
            ("citing,cited,citations\nA,B,1\nA,B,1\n", "x.csv:3: citations of 'B' by 'A' are given twice"),
            ("citing,cited,citations,domestic\nA,B,1,2\n", "x.csv:2: 2 domestic citations are more than the 1"),
            ("citing,cited,citations\nA,B,-1\n", "x.csv:2: citations -1 is below zero"),
            ("citing,cited,citations\n", "x.csv: there are no citations"),
        ] {
            let said = refusal(citations, text);
            assert!(said.contains(says), "{text}: {said}");
        }
    }

    #[test]
    fn what_is_given_is_kept_in_the_order_of_the_sectors() {
        let read = research("in/x.csv", "\u{feff}sector,rd\nB,3\nA,1\n", &labels()).expect("read");
        assert_eq!(read.by_sector(), [1.0, 3.0]);
        assert_eq!(read.file.file, "x.csv");
        let read = citations("x.csv", "citing,cited,citations,domestic\nB,A,4,1\n", &labels()).expect("read");
        assert_eq!(read.all().as_slice(), [0.0, 0.0, 4.0, 0.0]);
        assert_eq!(read.domestic().expect("told apart").as_slice(), [0.0, 0.0, 1.0, 0.0]);
    }
}
