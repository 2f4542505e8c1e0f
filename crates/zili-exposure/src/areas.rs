//! The world as one home sees it: home as one area, every other region an area of its own.

use zili_world::{Bloc, Classification, Error, Params};

/// Home first, then every other region.
pub(crate) struct Areas {
    pub blocs: Vec<Bloc>,
    /// Industry positions of each area.
    pub industries: Vec<Vec<usize>>,
    /// Final-use column positions of each area.
    pub final_columns: Vec<Vec<usize>>,
}

impl Areas {
    pub fn new(home: &Bloc, classification: &Classification) -> Result<Self, Error> {
        let mut blocs = vec![home.clone()];
        blocs.extend(Bloc::partners_of(home, classification));
        let industries = blocs.iter().map(|b| b.industries(classification)).collect::<Result<_, _>>()?;
        let final_columns = blocs.iter().map(|b| b.final_columns(classification)).collect::<Result<_, _>>()?;
        Ok(Self { blocs, industries, final_columns })
    }

    pub fn len(&self) -> usize {
        self.blocs.len()
    }
}

/// Home's industries of each sector, for results by sector of a home that may have several members.
pub(crate) fn home_industries_by_sector(
    params: &Params,
    classification: &Classification,
) -> Result<Vec<Vec<usize>>, Error> {
    let regions = params.home.positions(classification)?;
    Ok((0..classification.sectors().len())
        .map(|s| regions.iter().map(|&r| classification.industries_of(r).start + s).collect())
        .collect())
}

/// Code and name of "all sectors together" in results by sector.
pub(crate) const ALL: &str = "*";
pub(crate) const ALL_NAME: &str = "All sectors";

/// a/b; not a number, hence missing in a finding, where b is zero.
pub(crate) fn share(a: f64, b: f64) -> f64 {
    if b != 0.0 { a / b } else { f64::NAN }
}

/// Σ of values at positions.
pub(crate) fn sum_at(values: &[f64], positions: &[usize]) -> f64 {
    positions.iter().map(|&i| values[i]).sum()
}
