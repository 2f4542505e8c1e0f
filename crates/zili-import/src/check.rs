//! The checks a table must pass, each named, with place and size; and the repairs that can be asked for.

use crate::Settings;
use std::fmt;
use zili_world::{Classification, Matrix};

/// A table as read, before it is believed.
pub struct Draft {
    pub z: Matrix,
    pub y: Matrix,
    pub v: Matrix,
    /// Output as published, if it was.
    pub x: Option<Vec<f64>>,
}

/// Something wrong: which check, where and how much, and which repair would let it pass.
#[derive(Clone, Debug, PartialEq)]
pub struct Defect {
    pub check: &'static str,
    pub text: String,
    pub repair: Option<Repair>,
}

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.check, self.text)?;
        match self.repair {
            Some(repair) => write!(f, " [--repair {}: {}]", repair.name(), repair.about()),
            None => Ok(()),
        }
    }
}

/// A change to the table, or a defect taken as it is; only ever by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repair {
    OutputFromUses,
    ZeroNegativeFlows,
    ZeroInputsWithoutOutput,
    KeepColumnSums,
    KeepColumnBalance,
    KeepNegativeOutput,
}

impl Repair {
    pub const ALL: [Repair; 6] = [
        Repair::OutputFromUses,
        Repair::ZeroNegativeFlows,
        Repair::ZeroInputsWithoutOutput,
        Repair::KeepColumnSums,
        Repair::KeepColumnBalance,
        Repair::KeepNegativeOutput,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Repair::OutputFromUses => "output-from-uses",
            Repair::ZeroNegativeFlows => "zero-negative-flows",
            Repair::ZeroInputsWithoutOutput => "zero-inputs-without-output",
            Repair::KeepColumnSums => "keep-column-sums",
            Repair::KeepColumnBalance => "keep-column-balance",
            Repair::KeepNegativeOutput => "keep-negative-output",
        }
    }

    pub fn about(self) -> &'static str {
        match self {
            Repair::OutputFromUses => "drop the published output and take row sums of Z and Y",
            Repair::ZeroNegativeFlows => "set negative cells of Z to zero",
            Repair::ZeroInputsWithoutOutput => "set the inputs of sectors without output to zero",
            Repair::KeepColumnSums => "accept columns of A that sum to one or more",
            Repair::KeepColumnBalance => "accept columns that do not add up to output",
            Repair::KeepNegativeOutput => "accept sectors whose uses sum to less than nothing (falling stocks)",
        }
    }

    pub fn parse(name: &str) -> Result<Self, zili_world::Error> {
        let names = || Self::ALL.iter().map(|r| r.name());
        let accepted: Vec<String> = names().map(str::to_owned).collect();
        let found = Self::ALL.into_iter().find(|r| r.name() == name);
        found.ok_or_else(|| zili_world::Error::unknown("repair", name, names(), &accepted))
    }
}

/// Gaps below this share of the whole table's output are rounding, however large they are for a tiny sector.
const ROUNDING: f64 = 1e-6;
/// So many places are named per check; the rest are counted.
const NAMED: usize = 5;

/// Runs every check, applies the repairs that were asked for, and returns remarks on what was let pass, or all defects.
pub fn apply(
    draft: &mut Draft,
    classification: &Classification,
    settings: &Settings,
) -> Result<Vec<String>, Vec<Defect>> {
    let mut checks = Checks { classification, settings, defects: Vec::new(), remarks: Vec::new() };
    checks.negative_flows(draft);
    checks.hidden_totals(draft);
    if checks.orientation(draft) && checks.units(draft) {
        checks.row_balance(draft);
        checks.zero_output(draft);
        checks.column_balance(draft);
        checks.column_sums(draft);
    }
    if checks.defects.is_empty() { Ok(checks.remarks) } else { Err(checks.defects) }
}

struct Checks<'a> {
    classification: &'a Classification,
    settings: &'a Settings,
    defects: Vec<Defect>,
    remarks: Vec<String>,
}

