#![doc = include_str!("../../../docs/src/methods/input-stop.md")]

use crate::Error;
use crate::by_region::{self, ROLE, ranked, role};
use crate::equilibrium::calibrate::{denied, flows};
use zili_scenario::Scenario;
use zili_world::method::{Accepts, column};
use zili_world::{Bloc, Column, Finding, Method, Parameter, Params, World, row};

pub static METHOD: Method = Method {
    name: "input-stop",
    page: include_str!("../../../docs/src/methods/input-stop.md"),
    columns: &[
        column::YEAR,
        column::REGION,
        column::REGION_NAME,
        ROLE,
        column::SECTOR,
        column::SECTOR_NAME,
        Column::share(
            "share",
            "Share",
            "α: what the region spends on the sector's products, of all origins, in its final use",
        ),
        Column::share("drop", "Drop", "part of those products that is denied"),
        Column::share("loss", "Loss", "real income lost with elasticity `sigma`"),
        Column::share("loss_rigid", "if half as easy", "the same with half of it"),
        Column::share("loss_easy", "if twice as easy", "the same with twice of it"),
        Column::share("cobb_douglas", "Cobb-Douglas", "the same with an elasticity of 1: 1 − (1 − drop)^α"),
        Column::share("leontief", "Leontief", "the same with none: the drop itself"),
        Column::share("share_after", "Share after", "what the input takes of income after, at its new price").minor(),
        Column::number("price", "Price", "times", "its price after, income of before as the unit of money").minor(),
    ],
    parameters: &[Parameter {
        name: "sigma",
        accepts: Accepts::Number { default: 0.1, above: 0.0, below: 100.0 },
        description: "σ: elasticity of substitution between the input and everything else, within about a year",
    }],
};

/// What a stop of each denied sector by itself costs, if nothing comes in its place.
pub fn run(world: &World, scenario: &Scenario, params: &Params) -> Result<Finding, Error> {
    let controls = &by_region::controls(scenario, "the stop of one input")?;
    let table = world.table(params.year)?;
    let classification = &table.classification;
    let (regions, sectors) = (classification.regions().len(), classification.sectors().len());
    let (bought, denied) = (&flows(&table), &denied(controls, classification)?);
    let sigma = params.options.number("sigma");
    // Of a sector in a region: spent on it, and denied of that.
    let sums = |n: usize, j: usize| {
        let row = (j * regions + n) * regions..(j * regions + n + 1) * regions;
        let uses = [0, 1].into_iter().flat_map(|u| row.clone().map(move |at| (bought[u][at], denied[u][at])));
        uses.fold((0.0, 0.0), |(all, lost), (flow, share)| (all + flow, lost + flow * share))
    };
    let final_use = |n: usize| -> f64 {
        (0..sectors)
            .flat_map(|j| (j * regions + n) * regions..(j * regions + n + 1) * regions)
            .map(|at| bought[1][at])
            .sum()
    };
    let stops = |n: usize| {
        let of_sector = |j: usize| {
            let (all, lost) = sums(n, j);
            (lost > 0.0).then(|| (j, all / final_use(n), lost / all))
        };
        (0..sectors).filter_map(of_sector).collect::<Vec<(usize, f64, f64)>>()
    };
    let worst =
        |n: usize| stops(n).iter().map(|&(_, alpha, drop)| Stop::of(alpha, drop, sigma).loss).fold(0.0, f64::max);

    let mut finding = Finding::new(&METHOD, params);
    for r in ranked(controls, classification, worst) {
        let region = &classification.regions()[r];
        let role = role(controls, &Bloc::of_region(classification, r));
        let mut all = stops(r);
        all.sort_by(|a, b| Stop::of(b.1, b.2, sigma).loss.total_cmp(&Stop::of(a.1, a.2, sigma).loss));
        for (j, alpha, drop) in all {
            let sector = &classification.sectors()[j];
            let stop = |sigma: f64| Stop::of(alpha, drop, sigma);
            let mut cells =
                row![params.year, region.code.as_str(), &region.name, role, sector.code.as_str(), &sector.name];
            cells.extend(row![
                alpha,
                drop,
                stop(sigma).loss,
                stop(0.5 * sigma).loss,
                stop(2.0 * sigma).loss,
                stop(1.0).loss,
                drop,
                stop(sigma).share,
                stop(sigma).price,
            ]);
            finding.push(cells);
        }
    }
    by_region::describe(&mut finding, controls);
    finding.note("each sector by itself, and nothing in its place: no other supplier, no stocks; losses of several sectors do not add up");
    Ok(finding)
}

/// An economy of one input and everything else after a part of the input is gone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stop {
    /// Share of output lost.
    pub loss: f64,
    /// Share of the input in output after.
    pub share: f64,
    /// Its price after, where it was 1.
    pub price: f64,
    /// Price of everything else after, where it was 1.
    pub price_of_rest: f64,
}

impl Stop {
    /// For a share α from 0 to 1, a drop from 0 to 1 and σ ≥ 0. Worked out in logarithms: at small σ powers of 1/σ overflow.
    ///
    /// A share of 1 and more (products that are inputs of themselves) is taken as all there is.
    pub fn of(alpha: f64, drop: f64, sigma: f64) -> Self {
        let alpha = alpha.clamp(0.0, 1.0);
        let left = 1.0 - drop;
        if alpha == 0.0 || drop == 0.0 || alpha == 1.0 {
            let loss = if alpha == 1.0 { drop } else { 0.0 };
            return Self { loss, share: alpha, price: 1.0, price_of_rest: 1.0 };
        }
        if left == 0.0 && sigma <= 1.0 {
            return Self { loss: 1.0, share: 1.0, price: f64::INFINITY, price_of_rest: 0.0 };
        }
        let log_output = match sigma {
            0.0 => left.ln(),
            1.0 => alpha * left.ln(),
            // ln Y = ρ⁻¹ ln(α (1−drop)^ρ + (1 − α)) with ρ = (σ−1)/σ: E = α (1−drop), X = 1−α.
            _ => {
                let rho = (sigma - 1.0) / sigma;
                let power = rho * left.ln();
                // From the larger of the two terms, and exact where ρ is next to nothing.
                let sum = match power > 0.0 {
                    true => power + ((1.0 - alpha) * (-power).exp_m1()).ln_1p(),
                    false => (alpha * power.exp_m1()).ln_1p(),
                };
                sum / rho
            }
        };
        // Marginal products: p_E = (α Y / E)^(1/σ), p_X = ((1−α) Y / X)^(1/σ).
        let (price, price_of_rest) = match sigma {
            0.0 => (f64::NAN, f64::NAN),
            _ => (((log_output - left.ln()) / sigma).exp(), (log_output / sigma).exp()),
        };
        Self { loss: -log_output.exp_m1(), share: price * alpha * left / log_output.exp(), price, price_of_rest }
    }
}
