//! A mixed-integer linear programme, written row by row and handed to HiGHS.
//!
//! ```text
//! min c'x   with  lower ≤ x ≤ upper,  low ≤ A x ≤ high,  some x whole
//! ```
//!
//! All that this crate asks of a solver goes through here.

use super::interrupt::Limit;
use highs::{Col, HighsModelStatus, HighsSolutionStatus, RowProblem, Sense, SolvedModel};
use std::cell::Cell;
use zili_world::Watch;

/// The solver, for manifests.
pub const SOLVER: &str = "HiGHS 1.15";

/// Column of a programme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column(usize);

impl Column {
    pub fn index(self) -> usize {
        self.0
    }
}

/// In a start, a value that the solver works out: its own mark for it.
pub const UNKNOWN: f64 = f64::INFINITY;

/// Rows that stand for one thing a reader knows: a budget, a prerequisite. Those who ask why nothing is possible leave out one after another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Group(pub usize);

impl Group {
    /// Rows that nobody can do without.
    pub const ALWAYS: Group = Group(0);
}

/// Columns, rows, and what they are for.
#[derive(Clone, Debug, Default)]
pub struct Program {
    columns: Vec<Bounds>,
    rows: Vec<Terms>,
}

#[derive(Clone, Debug)]
struct Bounds {
    cost: f64,
    lower: f64,
    upper: f64,
    whole: bool,
}

#[derive(Clone, Debug)]
struct Terms {
    group: Group,
    low: f64,
    high: f64,
    terms: Vec<(Column, f64)>,
}

/// How much work to put into solving, and how closely. Work is counted in iterations of the simplex method, not in seconds, so that a plan is
/// the same on any machine.
pub struct Effort<'w> {
    left: Cell<u64>,
    /// Relative gap between the best solution and its bound at which to stop.
    pub gap: f64,
    pub watch: &'w dyn Watch,
}

impl<'w> Effort<'w> {
    pub fn new(iterations: u64, gap: f64, watch: &'w dyn Watch) -> Self {
        Self { left: Cell::new(iterations), gap, watch }
    }

    /// As much work as it takes.
    pub fn unlimited(gap: f64) -> Effort<'static> {
        Effort::new(u64::MAX, gap, &zili_world::Unwatched)
    }

    /// Iterations left.
    pub fn left(&self) -> u64 {
        self.left.get()
    }

    fn spend(&self, iterations: u64) {
        self.left.set(self.left().saturating_sub(iterations));
    }
}

/// How a solve ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Within the gap asked for.
    Solved,
    /// Stopped before; there may be a solution all the same.
    Stopped,
    Infeasible,
    Unbounded,
}

/// What a solve found.
#[derive(Clone, Debug)]
pub struct Solution {
    pub end: End,
    /// Values of the columns; empty if none was found.
    pub values: Vec<f64>,
    /// The objective there; infinite if none was found.
    pub objective: f64,
    /// No solution is better than this.
    pub bound: f64,
}

impl Solution {
    pub fn value(&self, column: Column) -> f64 {
        self.values[column.0]
    }
}

/// The solver said that something is wrong with the programme itself: its numbers are beyond what it can work with.
#[derive(Debug, thiserror::Error)]
#[error("the solver refused the programme ({0}): amounts may differ too much in size")]
pub struct Refused(String);

impl Program {
    pub fn column(&mut self, cost: f64, lower: f64, upper: f64) -> Column {
        self.columns.push(Bounds { cost, lower, upper, whole: false });
        Column(self.columns.len() - 1)
    }

    /// A column that is 0 or 1.
    pub fn choice(&mut self, cost: f64) -> Column {
        self.columns.push(Bounds { cost, lower: 0.0, upper: 1.0, whole: true });
        Column(self.columns.len() - 1)
    }

    pub fn row(&mut self, low: f64, high: f64, terms: impl IntoIterator<Item = (Column, f64)>) {
        self.row_of(Group::ALWAYS, low, high, terms);
    }

    pub fn row_of(&mut self, group: Group, low: f64, high: f64, terms: impl IntoIterator<Item = (Column, f64)>) {
        let mut terms: Vec<(Column, f64)> = terms.into_iter().filter(|(_, factor)| *factor != 0.0).collect();
        terms.sort_by_key(|(column, _)| column.0);
        terms.dedup_by(|next, first| {
            let same = next.0 == first.0;
            if same {
                first.1 += next.1;
            }
            same
        });
        self.rows.push(Terms { group, low, high, terms });
    }

    /// The same with nothing to be minimised.
    pub fn without_cost(mut self) -> Self {
        self.columns.iter_mut().for_each(|column| column.cost = 0.0);
        self
    }

    /// The same with one column to be minimised.
    pub fn only_cost(self, column: Column) -> Self {
        let mut program = self.without_cost();
        program.columns[column.0].cost = 1.0;
        program
    }

