//! Why funded, why not: what the best plan costs more without a programme, or with it.
//!
//! ```text
//! regret_p = cost of the best plan with p left out (or put in) − cost of the best plan
//! must-have: every plan without p costs more than (1 + near) cost;   never: every plan with p does;   option: neither
//! ```

use super::decisions::Restriction;
use super::planned::Planned;
use super::program::Effort;
use super::search::{Answer, Search};
use crate::Error;
use zili_world::Watch;

/// What is lost by doing otherwise with a programme.
#[derive(Clone, Copy, Debug)]
pub struct Verdict {
    pub word: &'static str,
    /// Of the best plan found otherwise; infinite if there is none, not a number if none was found in time.
    pub regret: f64,
    /// At least.
    pub least: f64,
}

/// By programme and lever, in the order of the instance. All questions share the attacks that any of them meets.
pub fn verdicts(planned: &Planned, near: f64, watch: &dyn Watch) -> Result<Vec<Verdict>, Error> {
    let (instance, found) = (&planned.instance, &planned.found);
    let mut search = Search::new(instance, planned.against());
    let effort = Effort::new(planned.iterations, planned.gap.max(near / 4.0), watch);
    let of = |p: usize| {
        let funded = found.plan.starts[p].is_some();
        let otherwise = if funded { Restriction::Without(p) } else { Restriction::With(p) };
        let word = |certain: bool| match (certain, funded) {
            (true, true) => "must-have",
            (true, false) => "never",
            (false, _) => "option",
        };
        let verdict = match search.best(&[otherwise], &effort, Some(&found.plan), &|_, _| {})? {
            Answer::Infeasible => Verdict { word: word(true), regret: f64::INFINITY, least: f64::INFINITY },
            Answer::Stopped => Verdict { word: "", regret: f64::NAN, least: 0.0 },
            Answer::Found(other) => Verdict {
                word: word(other.bound > (1.0 + near) * found.cost),
                // The best plan is known up to its gap: the other may have turned out cheaper.
                regret: other.cost - found.cost,
                least: (other.bound - found.cost).max(0.0),
            },
        };
        Ok(verdict)
    };
    (0..instance.programmes.len()).map(of).collect()
}
