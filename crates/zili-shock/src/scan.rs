#![doc = include_str!("../../../docs/src/methods/scan.md")]

use crate::Error;
use crate::low_rank::{Denied, solve_users};
use rayon::prelude::*;
use zili_world::linalg::{add_scaled, dot};
use zili_world::method::{Accepts, column};
use zili_world::{Bloc, Cell, Column, Finding, Matrix, Method, Options, Parameter, Params, System, World, row};

pub static METHOD: Method = Method {
    name: "scan",
    page: include_str!("../../../docs/src/methods/scan.md"),
    columns: &[
        column::YEAR,
        column::HOME,
        Column::text("kind", "Kind", "partner, sector, pair, bloc or coalition"),
        Column::text("partner", "By", "code of who denies"),
        Column::text("partner_name", "By", "its name"),
        column::SECTOR,
        column::SECTOR_NAME,
        Column::musd("denied_inputs", "Inputs denied", "inputs that home's industries no longer get, a year").minor(),
        Column::musd("denied_final", "Final products denied", "final products that home no longer gets, a year")
            .minor(),
        Column::musd("home_output_loss", "Home's output lost", "output home loses for want of the denied inputs")
            .minor(),
        Column::musd("home_loss", "Home's loss", "value added home loses for want of the denied inputs"),
        Column::share("home_loss_share", "of value added", "home_loss in home's value added"),
        Column::musd("denier_loss", "Denier's loss", "value added the denier loses for want of the sales given up"),
        Column::share("denier_loss_share", "of value added", "denier_loss in the denier's value added").minor(),
        Column::musd(
            "return_loss",
            "Denier's loss in return",
            "value added the denier loses if home denies it everything; partners, blocs and coalitions only",
        )
        .minor(),
        Column::share("return_loss_share", "of value added", "return_loss in the denier's value added").minor(),
    ],
    parameters: &[
        Parameter {
            name: "over",
            accepts: Accepts::Choice(&["partners", "sectors", "pairs", "blocs", "coalitions"]),
            description: "what is denied in turn: all of a partner's products; a sector's products by everyone; one sector by one partner; all products of a bloc; of every union of the blocs given",
        },
        Parameter {
            name: "severity",
            accepts: Accepts::Share { default: 1.0 },
            description: "share of each flow denied",
        },
    ],
};

/// So many blocs have 65,535 coalitions.
const MOST_BLOCS: usize = 16;

/// Whether what denies is blocs: where none is named, those that are known.
pub fn is_of_blocs(options: &Options) -> bool {
    ["blocs", "coalitions"].contains(&options.choice("over"))
}

/// Home's losses under every denial of a kind, the worst first. It makes its own denials.
pub fn run(world: &World, params: &Params) -> Result<Finding, Error> {
    let system = world.system(params.year)?;
    let scan = Scan::new(&system, params)?;
    let mut lines = match params.options.choice("over") {
        "sectors" => scan.sectors()?,
        "pairs" => scan.pairs()?,
        "coalitions" => scan.coalitions(&params.partners)?,
        "blocs" => scan.blocs(&params.partners, "bloc")?,
        _ => scan.blocs(&params.partners, "partner")?,
    };
    // Worst first; ties in the order of labels.
    lines.sort_by(|a, b| b.home_loss.total_cmp(&a.home_loss));
    let mut finding = Finding::new(&METHOD, params);
    for line in &lines {
        finding.push(scan.cells(line));
    }
    finding.note(
        "static, with fixed coefficients, no substitution among origins and no stocks: for ranking, not a forecast",
    );
    Ok(finding)
}

/// One denial and what it does.
struct Line {
    kind: &'static str,
    by: (String, String),
    sector: (String, String),
    denied_inputs: f64,
    denied_final: f64,
    output_loss: f64,
    home_loss: f64,
    denier_loss: f64,
    denier_value_added: f64,
    return_loss: f64,
}

struct Scan<'a> {
    system: &'a System,
    params: &'a Params,
    home: Target,
    value_added: Vec<f64>,
    /// Value added of each region in a unit of each industry's final use, [regions × industries].
    origin: &'a Matrix,
    /// L v_r: what each unit of w at an industry costs in value added of region r, [industries × regions].
    reached: &'a Matrix,
    /// Final use by home, by supplying industry.
    final_use: Vec<f64>,
    severity: f64,
}

