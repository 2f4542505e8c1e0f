//! What the optimiser is asked, in dense numbers: indices are private to this folder, names are kept for those who read the answer.
//!
//! A strategy becomes one in [`super::compile`]; the references of the tests are written as one directly.

/// A question to the optimiser. Money is discounted already wherever it counts in the objective.
#[derive(Clone, Debug, Default)]
pub struct Instance {
    pub years: usize,
    pub programmes: Vec<Programme>,
    pub resources: Vec<Resource>,
    pub intakes: Vec<Intake>,
    pub inputs: Vec<Input>,
    /// Outcomes with their probabilities; what is left to 1 is that nothing happens.
    pub outcomes: Vec<Outcome>,
    pub adversary: Option<Adversary>,
    /// λ: weight of the tail against the expectation.
    pub weight: f64,
    /// α: the tail is the worst 1 − α.
    pub tail: f64,
}

/// What can be started once, in one of several ways.
#[derive(Clone, Debug, Default)]
pub struct Programme {
    pub name: String,
    pub modes: Vec<Mode>,
    /// Whether every plan holds it.
    pub must: bool,
    /// Of the programmes of each clause, one must have ended when it starts.
    pub clauses: Vec<Vec<usize>>,
    pub cofunding: Option<Cofunding>,
}

/// What a mode pools is shared by two levels as a plan sees fit, but `level` pays at least `ratio` times what `beside` does.
#[derive(Clone, Copy, Debug)]
pub struct Cofunding {
    pub level: usize,
    pub beside: usize,
    pub ratio: f64,
}

/// A way of doing a programme.
#[derive(Clone, Debug, Default)]
pub struct Mode {
    pub name: String,
    /// Years until it delivers, counted from its start.
    pub duration: usize,
    /// Years in which it may start, first and last.
    pub starts: (usize, usize),
    /// What it adds to the objective, by year of start from year 0 on.
    pub objective: Vec<f64>,
    /// What it costs in all, not discounted.
    pub spent: f64,
    pub uses: Vec<Use>,
    /// Of money that two levels share: years after the start, and amount.
    pub pooled: Vec<(usize, f64)>,
    /// Input and units a year, from the year in which it has ended.
    pub delivers: Vec<(usize, f64)>,
    /// Probability that it delivers.
    pub success: f64,
    /// Other programmes that must be under way when it starts, and for how many years each lasts.
    pub during: Vec<(usize, usize)>,
}

impl Mode {
    /// Share of what it should deliver that it does: by luck, drawn between 0 and 1, all or nothing; without luck, what is to be expected.
    pub fn delivered(&self, luck: Option<&f64>) -> f64 {
        match luck {
            None => self.success,
            Some(&luck) if luck < self.success => 1.0,
            Some(_) => 0.0,
        }
    }
}

/// What a mode takes of a resource some years after its start; below zero where it adds to it.
#[derive(Clone, Copy, Debug)]
pub struct Use {
    pub resource: usize,
    pub offset: usize,
    pub amount: f64,
}

/// Money of a level, or people of a skill.
#[derive(Clone, Debug, Default)]
pub struct Resource {
    pub name: String,
    /// What there is, by year.
    pub limit: Vec<f64>,
    /// Share of what is left that is there a year later.
    pub carry: f64,
}

/// Students that can be taken in beyond those of today.
#[derive(Clone, Debug, Default)]
pub struct Intake {
    /// The skill that they add to.
    pub skill: usize,
    /// Most of them, by year.
    pub most: Vec<f64>,
    /// Programme that lets so many more in, while it lasts so many years.
    pub more: Vec<(usize, usize, f64)>,
    /// What one adds to the objective, by year taken in.
    pub cost: Vec<f64>,
    pub paid: Option<(usize, f64)>,
    /// Years until at work.
    pub training: usize,
    /// Share of them that stays, and share of those at work who are still there a year later.
    pub retention: f64,
    pub survival: f64,
}

impl Intake {
    /// People at work in a year for one taken in earlier.
    pub fn at_work(&self, taken: usize, year: usize) -> f64 {
        match year.checked_sub(taken + self.training) {
            Some(years) => self.retention * self.survival.powi(years as i32),
            None => 0.0,
        }
    }
}