impl Checks<'_> {
    /// Reports a defect, or remarks on it if its repair was asked for; true if it may be repaired.
    fn found(&mut self, check: &'static str, text: String, repair: Option<Repair>) -> bool {
        match repair.filter(|r| self.settings.repairs.contains(r)) {
            Some(repair) => {
                self.remarks.push(format!("{check}: {text}; {}", repair.name()));
                true
            }
            None => {
                self.defects.push(Defect { check, text, repair });
                false
            }
        }
    }

    fn label(&self, industry: usize) -> String {
        self.classification.industry_label(industry)
    }

    /// "AUS.c1 (12.3), AUT.c2 (4.5) and 7 more", largest first.
    fn places(&self, mut places: Vec<(usize, f64)>) -> String {
        places.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then(a.0.cmp(&b.0)));
        let named = places.iter().take(NAMED).map(|(i, size)| format!("{} ({})", self.label(*i), brief(*size)));
        let mut text = named.collect::<Vec<_>>().join(", ");
        if places.len() > NAMED {
            text += &format!(" and {} more", places.len() - NAMED);
        }
        text
    }

    fn negative_flows(&mut self, draft: &mut Draft) {
        let n = draft.z.rows();
        let negative: Vec<usize> = (0..n * n).filter(|&k| draft.z.as_slice()[k] < 0.0).collect();
        if negative.is_empty() {
            return;
        }
        let worst = negative.iter().copied().min_by(|&a, &b| draft.z.as_slice()[a].total_cmp(&draft.z.as_slice()[b]));
        let worst = worst.unwrap_or(negative[0]);
        let text = format!(
            "{} negative cells in Z, the lowest {} from {} to {}",
            negative.len(),
            draft.z.as_slice()[worst],
            self.label(worst / n),
            self.label(worst % n)
        );
        if self.found("negative flow", text, Some(Repair::ZeroNegativeFlows)) {
            negative.into_iter().for_each(|k| draft.z.as_mut_slice()[k] = 0.0);
        }
    }

    /// A row (or column) of Z that equals the sum of all others, over the whole table or within its region, is a total.
    fn hidden_totals(&mut self, draft: &Draft) {
        let (n, s) = (draft.z.rows(), self.classification.sectors().len());
        if s < 3 {
            return;
        }
        let transposed = Matrix::from_fn(n, n, |i, j| draft.z[(j, i)]);
        for (what, z) in [("row", &draft.z), ("column", &transposed)] {
            let all = z.column_sums();
            for i in 0..n {
                let region = self.classification.industries_of(i / s);
                let within = |j: usize| region.clone().map(|k| z[(k, j)]).sum::<f64>();
                let is_total = |sum: &dyn Fn(usize) -> f64| {
                    let mut positive = 0;
                    let fits = (0..n).all(|j| {
                        let others = sum(j) - z[(i, j)];
                        positive += usize::from(others > 0.0);
                        (z[(i, j)] - others).abs() <= 1e-6 * others.abs()
                    });
                    fits && positive > 1
                };
                if is_total(&|j| all[j]) || is_total(&within) {
                    let text =
                        format!("{what} {} of Z is the sum of the others; remove it and its label", self.label(i));
                    self.found("hidden total", text, None);
                }
            }
        }
    }

    /// Share of the table's output by which rows and columns miss each other.
    fn mismatch(uses: &[f64], costs: &[f64]) -> f64 {
        let total: f64 = uses.iter().map(|v| v.abs()).sum();
        let gap: f64 = uses.iter().zip(costs).map(|(u, c)| (u - c).abs()).sum();
        if total > 0.0 { gap / total } else { 0.0 }
    }

    /// False if Z (alone) would balance the other way round.
    fn orientation(&mut self, draft: &Draft) -> bool {
        let (rows, columns) = (draft.z.row_sums(), draft.z.column_sums());
        let (y, v) = (draft.y.row_sums(), draft.v.column_sums());
        let add = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a + b).collect::<Vec<f64>>();
        let as_given = Self::mismatch(&add(&rows, &y), &add(&columns, &v));
        let turned = Self::mismatch(&add(&columns, &y), &add(&rows, &v));
        if as_given > 10.0 * self.settings.tolerance && turned < self.settings.tolerance {
            let text = format!(
                "Z balances when its rows and columns are exchanged (gap {turned:.1e}), not as given ({as_given:.1e}); rows must supply, columns use"
            );
            self.found("transposed", text, None);
            return false;
        }
        true
    }

    /// False if V, Y or x differ from what balance asks by one power of ten throughout.
    fn units(&mut self, draft: &Draft) -> bool {
        let (rows, columns) = (draft.z.row_sums(), draft.z.column_sums());
        let (y, v) = (draft.y.row_sums(), draft.v.column_sums());
        let uses: Vec<f64> = rows.iter().zip(&y).map(|(z, y)| z + y).collect();
        let mut fine = true;
        let mut slip = |name: &str, given: &[f64], needed: Vec<f64>| {
            if let Some(power) = power_of_ten(given, &needed) {
                let text = format!("{name} is 10^{power} times what balances the table; give all parts in one unit");
                self.found("unit slip", text, None);
                fine = false;
            }
        };
        let output = draft.x.as_ref().unwrap_or(&uses);
        if let Some(x) = &draft.x {
            slip("x", x, uses.clone());
        }
        let needed = |from: &[f64], less: &[f64]| from.iter().zip(less).map(|(a, b)| a - b).collect::<Vec<f64>>();
        match &draft.x {
            Some(x) => slip("Z", &rows, needed(x, &y)),
            // Without an output, rows and columns must agree: Z 1 − Z'1 = V'1 − Y 1.
            None => slip("Z", &needed(&rows, &columns), needed(&v, &y)),
        }
        slip("V", &v, output.iter().zip(&columns).map(|(x, inputs)| x - inputs).collect());
        if draft.x.is_some() {
            slip("Y", &y, output.iter().zip(&rows).map(|(x, used)| x - used).collect());
        } else {
            let costs = columns.iter().zip(&v).map(|(z, v)| z + v);
            slip("Y", &y, costs.zip(&rows).map(|(x, used)| x - used).collect());
        }
        fine
    }

    /// Gaps that are neither small for the sector nor rounding of the table.
    fn gaps(&self, found: &[f64], expected: &[f64]) -> Vec<(usize, f64)> {
        let floor = ROUNDING * found.iter().map(|v| v.abs()).sum::<f64>();
        let gap = |i: usize| expected[i] - found[i];
        (0..found.len())
            .filter(|&i| gap(i).abs() > (self.settings.tolerance * found[i].abs()).max(floor))
            .map(|i| (i, gap(i)))
            .collect()
    }

    fn row_balance(&mut self, draft: &Draft) {
        let Some(published) = &draft.x else { return };
        let uses: Vec<f64> = draft.z.row_sums().iter().zip(draft.y.row_sums()).map(|(z, y)| z + y).collect();
        let gaps = self.gaps(&uses, published);
        if gaps.is_empty() {
            let gap = Self::mismatch(&uses, published);
            if gap > 0.0 {
                self.remarks.push(format!(
                    "published output differs from row sums by {gap:.1e} of the total (rounding); row sums are used"
                ));
            }
            return;
        }
        let text = format!("published output less uses, by sector: {}", self.places(gaps));
        self.found("does not balance", text, Some(Repair::OutputFromUses));
    }

    fn column_balance(&mut self, draft: &Draft) {
        let uses: Vec<f64> = draft.z.row_sums().iter().zip(draft.y.row_sums()).map(|(z, y)| z + y).collect();
        let costs: Vec<f64> = draft.z.column_sums().iter().zip(draft.v.column_sums()).map(|(z, v)| z + v).collect();
        let gaps = self.gaps(&uses, &costs);
        if gaps.is_empty() {
            return;
        }
        let text = format!("inputs and primary inputs less output, by sector: {}", self.places(gaps));
        self.found("does not balance", text, Some(Repair::KeepColumnBalance));
    }

    fn zero_output(&mut self, draft: &mut Draft) {
        let n = draft.z.rows();
        let uses: Vec<f64> = draft.z.row_sums().iter().zip(draft.y.row_sums()).map(|(z, y)| z + y).collect();
        let inputs = draft.z.column_sums();
        let negative: Vec<(usize, f64)> = (0..n).filter(|&i| uses[i] < 0.0).map(|i| (i, uses[i])).collect();
        if !negative.is_empty() {
            let text = format!("uses sum to less than nothing, by sector: {}", self.places(negative));
            self.found("negative output", text, Some(Repair::KeepNegativeOutput));
        }
        let empty: Vec<usize> = (0..n).filter(|&i| uses[i] <= 0.0).collect();
        if !empty.is_empty() {
            let named: Vec<String> = empty.iter().take(NAMED).map(|&i| self.label(i)).collect();
            self.remarks.push(format!("{} sectors without output, {} first", empty.len(), named.join(", ")));
        }
        let fed: Vec<(usize, f64)> = empty.into_iter().filter(|&j| inputs[j] != 0.0).map(|j| (j, inputs[j])).collect();
        if fed.is_empty() {
            return;
        }
        let text = format!("inputs of sectors that make nothing: {}", self.places(fed.clone()));
        if self.found("zero output", text, Some(Repair::ZeroInputsWithoutOutput)) {
            for (j, _) in fed {
                (0..n).for_each(|i| draft.z[(i, j)] = 0.0);
            }
        }
    }

    fn column_sums(&mut self, draft: &Draft) {
        let uses: Vec<f64> = draft.z.row_sums().iter().zip(draft.y.row_sums()).map(|(z, y)| z + y).collect();
        let inputs = draft.z.column_sums();
        let above: Vec<(usize, f64)> = (0..uses.len())
            .filter(|&j| uses[j] > 0.0 && inputs[j] >= uses[j])
            .map(|j| (j, inputs[j] / uses[j]))
            .collect();
        if above.is_empty() {
            return;
        }
        let text = format!("intermediate inputs reach or exceed output, share by sector: {}", self.places(above));
        self.found("column sum of A ≥ 1", text, Some(Repair::KeepColumnSums));
    }
}

/// Six significant digits, no trailing zeros.
fn brief(size: f64) -> String {
    let digits = (5 - size.abs().max(1e-9).log10().floor() as i32).clamp(0, 12) as usize;
    let text = format!("{size:.digits$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// k if nine in ten of `given` are 10^k times `needed`, k ≠ 0.
fn power_of_ten(given: &[f64], needed: &[f64]) -> Option<i32> {
    let ratios: Vec<f64> = given
        .iter()
        .zip(needed)
        .filter(|(g, n)| **g != 0.0 && **n != 0.0 && (**g / **n) > 0.0)
        .map(|(g, n)| (g / n).log10())
        .collect();
    let comparable = given.iter().filter(|g| **g != 0.0).count();
    let mut sorted = ratios.clone();
    sorted.sort_by(f64::total_cmp);
    let median = *sorted.get(sorted.len() / 2)?;
    let power = median.round();
    // 0.005 in the logarithm is about one per cent: no honest imbalance repeats a power of ten so well.
    let close = ratios.iter().filter(|r| (**r - power).abs() < 0.005).count();
    (power != 0.0 && close * 10 >= comparable * 9).then_some(power as i32)
}
