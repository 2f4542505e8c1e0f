#![doc = include_str!("../../../docs/src/methods/kww.md")]

use crate::areas::{Areas, share};
use zili_world::method::column;
use zili_world::{Column, Error, Finding, Method, Params, System, ValueAdded, World, row};

pub static METHOD: Method = Method {
    name: "kww",
    page: include_str!("../../../docs/src/methods/kww.md"),
    columns: &[
        column::YEAR,
        column::HOME,
        Column::text("part", "Part", "DVA_FIN, DVA_INT, DVA_INTrex, RDV_FIN, RDV_INT, DDC, FVA_FIN, FVA_INT, FDC"),
        Column::text("part_name", "Part", "what it is"),
        Column::text(
            "group",
            "Group",
            "domestic value added, returned value added, foreign value added or double counting",
        ),
        Column::musd("value", "In exports", "its amount in home's gross exports"),
        Column::share("share", "Share of exports", "its part of home's gross exports; the nine sum to 1"),
    ],
    parameters: &[],
};

const PARTS: [(&str, &str, &str); 9] = [
    ("DVA_FIN", "Domestic value added in final exports", "domestic value added"),
    ("DVA_INT", "Domestic value added in inputs used up by the importer", "domestic value added"),
    ("DVA_INTrex", "Domestic value added in inputs re-exported to third regions", "domestic value added"),
    ("RDV_FIN", "Domestic value added returned in final imports", "returned value added"),
    ("RDV_INT", "Domestic value added returned in imported inputs", "returned value added"),
    ("DDC", "Domestic content counted twice", "double counting"),
    ("FVA_FIN", "Foreign value added in final exports", "foreign value added"),
    ("FVA_INT", "Foreign value added in exported inputs", "foreign value added"),
    ("FDC", "Foreign content counted twice", "double counting"),
];

/// Home's gross exports in nine terms. Always on the residual basis, with which they sum to exports.
pub fn run(world: &World, params: &Params) -> Result<Finding, Error> {
    let params = Params { value_added: ValueAdded::Residual, ..params.clone() };
    let system = world.system(params.year)?;
    let terms = decompose(&system, &Areas::new(&params.home, system.classification())?)?;
    let exports: f64 = terms.iter().sum();
    let mut finding = Finding::new(&METHOD, &params);
    for ((part, name, group), value) in PARTS.iter().zip(terms) {
        finding.push(row![params.year, &params.home.code, *part, *name, *group, value, share(value, exports)]);
    }
    finding
        .note("value added is output less intermediate inputs throughout, so that the nine terms sum to gross exports");
    Ok(finding)
}

/// The nine terms for area 0 (home); s = home, r, t = the other areas.
fn decompose(system: &System, areas: &Areas) -> Result<[f64; 9], Error> {
    let table = system.table();
    let home = &areas.industries[0];
    let coefficients = system.value_added_coefficients(ValueAdded::Residual)?;
    let n = system.industries();
    let abroad: Vec<usize> = areas.industries[1..].iter().flatten().copied().collect();
    // Rows V_s B and Σ_{t≠s} V_t B: all the nine terms need of the Leontief inverse.
    let origin = system.origin_multipliers(&coefficients, &[home.clone(), abroad]);
    let (own, foreign) = (origin.row(0), origin.row(1));

    let total_final = table.final_use();
    // What each area sends across its own border, as inputs and finally; zero elsewhere than on its own industries.
    let mut exports = vec![0.0; n];
    let mut final_exports = vec![0.0; n];
    // Local rounds (I − A_rr)⁻¹ of each area's own final use, and of its exports.
    let mut local_own_use = vec![0.0; n];
    let mut local_exports = vec![0.0; n];
    for (industries, columns) in areas.industries.iter().zip(&areas.final_columns) {
        let used = table.final_use_of(columns);
        let mut rhs = zili_world::Matrix::zeros(industries.len(), 2);
        for (k, &i) in industries.iter().enumerate() {
            let row = table.z.row(i);
            let inputs = row.iter().sum::<f64>() - industries.iter().map(|&j| row[j]).sum::<f64>();
            final_exports[i] = total_final[i] - used[i];
            exports[i] = inputs + final_exports[i];
            rhs[(k, 0)] = used[i];
            rhs[(k, 1)] = exports[i];
        }
        system.local(industries)?.solve(&mut rhs);
        for (k, &i) in industries.iter().enumerate() {
            (local_own_use[i], local_exports[i]) = (rhs[(k, 0)], rhs[(k, 1)]);
        }
    }

    let mut t = [0.0; 9];
    for &i in home {
        t[0] += own[i] * final_exports[i];
        t[6] += foreign[i] * final_exports[i];
        // Σ_{r≠s} A_sr (I − A_rr)⁻¹ {Y_rr, E_r}
        let (mut own_use, mut exported) = (0.0, 0.0);
        for industries in &areas.industries[1..] {
            for &j in industries {
                own_use += system.a(i, j) * local_own_use[j];
                exported += system.a(i, j) * local_exports[j];
            }
        }
        t[7] += foreign[i] * own_use;
        t[8] += foreign[i] * exported;
    }
    for (r, industries) in areas.industries.iter().enumerate().skip(1) {
        let to_home = table.final_use_of(&areas.final_columns[0]);
        let to_itself = table.final_use_of(&areas.final_columns[r]);
        for &i in industries {
            t[1] += own[i] * to_itself[i];
            t[2] += own[i] * (total_final[i] - to_itself[i] - to_home[i]);
            t[3] += own[i] * to_home[i];
            // A_rs (I − A_ss)⁻¹ {Y_ss, E_s}
            for &j in home {
                t[4] += own[i] * system.a(i, j) * local_own_use[j];
                t[5] += own[i] * system.a(i, j) * local_exports[j];
            }
        }
    }
    Ok(t)
}
