//! A scenario laid onto a table: what strikes which industry, who denies whom, what home does, in positions instead of codes.

use super::flows::{Baseline, Flows};
use super::needs::{Function, Needs, Thresholds};
use crate::Error;
use crate::by_region::industries;
use std::sync::Arc;
use zili_scenario::{Control, Denial, Disruption, Filled, Impact, Recovery, Response, Scenario, Shape, Window};
use zili_world::{Classification, Options, Table};

/// The model's parameters.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rules {
    /// Days in a step.
    pub step: f64,
    /// Share of the target stock below which production falls.
    pub psi: f64,
    /// Days in which a gap in stocks is closed.
    pub restoration: f64,
    pub alpha_max: f64,
    /// Days in which capacity is stretched, and relaxes.
    pub alpha_tau: f64,
    /// Capital a unit of yearly value added.
    pub capital_ratio: f64,
    pub function: Function,
    pub thresholds: Thresholds,
    pub rationing: Rationing,
    /// Orders shift towards suppliers with capacity.
    pub orders_follow_capacity: bool,
    /// Share of denied flows that finds another supplier where no response says otherwise.
    pub resourcing: f64,
    /// Days until it does.
    pub resourcing_days: f64,
    /// By how much of a region's lost income its final demand falls.
    pub income_response: f64,
    /// Days of stock of goods, and of what cannot be stored.
    pub stock_days: f64,
}

/// Who is served first when a supplier cannot serve all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rationing {
    Proportional,
    InputsFirst,
    FinalFirst,
}

impl Rules {
    pub fn new(options: &Options, step: f64) -> Self {
        Self {
            step,
            psi: options.number("psi"),
            restoration: options.number("restoration"),
            alpha_max: options.number("alpha_max"),
            alpha_tau: options.number("alpha_tau"),
            capital_ratio: options.number("capital_ratio"),
            function: Function::named(options.choice("function")),
            thresholds: Thresholds { essential: options.number("essential"), important: options.number("important") },
            rationing: match options.choice("rationing") {
                "inputs-first" => Rationing::InputsFirst,
                "final-first" => Rationing::FinalFirst,
                _ => Rationing::Proportional,
            },
            orders_follow_capacity: options.choice("orders") == "capacity",
            resourcing: options.number("resourcing"),
            resourcing_days: options.number("resourcing_days"),
            income_response: options.number("income_response"),
            stock_days: options.number("stock_days"),
        }
    }
}

/// Something lost by some industries for a time.
pub(crate) struct Strike {
    /// Industry and size: a share of capacity, or capital in the table's unit.
    pub size: Vec<(usize, f64)>,
    pub from: f64,
    pub lasts: f64,
    pub recovery: Recovery,
}

/// Final demand lost by some regions for some products.
pub(crate) struct DemandLoss {
    pub regions: Vec<usize>,
    pub products: Vec<usize>,
    pub share: f64,
    pub strike: Strike,
}

/// A share of final use moved from foreign suppliers to home's own.
pub(crate) struct Procurement {
    pub regions: Vec<usize>,
    pub products: Vec<usize>,
    /// Share of each supplier's final sales to each of these regions that the categories make up, [industries × regions of the table].
    pub part: Vec<f64>,
    pub share: f64,
    pub window: Window,
}

/// Denied flows may be ordered elsewhere.
pub(crate) struct Diversification {
    pub regions: Vec<usize>,
    pub products: Vec<usize>,
    pub share: f64,
    pub window: Window,
    /// Most that a supplier sells to anyone, times its old flow.
    pub cap: f64,
}

/// Extra stocks from a day on.
pub(crate) struct Stockpile {
    pub users: Vec<usize>,
    pub products: Vec<usize>,
    pub days: f64,
    pub from: f64,
    pub filled: Filled,
}

/// One scenario, ready to be played.
pub(crate) struct Plan {
    pub rules: Rules,
    pub needs: Arc<Needs>,
    /// Productive capital by industry.
    pub capital: Vec<f64>,
    /// Losses of capacity and of labour.
    pub capacity: Vec<Strike>,
    /// Capital destroyed, with or without rebuilding.
    pub destruction: Vec<Strike>,
    /// Household goods destroyed, by region, and their rebuilding.
    pub households: Vec<Strike>,
    pub demand: Vec<DemandLoss>,
    pub controls: Vec<(Denial, Window)>,
    pub procurement: Vec<Procurement>,
    pub diversification: Vec<Diversification>,
    pub stockpiles: Vec<Stockpile>,
    /// What was not taken as it was written.
    pub notes: Vec<String>,
    /// Sectors by code, for those who build.
    sectors: Vec<String>,
}

