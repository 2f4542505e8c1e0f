//! What is decided before anything happens, as columns and rows.
//!
//! With z_pmt = 1 if programme p in mode m has started by year t (x_pmt = z_pmt − z_pm,t−1 is its start in t):
//!
//! ```text
//! z_pmt ≥ z_pm,t−1,   Σ_m z_pmT ≤ 1  (= 1 where it must be)
//! Σ_m z_pmt ≤ Σ_{q in clause} Σ_m z_qm,t−d(q,m)                      for every clause of what p needs
//! Σ uses of b in year t + left_bt ≤ limit_bt + carry_b left_b,t−1    for every level and skill b
//! K_it = home_it + added_it,  added_it = (1−δ_i) added_i,t−1 + Σ units_pmi x_pm,t−d(p,m) + v_i,t−lag
//! v_it ≤ seed + growth K_i,t−1,   v_it ≤ M Σ_{q in clause} Σ_m z_qm,t−d(q,m)
//! ```
//!
//! Steps instead of starts: rows are sparse, the relaxation is as tight, and a branch halves the years in which something may start.

use super::instance::{Instance, Mode, Plan};
use super::program::{Column, Group, Program, Solution};

/// What a group of rows stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A programme that every plan must hold.
    Must(usize),
    /// What a programme needs.
    Needs(usize),
    /// A level's money or a skill's people.
    Means(usize),
    /// Home capacity of an input that every plan must reach.
    Floor(usize),
}

/// What a plan is held to beside the rules.
#[derive(Clone, Debug)]
pub enum Restriction<'a> {
    /// A programme is not started.
    Without(usize),
    /// A programme is started.
    With(usize),
    /// Everything before a year is as in another plan.
    AsIn(&'a Plan, usize),
    /// The plan itself costs no more, discounted.
    Spending(f64),
    /// Self-reliance in the last year is at least a share ([`Plan::reliance`]).
    Reliance(f64),
}

/// Columns of what is decided.
pub struct Decisions {
    /// By programme and mode: the year of the first step, and its columns.
    steps: Vec<Vec<(usize, Vec<Column>)>>,
    /// By input and calm year.
    bought: Vec<Vec<Column>>,
    /// By input, step of experience and year.
    built: Vec<Vec<Vec<Column>>>,
    /// By intake and year.
    taken_in: Vec<Vec<Column>>,
    /// By programme and year, what the first of two levels pays of what they share.
    split: Vec<Option<Vec<Column>>>,
    /// What the plan itself costs.
    own: Terms,
    /// What the groups of rows stand for; group 1 is the first.
    pub reasons: Vec<Reason>,
}

type Terms = Vec<(Column, f64)>;

impl Decisions {
    /// Adds columns and rows to a programme.
    pub fn new(instance: &Instance, program: &mut Program) -> Self {
        Self::with_more(instance, program, None)
    }

    /// The same with so much more of a resource in every year as a column says.
    pub fn with_more(instance: &Instance, program: &mut Program, more: Option<(usize, Column)>) -> Self {
        let steps = instance.programmes.iter().map(|p| p.modes.iter().map(|mode| steps(mode, program)).collect());
        let steps = steps.collect();
        let inputs = || instance.inputs.iter();
        let bought = inputs().map(|input| match &input.reserve {
            Some(reserve) => reserve.cost.iter().map(|&cost| program.column(cost, 0.0, reserve.most)).collect(),
            None => Vec::new(),
        });
        let bought = bought.collect();
        let built = inputs().map(|input| {
            let steps = input
                .expansion
                .iter()
                .flat_map(|expansion| expansion.steps.iter().map(move |step| (expansion, step.1)));
            let of_step = steps.map(|(expansion, share)| {
                expansion.cost.iter().map(|&cost| program.column(cost * share, 0.0, f64::INFINITY)).collect()
            });
            of_step.collect()
        });
        let built = built.collect();
        let taken_in = instance.intakes.iter().map(|intake| {
            let of_year = intake.cost.iter().zip(&intake.most).map(|(&cost, &most)| {
                program.column(cost, 0.0, if intake.more.is_empty() { most } else { f64::INFINITY })
            });
            of_year.collect()
        });
        let taken_in = taken_in.collect();
        let split = instance.programmes.iter().map(|programme| {
            programme.cofunding.map(|_| (0..instance.years).map(|_| program.column(0.0, 0.0, f64::INFINITY)).collect())
        });
        let split = split.collect();
        let mut decisions = Self { steps, bought, built, taken_in, split, own: program.costs(), reasons: Vec::new() };
        decisions.once(instance, program);
        decisions.needs(instance, program);
        decisions.means(instance, program, more);
        decisions.shares(instance, program);
        decisions.reserves(instance, program);
        decisions.intakes(instance, program);
        decisions.experience(instance, program);
        decisions
    }

