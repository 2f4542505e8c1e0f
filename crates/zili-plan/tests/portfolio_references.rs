//! The optimiser against published and stored optima, and against going through every plan.

#[allow(dead_code)]
mod projects;
mod reference;

use projects::Project;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use reference::random;
use zili_plan::portfolio::instance::{Adversary, Instance, Outcome, Plan};
use zili_plan::portfolio::master::Against;
use zili_plan::portfolio::program::Effort;
use zili_plan::portfolio::search::{Answer, Found, Search};
use zili_plan::portfolio::{evaluate, instance, rules};
use zili_testkit::oracle;

/// To the end, and as close as the solver's own feasibility tolerance of 1e-7 lets it be said.
const EXACT: f64 = 1e-9;

fn best(instance: &Instance, against: Against) -> Found {
    let answer = Search::new(instance, against)
        .best(&[], &Effort::unlimited(EXACT), None, &|_, _| {})
        .expect("the solver takes it");
    answer.found().expect("nothing started is a plan")
}

fn close(a: f64, b: f64) -> bool {
    // The solver holds rows to 1e-7, and a unit costs at most some hundreds.
    (a - b).abs() <= 1e-6 * a.abs().max(1.0)
}

/// References of `oracles/plan`, each with its optimum: made by brute force where they are tiny, and by plain column-and-constraint generation.
#[test]
fn robust_optima_of_the_references() {
    for (name, optimum) in [("tiny_seed1", None), ("tiny_seed2", None), ("mid", Some(1932.7525460648149))] {
        let Some(path) = oracle::beside(&format!("oracles/plan/{name}.json")) else { return };
        let (instance, adversary, stated) = reference::read(&std::fs::read_to_string(path).expect("it is there"));
        let found = best(&instance, Against::Adversary(&adversary));
        let optimum = stated.or(optimum).expect("one is stated");
        assert!(
            close(found.cost, optimum) && close(found.bound, optimum),
            "{name}: {} {} {optimum}",
            found.cost,
            found.bound
        );
    }
}

/// Every feasible plan, each against every affordable set of moves, none of it by the optimiser's own code but the evaluation of a plan, which
/// [`recourse_is_the_linear_programme`] checks. No reserves: what is bought is not a choice of a few.
#[test]
fn brute_force_over_plans_and_attacks() {
    let mut chosen = 0;
    for seed in 0..60 {
        let (mut instance, adversary) = random(seed);
        instance.inputs.iter_mut().for_each(|input| input.reserve = None);
        let brute = reference::brute_force(&instance, &adversary);
        let found = best(&instance, Against::Adversary(&adversary));
        assert!(close(found.cost, brute), "seed {seed}: {} instead of {brute}", found.cost);
        assert!(close(found.bound, brute), "seed {seed}: bound {} of {brute}", found.bound);
        chosen += usize::from(found.plan.starts.iter().any(Option::is_some));
    }
    assert!(chosen >= 30, "programmes are chosen in {chosen} of 60 only");
}

/// The serving in order of cost is what a linear programme says, with and without reserves.
#[test]
fn recourse_is_the_linear_programme() {
    for seed in 0..40 {
        let (instance, adversary) = random(seed);
        let plan = reference::some_plan(&instance, seed);
        let all = adversary.moves.iter().flat_map(|step| &step.cuts);
        let direct = evaluate::after(&instance, &plan, &[], all.clone());
        let solved = reference::recourse_by_solver(&instance, &plan, all);
        assert!(close(direct, solved), "seed {seed}: {direct} {solved}");
    }
}

/// The adversary's worst against every affordable set gone through.
#[test]
fn the_worst_attack_by_going_through_all() {
    for seed in 0..60 {
        let (instance, mut adversary) = random(seed);
        if seed % 2 == 0 {
            // A second means, and a move that touches all inputs.
            adversary.own_loss = 1.5;
            let cuts = adversary.moves.iter().flat_map(|step| step.cuts.clone()).step_by(2).collect();
            adversary.moves.push(instance::Move { name: "all".into(), cost: 2.0, own_loss: 0.7, cuts });
        }
        if seed % 3 == 0 {
            // Every move touches both inputs.
            let second = instance.inputs.len() - 1;
            for step in &mut adversary.moves {
                let other = step.cuts.iter().map(|cut| instance::Cut { input: second - cut.input, ..*cut });
                step.cuts = step.cuts.iter().copied().chain(other).collect();
            }
        }
        let plan = reference::some_plan(&instance, seed);
        let (cost, attack) = evaluate::cost(&instance, Against::Adversary(&adversary), &plan);
        let brute = plan.cost(&instance) + reference::worst(&instance, &adversary, &plan);
        assert!(close(cost, brute), "seed {seed}: {cost} {brute} {attack:?}");
    }
}

