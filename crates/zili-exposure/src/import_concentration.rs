#![doc = include_str!("../../../docs/src/methods/import-concentration.md")]

use crate::areas::{ALL, ALL_NAME, Areas, share, sum_at};
use zili_world::method::column;
use zili_world::{Column, Error, Finding, Method, Params, World, row};

pub static METHOD: Method = Method {
    name: "import-concentration",
    page: include_str!("../../../docs/src/methods/import-concentration.md"),
    columns: &[
        column::YEAR,
        column::HOME,
        column::SECTOR,
        column::SECTOR_NAME,
        Column::musd("imports", "Imports", "the sector's products imported, inputs and final"),
        Column::share("import_share", "Imports in use", "imports in all of the sector's products used at home"),
        Column::number("hhi", "HHI", "index 0–1", "Σ of squared origin shares, every region of the table one supplier"),
        Column::number(
            "hhi_low",
            "HHI, least",
            "index 0–1",
            "the same if the rest of the world is very many suppliers",
        )
        .minor(),
        Column::text("top_partner", "Largest origin", "code of the origin with the largest share"),
        Column::text("top_partner_name", "Largest origin", "its name"),
        Column::share("top_share", "Its share", "its share of the sector's imports"),
        Column::integer(
            "origins_for_75",
            "Origins for 75 %",
            "regions",
            "how many of the largest origins supply 75 % of imports",
        ),
    ],
    parameters: &[],
};

/// Concentration of home's imports by origin, by sector and (`*`) for all.
pub fn run(world: &World, params: &Params) -> Result<Finding, Error> {
    let table = world.table(params.year)?;
    let classification = &table.classification;
    let areas = Areas::new(&params.home, classification)?;
    let count = classification.sectors().len();
    let rest = classification.region("ROW").ok().map(|r| classification.regions()[r].code.to_string());

    // used[area][sector]; the last sector is all together.
    let mut used = vec![vec![0.0; count + 1]; areas.len()];
    for (area, industries) in areas.industries.iter().enumerate() {
        for &i in industries {
            let flow = sum_at(table.z.row(i), &areas.industries[0]) + sum_at(table.y.row(i), &areas.final_columns[0]);
            used[area][i % count] += flow;
            used[area][count] += flow;
        }
    }

    let mut finding = Finding::new(&METHOD, params);
    let labels = classification.sectors().iter().map(|s| (s.code.as_str(), s.name.as_str()));
    for (s, (code, name)) in labels.chain([(ALL, ALL_NAME)]).enumerate() {
        // Falling inventories can make an origin's flow negative; it supplies nothing then.
        let mut origins: Vec<(usize, f64)> = (1..areas.len()).map(|a| (a, used[a][s].max(0.0))).collect();
        origins.sort_by(|a, b| b.1.total_cmp(&a.1));
        let imports: f64 = origins.iter().map(|o| o.1).sum();
        let squares = |skip: Option<&String>| {
            let counted = origins.iter().filter(|(a, _)| skip != Some(&areas.blocs[*a].code));
            if imports > 0.0 { counted.map(|o| (o.1 / imports).powi(2)).sum() } else { f64::NAN }
        };
        let top = origins.first().filter(|_| imports > 0.0);
        let (top_code, top_name) =
            top.map_or(("", ""), |(a, _)| (areas.blocs[*a].code.as_str(), areas.blocs[*a].name.as_str()));
        finding.push(row![
            params.year,
            &params.home.code,
            code,
            name,
            imports,
            share(imports, imports + used[0][s]),
            squares(None),
            squares(rest.as_ref()),
            top_code,
            top_name,
            top.map_or(f64::NAN, |o| o.1 / imports),
            count_for(&origins, 0.75 * imports),
        ]);
    }
    Ok(finding)
}

/// How many of the largest it takes to reach an amount.
fn count_for(origins: &[(usize, f64)], amount: f64) -> usize {
    let mut sum = 0.0;
    origins
        .iter()
        .take_while(|o| {
            let short = sum < amount;
            sum += o.1;
            short
        })
        .count()
}
