#![doc = include_str!("../../../docs/src/methods/self-sufficiency.md")]

use crate::areas::{ALL, ALL_NAME, share};
use zili_world::method::column;
use zili_world::{Column, Error, Finding, Method, Params, World, row};

pub static METHOD: Method = Method {
    name: "self-sufficiency",
    page: include_str!("../../../docs/src/methods/self-sufficiency.md"),
    columns: &[
        column::YEAR,
        column::HOME,
        column::SECTOR,
        column::SECTOR_NAME,
        Column::musd(
            "domestic_use",
            "Own products used at home",
            "home's output of the sector used at home, as input or finally",
        )
        .minor(),
        Column::musd("imports", "Imports", "the sector's products imported, as input or for final use"),
        Column::share("direct", "Self-sufficiency, direct", "own products in all products of the sector used at home"),
        Column::musd("final_use", "Final use", "home's final use of the sector's products, wherever made").minor(),
        Column::musd("value_in_final_use", "Value added in it", "value added of the whole world in that final use")
            .minor(),
        Column::musd("home_value_in_final_use", "of it, home's", "home's value added in that final use").minor(),
        Column::share(
            "look_through",
            "Self-sufficiency, look-through",
            "home's part of the value added in that final use",
        ),
        Column::share("foreign_direct", "Foreign share, face value", "1 − direct").minor(),
        Column::share("foreign_look_through", "Foreign share, look-through", "1 − look_through").minor(),
    ],
    parameters: &[],
};

/// Direct and look-through self-sufficiency of home by sector, `*` for all sectors.
pub fn run(world: &World, params: &Params) -> Result<Finding, Error> {
    let system = world.system(params.year)?;
    let (table, classification) = (system.table(), system.classification());
    let home = params.home.industries(classification)?;
    let everyone: Vec<usize> = (0..system.industries()).collect();
    let coefficients = system.value_added_coefficients(params.value_added)?;
    // Value added of home, and of the world, in a unit of each industry's final use.
    let origin = system.origin_multipliers(&coefficients, &[home, everyone]);
    let final_use = table.final_use_of(&params.home.final_columns(classification)?);

    let count = classification.sectors().len();
    let used = table.use_by_sector(&params.home)?;
    let mut sums: Vec<[f64; 5]> = used.iter().map(|&(own, imported)| [own, imported, 0.0, 0.0, 0.0]).collect();
    for i in 0..system.industries() {
        let s = &mut sums[i % count];
        s[2] += final_use[i];
        s[3] += origin[(1, i)] * final_use[i];
        s[4] += origin[(0, i)] * final_use[i];
    }

    let mut finding = Finding::new(&METHOD, params);
    let mut push = |code: &str, name: &str, s: &[f64; 5]| {
        let (direct, look) = (share(s[0], s[0] + s[1]), share(s[4], s[3]));
        finding.push(row![
            params.year,
            &params.home.code,
            code,
            name,
            s[0],
            s[1],
            direct,
            s[2],
            s[3],
            s[4],
            look,
            1.0 - direct,
            1.0 - look,
        ]);
    };
    let mut total = [0.0; 5];
    for (sector, s) in classification.sectors().iter().zip(&sums) {
        total.iter_mut().zip(s).for_each(|(t, s)| *t += s);
        push(sector.code.as_str(), &sector.name, s);
    }
    push(ALL, ALL_NAME, &total);
    Ok(finding)
}
