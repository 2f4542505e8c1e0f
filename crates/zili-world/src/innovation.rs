//! What a user knows about research by sector: what is spent on it today, and which sectors' patents cite whose.
//!
//! Both are given by sector of one classification, in its order. Without them methods take stated proxies from the table.

use crate::finding::Input;
use crate::{Classification, Error, Matrix};

/// What is spent on research and development in each sector today, in any one unit: only shares are used.
#[derive(Clone, Debug)]
pub struct ResearchSpending {
    pub file: Input,
    /// One value a sector, from 0 on; not all zero.
    by_sector: Vec<f64>,
}

impl ResearchSpending {
    /// Refuses values that are not one for each sector, below zero, not finite, or all zero.
    pub fn new(file: Input, by_sector: Vec<f64>, classification: &Classification) -> Result<Self, Error> {
        let sectors = classification.sectors();
        if by_sector.len() != sectors.len() {
            return Err(Error::store(&file.file, format!("{} values for {} sectors", by_sector.len(), sectors.len())));
        }
        if let Some(s) = (0..sectors.len()).find(|&s| !by_sector[s].is_finite() || by_sector[s] < 0.0) {
            let reason = format!("research of sector {} is {}, not a number from 0 on", sectors[s].code, by_sector[s]);
            return Err(Error::store(&file.file, reason));
        }
        if by_sector.iter().all(|value| *value == 0.0) {
            return Err(Error::store(&file.file, "no sector has any research"));
        }
        Ok(Self { file, by_sector })
    }

    pub fn by_sector(&self) -> &[f64] {
        &self.by_sector
    }
}

/// Who cites whom: patents of a sector (rows) and what they cite (columns), in numbers of citations.
#[derive(Clone, Debug)]
pub struct Citations {
    pub file: Input,
    all: Matrix,
    /// Those of home's own patents, where the file tells them apart.
    domestic: Option<Matrix>,
}

impl Citations {
    /// Refuses matrices that are not sectors × sectors, numbers below zero, and more citations of home than there are.
    pub fn new(
        file: Input,
        all: Matrix,
        domestic: Option<Matrix>,
        classification: &Classification,
    ) -> Result<Self, Error> {
        let sectors = classification.sectors();
        for matrix in [Some(&all), domestic.as_ref()].into_iter().flatten() {
            if (matrix.rows(), matrix.columns()) != (sectors.len(), sectors.len()) {
                let (rows, columns, n) = (matrix.rows(), matrix.columns(), sectors.len());
                return Err(Error::store(&file.file, format!("citations are {rows} × {columns}, not {n} × {n}")));
            }
        }
        for i in 0..sectors.len() {
            for j in 0..sectors.len() {
                let (number, home) = (all[(i, j)], domestic.as_ref().map_or(0.0, |d| d[(i, j)]));
                let usable = number.is_finite() && number >= 0.0 && (0.0..=number).contains(&home);
                if !usable {
                    let (citing, cited) = (&sectors[i].code, &sectors[j].code);
                    let reason = format!("{citing} cites {cited} {number} times, {home} of them at home");
                    return Err(Error::store(&file.file, reason));
                }
            }
        }
        Ok(Self { file, all, domestic })
    }

    /// Number of citations, [citing sector × cited sector].
    pub fn all(&self) -> &Matrix {
        &self.all
    }

    /// Those of home's own patents; none where the file does not tell them apart.
    pub fn domestic(&self) -> Option<&Matrix> {
        self.domestic.as_ref()
    }
}
