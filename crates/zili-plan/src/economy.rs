//! Home's production as a network of producers by sector: who buys what share of its revenue from whom.

use zili_world::method::{Accepts, Parameter};
use zili_world::{Error, Matrix, Params, System};

pub const IMPORTS: Parameter = Parameter {
    name: "imports",
    accepts: Accepts::Choice(&["outside", "traded", "at-home"]),
    description: "how imported inputs count: outside (bought from outside the network, like labour; exports are final use), traded (made by an industry of trade out of all exports), at-home (as if home's own sectors had made them; imports are taken off final use)",
};

/// How imported inputs count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Imports {
    Outside,
    Traded,
    AtHome,
}

impl Imports {
    pub const ALL: [Imports; 3] = [Imports::Outside, Imports::Traded, Imports::AtHome];

    /// What was asked with [`IMPORTS`].
    pub fn asked(params: &Params) -> Self {
        match params.options.choice(IMPORTS.name) {
            "traded" => Imports::Traded,
            "at-home" => Imports::AtHome,
            _ => Imports::Outside,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Imports::Outside => "outside",
            Imports::Traded => "traded",
            Imports::AtHome => "at-home",
        }
    }
}

/// Home's flows by sector, its members added up; million USD.
pub struct HomeTable {
    /// Inputs made at home, [supplying sector × using sector].
    pub domestic: Matrix,
    /// Inputs from anywhere.
    pub inputs: Matrix,
    pub output: Vec<f64>,
    pub value_added: Vec<f64>,
    /// Sales to anybody outside home.
    pub exports: Vec<f64>,
    /// Home's final use of a sector's products, wherever made.
    pub final_use: Vec<f64>,
}

impl HomeTable {
    pub fn new(system: &System, params: &Params) -> Result<Self, Error> {
        let (table, classification) = (system.table(), system.classification());
        let n = classification.sectors().len();
        let home = params.home.industries(classification)?;
        let value_added = system.value_added(params.value_added)?;
        let final_use = table.final_use_of(&params.home.final_columns(classification)?);
        let mut is_home = vec![false; system.industries()];
        home.iter().for_each(|&i| is_home[i] = true);
        let mut own = Self {
            domestic: Matrix::zeros(n, n),
            inputs: Matrix::zeros(n, n),
            output: vec![0.0; n],
            value_added: vec![0.0; n],
            exports: vec![0.0; n],
            final_use: vec![0.0; n],
        };
        for i in 0..system.industries() {
            let row = table.z.row(i);
            for &j in &home {
                own.inputs[(i % n, j % n)] += row[j];
                if is_home[i] {
                    own.domestic[(i % n, j % n)] += row[j];
                }
            }
            own.final_use[i % n] += final_use[i];
            if is_home[i] {
                own.output[i % n] += table.output()[i];
                own.value_added[i % n] += value_added[i];
                let at_home: f64 = home.iter().map(|&j| row[j]).sum();
                own.exports[i % n] += table.output()[i] - at_home - final_use[i];
            }
        }
        Ok(own)
    }

    pub fn sectors(&self) -> usize {
        self.output.len()
    }
}

/// A network of producers: the sectors, and one of trade after them if imports are traded.
pub struct Economy {
    /// Ω: share of producer i's revenue (row) that it pays for what producer j makes (column).
    pub shares: Matrix,
    /// β: shares of producers in all final use; sum to 1. Falling inventories, and imports taken off, can make one negative.
    pub final_shares: Vec<f64>,
    /// Value added in revenue, from 0 on: rents cannot be more.
    pub room: Vec<f64>,
}

impl Economy {
    /// Refuses a home without final use, and one that buys abroad and sells nothing there where imports are traded.
    pub fn new(home: &HomeTable, imports: Imports) -> Result<Self, Error> {
        let n = home.sectors();
        let bought = if imports == Imports::AtHome { &home.inputs } else { &home.domestic };
        let share = |value: f64, of: f64| if of > 0.0 { value / of } else { 0.0 };
        let mut sales: Vec<f64> = (0..n).map(|s| home.output[s] - bought.row(s).iter().sum::<f64>()).collect();
        let mut room: Vec<f64> = (0..n).map(|s| share(home.value_added[s], home.output[s]).max(0.0)).collect();
        let mut shares = Matrix::from_fn(n, n, |user, maker| share(bought[(maker, user)], home.output[user]));
        if imports == Imports::Traded {
            let imported =
                |user: usize| -> f64 { (0..n).map(|s| home.inputs[(s, user)] - home.domestic[(s, user)]).sum() };
            let imported: Vec<f64> = (0..n).map(imported).collect();
            let (exports, imports): (f64, f64) = (home.exports.iter().sum(), imported.iter().sum());
            if exports <= 0.0 && imports > 0.0 {
                let reason =
                    "home sells nothing abroad that could pay for its imports; give imports = outside or at-home";
                return Err(Error::Unanswerable(reason.to_owned()));
            }
            if exports > 0.0 {
                shares = Matrix::from_fn(n + 1, n + 1, |user, maker| match (user == n, maker == n) {
                    (true, true) => 0.0,
                    (true, false) => home.exports[maker] / exports,
                    (false, true) => share(imported[user], home.output[user]),
                    (false, false) => shares[(user, maker)],
                });
                (0..n).for_each(|s| sales[s] -= home.exports[s]);
                // What exports earn beyond imported inputs buys final goods, or is lent.
                sales.push(exports - imports);
                room.push(0.0);
            }
        }
        let total: f64 = sales.iter().sum();
        if total <= 0.0 {
            return Err(Error::Unanswerable("home's sectors make nothing for final use".to_owned()));
        }
        let final_shares = sales.into_iter().map(|value| value / total).collect();
        Ok(Self { shares, final_shares, room })
    }
}
