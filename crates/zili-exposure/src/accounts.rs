#![doc = include_str!("../../../docs/src/methods/accounts.md")]

use crate::areas::{ALL, ALL_NAME, home_industries_by_sector};
use zili_world::method::column;
use zili_world::{Column, Error, Finding, Method, Params, World, row};

pub static METHOD: Method = Method {
    name: "accounts",
    page: include_str!("../../../docs/src/methods/accounts.md"),
    columns: &[
        column::YEAR,
        column::HOME,
        column::SECTOR,
        column::SECTOR_NAME,
        Column::musd("output", "Gross output", "gross output x of home's industries in the sector"),
        Column::musd("value_added", "Value added", "value added v of these industries"),
        Column::musd("domestic_inputs", "Domestic inputs", "intermediate inputs they buy at home").minor(),
        Column::musd("imported_inputs", "Imported inputs", "intermediate inputs they buy abroad"),
        Column::musd("exports_intermediate", "Exports, intermediate", "their sales to industries abroad"),
        Column::musd("exports_final", "Exports, final", "their sales to final use abroad"),
        Column::musd("final_use_domestic", "Final use, own", "home's final use of the sector's products made at home")
            .minor(),
        Column::musd(
            "final_use_imported",
            "Final use, imported",
            "home's final use of the sector's products made abroad",
        )
        .minor(),
    ],
    parameters: &[],
};

/// Gross flows of home by sector, `*` for all sectors.
pub fn run(world: &World, params: &Params) -> Result<Finding, Error> {
    let table = world.table(params.year)?;
    let classification = &table.classification;
    let value_added = table.value_added(params.value_added)?;
    let home = params.home.industries(classification)?;
    let home_final = params.home.final_columns(classification)?;
    let is_home = membership(table.z.rows(), &home);
    let is_home_final = membership(table.y.columns(), &home_final);
    let sectors = classification.sectors();

    let mut by_sector = vec![[0.0; 8]; sectors.len()];
    for (s, industries) in home_industries_by_sector(params, classification)?.iter().enumerate() {
        for &i in industries {
            let sums = &mut by_sector[s];
            sums[0] += table.output()[i];
            sums[1] += value_added[i];
            for (k, &inside) in is_home.iter().enumerate() {
                sums[if inside { 2 } else { 3 }] += table.z[(k, i)];
                sums[4] += if inside { 0.0 } else { table.z[(i, k)] };
            }
            let abroad = |c: &usize| !is_home_final[*c];
            sums[5] += (0..table.y.columns()).filter(abroad).map(|c| table.y[(i, c)]).sum::<f64>();
        }
    }
    for i in 0..table.z.rows() {
        let used: f64 = home_final.iter().map(|&c| table.y[(i, c)]).sum();
        by_sector[i % sectors.len()][if is_home[i] { 6 } else { 7 }] += used;
    }

    let mut finding = Finding::new(&METHOD, params);
    let mut total = [0.0; 8];
    for (sector, sums) in sectors.iter().zip(&by_sector) {
        total.iter_mut().zip(sums).for_each(|(t, s)| *t += s);
        finding.push(line(params, sector.code.as_str(), &sector.name, sums));
    }
    finding.push(line(params, ALL, ALL_NAME, &total));
    Ok(finding)
}

fn line(params: &Params, code: &str, name: &str, v: &[f64; 8]) -> Vec<zili_world::Cell> {
    row![params.year, &params.home.code, code, name, v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]]
}

fn membership(n: usize, positions: &[usize]) -> Vec<bool> {
    let mut member = vec![false; n];
    positions.iter().for_each(|&i| member[i] = true);
    member
}
