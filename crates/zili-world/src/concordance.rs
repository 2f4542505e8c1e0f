//! Products and the sectors that make them.

use crate::{Classification, Error, SectorCode};
use std::collections::BTreeMap;

/// HS 2017 to places in ISIC Rev. 4, for every classification whose sectors have them.
const BY_ISIC4: &str = include_str!("../../../data/products/hs2017-isic4.csv");
/// HS 2017 to the sectors of the World Input–Output Database, 2013 release, which are of ISIC Rev. 3.
const WIOD35: &str = include_str!("../../../data/products/hs2017-wiod2013.csv");

/// Which sector makes a product.
pub struct Concordance {
    /// Sector by product of 6 digits; none where no industry is known for it.
    sectors: BTreeMap<&'static str, Option<SectorCode>>,
}

impl Concordance {
    /// HS 2017 to the sectors of a classification; refuses one whose sectors have no place in ISIC.
    pub fn of(classification: &Classification) -> Result<Self, Error> {
        let rows = |file: &'static str| file.lines().skip(1).filter_map(|line| line.split_once(','));
        if classification.known() == Some("wiod35") {
            let sector = |code: &str| (!code.is_empty()).then(|| SectorCode::new(code));
            return Ok(Self { sectors: rows(WIOD35).map(|(hs6, code)| (hs6, sector(code))).collect() });
        }
        classification.placed("which sector makes which product")?;
        let sector = |place: &str| {
            let position = (!place.is_empty()).then(|| classification.sector_at(place)).flatten()?;
            Some(classification.sectors()[position].code.clone())
        };
        Ok(Self { sectors: rows(BY_ISIC4).map(|(hs6, place)| (hs6, sector(place))).collect() })
    }

    /// The sector that makes a product of 6 digits.
    pub fn sector(&self, hs6: &str) -> Option<&SectorCode> {
        self.sectors.get(hs6)?.as_ref()
    }

    /// Products under a code of 2, 4 or 6 digits, with their sectors.
    pub fn under(&self, code: &str) -> Vec<(&'static str, Option<&SectorCode>)> {
        self.sectors
            .iter()
            .filter(|(hs6, _)| hs6.starts_with(code))
            .map(|(hs6, sector)| (*hs6, sector.as_ref()))
            .collect()
    }

    /// Every code that can be written with so many digits.
    pub fn codes(&self, digits: usize) -> Vec<&'static str> {
        let mut codes: Vec<&str> = self.sectors.keys().filter_map(|hs6| hs6.get(..digits)).collect();
        codes.dedup();
        codes
    }
}
