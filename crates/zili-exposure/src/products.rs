//! Measures of traded products.

pub mod dependency;
pub mod exposure;
pub mod minerals;

use std::sync::Arc;
use zili_world::trade::{Flows, TABLE};
use zili_world::{Bloc, Error, Finding, Matrix, Method, Params, RegionCode, Trade, World};

/// Trade of one year as home sees it.
pub(crate) struct Market<'a> {
    pub trade: Arc<Trade>,
    pub flows: Arc<Flows>,
    world: &'a World,
    params: &'a Params,
}

/// What home buys of a product, and from whom.
#[derive(Default)]
pub(crate) struct Purchase {
    /// By economy outside home, the largest first; USD.
    pub suppliers: Vec<(usize, f64)>,
    /// What its members buy from each other, USD.
    pub inside: f64,
}

impl<'a> Market<'a> {
    /// Trade by name; that of the table of the year asked for if it is `table`.
    pub fn new(world: &'a World, params: &'a Params, name: &str, year: &str) -> Result<Self, Error> {
        let trade = match name {
            TABLE => Arc::new(Trade::of_table(world, params.year)?),
            name => world.trade(name)?,
        };
        let flows = trade.flows(trade.year(year)?)?;
        Ok(Self { trade, flows, world, params })
    }

    /// The same trade in another year.
    pub fn in_year(&self, year: i32) -> Result<Self, Error> {
        Ok(Self { trade: self.trade.clone(), flows: self.trade.flows(year)?, ..*self })
    }

    pub fn is_home(&self, economy: usize) -> bool {
        self.holds(&self.params.home, economy)
    }

    /// Whether an economy is home or one of the partners asked for.
    pub fn is_asked(&self, economy: usize) -> bool {
        self.is_home(economy) || self.params.partners.iter().any(|partner| self.holds(partner, economy))
    }

    /// Economies of home.
    pub fn members(&self) -> Vec<usize> {
        (0..self.trade.economies().len()).filter(|c| self.is_home(*c)).collect()
    }

    pub fn code(&self, economy: usize) -> &RegionCode {
        &self.trade.economies()[economy].code
    }

    /// Exports [economies × products], million USD.
    pub fn exports(&self) -> Matrix {
        let usd = self.flows.exports();
        Matrix::from_fn(usd.rows(), usd.columns(), |c, p| usd[(c, p)] / 1e6)
    }

    /// What home buys of a product; none where buyers are not told apart.
    pub fn purchase(&self, product: usize, members: &[bool]) -> Option<Purchase> {
        if !self.flows.has_partners() {
            return None;
        }
        let (mut suppliers, mut inside) = (Vec::<(usize, f64)>::new(), 0.0);
        for flow in self.flows.of(product).filter(|flow| flow.importer.is_some_and(|importer| members[importer])) {
            match (members[flow.exporter], suppliers.last_mut()) {
                (true, _) => inside += flow.usd,
                // Rows come in the order of exporters.
                (false, Some((last, usd))) if *last == flow.exporter => *usd += flow.usd,
                (false, _) => suppliers.push((flow.exporter, flow.usd)),
            }
        }
        suppliers.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        Some(Purchase { suppliers, inside })
    }

    /// By economy, whether it is of home.
    pub fn membership(&self) -> Vec<bool> {
        (0..self.trade.economies().len()).map(|c| self.is_home(c)).collect()
    }

    /// An empty finding that says where its numbers come from.
    pub fn finding(&self, method: &Method, params: &Params) -> Finding {
        self.finding_of(method, params, &[self.flows.year])
    }

    /// The same for several years.
    pub fn finding_of(&self, method: &Method, params: &Params, years: &[i32]) -> Finding {
        match self.trade.name() {
            // The world signs for its own table, whose labels these are.
            TABLE => {
                let mut finding = Finding::new(method, params);
                self.trade.manifest().caveats.iter().for_each(|caveat| finding.note(caveat.clone()));
                finding
            }
            _ => {
                let mut finding = Finding::apart(method, params);
                self.trade.sign(&mut finding, years);
                self.note_absence(&mut finding, &params.home);
                let strangers = |partner: &&Bloc| !(0..self.trade.economies().len()).any(|c| self.holds(partner, c));
                let named = params.partners.iter().filter(strangers).map(|partner| partner.code.clone()).collect();
                if params.partners.iter().any(|partner| strangers(&partner)) {
                    finding.note(format!("not among the economies of these trade data: {}", spoken(named)));
                }
                finding
            }
        }
    }

    fn holds(&self, bloc: &Bloc, economy: usize) -> bool {
        bloc.holds(self.code(economy), self.world.classification())
    }

    /// Says which members of home are in the trade but not in the table, and which are not in the trade.
    fn note_absence(&self, finding: &mut Finding, home: &Bloc) {
        let traded = |code: &&RegionCode| self.trade.economies().iter().any(|economy| economy.code == **code);
        let listed = |codes: Vec<&RegionCode>| spoken(codes.into_iter().map(RegionCode::to_string).collect());
        let extra: Vec<&RegionCode> = home.absent.iter().filter(traded).collect();
        if !extra.is_empty() && !home.members.is_empty() {
            finding.note(format!("{}: members here that the table lacks: {}", home.code, listed(extra)));
        }
        let all = home.members.iter().chain(&home.absent);
        let lacking: Vec<&RegionCode> = all.filter(|code| code.as_str() != "ROW" && !traded(code)).collect();
        if !lacking.is_empty() {
            finding.note(format!("{}: not in these trade data, and left out: {}", home.code, listed(lacking)));
        }
    }
}

/// How many codes a note lists.
const LISTED: usize = 20;

/// Codes as a list, not too long.
pub(crate) fn spoken(codes: Vec<String>) -> String {
    let more = codes.len().saturating_sub(LISTED);
    let listed = codes.iter().take(LISTED).cloned().collect::<Vec<_>>().join(", ");
    if more > 0 { format!("{listed} and {more} more") } else { listed }
}

impl Purchase {
    pub fn imports(&self) -> f64 {
        // From 0: a sum of nothing would be −0.
        self.suppliers.iter().fold(0.0, |sum, (_, usd)| sum + usd)
    }

    /// Σ of squared shares of the suppliers outside home; not a number without any.
    pub fn concentration(&self) -> f64 {
        let all = self.imports();
        if all > 0.0 { self.suppliers.iter().map(|(_, usd)| (usd / all).powi(2)).sum() } else { f64::NAN }
    }

    /// How many of the largest suppliers outside home it takes to reach a share.
    pub fn count_for(&self, wanted: f64) -> Option<usize> {
        let all = self.imports();
        let mut sum = 0.0;
        let reached = |(_, usd): &(usize, f64)| {
            sum += usd;
            sum >= wanted * all
        };
        self.suppliers.iter().position(reached).map(|last| last + 1)
    }

    /// The largest supplier outside home and its share.
    pub fn top(&self) -> Option<(usize, f64)> {
        let all = self.imports();
        self.suppliers.first().map(|(economy, usd)| (*economy, usd / all))
    }
}
