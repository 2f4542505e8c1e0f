//! The economies and products that are compared, and home among them.

use super::convention::{CONVENTION, Convention};
use super::indicators::{Indicators, Place};
use super::presence::{Empty, Presence, rca};
use super::{MIN_EXPORTS, MIN_POPULATION, MIN_PRODUCT, STEPS, THRESHOLD, TRADE, YEAR};
use crate::products::{Market, spoken};
use zili_world::trade::Economy;
use zili_world::{Error, Finding, Matrix, Method, Params, World};

/// What the trade of a year says, and what follows from it.
pub(crate) struct Standing<'a> {
    pub market: Market<'a>,
    /// Positions in the trade data of the economies that are compared.
    pub economies: Vec<usize>,
    /// Positions in the trade data of the products that are compared.
    pub products: Vec<usize>,
    /// Exports of those economies in those products, million USD.
    pub exports: Matrix,
    pub presence: Presence,
    pub indicators: Indicators,
    /// What the same economies export of each of these products, and of all, million USD, before what has no advantage was left out.
    world: (Vec<f64>, f64),
    /// Products before that.
    before: Vec<usize>,
    notes: Vec<String>,
}

/// Home taken as one economy.
pub(crate) struct Home {
    /// Exports by product, million USD.
    pub exports: Vec<f64>,
    pub rca: Vec<f64>,
    /// 1 where it has advantage, else 0.
    pub makes: Vec<f64>,
    /// None if it has advantage in nothing.
    pub place: Option<Place>,
}

impl<'a> Standing<'a> {
    pub fn new(world: &'a World, params: &'a Params) -> Result<Self, Error> {
        Self::with_steps(world, params, params.options.number(STEPS.name) as usize)
    }

    /// With so many steps of fitness, for methods that do not show it.
    pub fn with_steps(world: &'a World, params: &'a Params, steps: usize) -> Result<Self, Error> {
        let options = &params.options;
        let market = Market::new(world, params, options.name(TRADE.name), options.name(YEAR.name))?;
        let all = market.exports();
        let mut notes = Vec::new();
        let economies = kept_economies(&market, &all, params, &mut notes)?;
        let every: Vec<usize> = (0..all.columns()).collect();
        let least = options.number(MIN_PRODUCT.name);
        let traded = all.select(&economies, &every).column_sums();
        let products: Vec<usize> = every.into_iter().filter(|p| traded[*p] >= least && traded[*p] > 0.0).collect();
        let left_out = all.columns() - products.len();
        if left_out > 0 {
            let nothing = if least > 0.0 { format!("less than {least} million USD") } else { "nothing".to_owned() };
            notes.push(format!("{left_out} products of which these economies export {nothing} are left out"));
        }
        let exports = all.select(&economies, &products);
        let of_product = exports.column_sums();
        let (before, of_all) = (products.clone(), of_product.iter().sum());
        let (presence, empty) = Presence::of(&rca(&exports), options.number(THRESHOLD.name));
        let (economies, products) = without_empty(&market, economies, products, empty, &mut notes);
        let exports = all.select(&economies, &products);
        let convention = Convention::named(options.choice(CONVENTION.name));
        let left_out = |refusal: Error| match notes.is_empty() {
            true => refusal,
            false => Error::Unanswerable(format!("{refusal} ({})", notes.join("; "))),
        };
        let indicators = Indicators::new(&presence, convention, steps).map_err(left_out)?;
        let kept: Vec<f64> =
            before.iter().zip(of_product).filter(|(p, _)| products.contains(p)).map(|(_, musd)| musd).collect();
        let world = (kept, of_all);
        notes.extend(warnings(&indicators.eigenvalues));
        if products.len() < FEW {
            let few = products.len();
            notes.push(format!(
                "{few} products are few for this index, made for thousands: bring product trade (zili data import)"
            ));
        }
        Ok(Self { market, economies, products, exports, presence, indicators, world, before, notes })
    }

    pub fn economy(&self, c: usize) -> &Economy {
        &self.market.trade.economies()[self.economies[c]]
    }

    /// Home as one economy among those compared, in their products.
    pub fn home(&self, params: &Params) -> Home {
        let threshold = params.options.number(THRESHOLD.name);
        let all = self.market.exports();
        let members: Vec<usize> = self.market.members();
        let exports: Vec<f64> = self.products.iter().map(|p| members.iter().map(|c| all[(*c, *p)]).sum()).collect();
        // Advantage is taken before what has none is left out, as it was for the economies.
        let own: f64 = members.iter().flat_map(|c| self.before.iter().map(|p| all[(*c, *p)])).sum();
        let (of_product, world) = &self.world;
        let advantage = |p: usize| {
            let rca = (exports[p] / own) / (of_product[p] / world);
            if rca.is_finite() { rca } else { 0.0 }
        };
        let rca: Vec<f64> = (0..exports.len()).map(advantage).collect();
        let makes: Vec<f64> = rca.iter().map(|rca| f64::from(u8::from(*rca >= threshold))).collect();
        let any = makes.iter().any(|makes| *makes > 0.0);
        let place = any.then(|| self.indicators.space.place(&self.presence, &makes));
        Home { exports, rca, makes, place }
    }