impl<'a> Scan<'a> {
    fn new(system: &'a System, params: &'a Params) -> Result<Self, Error> {
        let classification = system.classification();
        let value_added = system.value_added(params.value_added)?;
        let reached = system.reach_by_region(params.value_added)?;
        Ok(Self {
            system,
            params,
            home: Target::new(system, &params.home, &value_added, reached)?,
            origin: system.origin_by_region(params.value_added)?,
            reached,
            final_use: system.table().final_use_of(&params.home.final_columns(classification)?),
            value_added,
            severity: params.options.number("severity"),
        })
    }

    /// All products of each bloc.
    fn blocs(&self, blocs: &[Bloc], kind: &'static str) -> Result<Vec<Line>, Error> {
        blocs.par_iter().map(|bloc| self.bloc(bloc, kind)).collect()
    }

    fn bloc(&self, bloc: &Bloc, kind: &'static str) -> Result<Line, Error> {
        let classification = self.system.classification();
        let suppliers = bloc.industries(classification)?;
        let part = self.home.part(self.system, &suppliers, &self.final_use);
        let by = bloc.positions(classification)?;
        let line = Line {
            kind,
            by: (bloc.code.clone(), bloc.name.clone()),
            return_loss: self.return_loss(bloc)?,
            ..self.line(&part, &suppliers, &by)?
        };
        Ok(line)
    }

    /// What the bloc loses if home denies it all its products.
    fn return_loss(&self, bloc: &Bloc) -> Result<f64, Error> {
        let classification = self.system.classification();
        let (suppliers, users) = (self.home.industries.clone(), bloc.industries(classification)?);
        let mut flows = self.system.table().z.select(&suppliers, &users);
        flows.as_mut_slice().iter_mut().for_each(|z| *z *= self.severity);
        let value_reached = reach(self.reached, &users, &bloc.positions(classification)?);
        let final_use = vec![0.0; suppliers.len()];
        // Solved on the smaller side: a coalition may be many times as wide as home.
        let denied = Denied { suppliers, users, flows, final_use };
        let own = self.system.leontief_columns(&denied.suppliers);
        let l_jk = Matrix::from_fn(denied.users.len(), denied.suppliers.len(), |j, k| own[(denied.users[j], k)]);
        Ok(dot(&denied.respond_by(self.system, &l_jk)?.w, &value_reached))
    }

    /// Every union of the blocs, each a denial of all their products. Parts are made once a region and added.
    fn coalitions(&self, blocs: &[Bloc]) -> Result<Vec<Line>, Error> {
        if blocs.len() > MOST_BLOCS {
            let coalitions = (1u128 << blocs.len().min(127)) - 1;
            return Err(Error::TooManyBlocs { given: blocs.len(), coalitions, limit: MOST_BLOCS });
        }
        let classification = self.system.classification();
        let members: Vec<Vec<usize>> = blocs.iter().map(|b| b.positions(classification)).collect::<Result<_, _>>()?;
        let count = classification.regions().len();
        let parts: Vec<Option<Part>> = (0..count)
            .into_par_iter()
            .map(|r| {
                let suppliers: Vec<usize> = classification.industries_of(r).collect();
                let wanted = members.iter().any(|m| m.contains(&r));
                wanted.then(|| self.home.part(self.system, &suppliers, &self.final_use))
            })
            .collect();
        let coalition = |set: u32| -> Result<Line, Error> {
            let chosen: Vec<usize> = (0..blocs.len()).filter(|b| set >> b & 1 == 1).collect();
            let mut by: Vec<usize> = chosen.iter().flat_map(|&b| members[b].iter().copied()).collect();
            by.sort_unstable();
            by.dedup();
            let mut part = Part::empty(self.home.industries.len());
            by.iter().filter_map(|&r| parts[r].as_ref()).for_each(|p| part.add(p));
            let suppliers: Vec<usize> = by.iter().flat_map(|&r| classification.industries_of(r)).collect();
            let joined =
                |text: &dyn Fn(&Bloc) -> &str| chosen.iter().map(|&b| text(&blocs[b])).collect::<Vec<_>>().join(" + ");
            let code = chosen.iter().map(|&b| blocs[b].code.as_str()).collect::<Vec<_>>().join("+");
            let codes = by.iter().map(|&r| classification.regions()[r].code.clone()).collect();
            let union = Bloc::new(code.clone(), "", codes)?;
            let name = joined(&|b: &Bloc| b.name.as_str());
            Ok(Line {
                kind: "coalition",
                by: (code, name),
                return_loss: self.return_loss(&union)?,
                ..self.line(&part, &suppliers, &by)?
            })
        };
        (1..1u32 << blocs.len()).into_par_iter().map(coalition).collect()
    }

