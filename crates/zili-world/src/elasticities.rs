//! Trade elasticities from the files under `parameters/elasticities/`, each with its source, and one number for all sectors.

use crate::method::{Accepts, Parameter};
use crate::{Classification, Error, Options};
use serde::Deserialize;
use std::collections::BTreeMap;

static FILES: &[(&str, &str)] = &[
    ("CostinotRodriguezClare2014", include_str!("../../../parameters/elasticities/CostinotRodriguezClare2014.toml")),
    ("CaliendoParro2015", include_str!("../../../parameters/elasticities/CaliendoParro2015.toml")),
    ("FontagneGuimbardOrefice2022", include_str!("../../../parameters/elasticities/FontagneGuimbardOrefice2022.toml")),
];

/// Names of the files, the first the default; they must be written out where options are constants.
pub const NAMES: &[&str] = &["CostinotRodriguezClare2014", "CaliendoParro2015", "FontagneGuimbardOrefice2022"];

/// Which file.
pub const FILE: Parameter = Parameter {
    name: "elasticities",
    accepts: Accepts::Choice(NAMES),
    description: "trade elasticities by sector: a file of parameters/elasticities with its source",
};
/// One number in its place.
pub const THETA: Parameter = Parameter {
    name: "theta",
    accepts: Accepts::Amount { default: 0.0 },
    description: "one trade elasticity for all sectors in place of the file's; 0: the file's",
};

/// θ by sector as the options ask, and where it is from.
pub fn asked(options: &Options, classification: &Classification) -> Result<(Vec<f64>, String), Error> {
    match options.number(THETA.name) {
        theta if theta > 0.0 => {
            Ok((vec![theta; classification.sectors().len()], "one number for all sectors".to_owned()))
        }
        _ => {
            let file = Elasticities::named(options.choice(FILE.name))?;
            Ok((file.of(classification)?, format!("{}. {}", file.source, file.note.trim_end_matches('.'))))
        }
    }
}

/// A file of elasticities.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Elasticities {
    pub name: String,
    pub title: String,
    pub source: String,
    pub note: String,
    /// One for every classification that it knows.
    set: Vec<Set>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Set {
    /// θ by code of a sector.
    sectors: BTreeMap<String, f64>,
}

impl Elasticities {
    /// One of the files by name.
    pub fn named(name: &str) -> Result<Self, Error> {
        let unknown = || {
            let accepted: Vec<String> = NAMES.iter().map(|name| (*name).to_owned()).collect();
            Error::unknown("elasticities", name, NAMES.iter().copied(), &accepted)
        };
        let (_, text) = FILES.iter().find(|(known, _)| *known == name).ok_or_else(unknown)?;
        toml::from_str(text).map_err(|error| Error::Unanswerable(format!("elasticities {name}: {error}")))
    }

    /// θ by sector of a classification; refuses a sector that no set has, and elasticities that are not above 0.
    pub fn of(&self, classification: &Classification) -> Result<Vec<f64>, Error> {
        let codes = || classification.sectors().iter().map(|sector| sector.code.as_str());
        let missing = |set: &Set| codes().filter(|code| !set.sectors.contains_key(*code)).count();
        let Some(set) = self.set.iter().min_by_key(|set| missing(set)) else { return Ok(Vec::new()) };
        let theta = |code: &str| match set.sectors.get(code) {
            Some(theta) if *theta > 0.0 => Ok(*theta),
            Some(theta) => {
                Err(Error::Unanswerable(format!("{}: θ of {code} is {theta}; it must be above 0", self.name)))
            }
            None => Err(Error::Unanswerable(format!(
                "{} has no θ for sector {code}; known: {}. Give one number for all sectors with --set theta=NUMBER",
                self.name,
                set.sectors.keys().cloned().collect::<Vec<_>>().join(", ")
            ))),
        };
        codes().map(theta).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_read_and_has_every_sector_of_the_bundled_world() {
        let world = crate::World::bundled("wiod2013").expect("bundled");
        for (name, _) in FILES {
            let file = Elasticities::named(name).expect("it is read");
            assert_eq!(file.name, *name);
            assert!(file.of(world.classification()).expect("complete").iter().all(|theta| *theta > 0.0));
        }
        assert_eq!(FILES.iter().map(|file| file.0).collect::<Vec<_>>(), NAMES);
    }

    /// Minus the elasticities of the paper's table and how many products of the Harmonized System each is of, by GTAP sector.
    #[test]
    fn fontagne_guimbard_orefice_2022_table_b4() {
        let table = "AtB: PDR 7.63 1, WHT 2.61 2, VF 4.02 84, OSD 2.05 13, CB 2.33 2, PFB 12.04 17, OCR 2.87 59, CTL 6.39 7, OAP 4.27 45, WOL 7.28 36, FRS 2.53 13, FSH 6.65 48
            C: OIL 10.89 2, OXT 8.28 87
            15t16: CMT 4.04 23, OMT 5.17 48, VOL 2.75 56, MIL 4.77 21, PCR 6.46 3, SGR 3.76 15, OFD 4.7 263, BT 2.73 29
            17t18: TEX 6.04 526, WAP 3.84 236
            19: LEA 5.99 74
            20: LUM 8.69 86
            21t22: PPP 8.18 147
            23: PC 3.64 20
            24: CHM 7.83 770, BPH 7.92 89
            25: RPP 7.04 149
            26: NMM 4.83 169
            27t28: IS 3.45 216, NFM 13.39 201, FMP 4.25 228
            29: OME 4.23 437
            30t33: ELE 5.26 292, EEQ 4.62 189
            34t35: MVH 8.98 62, OTN 7.98 80
            36t37: OMF 4.91 187
            E: ELY 9.48 1";
        let file = Elasticities::named("FontagneGuimbardOrefice2022").expect("it is read");
        for line in table.lines() {
            let (sector, parts) = line.trim().split_once(": ").expect("a sector");
            let number = |part: &str, at: usize| part.split(' ').nth(at).and_then(|word| word.parse::<f64>().ok());
            let sum = |of: &dyn Fn(f64, f64) -> f64| -> f64 {
                let of = |part| of(number(part, 1).expect("an elasticity"), number(part, 2).expect("a count"));
                parts.split(", ").map(of).sum()
            };
            let mean = sum(&|theta, products| theta * products) / sum(&|_, products| products);
            // The file has two decimals.
            assert!((file.set[0].sectors[sector] - mean).abs() <= 0.005, "{sector} {mean}");
        }
    }
}