/// Something whose demand is to be met.
#[derive(Clone, Debug, Default)]
pub struct Input {
    pub name: String,
    pub demand: Vec<f64>,
    /// Home capacity without any programme.
    pub home: Vec<f64>,
    pub home_cost: Vec<f64>,
    pub penalty: Vec<f64>,
    pub links: Vec<Link>,
    /// Years from the start in which nothing can be denied: reserves are bought in them and released later.
    pub calm: usize,
    pub reserve: Option<Reserve>,
    pub expansion: Option<Expansion>,
    /// Share of added capacity that wears out in a year.
    pub depreciation: f64,
    /// Home capacity that every plan must reach: units, and from which year on.
    pub floor: Option<(usize, f64)>,
}

/// Capacity that can be bought by the unit.
#[derive(Clone, Debug, Default)]
pub struct Expansion {
    /// Programmes of which one must have ended; none if it can be bought from the start.
    pub clause: Option<Vec<usize>>,
    /// What a unit adds to the objective, by year paid.
    pub cost: Vec<f64>,
    pub paid: Option<(usize, f64)>,
    /// Years from paying to producing.
    pub lag: usize,
    /// Units that can be added in any year, and the share of the capacity of the year before that can be added beside.
    pub seed: f64,
    pub growth: f64,
    /// What experience does to cost: from so many units on, cost is this share of what it was. The first is from 0 on, with share 1.
    pub steps: Vec<(f64, f64)>,
    /// Experience that other programmes bring: programme, years that it lasts, units a year.
    pub purchases: Vec<(usize, usize, f64)>,
}

impl Expansion {
    /// Share of the first cost that a unit costs, with experience of so many units.
    pub fn cost_share(&self, experience: f64) -> f64 {
        // A last digit less than asked for is enough.
        let reached = |(from, _): &&(f64, f64)| experience >= from - 1e-6 * from.max(1.0);
        self.steps.iter().rev().find(reached).map_or(1.0, |(_, share)| *share)
    }
}

/// One supplier of an input.
#[derive(Clone, Debug, Default)]
pub struct Link {
    pub name: String,
    pub capacity: Vec<f64>,
    pub price: Vec<f64>,
}

/// Units that can be bought in calm years.
#[derive(Clone, Debug, Default)]
pub struct Reserve {
    pub initial: f64,
    /// Most units bought in all.
    pub most: f64,
    /// What a unit adds to the objective, by year bought.
    pub cost: Vec<f64>,
    /// The resource that pays, and how much of it a unit takes.
    pub paid: Option<(usize, f64)>,
}

/// Denials that happen together with a probability.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    pub name: String,
    pub probability: f64,
    pub cuts: Vec<Cut>,
    /// Luck of every programme, drawn between 0 and 1; empty where each delivers what is to be expected.
    pub luck: Vec<f64>,
}

/// A share of what a link supplies, denied in some years.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cut {
    pub input: usize,
    pub link: usize,
    pub severity: f64,
    /// First year, and the first year in which it is over.
    pub from: usize,
    pub until: usize,
}

/// Who picks the worst set of moves that they can afford.
#[derive(Clone, Debug, Default)]
pub struct Adversary {
    pub budget: f64,
    /// Most of their own sales that they would lose.
    pub own_loss: f64,
    pub moves: Vec<Move>,
}

#[derive(Clone, Debug, Default)]
pub struct Move {
    pub name: String,
    pub cost: f64,
    pub own_loss: f64,
    pub cuts: Vec<Cut>,
}

/// What is decided before anything happens.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// By programme: mode and year of start.
    pub starts: Vec<Option<(usize, usize)>>,
    /// By input and calm year, units bought for the reserve.
    pub reserves: Vec<Vec<f64>>,
    /// By input and year, units of capacity paid for.
    pub built: Vec<Vec<f64>>,
    /// By intake and year, students taken in.
    pub taken_in: Vec<Vec<f64>>,
    /// By programme and year, what the first of two levels pays of what they share; empty where none do.
    pub split: Vec<Vec<f64>>,
}

impl Plan {
    /// Nothing is started, nothing bought.
    pub fn nothing(instance: &Instance) -> Self {
        Self {
            starts: vec![None; instance.programmes.len()],
            reserves: instance.inputs.iter().map(|input| vec![0.0; input.calm]).collect(),
            built: vec![vec![0.0; instance.years]; instance.inputs.len()],
            taken_in: vec![vec![0.0; instance.years]; instance.intakes.len()],
            split: instance
                .programmes
                .iter()
                .map(|p| vec![0.0; if p.cofunding.is_some() { instance.years } else { 0 }])
                .collect(),
        }
    }

