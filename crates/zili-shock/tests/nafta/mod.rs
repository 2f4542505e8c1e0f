//! Data of Caliendo & Parro (2015) as they are written beside the project.

use flate2::read::GzDecoder;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use zili_shock::equilibrium::economy::Economy;
use zili_testkit::oracle;

pub struct Nafta {
    folder: PathBuf,
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
        let names = |file: &str| {
            let text = std::fs::read_to_string(folder.join(file)).expect("it is there");
            text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect::<Vec<_>>()
        };
        let (regions, sectors) = (names("regions.txt"), names("sectors.txt"));
        let mut nafta =
            Self { folder: folder.to_owned(), regions, sectors, economy: Economy::default(), after: Vec::new() };
        let (economy, after) = nafta.calibrated();
        (nafta.economy, nafta.after) = (economy, after);
        nafta
    }

    pub fn region(&self, name: &str) -> usize {
        self.regions.iter().position(|known| known == name).expect("a region")
    }

    pub fn sector(&self, name: &str) -> usize {
        self.sectors.iter().position(|known| known == name).expect("a sector")
    }

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

    /// The economy of the data, and the tariffs of the counterfactual.
    fn calibrated(&self) -> (Economy, Vec<f64>) {
        let (n, j) = (self.regions.len(), self.sectors.len());
        let number = |text: &str| text.trim().parse::<f64>().expect("a number");
        let mut economy = Economy { regions: n, sectors: j, ..Economy::default() };
        let flows = j * n * n;
        let (mut spent, mut before, mut after) = (vec![0.0; flows], vec![1.0; flows], vec![1.0; flows]);
        for row in self.table("trade") {
            let at = economy.flow(self.sector(&row[0]), self.region(&row[2]), self.region(&row[1]));
            (before[at], after[at]) = (1.0 + number(&row[5]), 1.0 + number(&row[6]));
            spent[at] = number(&row[3]) * before[at];
        }
        let mut spending = vec![0.0; n * j];
        for (cell, row) in spent.chunks_mut(n).enumerate() {
            let total: f64 = row.iter().sum();
            spending[cell % n * j + cell / n] = total;
            row.iter_mut().filter(|_| total > 0.0).for_each(|flow| *flow /= total);
        }
        let cells = |name: &str| {
            let mut values = vec![0.0; n * j];
            for row in self.table(name) {
                values[self.region(&row[1]) * j + self.sector(&row[0])] = number(&row[2]);
            }
            values
        };
        let (mut added, mut consumption) = (cells("value_added"), cells("final_consumption"));
        economy.value_added = added.chunks(j).map(|row| row.iter().sum()).collect();
        economy.inputs = vec![0.0; n * j * j];
        for row in self.table("intermediate_consumption") {
            let (k, user, region) = (self.sector(&row[0]), self.sector(&row[1]), self.region(&row[2]));
            economy.inputs[(region * j + k) * j + user] = number(&row[3]);
        }
        for (cell, added) in added.iter_mut().enumerate() {
            let (region, user) = (cell / j, cell % j);
            let inputs = |k: usize| (region * j + k) * j + user;
            let cost = *added + (0..j).map(|k| economy.inputs[inputs(k)]).sum::<f64>();
            if cost > 0.0 {
                (0..j).for_each(|k| economy.inputs[inputs(k)] /= cost);
            }
            *added = if cost > 0.0 { *added / cost } else { 1.0 };
        }
        for row in consumption.chunks_mut(j) {
            let total: f64 = row.iter().sum();
            row.iter_mut().for_each(|share| *share /= total);
        }
        economy.elasticity = vec![0.0; j];
        self.table("theta").iter().for_each(|row| economy.elasticity[self.sector(&row[0])] = number(&row[1]));
        economy.deficits = vec![0.0; n];
        self.table("deficit").iter().for_each(|row| economy.deficits[self.region(&row[0])] = number(&row[1]));
        economy.shares = vec![spent];
        economy.tariffs = before;
        (economy.added, economy.consumption, economy.spending) = (added, consumption, vec![spending]);
        (economy, after)
    }
}
