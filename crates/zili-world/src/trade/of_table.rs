//! Trade between the regions of an input–output table, sector by sector.

use super::{Collected, Collector, Economy, Manifest, Product, Trade, YearEntry};
use crate::store::SCHEMA;
use crate::{Error, World};

/// The name by which a table's own trade is asked for.
pub const TABLE: &str = "table";

impl Trade {
    /// What each region sells to each other of each sector's output, for use and final use; a product is a sector.
    pub fn of_table(world: &World, year: i32) -> Result<Self, Error> {
        let table = world.table(year)?;
        let labels = world.classification();
        let (regions, sectors) = (labels.regions(), labels.sectors());
        if regions.len() < 2 {
            return Err(Error::Unanswerable("a table of one region has no trade in it".to_owned()));
        }
        let mut collector = Collector::default();
        let mut below_zero = 0;
        for (r, seller) in regions.iter().enumerate() {
            for (s, sector) in sectors.iter().enumerate() {
                let row = labels.industries_of(r).start + s;
                for (b, buyer) in regions.iter().enumerate().filter(|(b, _)| *b != r) {
                    let use_ = table.z.row(row)[labels.industries_of(b)].iter().sum::<f64>();
                    let musd = use_ + table.y.row(row)[labels.final_columns_of(b)].iter().sum::<f64>();
                    // Stocks run down can exceed what is bought.
                    below_zero += usize::from(musd < 0.0);
                    let (from, to) = (seller.code.as_str(), Some(buyer.code.as_str()));
                    let added = collector.add(year, from, to, sector.code.as_str(), musd.max(0.0) * 1e6);
                    added.map_err(Error::Unanswerable)?;
                }
            }
        }
        let Collected { economies, products, years: flows } = collector.finish()?;
        let economies = economies.iter().map(|code| {
            let region = &regions[labels.region(code)?];
            Ok(Economy { code: region.code.clone(), name: region.name.clone(), population: None })
        });
        let products = products.into_iter().map(|code| {
            let name = sectors[labels.sector(&code)?].name.clone();
            Ok(Product { code, name })
        });
        let manifest = Manifest {
            schema: SCHEMA,
            name: TABLE.to_owned(),
            title: format!("Trade in the table of {}", world.manifest().name),
            nomenclature: "sectors of the table".to_owned(),
            economies: economies.collect::<Result<_, Error>>()?,
            products: products.collect::<Result<_, Error>>()?,
            years: flows.iter().map(YearEntry::of).collect(),
            sources: world.manifest().sources.clone(),
            caveats: (below_zero > 0)
                .then(|| format!("{below_zero} flows below zero (stocks run down) count as none"))
                .into_iter()
                .collect(),
        };
        Ok(Trade::in_memory(manifest, flows))
    }
}