    /// Columns of what is bought for the reserve of an input.
    pub fn bought(&self, input: usize) -> &[Column] {
        &self.bought[input]
    }

    /// Reserves by input when calm years end, broken plans included.
    pub fn reserves_of(&self, instance: &Instance, solution: &Solution) -> Vec<f64> {
        let held = self.bought.iter().zip(&instance.inputs).map(|(columns, input)| {
            let initial = input.reserve.as_ref().map_or(0.0, |reserve| reserve.initial);
            initial + columns.iter().map(|&column| solution.value(column)).sum::<f64>()
        });
        held.collect()
    }

    fn group(&mut self, reason: Reason) -> Group {
        self.reasons.push(reason);
        Group(self.reasons.len())
    }

    /// Whether a programme has started by a year in a mode: a column, or nothing where it cannot have.
    fn step(&self, programme: usize, mode: usize, year: Option<usize>) -> Option<Column> {
        let (first, columns) = &self.steps[programme][mode];
        let at = year?.checked_sub(*first)?;
        columns.get(at).or(columns.last()).copied()
    }

    /// Whether it has started in any mode.
    fn started(&self, programme: usize, year: usize) -> Terms {
        let modes = 0..self.steps[programme].len();
        modes.filter_map(|mode| Some((self.step(programme, mode, Some(year))?, 1.0))).collect()
    }