impl Plan {
    pub fn new(
        scenario: &Scenario,
        rules: Rules,
        needs: Arc<Needs>,
        flows: &Flows,
        base: &Baseline,
        table: &Table,
    ) -> Result<Self, Error> {
        let classification = table.classification.as_ref();
        let capital: Vec<f64> = base.value_added.iter().map(|v| v * rules.capital_ratio).collect();
        let mut plan = Plan {
            rules,
            needs,
            capital,
            capacity: Vec::new(),
            destruction: Vec::new(),
            households: Vec::new(),
            demand: Vec::new(),
            controls: Vec::new(),
            procurement: Vec::new(),
            diversification: Vec::new(),
            stockpiles: Vec::new(),
            notes: Vec::new(),
            sectors: classification.sectors().iter().map(|s| s.code.to_string()).collect(),
        };
        for control in &scenario.controls {
            plan.add_control(control, classification)?;
        }
        for disruption in &scenario.disruptions {
            plan.add_disruption(disruption, table)?;
        }
        for response in &scenario.responses {
            plan.add_response(response, table)?;
        }
        plan.check_builders(base, flows)?;
        if plan.needs.raised > 0 {
            plan.notes.push(format!(
                "{} stocks of less than {} days were taken as that: a step must be shorter than what it lives on",
                plan.needs.raised,
                plan.rules.step / plan.rules.psi
            ));
        }
        let unknown = (0..plan.sectors.len()).filter(|&s| classification.storable(s).is_none()).count();
        if unknown > 0 {
            plan.notes.push(format!(
                "it is not known of {unknown} sectors whether their products can be stored, and all are taken to: places in ISIC Rev. 4 (isic4 in sectors.csv) say it"
            ));
        }
        Ok(plan)
    }

    /// Number of sectors.
    pub fn sectors(&self) -> usize {
        self.sectors.len()
    }

    /// Positions of the sectors that build, with their shares.
    pub fn positions(&self, shares: &[(zili_world::SectorCode, f64)]) -> Vec<(usize, f64)> {
        let at = |code: &str| self.sectors.iter().position(|s| s.eq_ignore_ascii_case(code));
        shares.iter().filter_map(|(code, share)| Some((at(code.as_str())?, *share))).collect()
    }

    /// Who rebuilds must make something somewhere.
    fn check_builders(&self, base: &Baseline, flows: &Flows) -> Result<(), Error> {
        for strike in self.destruction.iter().chain(&self.households) {
            let Recovery::Rebuild(rebuild) = &strike.recovery else { continue };
            for (p, _) in self.positions(&rebuild.sectors) {
                if (0..flows.regions).all(|r| base.x[r * flows.sectors + p] <= 0.0) {
                    let sector = &self.sectors[p];
                    return Err(Error::Nothing(format!("rebuilding by sector {sector}: nobody makes its products")));
                }
            }
        }
        Ok(())
    }

    fn add_control(&mut self, control: &Control, classification: &Classification) -> Result<(), Error> {
        let denial = control.on(classification)?;
        // Chain inputs and listed firms fall on no table; the account of the controls says so.
        if denial.suppliers.is_empty() {
            return Ok(());
        }
        self.controls.push((denial, control.window));
        Ok(())
    }