    /// Each sector's products denied by every region outside home.
    fn sectors(&self) -> Result<Vec<Line>, Error> {
        let classification = self.system.classification();
        let abroad = self.abroad()?;
        let count = classification.sectors().len();
        let sector = |s: usize| -> Result<Line, Error> {
            let suppliers: Vec<usize> = abroad.iter().map(|&r| classification.industries_of(r).start + s).collect();
            let part = self.home.part(self.system, &suppliers, &self.final_use);
            let line = self.line(&part, &suppliers, &abroad)?;
            Ok(Line { kind: "sector", by: ("*".into(), "All others".into()), sector: self.sector_label(s), ..line })
        };
        (0..count).into_par_iter().map(sector).collect()
    }

    /// One sector's products denied by one region: rank one, in closed form.
    fn pairs(&self) -> Result<Vec<Line>, Error> {
        let classification = self.system.classification();
        let count = classification.sectors().len();
        let industries: Vec<usize> = self.abroad()?.into_iter().flat_map(|r| classification.industries_of(r)).collect();
        let rows = self.system.leontief_rows(&self.home.industries);
        let pair = |&i: &usize| {
            let (r, home) = (i / count, &self.home);
            let z: Vec<f64> = home.industries.iter().map(|&j| self.severity * self.system.table().z[(i, j)]).collect();
            let l: Vec<f64> = (0..home.industries.len()).map(|j| rows[(j, i)]).collect();
            let q = self.severity * self.final_use[i];
            let a: Vec<f64> = z.iter().zip(&home.inverse_output).map(|(z, inverse)| z * inverse).collect();
            let damped = 1.0 + dot(&a, &l);
            let lost = q + (z.iter().sum::<f64>() - q * dot(&a, &l)) / damped;
            let region = &classification.regions()[r];
            Line {
                kind: "pair",
                by: (region.code.to_string(), region.name.clone()),
                sector: self.sector_label(i % count),
                denied_inputs: z.iter().sum(),
                denied_final: q,
                output_loss: dot(&a, &home.output_reached) / damped,
                home_loss: dot(&a, &home.value_reached) / damped,
                denier_loss: self.origin[(r, i)] * lost,
                denier_value_added: classification.industries_of(r).map(|i| self.value_added[i]).sum(),
                return_loss: f64::NAN,
            }
        };
        Ok(industries.par_iter().map(pair).collect())
    }

    /// The line of a denial by `by` (regions) of the products of `suppliers`.
    fn line(&self, part: &Part, suppliers: &[usize], by: &[usize]) -> Result<Line, Error> {
        let (w, t) = self.home.respond(self.system, part, self.severity)?;
        let classification = self.system.classification();
        let mut own = vec![0.0; self.system.industries()];
        by.iter().for_each(|&r| add_scaled(&mut own, 1.0, self.origin.row(r)));
        // v_by' L_:K (q + Z̃ t)
        let lost = |&k: &usize| {
            let flows: f64 = self.home.industries.iter().zip(&t).map(|(&j, t)| self.system.table().z[(k, j)] * t).sum();
            own[k] * self.severity * (self.final_use[k] + flows)
        };
        Ok(Line {
            kind: "",
            by: Default::default(),
            sector: ("*".into(), "All sectors".into()),
            denied_inputs: self.severity * part.inputs.iter().sum::<f64>(),
            denied_final: self.severity * suppliers.iter().map(|&k| self.final_use[k]).sum::<f64>(),
            output_loss: dot(&w, &self.home.output_reached),
            home_loss: dot(&w, &self.home.value_reached),
            denier_loss: suppliers.iter().map(lost).sum(),
            denier_value_added: by
                .iter()
                .flat_map(|&r| classification.industries_of(r))
                .map(|i| self.value_added[i])
                .sum(),
            return_loss: f64::NAN,
        })
    }

    /// Regions outside home.
    fn abroad(&self) -> Result<Vec<usize>, Error> {
        let home = self.params.home.positions(self.system.classification())?;
        Ok((0..self.system.classification().regions().len()).filter(|r| !home.contains(r)).collect())
    }