    /// What it adds to the objective before anything happens.
    pub fn cost(&self, instance: &Instance) -> f64 {
        let started = self.starts.iter().zip(&instance.programmes).filter_map(|(start, programme)| {
            let (mode, year) = (*start)?;
            Some(programme.modes[mode].objective[year])
        });
        let times = |units: &[f64], cost: &[f64]| units.iter().zip(cost).map(|(units, cost)| units * cost).sum::<f64>();
        let inputs = instance.inputs.iter().enumerate();
        let bought =
            inputs.clone().filter_map(|(i, input)| Some(times(&self.reserves[i], &input.reserve.as_ref()?.cost)));
        let built = inputs.filter_map(|(i, input)| {
            let expansion = input.expansion.as_ref()?;
            let shares = self.cost_shares(expansion, &self.built[i]);
            let cost: Vec<f64> = expansion.cost.iter().zip(shares).map(|(cost, share)| cost * share).collect();
            Some(times(&self.built[i], &cost))
        });
        let trained = instance.intakes.iter().zip(&self.taken_in).map(|(intake, taken)| times(taken, &intake.cost));
        started.sum::<f64>() + bought.sum::<f64>() + built.sum::<f64>() + trained.sum::<f64>()
    }

    /// Share of the first cost that a unit built costs, by year: experience of the years before counts.
    pub fn cost_shares(&self, expansion: &Expansion, built: &[f64]) -> Vec<f64> {
        let mut experience = 0.0;
        let of_year = built.iter().enumerate().map(|(year, units)| {
            let share = expansion.cost_share(experience);
            let lasting = |&&(programme, lasts, _): &&(usize, usize, f64)| {
                self.starts[programme].is_some_and(|(_, start)| (start..start + lasts).contains(&year))
            };
            experience += units + expansion.purchases.iter().filter(lasting).map(|purchase| purchase.2).sum::<f64>();
            share
        });
        of_year.collect()
    }

    /// Home capacity of every input, by year, with the luck of an outcome.
    pub fn capacity(&self, instance: &Instance, luck: &[f64]) -> Vec<Vec<f64>> {
        let mut added = vec![vec![0.0; instance.years]; instance.inputs.len()];
        for (p, (start, programme)) in self.starts.iter().zip(&instance.programmes).enumerate() {
            let Some((mode, year)) = *start else { continue };
            let mode = &programme.modes[mode];
            let delivered = mode.delivered(luck.get(p));
            for &(input, units) in &mode.delivers {
                if let Some(there) = added[input].get_mut(year + mode.duration) {
                    *there += delivered * units;
                }
            }
        }
        for (i, input) in instance.inputs.iter().enumerate() {
            if let Some(expansion) = &input.expansion {
                let producing = added[i].iter_mut().skip(expansion.lag);
                producing.zip(&self.built[i]).for_each(|(there, units)| *there += units);
            }
        }
        let inputs = instance.inputs.iter().zip(added);
        let capacity = inputs.map(|(input, added)| {
            let mut there = 0.0;
            let of_year = added.iter().zip(&input.home).map(|(added, home)| {
                there = there * (1.0 - input.depreciation) + added;
                home + there
            });
            of_year.collect()
        });
        capacity.collect()
    }

    /// Σ_i penalty_i min(K_i, demand_i) / Σ_i penalty_i demand_i in the last year; not a number where nothing is wanted.
    pub fn reliance(&self, instance: &Instance) -> f64 {
        let capacity = self.capacity(instance, &[]);
        let last = instance.years - 1;
        let (covered, wanted) =
            instance.inputs.iter().zip(&capacity).fold((0.0, 0.0), |(covered, wanted), (input, capacity)| {
                let (demand, penalty) = (input.demand[last], input.penalty[last]);
                (covered + penalty * demand.min(capacity[last]), wanted + penalty * demand)
            });
        covered / wanted
    }

    /// Units in the reserve of every input when calm years end.
    pub fn reserves(&self, instance: &Instance) -> Vec<f64> {
        let held = self.reserves.iter().zip(&instance.inputs).map(|(units, input)| {
            units.iter().sum::<f64>() + input.reserve.as_ref().map_or(0.0, |reserve| reserve.initial)
        });
        held.collect()
    }
}
