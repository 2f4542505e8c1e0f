//! Knowledge diffusion: a closed form, limits, and what holds in any world.

use zili_scenario::{Control, Flows, Scenario, Sectors};
use zili_shock::diffusion::{Diffusion, METHOD, run};
use zili_shock::equilibrium::economy::{Deficits, Economy};
use zili_shock::equilibrium::solve::{Closure, solve};
use zili_shock::equilibrium::welfare::welfare;
use zili_shock::{Error, equilibrium};
use zili_world::{Bloc, Cell, Finding, Options, Params, ValueAdded, World};

const CLOSURE: Closure = Closure { deficits: Deficits::Held, tolerance: 1e-12 };

/// Regions alike, one sector, home's share in all spending, value added's share in costs.
fn alike(regions: usize, home: f64, added: f64, theta: f64) -> Economy {
    let abroad = (1.0 - home) / (regions - 1) as f64;
    let shares = (0..regions * regions).map(|at| if at / regions == at % regions { home } else { abroad }).collect();
    Economy {
        regions,
        sectors: 1,
        elasticity: vec![theta],
        shares: vec![shares],
        tariffs: vec![1.0; regions * regions],
        inputs: vec![1.0 - added; regions],
        added: vec![added; regions],
        consumption: vec![1.0; regions],
        value_added: vec![100.0; regions],
        deficits: vec![0.0; regions],
        spending: vec![vec![100.0 / added; regions]],
    }
}

/// Everyone alone: λ̂^(1−β) = 1 / [a^(1−β) + (N−1) b^(1−β)], real income (λ̂ a)^(1/(θγ)).
#[test]
fn the_end_of_the_way_of_regions_that_are_alike_is_a_closed_form() {
    let (regions, home, added, theta) = (4, 0.7, 0.5, 4.0);
    let economy = alike(regions, home, added, theta);
    let abroad = (1.0 - home) / (regions - 1) as f64;
    let mut shock = economy.unchanged();
    for (at, left) in shock.left[0].iter_mut().enumerate() {
        *left = f64::from(u8::from(at / regions == at % regions));
    }
    let first = solve(&economy, &shock, CLOSURE).expect("alone");
    for beta in [0.1_f64, 0.4, 0.7] {
        // By a half each year, so that 400 years leave nothing of the way.
        let diffusion = Diffusion { economy: &economy, beta, renewal: 0.5 };
        let path = diffusion.path(&shock, &first, CLOSURE, 400).expect("a path");
        let met = home.powf(1.0 - beta) + (regions - 1) as f64 * abroad.powf(1.0 - beta);
        let ideas = -met.ln() / (1.0 - beta);
        assert!(path.ideas.iter().all(|known| (known - ideas).abs() < 1e-9), "{:?} against {ideas}", path.ideas);
        let expected = ((ideas + home.ln()) / (theta * added)).exp_m1();
        for welfare in welfare(&economy, &path.after, &shock.tariffs) {
            assert!((welfare.exact - expected).abs() < 1e-9, "{} against {expected}", welfare.exact);
        }
    }
}

/// On balanced growth ideas come in everywhere in proportion to what is known.
#[test]
fn without_a_shock_growth_stays_balanced() {
    let mut economy = alike(3, 0.6, 0.4, 5.0);
    economy.shares[0] = vec![0.6, 0.3, 0.1, 0.2, 0.7, 0.1, 0.25, 0.15, 0.6];
    // Shares that are not balanced by trade: only ideas are looked at here.
    let diffusion = Diffusion { economy: &economy, beta: 0.5, renewal: 0.1 };
    let levels = diffusion.balanced();
    let inflow = |d: usize| -> f64 {
        (0..3).map(|s| economy.shares[0][d * 3 + s].powf(0.5) * (0.5 * levels[s]).exp()).sum::<f64>().ln()
    };
    for (d, level) in levels.iter().enumerate() {
        assert!((inflow(d) - level).abs() < 1e-12);
    }
}

fn ask(world: &World, controls: Vec<Control>, set: &[(&str, &str)]) -> Result<Finding, Error> {
    let home = Bloc::of_region(world.classification(), 0);
    let options = Options::parse(&METHOD, set.iter().copied()).expect("options");
    let params =
        Params { home: home.clone(), partners: Vec::new(), year: 2011, value_added: ValueAdded::Residual, options };
    run(world, &Scenario::of_controls(home, 2011, controls), &params)
}

fn bloc(codes: &[&str]) -> Bloc {
    let members = codes.iter().map(|code| zili_world::RegionCode::new(*code)).collect();
    Bloc::new(codes.join("+"), codes.join("+"), members).expect("a bloc")
}

fn told(finding: &Finding, region: &str, column: &str) -> f64 {
    let at = |name: &str| finding.column(name).expect("a column");
    let row = |row: &&Vec<Cell>| row[at("region")].text() == region;
    finding.rows.iter().find(row).expect("a row")[at(column)].number().expect("a number")
}

#[test]
fn a_bloc_cut_off_from_the_frontier_loses_more_with_ideas_than_without_and_more_with_more_of_them() {
    let world = World::bundled("wiod2013").expect("bundled");
    let (west, east) = (bloc(&["USA", "JPN", "DEU", "NLD", "KOR", "TWN"]), bloc(&["CHN"]));
    let control =
        |severity| Control::new(west.clone(), east.clone(), Sectors::All, severity, Flows::Both).expect("one");
    let found = ask(&world, vec![control(0.9)], &[]).expect("solved");
    let [little, middle, much] = ["little", "real_income", "much"].map(|column| told(&found, "CHN", column));
    let without = told(&found, "CHN", "static");
    assert!(much < middle && middle < little && little < without && without < 0.0);
    assert!(told(&found, "CHN", "productivity") < 0.0);
    // The same as the trade equilibrium gives.
    let options = Options::defaults(&equilibrium::METHOD);
    let home = Bloc::of_region(world.classification(), 0);
    let params =
        Params { home: home.clone(), partners: Vec::new(), year: 2011, value_added: ValueAdded::Residual, options };
    let scenario = Scenario::of_controls(home, 2011, vec![control(0.9)]);
    let long_run = equilibrium::run(&world, &scenario, &params).expect("solved");
    let at = |name: &str| long_run.column(name).expect("a column");
    let row = |row: &&Vec<Cell>| row[at("region")].text() == "CHN" && row[at("sector")].text() == "*";
    let exact = long_run.rows.iter().find(row).expect("a row")[at("real_income")].number().expect("a number");
    assert_eq!(exact.to_bits(), without.to_bits());
    // With next to no β nothing is lost by way of ideas, and nothing denied changes nothing.
    let none = [("beta_low", "1e-9"), ("beta", "1e-9"), ("beta_high", "1e-9")];
    let found = ask(&world, vec![control(0.9)], &none).expect("solved");
    assert!((told(&found, "CHN", "real_income") - without).abs() < 1e-6);
    let still = ask(&world, vec![control(0.0)], &[]).expect("solved");
    for region in world.classification().regions() {
        assert!(told(&still, region.code.as_str(), "much").abs() < 1e-7);
    }
}

#[test]
fn a_band_that_is_upside_down_is_refused() {
    let world = World::bundled("wiod2013").expect("bundled");
    let control = Control::new(bloc(&["USA"]), bloc(&["CHN"]), Sectors::All, 0.5, Flows::Both).expect("one");
    let error = ask(&world, vec![control], &[("beta_low", "0.9")]).expect_err("upside down").to_string();
    assert!(error.contains("beta_low 0.9"), "{error}");
}
