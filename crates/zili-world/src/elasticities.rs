//! Trade elasticities from the files under `parameters/elasticities/`, each with its source, and one number for all sectors.

use crate::method::{Accepts, Parameter};
use crate::{Classification, Error, Options, Sector, isic};
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
    accepts: Accepts::Amount { default: 0.0, most: 1e3 },
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
    /// By code of a sector, for classifications that the source itself is of.
    set: Vec<Set>,
    /// By place in ISIC Rev. 4, for every other.
    #[serde(rename = "estimate")]
    estimates: Vec<Estimate>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Set {
    /// θ by code of a sector.
    sectors: BTreeMap<String, f64>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Estimate {
    /// Divisions, groups or classes, apart by spaces.
    isic4: String,
    theta: f64,
    /// How many products of the Harmonized System it is of: its weight beside others.
    #[serde(default = "one")]
    products: f64,
}

fn one() -> f64 {
    1.0
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

    /// θ by sector of a classification; refuses one that no set is of and whose sectors' places in ISIC Rev. 4 are not known.
    pub fn of(&self, classification: &Classification) -> Result<Vec<f64>, Error> {
        let sectors = classification.sectors();
        let complete = |set: &&Set| sectors.iter().all(|sector| set.sectors.contains_key(sector.code.as_str()));
        if let Some(set) = self.set.iter().find(complete) {
            return Ok(sectors.iter().map(|sector| set.sectors[sector.code.as_str()]).collect());
        }
        let hint = "; or give one number for all sectors with --set theta=NUMBER";
        let with_hint = |refusal: Error| Error::Unanswerable(format!("{refusal}{hint}"));
        classification.placed(&format!("elasticities of {}", self.name)).map_err(with_hint)?;
        let theta = |sector: &Sector| {
            self.at(&sector.isic4)
                .ok_or_else(|| Error::Unanswerable(format!("{} has no θ for sector {}{hint}", self.name, sector.code)))
        };
        sectors.iter().map(theta).collect()
    }

    /// The mean of all estimates for these places, weighted by products.
    fn at(&self, places: &[String]) -> Option<f64> {
        let is_of = |estimate: &&Estimate| {
            estimate.isic4.split(' ').any(|known| places.iter().any(|place| isic::overlap(place, known)))
        };
        let (mut sum, mut weight) = (0.0, 0.0);
        for estimate in self.estimates.iter().filter(is_of) {
            sum += estimate.theta * estimate.products;
            weight += estimate.products;
        }
        (weight > 0.0).then(|| sum / weight)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sector(code: &str, places: &str) -> Sector {
        Sector { isic4: places.split_whitespace().map(str::to_owned).collect(), ..Sector::new(code, code) }
    }

    fn classification(sectors: Vec<Sector>) -> Classification {
        let region = crate::Region { code: "R".into(), name: "R".into() };
        let category = crate::FinalCategory { code: "F".into(), name: "F".into() };
        Classification::new(vec![region], sectors, vec![category]).expect("sound")
    }

    #[test]
    fn every_file_is_read_and_has_every_sector_of_every_classification_that_is_known() {
        for (name, _) in FILES {
            let file = Elasticities::named(name).expect("it is read");
            assert_eq!(file.name, *name);
            assert!(file.estimates.iter().flat_map(|e| e.isic4.split(' ')).all(isic::is_place));
            for known in crate::known::classifications() {
                let theta = file.of(&classification(known.sectors.clone())).expect("complete");
                assert!(theta.iter().all(|theta| *theta > 0.0), "{name} {}", known.name);
            }
        }
        assert_eq!(FILES.iter().map(|file| file.0).collect::<Vec<_>>(), NAMES);
    }

    /// Where a sector is one of the paper's own it has the paper's number; where it holds several, their mean.
    #[test]
    fn sectors_have_the_estimates_of_their_places_in_isic_rev_4() {
        let of = |file: &str, places: &str| {
            Elasticities::named(file).expect("read").of(&classification(vec![sector("S", places)])).expect("known")[0]
        };
        let near = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        // Caliendo & Parro (2015), Table 1: machinery 1.45; office, communication and medical equipment 12.95, 3.95 and 8.71.
        near(of("CaliendoParro2015", "28"), 1.45);
        near(of("CaliendoParro2015", "26"), (12.95 + 3.95 + 8.71) / 3.0);
        // Fontagné et al. (2022), Table B4: iron and steel 3.45 of 216 products, other metals 13.39 of 201.
        near(of("FontagneGuimbardOrefice2022", "241 2431"), 3.45);
        near(of("FontagneGuimbardOrefice2022", "24"), (3.45 * 216.0 + 13.39 * 201.0) / 417.0);
        near(of("CostinotRodriguezClare2014", "26"), 10.6);
        near(of("CostinotRodriguezClare2014", "64 65 66"), 5.0);
    }

    #[test]
    fn a_classification_of_which_nothing_is_known_is_refused_with_what_to_give() {
        let file = Elasticities::named("CaliendoParro2015").expect("read");
        let refusal = file.of(&classification(vec![sector("goods", ""), sector("services", "")])).expect_err("refused");
        let text = refusal.to_string();
        assert!(text.contains("isic4") && text.contains("theta=NUMBER") && text.contains("'goods'"), "{text}");
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
