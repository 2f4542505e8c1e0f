#![doc = include_str!("../../../docs/src/methods/extraction.md")]

use crate::Error;
use zili_world::linalg::{Lu, add_scaled, dot};
use zili_world::method::{Accepts, column};
use zili_world::{Column, Finding, Matrix, Method, Parameter, Params, System, World, row};

pub static METHOD: Method = Method {
    name: "extraction",
    page: include_str!("../../../docs/src/methods/extraction.md"),
    columns: &[
        column::YEAR,
        column::HOME,
        Column::text("extracted", "Extracted", "the region or bloc, or REGION.sector, that is taken out"),
        Column::text("extracted_name", "Extracted", "its name"),
        Column::text("variant", "Variant", "full, backward, forward, export or isolate"),
        Column::musd(
            "output_loss",
            "Output lost",
            "output lost in the whole world, the extracted industries' own included",
        ),
        Column::musd("output_loss_others", "of it elsewhere", "output lost by industries that are not extracted"),
        Column::musd("value_added_loss", "Value added lost", "value added lost in the whole world").minor(),
        Column::musd("home_value_added_loss", "of it by home", "value added lost by home"),
        Column::share("home_loss_share", "in home's value added", "home_value_added_loss in home's value added"),
    ],
    parameters: &[Parameter {
        name: "over",
        accepts: Accepts::Choice(&["regions", "industries"]),
        description: "what is taken out: home and each partner as a whole, or each of home's industries alone",
    }],
};

/// Extraction of home and each partner, or of each of home's industries. Controls are not used.
pub fn run(world: &World, params: &Params) -> Result<Finding, Error> {
    let system = world.system(params.year)?;
    let mut finding = Finding::new(&METHOD, params);
    match params.options.choice("over") {
        "industries" => industries(&system, params, &mut finding)?,
        _ => regions(&system, params, &mut finding)?,
    }
    finding.note("static, fixed coefficients: what is extracted is not replaced by anyone");
    Ok(finding)
}

fn regions(system: &System, params: &Params, finding: &mut Finding) -> Result<(), Error> {
    let coefficients = system.value_added_coefficients(params.value_added)?;
    let home = params.home.industries(system.classification())?;
    let value_added = system.value_added(params.value_added)?;
    let home_value: f64 = home.iter().map(|&i| value_added[i]).sum();
    for bloc in std::iter::once(&params.home).chain(&params.partners) {
        let set = bloc.industries(system.classification())?;
        for variant in Variant::ALL {
            let loss = extract(system, &set, variant)?;
            let world: f64 = loss.iter().sum();
            let own: f64 = set.iter().map(|&i| loss[i]).sum();
            let at_home: f64 = home.iter().map(|&i| loss[i] * coefficients[i]).sum();
            finding.push(row![
                params.year,
                &params.home.code,
                &bloc.code,
                &bloc.name,
                variant.name(),
                world,
                world - own,
                dot(&loss, &coefficients),
                at_home,
                at_home / home_value,
            ]);
        }
    }
    Ok(())
}

fn industries(system: &System, params: &Params, finding: &mut Finding) -> Result<(), Error> {
    let classification = system.classification();
    let coefficients = system.value_added_coefficients(params.value_added)?;
    let value_added = system.value_added(params.value_added)?;
    let home = params.home.industries(classification)?;
    let home_value: f64 = home.iter().map(|&i| value_added[i]).sum();
    let mut at_home = vec![0.0; system.industries()];
    home.iter().for_each(|&i| at_home[i] = coefficients[i]);
    // Output, value added and home's value added, each lost in the world; all industries at once.
    let output = every_industry(system, &vec![1.0; system.industries()]);
    let value = every_industry(system, &coefficients);
    let home_loss = every_industry(system, &at_home);
    for &i in &home {
        let name = format!("{}, {}", classification.region_of(i).name, classification.sector_of(i).name);
        let label = classification.industry_label(i);
        for variant in [Variant::Backward, Variant::Forward] {
            let of = |loss: &EveryIndustry| match variant {
                Variant::Forward => loss.forward[i],
                _ => loss.backward[i],
            };
            let own = extract_own(system, i);
            finding.push(row![
                params.year,
                &params.home.code,
                &label,
                &name,
                variant.name(),
                of(&output),
                of(&output) - own,
                of(&value),
                of(&home_loss),
                of(&home_loss) / home_value,
            ]);
        }
    }
    Ok(())
}

/// What an industry extracted alone loses itself, backward or forward: x − x/L_ii = (L_ii − 1) x / L_ii.
fn extract_own(system: &System, i: usize) -> f64 {
    let l = system.leontief()[(i, i)];
    (l - 1.0) * system.output()[i] / l
}

/// What is cut when a set of industries is extracted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// Their rows and columns of A and the final use of their products.
    Full,
    /// Their columns of A: they buy no inputs.
    Backward,
    /// Their rows of B: they sell no inputs (Ghosh, primary inputs kept).
    Forward,
    /// Their rows of A outside the set: they export no inputs.
    Export,
    /// Both cross-border sides of A; trade within the set and final use stay.
    Isolate,
}

impl Variant {
    pub const ALL: [Variant; 5] =
        [Variant::Full, Variant::Backward, Variant::Forward, Variant::Export, Variant::Isolate];

