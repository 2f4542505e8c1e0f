//! Data of Caliendo & Parro (2015) as they are written beside the project.

use flate2::read::GzDecoder;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use zili_import::caliendo_parro;
use zili_shock::equilibrium::economy::Economy;
use zili_shock::equilibrium::tariffs::economy;
use zili_testkit::oracle;
use zili_world::tariffs::TariffData;

pub struct Nafta {
    folder: PathBuf,
    pub data: TariffData,
    pub regions: Vec<String>,
    pub sectors: Vec<String>,
    pub economy: Economy,
    /// τ' of the agreement.
    pub after: Vec<f64>,
}

impl Nafta {
    pub fn beside() -> Option<Self> {
        Some(Self::read(&oracle::beside("oracles/cp2015_nafta")?))
    }

    pub fn read(folder: &Path) -> Self {
        let data = caliendo_parro(folder).expect("it is read");
        Self {
            folder: folder.to_owned(),
            regions: data.regions.clone(),
            sectors: data.sectors.clone(),
            economy: economy(&data),
            after: data.tariffs[2].clone(),
            data,
        }
    }

    pub fn region(&self, name: &str) -> usize {
        self.regions.iter().position(|known| known == name).expect("a region")
    }

    pub fn sector(&self, name: &str) -> usize {
        self.sectors.iter().position(|known| known == name).expect("a sector")
    }

    /// Rows of a csv of results.
    pub fn table(&self, name: &str) -> Vec<csv::StringRecord> {
        let plain = self.folder.join(format!("{name}.csv"));
        let reader: Box<dyn Read> = match File::open(plain) {
            Ok(file) => Box::new(file),
            Err(_) => {
                let packed = File::open(self.folder.join(format!("{name}.csv.gz"))).expect("it is there");
                Box::new(GzDecoder::new(packed))
            }
        };
        csv::Reader::from_reader(reader).records().map(|row| row.expect("a row")).collect()
    }
}
