//! Whether effort in a sector pays, and whether home depends on others for it.

use zili_world::{Cell, Column, Error, Table};

pub const BOTH: &str = "worth it and dependent";
pub const WORTH: &str = "worth it";
pub const DEPENDENT: &str = "merely dependent";
pub const NEITHER: &str = "neither";

pub const FOREIGN_SHARE: Column = Column::share(
    "foreign_share",
    "Foreign share",
    "imported products in all products of the sector that home uses, as input or finally (`foreign_direct` of self-sufficiency)",
);

/// How much of what home uses is imported, by sector and in all.
pub struct Dependence {
    pub by_sector: Vec<f64>,
    pub all: f64,
}

impl Dependence {
    /// Imports / (own products used at home + imports); not a number where home uses nothing of a sector.
    pub fn new(table: &Table, home: &zili_world::Bloc) -> Result<Self, Error> {
        let used = table.use_by_sector(home)?;
        let share = |(own, imported): (f64, f64)| 1.0 - own / (own + imported);
        let all = used.iter().fold((0.0, 0.0), |sum, used| (sum.0 + used.0, sum.1 + used.1));
        Ok(Self { by_sector: used.into_iter().map(share).collect(), all: share(all) })
    }

    /// The verdict on a sector; missing where it is not known whether effort pays.
    pub fn verdict(&self, sector: usize, worth: Option<bool>) -> Cell {
        let dependent = self.by_sector[sector] > self.all;
        match (worth, dependent) {
            (None, _) => Cell::Missing,
            (Some(true), true) => Cell::from(BOTH),
            (Some(true), false) => Cell::from(WORTH),
            (Some(false), true) => Cell::from(DEPENDENT),
            (Some(false), false) => Cell::from(NEITHER),
        }
    }

    /// What the rule compares with, for the evidence.
    pub fn note(&self) -> String {
        format!("dependent: more than {:.1} % imported, home's foreign share in all sectors together", 100.0 * self.all)
    }
}