    pub fn name(self) -> &'static str {
        match self {
            Variant::Full => "full",
            Variant::Backward => "backward",
            Variant::Forward => "forward",
            Variant::Export => "export",
            Variant::Isolate => "isolate",
        }
    }
}

/// Output lost by every industry when the set K is extracted; from L by identities, never a solve of the whole table.
pub fn extract(system: &System, set: &[usize], variant: Variant) -> Result<Vec<f64>, Error> {
    let l = system.leontief();
    let l_kk = l.select(set, set);
    let at = |values: &[f64]| set.iter().map(|&k| values[k]).collect::<Vec<f64>>();
    let x_k = at(system.output());
    let loss = match variant {
        Variant::Full => without(system, set, l_kk)?,
        Variant::Isolate => {
            // The others fare as under full extraction; the set lives on its own final use.
            let mut loss = without(system, set, l_kk)?;
            let alone = system.local(set)?.solve_vector(at(&system.table().final_use()));
            set.iter().zip(alone).for_each(|(&k, x)| loss[k] = system.output()[k] - x);
            loss
        }
        Variant::Backward => {
            // (L_:K − E_K) L_KK⁻¹ x_K
            let t = factor(system, l_kk)?.solve_vector(x_k);
            let mut loss = columns_times(l, set, &t);
            set.iter().zip(&t).for_each(|(&k, t)| loss[k] -= t);
            loss
        }
        Variant::Forward => {
            // x_K' G_KK⁻¹ (G_K: − E_K') = (1' L_KK⁻¹ (L_K: − E_K')) x̂, for G = x̂⁻¹ L x̂
            let mut t = Matrix::from_rows(
                1,
                set.len(),
                at(system.inverse_output()).iter().zip(&x_k).map(|(i, x)| i * x).collect(),
            );
            factor(system, l_kk)?.solve_rows(&mut t);
            let mut loss = rows_times(l, set, t.row(0));
            set.iter().zip(t.row(0)).for_each(|(&k, t)| loss[k] -= t);
            loss.iter_mut().zip(system.output()).for_each(|(loss, x)| *loss *= x);
            loss
        }
        Variant::Export => {
            // L_:K [(I − A_KK) L_KK]⁻¹ (x_K − A_KK x_K − f_K): what leaves the set as inputs is what it makes less what it keeps.
            let own = system.identity_minus_a_block(set);
            let final_use = at(&system.table().final_use());
            let sent = own.times_vector(&x_k).iter().zip(final_use).map(|(kept, f)| kept - f).collect();
            let t = factor(system, own.times(&l_kk))?.solve_vector(sent);
            columns_times(l, set, &t)
        }
    };
    Ok(loss)
}

/// Full extraction: x_C = y_C − L_CK L_KK⁻¹ y_K with y = L (f − f_K), and nothing left of K.
fn without(system: &System, set: &[usize], l_kk: Matrix) -> Result<Vec<f64>, Error> {
    let l = system.leontief();
    let final_use = system.table().final_use();
    let f_k: Vec<f64> = set.iter().map(|&k| final_use[k]).collect();
    let mut loss = columns_times(l, set, &f_k);
    let y_k = set.iter().map(|&k| system.output()[k] - loss[k]).collect();
    let t = factor(system, l_kk)?.solve_vector(y_k);
    add_scaled(&mut loss, 1.0, &columns_times(l, set, &t));
    set.iter().for_each(|&k| loss[k] = system.output()[k]);
    Ok(loss)
}

/// L_:K t.
fn columns_times(l: &Matrix, set: &[usize], t: &[f64]) -> Vec<f64> {
    (0..l.rows()).map(|i| set.iter().zip(t).map(|(&k, t)| l[(i, k)] * t).sum()).collect()
}

/// t' L_K:.
fn rows_times(l: &Matrix, set: &[usize], t: &[f64]) -> Vec<f64> {
    let mut out = vec![0.0; l.columns()];
    set.iter().zip(t).for_each(|(&k, &t)| add_scaled(&mut out, t, l.row(k)));
    out
}

fn factor(system: &System, matrix: Matrix) -> Result<Lu, Error> {
    Lu::factor(matrix).map_err(|_| {
        let reason = "the extracted block has no inverse".to_owned();
        zili_world::Error::Singular { year: system.year(), reason }.into()
    })
}

/// Weighted loss of the world when each industry alone is extracted, by industry.
pub struct EveryIndustry {
    pub backward: Vec<f64>,
    pub forward: Vec<f64>,
}

/// Every industry extracted alone, all in one pass over L; `weights` c are per unit of output (1 for output itself).
///
/// backward_j = (Σ_i c_i L_ij − c_j) x_j / L_jj; forward_i = (Σ_j L_ij c_j x_j − c_i x_i) / L_ii: Sherman–Morrison with L A = L − I and G = x̂⁻¹ L x̂.
pub fn every_industry(system: &System, weights: &[f64]) -> EveryIndustry {
    let x = system.output();
    let worth: Vec<f64> = weights.iter().zip(x).map(|(c, x)| c * x).collect();
    let (columns, rows) = system.leontief_sums(weights, &worth);
    let l = system.leontief();
    let n = system.industries();
    EveryIndustry {
        backward: (0..n).map(|j| (columns[j] - weights[j]) * x[j] / l[(j, j)]).collect(),
        forward: (0..n).map(|i| (rows[i] - worth[i]) / l[(i, i)]).collect(),
    }
}