    fn sector_label(&self, s: usize) -> (String, String) {
        let sector = &self.system.classification().sectors()[s];
        (sector.code.to_string(), sector.name.clone())
    }

    fn cells(&self, line: &Line) -> Vec<Cell> {
        let share = |a: f64, b: f64| if b != 0.0 { a / b } else { f64::NAN };
        let mut cells = row![self.params.year, &self.params.home.code, line.kind];
        cells.extend(row![
            &line.by.0,
            &line.by.1,
            &line.sector.0,
            &line.sector.1,
            line.denied_inputs,
            line.denied_final
        ]);
        cells.extend(row![line.output_loss, line.home_loss, share(line.home_loss, self.home.value_added)]);
        cells.extend(row![line.denier_loss, share(line.denier_loss, line.denier_value_added)]);
        cells.extend(row![line.return_loss, share(line.return_loss, line.denier_value_added)]);
        cells
    }
}

/// The one that is denied: its industries J and what a unit of w there is worth.
struct Target {
    industries: Vec<usize>,
    output: Vec<f64>,
    inverse_output: Vec<f64>,
    value_added: f64,
    /// L_JJ v_J: value added lost per unit of w.
    value_reached: Vec<f64>,
    /// L_JJ x_J: output lost per unit of w.
    output_reached: Vec<f64>,
}

/// What a set of suppliers adds to the small system; parts of disjoint sets add up.
struct Part {
    /// L_JK Z_KJ.
    inner: Matrix,
    /// 1'Z_KJ.
    inputs: Vec<f64>,
    /// L_JK q_K.
    final_reach: Vec<f64>,
}

impl Part {
    fn empty(users: usize) -> Self {
        Self { inner: Matrix::zeros(users, users), inputs: vec![0.0; users], final_reach: vec![0.0; users] }
    }

    fn add(&mut self, other: &Part) {
        add_scaled(self.inner.as_mut_slice(), 1.0, other.inner.as_slice());
        add_scaled(&mut self.inputs, 1.0, &other.inputs);
        add_scaled(&mut self.final_reach, 1.0, &other.final_reach);
    }
}

/// L_JJ v_J: what a unit of w at each of the industries J of some regions costs these regions in value added.
fn reach(reached: &Matrix, industries: &[usize], regions: &[usize]) -> Vec<f64> {
    industries.iter().map(|&i| regions.iter().map(|&r| reached[(i, r)]).sum()).collect()
}

impl Target {
    fn new(system: &System, bloc: &Bloc, value_added: &[f64], reached: &Matrix) -> Result<Self, Error> {
        let classification = system.classification();
        let industries = bloc.industries(classification)?;
        let at = |values: &[f64]| industries.iter().map(|&j| values[j]).collect::<Vec<f64>>();
        let (v, x) = (at(value_added), at(system.output()));
        let own = system.leontief_rows(&industries);
        let output_reached =
            (0..industries.len()).map(|i| industries.iter().zip(&x).map(|(&j, x)| own[(i, j)] * x).sum()).collect();
        Ok(Self {
            value_added: v.iter().sum(),
            value_reached: reach(reached, &industries, &bloc.positions(classification)?),
            output_reached,
            inverse_output: at(system.inverse_output()),
            output: x,
            industries,
        })
    }

    fn part(&self, system: &System, suppliers: &[usize], final_use: &[f64]) -> Part {
        let rows = system.leontief_rows(&self.industries);
        let l = Matrix::from_fn(self.industries.len(), suppliers.len(), |j, k| rows[(j, suppliers[k])]);
        let z = system.table().z.select(suppliers, &self.industries);
        let q: Vec<f64> = suppliers.iter().map(|&k| final_use[k]).collect();
        Part { inner: l.times(&z), inputs: z.column_sums(), final_reach: l.times_vector(&q) }
    }

    /// (w, t) of `low_rank`, everything in the part denied with one severity.
    fn respond(&self, system: &System, part: &Part, severity: f64) -> Result<(Vec<f64>, Vec<f64>), Error> {
        let mut inner = part.inner.clone();
        inner.as_mut_slice().iter_mut().for_each(|v| *v *= severity);
        let z = part.inputs.iter().map(|z| severity * z).collect();
        let y = self.output.iter().zip(&part.final_reach).map(|(x, q)| x - severity * q).collect();
        solve_users(system, inner, &self.output, z, y)
    }
}