    /// The same without the rows of some groups.
    pub fn without(&self, leave_out: impl Fn(Group) -> bool) -> Self {
        let rows = self.rows.iter().filter(|row| !leave_out(row.group)).cloned().collect();
        Self { columns: self.columns.clone(), rows }
    }

    /// Columns with a cost, and it.
    pub fn costs(&self) -> Vec<(Column, f64)> {
        let costs = self.columns.iter().enumerate().filter(|(_, column)| column.cost != 0.0);
        costs.map(|(at, column)| (Column(at), column.cost)).collect()
    }

    pub fn add_cost(&mut self, column: Column, cost: f64) {
        self.columns[column.0].cost += cost;
    }

    /// Holds a column at a value.
    pub fn fix(&mut self, column: Column, value: f64) {
        let bounds = &mut self.columns[column.0];
        (bounds.lower, bounds.upper) = (value, value);
    }

    /// The same programme with every column free to be broken: its solution bounds that of this one.
    pub fn relaxed(&self) -> Self {
        let mut relaxed = self.clone();
        relaxed.columns.iter_mut().for_each(|column| column.whole = false);
        relaxed
    }

    pub fn columns(&self) -> usize {
        self.columns.len()
    }

    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    /// Solves it to the gap of the effort, from a start if one is given: values of the first columns, the solver works out the others.
    pub fn solve(&self, effort: &Effort, start: Option<&[f64]>) -> Result<Solution, Refused> {
        self.solve_within(effort.gap, effort, start)
    }

    /// The same to another gap.
    pub fn solve_within(&self, gap: f64, effort: &Effort, start: Option<&[f64]>) -> Result<Solution, Refused> {
        let mut problem = RowProblem::new();
        let of = |c: &Bounds| match c.whole {
            true => problem.add_integer_column(c.cost, c.lower..=c.upper),
            false => problem.add_column(c.cost, c.lower..=c.upper),
        };
        let columns: Vec<Col> = self.columns.iter().map(of).collect();
        for row in &self.rows {
            let terms: Vec<(Col, f64)> = row.terms.iter().map(|&(column, by)| (columns[column.0], by)).collect();
            problem.add_row(row.low..=row.high, terms);
        }
        let refused = |status| Refused(format!("{status:?}"));
        let mut model = problem.try_optimise(Sense::Minimise).map_err(refused)?;
        model.make_quiet();
        // One thread and one seed: the same bytes every time, and no clock is read.
        model.set_option("threads", 1);
        model.set_option("parallel", "off");
        model.set_option("mip_rel_gap", gap);
        model.set_option("mip_abs_gap", 1e-9);
        // It looks for a first plan for as long in a programme of ten columns as in one of ten thousand; nothing started is one nearly always.
        model.set_option("mip_heuristic_run_feasibility_jump", false);
        if let Some(values) = start {
            let values: Vec<f64> =
                values.iter().copied().chain(std::iter::repeat(UNKNOWN)).take(self.columns.len()).collect();
            model.try_set_solution(Some(&values), None, None, None).map_err(refused)?;
        }
        let mut limit = Limit::new(effort);
        limit.watch(model.as_mut_ptr());
        let solved = model.try_solve().map_err(refused)?;
        effort.spend(solved.simplex_iteration_count().max(0) as u64);
        self.read(&solved)
    }

    fn read(&self, solved: &SolvedModel) -> Result<Solution, Refused> {
        let mixed = self.columns.iter().any(|column| column.whole);
        let found = solved.primal_solution_status() == HighsSolutionStatus::Feasible;
        let values = if found { solved.get_solution().columns().to_vec() } else { Vec::new() };
        let objective = if found { solved.objective_value() } else { f64::INFINITY };
        let end = match solved.status() {
            HighsModelStatus::Optimal | HighsModelStatus::ModelEmpty => End::Solved,
            HighsModelStatus::Infeasible => End::Infeasible,
            HighsModelStatus::Unbounded | HighsModelStatus::UnboundedOrInfeasible => End::Unbounded,
            HighsModelStatus::ReachedTimeLimit | HighsModelStatus::ReachedInterrupt => End::Stopped,
            other => return Err(Refused(format!("{other:?}"))),
        };
        let bound = match (end, mixed) {
            (End::Solved | End::Stopped, true) => {
                solved.double_info_value(c"mip_dual_bound").unwrap_or(f64::NEG_INFINITY)
            }
            (End::Solved, false) => objective,
            (End::Infeasible, _) => f64::INFINITY,
            _ => f64::NEG_INFINITY,
        };
        Ok(Solution { end, values, objective, bound: bound.min(objective) })
    }
}

#[cfg(test)]
mod tests {
    /// The manifest names the solver that is built.
    #[test]
    fn the_solver_named_is_the_one_in_the_lock_file() {
        let lock = include_str!("../../../../Cargo.lock");
        let version = super::SOLVER.trim_start_matches("HiGHS ");
        assert!(lock.contains(&format!("name = \"highs-sys\"\nversion = \"{version}.")));
    }
}