    /// An empty finding, with where its numbers come from and what was left out.
    pub fn finding(&self, method: &Method, params: &Params) -> Finding {
        let mut finding = self.market.finding(method, params);
        finding.note(format!(
            "{} economies and {} products are compared",
            self.presence.economies(),
            self.presence.products()
        ));
        self.notes.iter().for_each(|note| finding.note(note.clone()));
        let members = self.market.members();
        if !members.is_empty() && !members.iter().any(|c| self.economies.contains(c)) {
            finding.note(format!("{} is left out of those compared", params.home.code));
        }
        finding
    }
}

/// Economies that pass the filters; the rest of the world is none.
fn kept_economies(
    market: &Market,
    exports: &Matrix,
    params: &Params,
    notes: &mut Vec<String>,
) -> Result<Vec<usize>, Error> {
    let (least, people) = (params.options.number(MIN_EXPORTS.name), params.options.number(MIN_POPULATION.name));
    let all = market.trade.economies();
    if people > 0.0 && all.iter().all(|economy| economy.population.is_none()) {
        let name = market.trade.name();
        return Err(Error::Unanswerable(format!(
            "trade data '{name}' say no populations, so min_population cannot be used"
        )));
    }
    let (mut small, mut few, mut unknown) = (0, 0, Vec::new());
    let totals = exports.row_sums();
    let kept = (0..all.len()).filter(|&c| {
        if all[c].code.as_str() == "ROW" {
            return false;
        }
        if totals[c] < least || totals[c] <= 0.0 {
            small += 1;
            return false;
        }
        match all[c].population {
            Some(found) if found < people => {
                few += 1;
                false
            }
            None if people > 0.0 => {
                unknown.push(all[c].code.as_str());
                false
            }
            _ => true,
        }
    });
    let kept: Vec<usize> = kept.collect();
    if small > 0 {
        let or_less = if least > 0.0 { format!(", or less than {least} million USD,") } else { String::new() };
        notes.push(format!("{small} economies that export nothing{or_less} are left out"));
    }
    if few > 0 {
        notes.push(format!("{few} economies with fewer than {people} people are left out"));
    }
    if !unknown.is_empty() {
        let unknown = spoken(unknown.into_iter().map(str::to_owned).collect());
        notes.push(format!("left out, for nobody says how many people they have: {unknown}"));
    }
    Ok(kept)
}

/// What has an advantage, or is somebody's; the rest is named.
fn without_empty(
    market: &Market,
    economies: Vec<usize>,
    products: Vec<usize>,
    empty: Empty,
    notes: &mut Vec<String>,
) -> (Vec<usize>, Vec<usize>) {
    let labels = |all: &[usize], gone: &[usize], code: &dyn Fn(usize) -> String| {
        spoken(gone.iter().map(|k| code(all[*k])).collect())
    };
    if !empty.economies.is_empty() {
        let named = labels(&economies, &empty.economies, &|c| market.trade.economies()[c].code.to_string());
        notes.push(format!("left out, for they have advantage in no product: {named}"));
    }
    if !empty.products.is_empty() {
        let named = labels(&products, &empty.products, &|p| market.trade.products()[p].code.clone());
        notes.push(format!("left out, for nobody has advantage in them: {named}"));
    }
    let keep = |all: Vec<usize>, gone: &[usize]| {
        all.into_iter().enumerate().filter(|(k, _)| !gone.contains(k)).map(|(_, position)| position).collect()
    };
    (keep(economies, &empty.economies), keep(products, &empty.products))
}

/// Fewer products than at the level of 2 digits.
const FEW: usize = 90;

/// Eigenvalues closer than this are taken for one: ten thousand times what rounding moves them by.
const TOGETHER: f64 = 1e-11;

/// What the eigenvalues say against the index.
fn warnings(eigenvalues: &[f64]) -> Vec<String> {
    let mut warnings = Vec::new();
    if let [first, second, rest @ ..] = eigenvalues {
        if first - second < TOGETHER {
            warnings
                .push("economies fall into groups that share no product: the index only tells groups apart".to_owned());
        } else if rest.first().is_some_and(|third| second - third < TOGETHER) {
            warnings.push(
                "the second and third eigenvalue are equal: the index is one of many that fit as well".to_owned(),
            );
        }
    }
    warnings
}
