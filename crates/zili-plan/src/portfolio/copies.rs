//! Copies of the recourse in the optimiser's programme: one for every input and every way in which its supply can be cut.
//!
//! What follows a denial falls apart by input, so that a copy is shared by all outcomes and attacks that leave an input the same supply, and
//! calm years are written once. An outcome's cost is then a sum of copies, and another attack is often but one more row.

use super::decisions::Decisions;
use super::instance::{Cut, Instance};
use super::program::{Column, Program, Solution};
use super::recourse::{Left, left};
use std::collections::HashMap;

/// The recourse as far as it is written down.
pub struct Copies {
    /// By luck: home capacity by input and year.
    capacity: Vec<(Vec<f64>, Vec<Vec<Column>>)>,
    /// Cost of calm years, by luck and input.
    calm: HashMap<(usize, usize), Column>,
    /// Cost of later years, by luck, input and what is left of its links.
    later: HashMap<(usize, usize, Vec<u64>), Column>,
}

impl Copies {
    /// With every programme delivering what is to be expected.
    pub fn new(instance: &Instance, decisions: &mut Decisions, program: &mut Program) -> Self {
        let capacity = decisions.capacity(instance, &[], program);
        decisions.expansions(instance, &capacity, program);
        decisions.floors(instance, &capacity, program);
        Self { capacity: vec![(Vec::new(), capacity)], calm: HashMap::new(), later: HashMap::new() }
    }

    /// Columns that add up to what is paid after some cuts, written down where they are not yet.
    pub fn cost<'a>(
        &mut self,
        instance: &Instance,
        decisions: &Decisions,
        program: &mut Program,
        luck: &[f64],
        cuts: impl Iterator<Item = &'a Cut> + Clone,
    ) -> Vec<Column> {
        let luck_at = self.known(instance, decisions, program, luck);
        let mut columns = Vec::new();
        for i in 0..instance.inputs.len() {
            let left = left(&instance.inputs[i], instance.years, cuts.clone().filter(|cut| cut.input == i));
            columns.extend(self.calm(instance, program, luck_at, i));
            columns.extend(self.later(instance, decisions, program, luck_at, i, &left));
        }
        columns
    }

    /// Columns of home capacity by input and year where every programme delivers what is to be expected.
    pub fn expected(&self) -> &[Vec<Column>] {
        &self.capacity[0].1
    }

    /// Values of the same, broken plans included.
    pub fn capacity_of(&self, solution: &Solution) -> Vec<Vec<f64>> {
        let of = |columns: &Vec<Column>| columns.iter().map(|&column| solution.value(column)).collect();
        self.expected().iter().map(of).collect()
    }

    fn known(&mut self, instance: &Instance, decisions: &Decisions, program: &mut Program, luck: &[f64]) -> usize {
        if let Some(at) = self.capacity.iter().position(|(known, _)| known == luck) {
            return at;
        }
        let capacity = decisions.capacity(instance, luck, program);
        self.capacity.push((luck.to_vec(), capacity));
        self.capacity.len() - 1
    }

    fn calm(&mut self, instance: &Instance, program: &mut Program, luck_at: usize, i: usize) -> Option<Column> {
        let input = &instance.inputs[i];
        if input.calm == 0 {
            return None;
        }
        if let Some(&column) = self.calm.get(&(luck_at, i)) {
            return Some(column);
        }
        let left = vec![vec![1.0; instance.years]; input.links.len()];
        let column = self.copy(instance, program, luck_at, i, &left, 0..input.calm, None);
        self.calm.insert((luck_at, i), column);
        Some(column)
    }

    fn later(
        &mut self,
        instance: &Instance,
        decisions: &Decisions,
        program: &mut Program,
        luck_at: usize,
        i: usize,
        left: &Left,
    ) -> Option<Column> {
        let input = &instance.inputs[i];
        if input.calm == instance.years {
            return None;
        }
        let bits = left.iter().flat_map(|link| link[input.calm..].iter().map(|share| share.to_bits())).collect();
        let key = (luck_at, i, bits);
        if let Some(&column) = self.later.get(&key) {
            return Some(column);
        }
        let reserve = input.reserve.as_ref().map(|reserve| (reserve.initial, decisions.bought(i)));
        let column = self.copy(instance, program, luck_at, i, left, input.calm..instance.years, reserve);
        self.later.insert(key, column);
        Some(column)
    }

    /// The recourse of some years, and the column of its cost.
    #[allow(clippy::too_many_arguments)]
    fn copy(
        &self,
        instance: &Instance,
        program: &mut Program,
        luck_at: usize,
        i: usize,
        left: &Left,
        years: std::ops::Range<usize>,
        reserve: Option<(f64, &[Column])>,
    ) -> Column {
        let input = &instance.inputs[i];
        let capacity = &self.capacity[luck_at].1[i];
        let mut cost: Vec<(Column, f64)> = Vec::new();
        let mut released: Vec<(Column, f64)> = Vec::new();
        for year in years {
            let mut served: Vec<(Column, f64)> = Vec::new();
            let mut serve = |program: &mut Program, most: f64, price: f64| {
                let column = program.column(0.0, 0.0, most);
                served.push((column, 1.0));
                cost.push((column, -price));
                column
            };
            serve(program, f64::INFINITY, input.penalty[year]);
            let home = serve(program, f64::INFINITY, input.home_cost[year]);
            for (j, link) in input.links.iter().enumerate() {
                let most = link.capacity[year] * left[j][year];
                // Dearer than going without is never bought.
                if most > 0.0 && link.price[year] < input.penalty[year] {
                    serve(program, most, link.price[year]);
                }
            }
            program.row(f64::NEG_INFINITY, 0.0, [(home, 1.0), (capacity[year], -1.0)]);
            if reserve.is_some() {
                released.push((serve(program, f64::INFINITY, 0.0), 1.0));
            }
            program.row(input.demand[year], f64::INFINITY, served);
        }
        if let Some((initial, bought)) = reserve {
            let bought = bought.iter().map(|&column| (column, -1.0));
            program.row(f64::NEG_INFINITY, initial, released.into_iter().chain(bought));
        }
        let total = program.column(0.0, 0.0, f64::INFINITY);
        cost.push((total, 1.0));
        program.row(0.0, f64::INFINITY, cost);
        total
    }
}
