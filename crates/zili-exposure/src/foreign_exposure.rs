#![doc = include_str!("../../../docs/src/methods/foreign-exposure.md")]

use crate::areas::{ALL, ALL_NAME};
use zili_world::isic::Group;
use zili_world::method::{Accepts, column};
use zili_world::{Cell, Column, Error, Finding, Matrix, Method, Parameter, Params, System, World, row};

pub static METHOD: Method = Method {
    name: "foreign-exposure",
    page: include_str!("../../../docs/src/methods/foreign-exposure.md"),
    columns: &[
        column::YEAR,
        column::HOME,
        column::PARTNER,
        column::PARTNER_NAME,
        column::SECTOR,
        column::SECTOR_NAME,
        Column::text("supplier_sector", "Supplying sector", "code of the partner's supplying sector, `*` for all"),
        Column::share("face_value", "Face value", "bought from the partner directly, in all output needed"),
        Column::share(
            "look_through",
            "Look-through",
            "needed from the partner directly and indirectly, in all output needed",
        ),
        Column::share("hidden", "Hidden", "look_through − face_value"),
    ],
    parameters: &[
        Parameter {
            name: "weights",
            accepts: Accepts::Choice(&["output", "final"]),
            description: "how home's buying industries are averaged: by gross output, or by their sales to final use",
        },
        Parameter {
            name: "buyers",
            accepts: Accepts::Choice(&[
                "all",
                "agriculture",
                "mining",
                "manufacturing",
                "utilities",
                "construction",
                "services",
            ]),
            description: "which of home's sectors `*` averages: all, or those of one kind by ISIC Rev. 4",
        },
        Parameter {
            name: "detail",
            accepts: Accepts::Choice(&["sectors", "total"]),
            description: "each of home's sectors and `*`, or `*` alone",
        },
        Parameter {
            name: "suppliers",
            accepts: Accepts::Choice(&["together", "sectors"]),
            description: "the partner's sectors added up, or each in a row of its own",
        },
    ],
};

/// Face-value, look-through and hidden exposure of home's sectors to each partner; `*` averages home's sectors.
pub fn run(world: &World, params: &Params) -> Result<Finding, Error> {
    let system = world.system(params.year)?;
    let classification = system.classification();
    let home = params.home.industries(classification)?;
    let exposure = Exposure::of(&system, &home, params.options.choice("weights"));
    let count = classification.sectors().len();
    let buyers = buyers(&system, params, &home)?;

    let mut finding = Finding::new(&METHOD, params);
    for partner in &params.partners {
        let supplying = partner.industries(classification)?;
        let groups: Vec<(String, Vec<usize>)> = match params.options.choice("suppliers") {
            "sectors" => classification
                .sectors()
                .iter()
                .enumerate()
                .map(|(s, sector)| {
                    (sector.code.to_string(), supplying.iter().copied().filter(|i| i % count == s).collect())
                })
                .collect(),
            _ => vec![(ALL.to_owned(), supplying)],
        };
        for (supplier, industries) in groups {
            for buyer in &buyers {
                let (face, look) = exposure.to(&industries, &buyer.columns);
                let mut cells: Vec<Cell> = row![params.year, &params.home.code, &partner.code, &partner.name];
                cells.extend(row![buyer.code, buyer.name, &supplier, face, look, look - face]);
                finding.push(cells);
            }
        }
    }
    finding.note(
        "shares of gross output needed, with intended double counting: never compare them with shares of value added",
    );
    Ok(finding)
}

/// A buying sector of home, or `*`, with the positions of its industries among home's.
struct Buyer<'a> {
    code: &'a str,
    name: &'a str,
    columns: Vec<usize>,
}

fn buyers<'a>(system: &'a System, params: &Params, home: &[usize]) -> Result<Vec<Buyer<'a>>, Error> {
    let sectors = system.classification().sectors();
    let of = |s: usize| (0..home.len()).filter(|&k| home[k] % sectors.len() == s).collect::<Vec<usize>>();
    let averaged: Vec<usize> = match params.options.choice("buyers") {
        "all" => (0..home.len()).collect(),
        group => {
            let classification = system.classification();
            classification.placed(&format!("buyers = {group}"))?;
            let wanted = Group::named(group).map(|group| classification.sectors_in(group)).unwrap_or_default();
            (0..home.len()).filter(|&k| wanted.contains(&(home[k] % sectors.len()))).collect()
        }
    };
    if averaged.is_empty() {
        let group = params.options.choice("buyers");
        return Err(Error::Unanswerable(format!("buyers = {group}: no sector of this world is of that group")));
    }
    let each = sectors.iter().enumerate();
    let mut buyers: Vec<_> =
        each.map(|(s, x)| Buyer { code: x.code.as_str(), name: &x.name, columns: of(s) }).collect();
    if params.options.choice("detail") == "total" {
        buyers.clear();
    }
    buyers.push(Buyer { code: ALL, name: ALL_NAME, columns: averaged });
    Ok(buyers)
}

/// Columns of L and of I + A for home's industries, divided by the column sums of L.
pub(crate) struct Exposure {
    look: Matrix,
    face: Matrix,
    weights: Vec<f64>,
}

impl Exposure {
    pub fn of(system: &System, home: &[usize], weights: &str) -> Self {
        let n = system.industries();
        let mut look = Matrix::zeros(n, home.len());
        home.iter().enumerate().for_each(|(k, &j)| look[(j, k)] = 1.0);
        system.lu().solve(&mut look);
        let needed = look.column_sums();
        let mut face = Matrix::from_fn(n, home.len(), |i, k| system.a(i, home[k]));
        home.iter().enumerate().for_each(|(k, &j)| face[(j, k)] += 1.0);
        for i in 0..n {
            look.row_mut(i).iter_mut().zip(&needed).for_each(|(l, s)| *l /= s);
            face.row_mut(i).iter_mut().zip(&needed).for_each(|(f, s)| *f /= s);
        }
        let all = match weights {
            "final" => system.table().final_use(),
            _ => system.output().to_vec(),
        };
        // Falling inventories can make a weight negative; such an industry does not count.
        Self { look, face, weights: home.iter().map(|&j| all[j].max(0.0)).collect() }
    }

    /// (face value, look-through) of some of home's industries to some suppliers: suppliers add up, buyers average.
    pub fn to(&self, suppliers: &[usize], buyers: &[usize]) -> (f64, f64) {
        let total: f64 = buyers.iter().map(|&k| self.weights[k]).sum();
        let average = |m: &Matrix| {
            let column = |k: usize| suppliers.iter().map(|&i| m[(i, k)]).sum::<f64>();
            buyers.iter().map(|&k| self.weights[k] * column(k)).sum::<f64>() / total
        };
        (average(&self.face), average(&self.look))
    }
}
