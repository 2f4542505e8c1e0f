//! One year of trade.

use crate::{Error, Matrix};
use std::collections::{BTreeMap, HashMap};

/// Who sells how much of what to whom in a year, by product.
#[derive(Clone, Debug, PartialEq)]
pub struct Flows {
    pub year: i32,
    economies: usize,
    /// Where each product begins, and the end.
    starts: Vec<usize>,
    exporters: Vec<u16>,
    /// Empty if buyers are not told apart.
    importers: Vec<u16>,
    usd: Vec<f64>,
}

/// What one economy sells to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flow {
    pub exporter: usize,
    /// None if buyers are not told apart.
    pub importer: Option<usize>,
    pub usd: f64,
}

impl Flows {
    /// From rows in the order of products, then exporters, then importers; refuses any other order, and what is twice in it.
    pub(crate) fn new(
        year: i32,
        (economies, products): (usize, usize),
        of_product: &[u32],
        exporters: Vec<u16>,
        importers: Vec<u16>,
        usd: Vec<f64>,
    ) -> Result<Self, String> {
        let rows = usd.len();
        let alike = of_product.len() == rows && exporters.len() == rows;
        if !alike || !(importers.is_empty() || importers.len() == rows) {
            return Err("columns of different lengths".to_owned());
        }
        let key = |row: usize| (of_product[row], exporters[row], importers.get(row).copied().unwrap_or_default());
        for row in 0..rows {
            if of_product[row] as usize >= products
                || usize::from(exporters[row]) >= economies
                || importers.get(row).is_some_and(|importer| usize::from(*importer) >= economies)
            {
                return Err(format!("row {row} names an economy or product beyond the lists"));
            }
            if row > 0 && key(row) <= key(row - 1) {
                return Err(format!("row {row} is out of order, or twice there"));
            }
            if !(usd[row] > 0.0 && usd[row].is_finite()) {
                return Err(format!("row {row} has no positive value"));
            }
        }
        let starts = (0..=products).map(|product| of_product.partition_point(|p| (*p as usize) < product)).collect();
        Ok(Self { year, economies, starts, exporters, importers, usd })
    }

    pub fn len(&self) -> usize {
        self.usd.len()
    }
    pub fn is_empty(&self) -> bool {
        self.usd.is_empty()
    }
    pub fn products(&self) -> usize {
        self.starts.len() - 1
    }

    /// Whether buyers are told apart.
    pub fn has_partners(&self) -> bool {
        self.importers.len() == self.usd.len()
    }

    /// Who sells a product to whom.
    pub fn of(&self, product: usize) -> impl Iterator<Item = Flow> {
        (self.starts[product]..self.starts[product + 1]).map(|row| Flow {
            exporter: usize::from(self.exporters[row]),
            importer: self.importers.get(row).map(|importer| usize::from(*importer)),
            usd: self.usd[row],
        })
    }

    /// What each economy sells of each product, USD [economies × products].
    pub fn exports(&self) -> Matrix {
        let products = self.products();
        let mut exports = vec![0.0; self.economies * products];
        for product in 0..products {
            for flow in self.of(product) {
                exports[flow.exporter * products + product] += flow.usd;
            }
        }
        Matrix::from_rows(self.economies, products, exports)
    }

    /// Its rows as columns: product, exporter, importer, USD.
    pub(crate) fn columns(&self) -> (Vec<i32>, Vec<i32>, Vec<i32>, Vec<f64>) {
        let of = |product: usize| std::iter::repeat_n(product as i32, self.starts[product + 1] - self.starts[product]);
        let whole = |codes: &[u16]| codes.iter().map(|code| i32::from(*code)).collect();
        ((0..self.products()).flat_map(of).collect(), whole(&self.exporters), whole(&self.importers), self.usd.clone())
    }
}

/// Rows in any order become years of flows, with their lists of economies and products in the order of codes.
#[derive(Default)]
pub struct Collector {
    economies: Labels,
    products: Labels,
    years: BTreeMap<i32, Vec<Row>>,
}

/// A row as it comes: labels by the order in which they were met.
struct Row {
    product: u32,
    exporter: u16,
    importer: u16,
    usd: f64,
}

#[derive(Default)]
struct Labels {
    codes: Vec<String>,
    positions: HashMap<String, usize>,
}