    fn add_disruption(&mut self, disruption: &Disruption, table: &Table) -> Result<(), Error> {
        let classification = table.classification.as_ref();
        let products = disruption.sectors.positions(classification)?;
        let industries = industries(classification, disruption.at.positions(classification)?, &products);
        let strike = |size: Vec<(usize, f64)>| Strike {
            size,
            from: disruption.from,
            lasts: disruption.lasts,
            recovery: disruption.recovery.clone(),
        };
        match disruption.impact {
            Impact::Capacity(share) | Impact::Labour(share) => {
                self.capacity.push(strike(industries.iter().map(|&f| (f, share)).collect()));
            }
            Impact::Capital(share) => {
                self.destruction.push(strike(industries.iter().map(|&f| (f, share * self.capital[f])).collect()));
            }
            Impact::Damage(total) => {
                let capital: f64 = industries.iter().map(|&f| self.capital[f]).sum();
                if capital <= 0.0 {
                    let at = &disruption.at.code;
                    return Err(Error::Nothing(format!("damage in {at}: the industries hit have no capital")));
                }
                if total > capital {
                    self.notes.push(format!(
                        "{}: more than the capital of those hit, {capital:.0}; all of it is lost and no more",
                        disruption.describe()
                    ));
                }
                let part = |f: usize| (f, (total / capital).min(1.0) * self.capital[f]);
                self.destruction.push(strike(industries.iter().map(|&f| part(f)).collect()));
            }
            Impact::HouseholdDamage(total) => {
                let regions = disruption.at.positions(classification)?;
                let used = |r: usize| -> f64 {
                    let columns: Vec<usize> = classification.final_columns_of(r).collect();
                    table.final_use_of(&columns).iter().sum::<f64>().max(0.0)
                };
                let all: f64 = regions.iter().map(|&r| used(r)).sum();
                if all <= 0.0 {
                    let at = &disruption.at.code;
                    return Err(Error::Nothing(format!("household damage in {at}: nobody there uses anything")));
                }
                self.households.push(strike(regions.iter().map(|&r| (r, total * used(r) / all)).collect()));
            }
            Impact::Demand(share) => self.demand.push(DemandLoss {
                regions: disruption.at.positions(classification)?,
                products: disruption.sectors.positions(classification)?,
                share,
                strike: strike(Vec::new()),
            }),
        }
        Ok(())
    }

    fn add_response(&mut self, response: &Response, table: &Table) -> Result<(), Error> {
        let classification = table.classification.as_ref();
        match response {
            Response::Stockpile { at, sectors, days, from, filled } => self.stockpiles.push(Stockpile {
                users: at.industries(classification)?,
                products: sectors.positions(classification)?,
                days: *days,
                from: *from,
                filled: *filled,
            }),
            Response::Procurement { at, sectors, categories, share, window } => {
                let regions = at.positions(classification)?;
                let (n, all) = (classification.industries(), classification.regions().len());
                let mut part = vec![0.0; n * all];
                for &r in &regions {
                    let columns: Vec<usize> = classification.final_columns_of(r).collect();
                    for i in 0..n {
                        let total: f64 = columns.iter().map(|&c| table.y[(i, c)]).sum();
                        let chosen = columns.iter().zip(classification.categories()).filter(|(_, category)| {
                            categories.is_empty() || categories.iter().any(|c| c.eq_ignore_ascii_case(&category.code))
                        });
                        let chosen: f64 = chosen.map(|(&c, _)| table.y[(i, c)]).sum();
                        // Falling inventories can make a share of nearly anything.
                        part[i * all + r] = if total > 0.0 { (chosen / total).clamp(0.0, 1.0) } else { 0.0 };
                    }
                }
                let products = sectors.positions(classification)?;
                self.procurement.push(Procurement { regions, products, part, share: *share, window: *window });
            }
            Response::Diversification { at, sectors, share, window, cap } => {
                self.diversification.push(Diversification {
                    regions: at.positions(classification)?,
                    products: sectors.positions(classification)?,
                    share: *share,
                    window: *window,
                    cap: cap.unwrap_or(f64::INFINITY),
                });
            }
        }
        Ok(())
    }
}

impl Strike {
    /// Share of the strike in force, averaged over the days from `a` to `b`.
    pub fn level(&self, a: f64, b: f64) -> f64 {
        // Eight samples a step: exact where the strike begins and ends with a step.
        const SAMPLES: usize = 8;
        (0..SAMPLES).map(|k| self.at(a + (b - a) * (k as f64 + 0.5) / SAMPLES as f64)).sum::<f64>() / SAMPLES as f64
    }

    fn at(&self, day: f64) -> f64 {
        let elapsed = day - self.from - self.lasts;
        match &self.recovery {
            _ if day < self.from => 0.0,
            _ if elapsed < 0.0 => 1.0,
            Recovery::AtOnce => 0.0,
            Recovery::Curve { shape, days } => curve(*shape, elapsed, *days),
            // What is built anew is followed brick by brick elsewhere.
            Recovery::Rebuild(_) => 1.0,
        }
    }
}

/// Share still lost; what is left of a tail below a millionth counts as restored.
fn curve(shape: Shape, elapsed: f64, days: f64) -> f64 {
    let left = super::boario::remaining(shape, 1.0, elapsed, days);
    if left > 1e-6 { left.min(1.0) } else { 0.0 }
}