/// Resource-constrained project scheduling with several renewable resources (Kolisch and Sprecher 1996): makespans proven optimal.
fn psplib_optimum(name: &str, tries: usize) {
    let Some(folder) = oracle::beside("oracles/plan/psplib-j30") else { return };
    let optima = std::fs::read_to_string(folder.join("optimum.csv")).expect("it is there");
    let line = optima.lines().find_map(|line| line.strip_prefix(&format!("{name}.sm,"))).expect("an optimum is stated");
    let optimum: f64 = line.trim().parse().expect("a number");
    let project = Project::read(&std::fs::read_to_string(folder.join(format!("{name}.sm"))).expect("it is there"));
    let instance = project.instance(project.shortest(tries));
    let nothing = [Outcome { probability: 1.0, ..Outcome::default() }];
    // Lengths are whole: less than half a day apart is the same.
    let effort = Effort::unlimited(1e-4);
    let answer = Search::new(&instance, Against::Outcomes(&nothing)).best(&[], &effort, None, &|_, _| {});
    let Ok(Answer::Found(found)) = answer else { panic!("{name}: no schedule") };
    assert!((found.cost - optimum).abs() < 1e-6, "{name}: {} instead of {optimum}", found.cost);
    assert!(rules::keeps(&instance, &found.plan), "{name}: not a schedule");
}

#[test]
fn psplib_j301_1() {
    psplib_optimum("j301_1", 100);
}

#[test]
fn psplib_j302_1() {
    psplib_optimum("j302_1", 100);
}

#[test]
fn psplib_j305_3() {
    psplib_optimum("j305_3", 20000);
}

#[test]
fn psplib_j3021_4() {
    psplib_optimum("j3021_4", 2000);
}

#[test]
fn psplib_j3041_7() {
    psplib_optimum("j3041_7", 3000);
}

/// CVaR with weight 1 and tail 0 is the expectation; it is never below it; solver and direct formula agree.
#[test]
fn cvar_of_everything_is_the_expectation() {
    for seed in 0..12 {
        let (mut instance, adversary) = random(seed);
        let outcomes = reference::outcomes(&adversary, seed);
        let expected = best(&instance, Against::Outcomes(&outcomes)).cost;
        (instance.weight, instance.tail) = (1.0, 0.0);
        assert!(close(best(&instance, Against::Outcomes(&outcomes)).cost, expected), "seed {seed}");
        instance.tail = 0.8;
        let found = best(&instance, Against::Outcomes(&outcomes));
        assert!(found.cost >= expected - 1e-6 * expected, "seed {seed}: {} {expected}", found.cost);
        assert!(
            close(found.bound, found.cost),
            "seed {seed}: the solver's tail {} is not the formula's {}",
            found.bound,
            found.cost
        );
    }
}

fn runner(cases: u32) -> TestRunner {
    TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() })
}

/// A stronger adversary does no less; foresight of the worst costs no less than of nothing; a programme less never helps; names do not matter.
#[test]
fn invariants_of_robust_plans() {
    runner(24)
        .run(&(0u64..10_000, 0.0f64..4.0), |(seed, more)| {
            let (instance, adversary) = random(seed);
            let robust = best(&instance, Against::Adversary(&adversary)).cost;
            let slack = 1e-6 * robust.abs().max(1.0);

            let stronger = Adversary { budget: adversary.budget + more, ..adversary.clone() };
            prop_assert!(best(&instance, Against::Adversary(&stronger)).cost >= robust - slack);

            let nothing = [Outcome { probability: 1.0, ..Outcome::default() }];
            prop_assert!(robust >= best(&instance, Against::Outcomes(&nothing)).cost - slack);

            let mut fewer = instance.clone();
            fewer.programmes[seed as usize % instance.programmes.len()]
                .modes
                .iter_mut()
                .for_each(|mode| mode.starts = (1, 0));
            prop_assert!(best(&fewer, Against::Adversary(&adversary)).cost >= robust - slack);

            let (turned, against) = reference::turned(&instance, &adversary);
            prop_assert!((best(&turned, Against::Adversary(&against)).cost - robust).abs() <= slack);
            Ok(())
        })
        .unwrap();
}

/// Nothing is spent beyond what there is, whatever is chosen.
#[test]
fn plans_keep_to_their_means() {
    for seed in 0..40 {
        let (instance, adversary) = random(seed);
        let found = best(&instance, Against::Adversary(&adversary));
        for (resource, years) in
            instance.resources.iter().zip(zili_plan::portfolio::means::balances(&instance, &found.plan))
        {
            for (t, year) in years.iter().enumerate() {
                assert!(
                    year.used <= year.limit + year.carried + 1e-6,
                    "seed {seed}: {} in {t}: {year:?}",
                    resource.name
                );
            }
        }
        assert!(rules::keeps(&instance, &found.plan), "seed {seed}: {:?}", found.plan);
        let tidy = rules::tidied(&instance, Against::Adversary(&adversary), &found.plan);
        assert!(evaluate::cost(&instance, Against::Adversary(&adversary), &tidy).0 <= found.cost);
        let nothing = Plan::nothing(&instance);
        let (none, _) = evaluate::cost(&instance, Against::Adversary(&adversary), &nothing);
        assert!(found.cost <= none + 1e-6 * none, "seed {seed}: worse than doing nothing");
    }
}