impl Labels {
    fn position(&mut self, code: &str) -> usize {
        if let Some(position) = self.positions.get(code) {
            return *position;
        }
        self.codes.push(code.to_owned());
        self.positions.insert(code.to_owned(), self.codes.len() - 1);
        self.codes.len() - 1
    }

    /// The codes in order, and where each went.
    fn sorted(self) -> (Vec<String>, Vec<usize>) {
        let mut order: Vec<usize> = (0..self.codes.len()).collect();
        order.sort_by(|a, b| self.codes[*a].cmp(&self.codes[*b]));
        let mut place = vec![0; order.len()];
        order.iter().enumerate().for_each(|(new, old)| place[*old] = new);
        let mut codes = self.codes;
        codes.sort();
        (codes, place)
    }
}

/// What was collected: codes of economies and of products in their order, and the years.
#[derive(Debug)]
pub struct Collected {
    pub economies: Vec<String>,
    pub products: Vec<String>,
    pub years: Vec<Flows>,
}

/// Stands for the buyer where none is told.
const WORLD: u16 = u16::MAX;

impl Collector {
    /// Adds a flow; without an importer it is all that the exporter sells. Nothing is kept of a value of zero.
    pub fn add(
        &mut self,
        year: i32,
        exporter: &str,
        importer: Option<&str>,
        product: &str,
        usd: f64,
    ) -> Result<(), String> {
        if !(usd >= 0.0 && usd.is_finite()) {
            return Err(format!("{usd} is not a value in USD from 0 on"));
        }
        if importer == Some(exporter) {
            return Err(format!("{exporter} sells to itself: that is no trade"));
        }
        let mut economy = |code: &str| {
            let position = self.economies.position(code);
            u16::try_from(position).ok().filter(|p| *p < WORLD).ok_or_else(|| "more than 65,534 economies".to_owned())
        };
        let exporter = economy(exporter)?;
        let importer = importer.map_or(Ok(WORLD), economy)?;
        let product = u32::try_from(self.products.position(product)).map_err(|_| "too many products".to_owned())?;
        let of_year = self.years.entry(year).or_default();
        if usd > 0.0 {
            of_year.push(Row { product, exporter, importer, usd });
        }
        Ok(())
    }

    pub fn finish(self) -> Result<Collected, Error> {
        let (economies, economy_at) = self.economies.sorted();
        let (products, product_at) = self.products.sorted();
        let mut years = Vec::new();
        for (year, mut rows) in self.years {
            for row in &mut rows {
                row.product = product_at[row.product as usize] as u32;
                row.exporter = economy_at[usize::from(row.exporter)] as u16;
                if row.importer != WORLD {
                    row.importer = economy_at[usize::from(row.importer)] as u16;
                }
            }
            let key = |row: &Row| (row.product, row.exporter, row.importer);
            rows.sort_unstable_by_key(key);
            let named = |row: &Row| {
                let importer = economies.get(usize::from(row.importer)).map(|code| format!(" to {code}"));
                let exporter = &economies[usize::from(row.exporter)];
                format!(
                    "{exporter}{} in {year}: product {}",
                    importer.unwrap_or_default(),
                    products[row.product as usize]
                )
            };
            if let Some(pair) = rows.windows(2).find(|pair| key(&pair[0]) == key(&pair[1])) {
                return Err(Error::Duplicate { what: "trade flow", given: named(&pair[0]) });
            }
            let without = rows.iter().filter(|row| row.importer == WORLD).count();
            if without > 0 && without < rows.len() {
                return Err(Error::Unanswerable(format!("some flows of {year} have an importer and some have none")));
            }
            let importers: Vec<u16> =
                rows.iter().map(|row| row.importer).filter(|importer| *importer != WORLD).collect();
            let of_product: Vec<u32> = rows.iter().map(|row| row.product).collect();
            let exporters = rows.iter().map(|row| row.exporter).collect();
            let usd = rows.iter().map(|row| row.usd).collect();
            let flows = Flows::new(year, (economies.len(), products.len()), &of_product, exporters, importers, usd);
            years.push(flows.map_err(Error::Unanswerable)?);
        }
        Ok(Collected { economies, products, years })
    }
}