    /// How many programmes of a clause have ended by the beginning of a year, each times a factor.
    fn ended<'a>(
        &'a self,
        instance: &'a Instance,
        clause: &'a [usize],
        year: usize,
        by: f64,
    ) -> impl Iterator<Item = (Column, f64)> + 'a {
        clause.iter().flat_map(move |&q| {
            let modes = instance.programmes[q].modes.iter().enumerate();
            modes.filter_map(move |(m, mode)| Some((self.step(q, m, year.checked_sub(mode.duration))?, by)))
        })
    }

    /// What starts in a year in a mode, times a factor.
    fn starting(
        &self,
        programme: usize,
        mode: usize,
        year: Option<usize>,
        by: f64,
    ) -> impl Iterator<Item = (Column, f64)> {
        let now = self.step(programme, mode, year);
        let before = self.step(programme, mode, year.and_then(|year| year.checked_sub(1)));
        // After the last step both are the same column, and nothing starts.
        let same = now == before;
        now.into_iter().map(move |c| (c, by)).chain(before.map(move |c| (c, -by))).filter(move |_| !same)
    }

    /// Whether a programme that lasts some years is under way in a year, times a factor.
    fn lasting(&self, programme: usize, lasts: usize, year: usize, by: f64) -> impl Iterator<Item = (Column, f64)> {
        let begun = self.started(programme, year).into_iter().map(move |(c, _)| (c, by));
        let over = year.checked_sub(lasts).map(|before| self.started(programme, before)).unwrap_or_default();
        begun.chain(over.into_iter().map(move |(c, _)| (c, -by)))
    }

    /// Steps only go up, and one mode at most is chosen.
    fn once(&mut self, instance: &Instance, program: &mut Program) {
        for (p, programme) in instance.programmes.iter().enumerate() {
            for (_, columns) in &self.steps[p] {
                for pair in columns.windows(2) {
                    program.row(0.0, f64::INFINITY, [(pair[1], 1.0), (pair[0], -1.0)]);
                }
            }
            let all: Terms = self.started(p, instance.years);
            if programme.modes.len() > 1 {
                program.row(f64::NEG_INFINITY, 1.0, all.iter().copied());
            }
            if programme.must {
                let group = self.group(Reason::Must(p));
                program.row_of(group, 1.0, f64::INFINITY, all);
            }
        }
    }

    /// What programmes need has ended when they start.
    fn needs(&mut self, instance: &Instance, program: &mut Program) {
        for (p, programme) in instance.programmes.iter().enumerate() {
            let within = programme.modes.iter().any(|mode| !mode.during.is_empty());
            if programme.clauses.is_empty() && !within {
                continue;
            }
            let group = self.group(Reason::Needs(p));
            for clause in &programme.clauses {
                for year in 0..instance.years {
                    let started = self.started(p, year);
                    if !started.is_empty() {
                        let terms = started.into_iter().chain(self.ended(instance, clause, year, -1.0));
                        program.row_of(group, f64::NEG_INFINITY, 0.0, terms);
                    }
                }
            }
            for (m, mode) in programme.modes.iter().enumerate() {
                for &(other, lasts) in &mode.during {
                    for year in mode.starts.0..=mode.starts.1 {
                        let terms = self.starting(p, m, Some(year), 1.0).chain(self.lasting(other, lasts, year, -1.0));
                        program.row_of(group, f64::NEG_INFINITY, 0.0, terms);
                    }
                }
            }
        }
    }

    /// What two levels share of a programme in a year, times a factor.
    fn pooled<'a>(
        &'a self,
        instance: &'a Instance,
        p: usize,
        year: usize,
        by: f64,
    ) -> impl Iterator<Item = (Column, f64)> + 'a {
        let modes = instance.programmes[p].modes.iter().enumerate();
        modes.flat_map(move |(m, mode)| {
            let pooled = mode.pooled.iter();
            pooled.flat_map(move |&(offset, amount)| self.starting(p, m, year.checked_sub(offset), by * amount))
        })
    }

    /// Who shares costs pays no more than all, and no less than asked for.
    fn shares(&self, instance: &Instance, program: &mut Program) {
        for (p, split) in self.split.iter().enumerate() {
            let Some((cofunding, columns)) = instance.programmes[p].cofunding.as_ref().zip(split.as_ref()) else {
                continue;
            };
            for (year, &column) in columns.iter().enumerate() {
                program.row(f64::NEG_INFINITY, 0.0, self.pooled(instance, p, year, -1.0).chain([(column, 1.0)]));
                let terms = self.pooled(instance, p, year, -cofunding.ratio).chain([(column, 1.0 + cofunding.ratio)]);
                program.row(0.0, f64::INFINITY, terms);
            }
        }
    }

    /// No level spends, and no skill works, more than there is.
    fn means(&mut self, instance: &Instance, program: &mut Program, more: Option<(usize, Column)>) {
        for (r, resource) in instance.resources.iter().enumerate() {
            let group = self.group(Reason::Means(r));
            let mut before: Option<Column> = None;
            for (year, &limit) in resource.limit.iter().enumerate() {
                let mut terms: Terms = more.filter(|more| more.0 == r).map(|more| (more.1, -1.0)).into_iter().collect();
                for (p, programme) in instance.programmes.iter().enumerate() {
                    for (m, mode) in programme.modes.iter().enumerate() {
                        for used in mode.uses.iter().filter(|used| used.resource == r) {
                            terms.extend(self.starting(p, m, year.checked_sub(used.offset), used.amount));
                        }
                    }
                }
                for (p, split) in self.split.iter().enumerate() {
                    let Some((cofunding, columns)) = instance.programmes[p].cofunding.as_ref().zip(split.as_ref())
                    else {
                        continue;
                    };
                    if r == cofunding.level {
                        terms.push((columns[year], 1.0));
                    }
                    if r == cofunding.beside {
                        terms.push((columns[year], -1.0));
                        terms.extend(self.pooled(instance, p, year, 1.0));
                    }
                }
                for (i, input) in instance.inputs.iter().enumerate() {
                    let reserve = input.reserve.as_ref().and_then(|reserve| reserve.paid);
                    if let (Some((_, amount)), Some(&column)) =
                        (reserve.filter(|paid| paid.0 == r), self.bought[i].get(year))
                    {
                        terms.push((column, amount));
                    }
                    let expansion = input.expansion.as_ref().filter(|e| e.paid.is_some_and(|paid| paid.0 == r));
                    for (columns, (_, share)) in self.built[i].iter().zip(expansion.iter().flat_map(|e| &e.steps)) {
                        let amount = expansion.and_then(|e| e.paid).map_or(0.0, |paid| paid.1);
                        terms.push((columns[year], amount * share));
                    }
                }
                for (intake, taken) in instance.intakes.iter().zip(&self.taken_in) {
                    if let Some((_, amount)) = intake.paid.filter(|paid| paid.0 == r) {
                        terms.push((taken[year], amount));
                    }
                    if intake.skill == r {
                        terms.extend((0..=year).map(|then| (taken[then], -intake.at_work(then, year))));
                    }
                }
                if resource.carry > 0.0 {
                    terms.extend(before.map(|column| (column, -resource.carry)));
                    let left = program.column(0.0, 0.0, f64::INFINITY);
                    terms.push((left, 1.0));
                    before = Some(left);
                }
                program.row_of(group, f64::NEG_INFINITY, limit, terms);
            }
        }
    }

    /// No more is bought than is to be had.
    fn reserves(&self, instance: &Instance, program: &mut Program) {
        for (input, bought) in instance.inputs.iter().zip(&self.bought) {
            if let (Some(reserve), true) = (&input.reserve, bought.len() > 1) {
                program.row(f64::NEG_INFINITY, reserve.most, bought.iter().map(|&column| (column, 1.0)));
            }
        }
    }

    /// The cheaper units of a later step wait for the experience of the years before.
    ///
    /// ```text
    /// Σ_{τ<t} (Σ_k v_ikτ + purchases_iτ) ≥ from_k e_ikt,   v_ikt ≤ most e_ikt,   e_ikt ∈ {0, 1}
    /// ```
    fn experience(&self, instance: &Instance, program: &mut Program) {
        for (i, input) in instance.inputs.iter().enumerate() {
            let Some(expansion) = &input.expansion else { continue };
            let most = input.demand.iter().fold(0.0, |a, &b| f64::max(a, b));
            for (columns, &(from, _)) in self.built[i].iter().zip(&expansion.steps).skip(1) {
                let mut before: Option<Column> = None;
                for (year, &column) in columns.iter().enumerate() {
                    let there = program.choice(0.0);
                    let built = (0..year).flat_map(|then| self.built[i].iter().map(move |step| (step[then], -1.0)));
                    let purchases = expansion.purchases.iter();
                    let bought = purchases.flat_map(|&(p, lasts, units)| {
                        (0..year).flat_map(move |then| self.lasting(p, lasts, then, -units))
                    });
                    let terms: Terms = built.chain(bought).chain([(there, from)]).collect();
                    program.row(f64::NEG_INFINITY, 0.0, terms);
                    program.row(f64::NEG_INFINITY, 0.0, [(column, 1.0), (there, -most)]);
                    if let Some(before) = before {
                        program.row(0.0, f64::INFINITY, [(there, 1.0), (before, -1.0)]);
                    }
                    before = Some(there);
                }
            }
        }
    }

    /// No more students than there is room for.
    fn intakes(&self, instance: &Instance, program: &mut Program) {
        for (intake, taken) in instance.intakes.iter().zip(&self.taken_in) {
            if intake.more.is_empty() {
                continue;
            }
            for (year, (&column, &most)) in taken.iter().zip(&intake.most).enumerate() {
                let more = intake.more.iter().flat_map(|&(p, lasts, amount)| self.lasting(p, lasts, year, -amount));
                program.row(f64::NEG_INFINITY, most, more.chain([(column, 1.0)]));
            }
        }
    }

    /// Home capacity of every input by year as columns, with the luck of an outcome, and the rows that hold additions to it.
    pub fn capacity(&self, instance: &Instance, luck: &[f64], program: &mut Program) -> Vec<Vec<Column>> {
        let of_input = |(i, input): (usize, &super::instance::Input)| {
            let mut columns: Vec<Column> = Vec::with_capacity(instance.years);
            for year in 0..instance.years {
                let column = program.column(0.0, 0.0, f64::INFINITY);
                let mut terms: Terms = vec![(column, 1.0)];
                let kept = 1.0 - input.depreciation;
                let mut constant = input.home[year];
                if let Some(&before) = columns.last() {
                    terms.push((before, -kept));
                    constant -= kept * input.home[year - 1];
                }
                for (p, programme) in instance.programmes.iter().enumerate() {
                    for (m, mode) in programme.modes.iter().enumerate() {
                        let delivered = mode.delivered(luck.get(p));
                        for &(_, units) in mode.delivers.iter().filter(|(to, _)| *to == i) {
                            let units = -units * delivered;
                            terms.extend(self.starting(p, m, year.checked_sub(mode.duration), units));
                        }
                    }
                }
                if let Some(expansion) = &input.expansion {
                    let paid = year.checked_sub(expansion.lag);
                    terms.extend(
                        paid.into_iter().flat_map(|paid| self.built[i].iter().map(move |step| (step[paid], -1.0))),
                    );
                }
                program.row(constant, constant, terms);
                columns.push(column);
            }
            columns
        };
        instance.inputs.iter().enumerate().map(of_input).collect()
    }

    /// Additions by the unit are held by what is there already, and wait for the capability.
    pub fn expansions(&self, instance: &Instance, capacity: &[Vec<Column>], program: &mut Program) {
        for (i, input) in instance.inputs.iter().enumerate() {
            let Some(expansion) = &input.expansion else { continue };
            // More than all that is wanted is never built in a year.
            let most = input.demand.iter().fold(0.0, |a, &b| f64::max(a, b));
            for year in 0..instance.years {
                let built = || self.built[i].iter().map(|step| (step[year], 1.0));
                let there = year.checked_sub(1).map(|before| (capacity[i][before], -expansion.growth));
                let seed = expansion.seed + if year == 0 { expansion.growth * input.home[0] } else { 0.0 };
                program.row(f64::NEG_INFINITY, seed, there.into_iter().chain(built()));
                if let Some(clause) = &expansion.clause {
                    let terms = self.ended(instance, clause, year, -most).chain(built());
                    program.row(f64::NEG_INFINITY, 0.0, terms);
                }
            }
        }
    }

    /// Home capacity that every plan must reach.
    pub fn floors(&mut self, instance: &Instance, capacity: &[Vec<Column>], program: &mut Program) {
        for (i, input) in instance.inputs.iter().enumerate() {
            let Some((from, share)) = input.floor else { continue };
            let group = self.group(Reason::Floor(i));
            for (&column, &demand) in capacity[i].iter().zip(&input.demand).skip(from) {
                program.row_of(group, share * demand, f64::INFINITY, [(column, 1.0)]);
            }
        }
    }

    /// Holds a programme to a restriction; `capacity` by input and year is what is to be expected.
    pub fn restrict(
        &self,
        instance: &Instance,
        capacity: &[Vec<Column>],
        restriction: &Restriction,
        program: &mut Program,
    ) {
        match *restriction {
            Restriction::Spending(most) => program.row(f64::NEG_INFINITY, most, self.own.iter().copied()),
            Restriction::Reliance(share) => {
                let last = instance.years - 1;
                let (mut covered, mut wanted) = (Vec::new(), 0.0);
                for (input, capacity) in instance.inputs.iter().zip(capacity) {
                    let column = program.column(0.0, 0.0, input.demand[last]);
                    program.row(f64::NEG_INFINITY, 0.0, [(column, 1.0), (capacity[last], -1.0)]);
                    covered.push((column, input.penalty[last]));
                    wanted += input.penalty[last] * input.demand[last];
                }
                program.row(share * wanted, f64::INFINITY, covered);
            }
            Restriction::Without(p) => {
                self.steps[p].iter().flat_map(|(_, columns)| columns).for_each(|&column| program.fix(column, 0.0));
            }
            Restriction::With(p) => {
                let last = self.steps[p].iter().filter_map(|(_, columns)| Some((*columns.last()?, 1.0)));
                program.row(1.0, f64::INFINITY, last);
            }
            Restriction::AsIn(plan, year) => {
                for (modes, start) in self.steps.iter().zip(&plan.starts) {
                    for (m, (first, columns)) in modes.iter().enumerate() {
                        for (at, &column) in columns.iter().enumerate().filter(|(at, _)| first + at < year) {
                            let begun = start.is_some_and(|(mode, start)| mode == m && first + at >= start);
                            program.fix(column, if begun { 1.0 } else { 0.0 });
                        }
                    }
                }
                for (columns, amounts) in [(&self.bought, &plan.reserves), (&self.taken_in, &plan.taken_in)] {
                    for (columns, amounts) in columns.iter().zip(amounts) {
                        columns
                            .iter()
                            .zip(amounts)
                            .take(year)
                            .for_each(|(&column, &amount)| program.fix(column, amount));
                    }
                }
                for (steps, built) in self.built.iter().zip(&plan.built) {
                    for then in 0..if steps.is_empty() { 0 } else { year.min(built.len()) } {
                        program.row(built[then], built[then], steps.iter().map(|step| (step[then], 1.0)));
                    }
                }
            }
        }
    }

    /// The plan that a solution stands for.
    pub fn plan(&self, instance: &Instance, solution: &Solution) -> Plan {
        let start = |p: usize| {
            self.steps[p].iter().enumerate().find_map(|(m, (first, columns))| {
                let at = columns.iter().position(|&column| solution.value(column) > 0.5)?;
                Some((m, first + at))
            })
        };
        let values = |columns: &[Column], years: usize| {
            let mut values: Vec<f64> = columns.iter().map(|&column| solution.value(column).max(0.0)).collect();
            values.resize(years, 0.0);
            values
        };
        Plan {
            starts: (0..instance.programmes.len()).map(start).collect(),
            reserves: self.bought.iter().zip(&instance.inputs).map(|(c, input)| values(c, input.calm)).collect(),
            built: self
                .built
                .iter()
                .map(|steps| {
                    let of_steps = steps.iter().map(|columns| values(columns, instance.years));
                    of_steps
                        .fold(vec![0.0; instance.years], |sum, step| sum.iter().zip(step).map(|(a, b)| a + b).collect())
                })
                .collect(),
            taken_in: self.taken_in.iter().map(|columns| values(columns, instance.years)).collect(),
            split: self
                .split
                .iter()
                .map(|columns| columns.as_ref().map_or(Vec::new(), |c| values(c, instance.years)))
                .collect(),
        }
    }

    /// Values of the columns that a plan decides, for a start of the solver.
    pub fn values(&self, plan: &Plan) -> Terms {
        let mut values = Vec::new();
        for (modes, start) in self.steps.iter().zip(&plan.starts) {
            for (m, (first, columns)) in modes.iter().enumerate() {
                let begun = |at: usize| start.is_some_and(|(mode, year)| mode == m && first + at >= year);
                values.extend(columns.iter().enumerate().map(|(at, &c)| (c, if begun(at) { 1.0 } else { 0.0 })));
            }
        }
        // What is built in which step of experience is left to the solver where there are several.
        for (steps, built) in self.built.iter().zip(&plan.built) {
            if let [columns] = steps.as_slice() {
                values.extend(columns.iter().copied().zip(built.iter().copied()));
            }
        }
        for (columns, amounts) in [(&self.bought, &plan.reserves), (&self.taken_in, &plan.taken_in)] {
            for (columns, amounts) in columns.iter().zip(amounts) {
                values.extend(columns.iter().copied().zip(amounts.iter().copied()));
            }
        }
        values
    }
}

/// A column for every year in which it may start: whether it has by then.
fn steps(mode: &Mode, program: &mut Program) -> (usize, Vec<Column>) {
    let (first, last) = mode.starts;
    let columns: Vec<Column> = (first..=last).map(|_| program.choice(0.0)).collect();
    // Σ_t cost_t (z_t − z_t−1) = Σ_t (cost_t − cost_t+1) z_t + cost_last z_last.
    for (at, &column) in columns.iter().enumerate() {
        let (now, next) =
            (mode.objective[first + at], if first + at < last { mode.objective[first + at + 1] } else { 0.0 });
        program.add_cost(column, now - next);
    }
    (first, columns)
}
