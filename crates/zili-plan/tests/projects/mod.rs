//! Projects of a library of scheduling problems: activities with durations, needs and several renewable resources, all of which must be done, as
//! soon as possible in all.
//!
//! A project becomes an instance of the planner with windows of start as narrow as resources make them; the planner is left to find the schedule.

use zili_plan::portfolio::instance::{Instance, Mode, Programme, Resource, Use};

pub struct Project {
    duration: Vec<usize>,
    /// By activity, those that must have ended; all have lower numbers.
    needs: Vec<Vec<usize>>,
    /// By activity and resource.
    requests: Vec<Vec<usize>>,
    limits: Vec<usize>,
}

/// Earliest and latest starts.
type Windows = Vec<(usize, usize)>;

impl Project {
    pub fn read(text: &str) -> Self {
        let section = |title: &'static str| text.lines().skip_while(move |line| !line.starts_with(title)).skip(1);
        let numbers =
            |line: &str| line.split_whitespace().filter_map(|word| word.parse::<usize>().ok()).collect::<Vec<_>>();
        let activity = |line: &&str| line.trim_start().starts_with(|c: char| c.is_ascii_digit());
        let successors: Vec<Vec<usize>> =
            section("PRECEDENCE RELATIONS").skip(1).take_while(activity).map(|l| numbers(l)[3..].to_vec()).collect();
        let rows: Vec<Vec<usize>> = section("REQUESTS/DURATIONS").skip(2).take_while(activity).map(numbers).collect();
        Self {
            duration: rows.iter().map(|row| row[2]).collect(),
            needs: (0..rows.len())
                .map(|p| (0..rows.len()).filter(|&q| successors[q].contains(&(p + 1))).collect())
                .collect(),
            requests: rows.iter().map(|row| row[3..].to_vec()).collect(),
            limits: section("RESOURCEAVAILABILITIES").nth(1).map(numbers).expect("limits"),
        }
    }

    /// As an instance in which the project takes `most` at most, and at least what narrowing windows proves.
    pub fn instance(&self, most: usize) -> Instance {
        let narrow = Narrow::new(self);
        let least = (0..=most).rev().find(|&length| narrow.windows(length).is_none()).map_or(0, |length| length + 1);
        let windows = narrow.windows(most).expect("a schedule of that length is known");
        let last = self.duration.len() - 1;
        let programme = |p: usize| {
            let uses = (0..self.duration[p]).flat_map(|offset| {
                let requests = self.requests[p].iter().enumerate();
                requests.map(move |(resource, &amount)| Use { resource, offset, amount: amount as f64 })
            });
            let (first, latest) = windows[p];
            let mode = Mode {
                duration: self.duration[p],
                starts: (if p == last { first.max(least) } else { first }, latest),
                objective: (0..=most).map(|t| if p == last { t as f64 } else { 0.0 }).collect(),
                uses: uses.filter(|used| used.amount > 0.0).collect(),
                success: 1.0,
                ..Mode::default()
            };
            Programme {
                name: format!("{}", p + 1),
                modes: vec![mode],
                must: true,
                clauses: self.needs[p].iter().map(|&q| vec![q]).collect(),
                cofunding: None,
            }
        };
        let resource =
            |&limit: &usize| Resource { name: String::new(), limit: vec![limit as f64; most + 1], carry: 0.0 };
        Instance {
            years: most + 1,
            programmes: (0..=last).map(programme).collect(),
            resources: self.limits.iter().map(resource).collect(),
            ..Instance::default()
        }
    }

    /// The length of the best of many schedules: each activity as early as it fits, in the order of draws around latest starts; then all as late
    /// as they fit in the order of their ends, and as early again.
    pub fn shortest(&self, tries: usize) -> usize {
        let horizon: usize = self.duration.iter().sum();
        let late = self.tails().into_iter().map(|tail| horizon - tail).collect::<Vec<_>>();
        let mut draw = super::reference::Draw::new(1);
        let lengths = (0..tries).map(|_| {
            let early = self.scheduled(&late.iter().map(|late| late + draw.below(30)).collect::<Vec<_>>());
            let mirrored = self.mirrored();
            // In the mirror, what ends last starts first.
            let ends: Vec<usize> = (0..early.len()).rev().map(|p| horizon - early[p] - self.duration[p]).collect();
            let back = mirrored.scheduled(&ends);
            let again: Vec<usize> = (0..back.len()).rev().map(|p| horizon - back[p] - mirrored.duration[p]).collect();
            let improved = self.scheduled(&again);
            early[early.len() - 1].min(improved[improved.len() - 1])
        });
        lengths.min().unwrap_or(horizon)
    }

    /// Starts where each activity, in the order of priorities among those that are ready, begins as early as it fits.
    fn scheduled(&self, priority: &[usize]) -> Vec<usize> {
        let horizon: usize = self.duration.iter().sum();
        let mut used = vec![vec![0; horizon + 1]; self.limits.len()];
        let mut start: Vec<Option<usize>> = vec![None; self.duration.len()];
        for _ in 0..self.duration.len() {
            let ready =
                (0..start.len()).filter(|&p| start[p].is_none() && self.needs[p].iter().all(|&q| start[q].is_some()));
            let p = ready.min_by_key(|&p| (priority[p], p)).expect("needs have no cycle");
            let ends = self.needs[p].iter().filter_map(|&q| Some(start[q]? + self.duration[q]));
            let days = |t: usize| t..t + self.duration[p];
            let fits = |t: &usize| {
                days(*t).all(|day| (0..used.len()).all(|r| used[r][day] + self.requests[p][r] <= self.limits[r]))
            };
            let first = (ends.max().unwrap_or(0)..).find(fits).expect("it fits after all others");
            for (used, requested) in used.iter_mut().zip(&self.requests[p]) {
                used[days(first)].iter_mut().for_each(|of_day| *of_day += requested);
            }
            start[p] = Some(first);
        }
        start.into_iter().flatten().collect()
    }

    /// The same project run backwards.
    fn mirrored(&self) -> Self {
        let n = self.duration.len();
        let needs = |p: usize| (0..n).rev().filter(move |&q| self.needs[q].contains(&(n - 1 - p))).map(|q| n - 1 - q);
        Self {
            duration: self.duration.iter().rev().copied().collect(),
            needs: (0..n).map(|p| needs(p).collect()).collect(),
            requests: self.requests.iter().rev().cloned().collect(),
            limits: self.limits.clone(),
        }
    }

    /// Least time from each activity's start to the end of all.
    fn tails(&self) -> Vec<usize> {
        let mut tail = self.duration.clone();
        for p in (0..tail.len()).rev() {
            for &q in &self.needs[p] {
                tail[q] = tail[q].max(self.duration[q] + tail[p]);
            }
        }
        tail
    }
}

/// Windows made narrower by what resources leave room for.
///
/// Activities that can never run at once (one needs the other, or together they request more of a resource than there is) form cliques, and each
/// clique is a resource of which there is one. Then, until nothing changes: needs; what surely runs fills resources by day; and between any two
/// days what must run there fills them (energetic reasoning: Baptiste, Le Pape & Nuijten 2001, Constraint-Based Scheduling, ch. 3). Last, ends of
/// windows that lead to a contradiction are cut off.
struct Narrow<'a> {
    project: &'a Project,
    tails: Vec<usize>,
    /// Resources with cliques after them: who uses how much.
    users: Vec<(usize, Vec<(usize, usize)>)>,
}

impl<'a> Narrow<'a> {
    fn new(project: &'a Project) -> Self {
        let resource = |r: usize| {
            let users = (0..project.duration.len()).map(|p| (p, project.requests[p][r]));
            (project.limits[r], users.filter(|(p, used)| *used > 0 && project.duration[*p] > 0).collect())
        };
        let mut users: Vec<(usize, Vec<(usize, usize)>)> = (0..project.limits.len()).map(resource).collect();
        let cliques = cliques(project).into_iter().filter(|clique| clique.len() > 2);
        users.extend(cliques.map(|clique| (1, clique.into_iter().map(|p| (p, 1)).collect())));
        Self { project, tails: project.tails(), users }
    }

    /// Windows of a project that takes `length` at most; none if it cannot.
    fn windows(&self, length: usize) -> Option<Windows> {
        let last = |p: usize| length.checked_sub(self.tails[p]);
        let mut windows = (0..self.tails.len()).map(|p| Some((0, last(p)?))).collect::<Option<Windows>>()?;
        self.propagate(&mut windows)?;
        loop {
            let before = windows.clone();
            for p in 0..windows.len() {
                self.probe(&mut windows, p, true)?;
                self.probe(&mut windows, p, false)?;
            }
            if windows == before {
                return Some(windows);
            }
        }
    }

    /// Cuts off starts at one end of a window that lead to a contradiction, half the window at a time first.
    fn probe(&self, windows: &mut Windows, p: usize, early: bool) -> Option<()> {
        let mut step = ((windows[p].1 - windows[p].0) / 2).max(1);
        while step >= 1 && windows[p].0 < windows[p].1 {
            let (first, last) = windows[p];
            step = step.min(last - first);
            let mut tried = windows.clone();
            tried[p] = if early { (first, first + step - 1) } else { (last + 1 - step, last) };
            if self.propagate(&mut tried).is_some() {
                step /= 2;
                continue;
            }
            windows[p] = if early { (first + step, last) } else { (first, last - step) };
            self.propagate(windows)?;
        }
        Some(())
    }

    fn propagate(&self, windows: &mut Windows) -> Option<()> {
        loop {
            let before = windows.clone();
            self.needs(windows)?;
            self.days(windows)?;
            if *windows == before {
                self.spans(windows)?;
            }
            if *windows == before {
                return Some(());
            }
        }
    }

    fn needs(&self, windows: &mut Windows) -> Option<()> {
        let (duration, needs) = (&self.project.duration, &self.project.needs);
        for p in 0..windows.len() {
            for &q in &needs[p] {
                windows[p].0 = windows[p].0.max(windows[q].0 + duration[q]);
            }
        }
        for p in (0..windows.len()).rev() {
            for &q in &needs[p] {
                windows[q].1 = windows[q].1.min(windows[p].1.checked_sub(duration[q])?);
            }
        }
        windows.iter().all(|(first, last)| first <= last).then_some(())
    }

    /// What surely runs on a day leaves the rest to others.
    fn days(&self, windows: &mut Windows) -> Option<()> {
        let duration = &self.project.duration;
        for (limit, users) in &self.users[..self.project.limits.len()] {
            let surely = |windows: &Windows, p: usize| windows[p].1..windows[p].0 + duration[p];
            let horizon = windows.iter().zip(duration).map(|((_, last), d)| last + d).max().unwrap_or(0);
            let mut used = vec![0; horizon + 1];
            for &(p, amount) in users {
                surely(windows, p).for_each(|day| used[day] += amount);
            }
            if used.iter().any(|used| used > limit) {
                return None;
            }
            for &(p, amount) in users {
                let own = surely(windows, p);
                let fits =
                    |t: &usize| (*t..t + duration[p]).all(|day| own.contains(&day) || used[day] + amount <= *limit);
                let (first, last) = windows[p];
                windows[p] = ((first..=last).find(fits)?, (first..=last).rev().find(fits)?);
            }
        }
        Some(())
    }

    /// Between two days, what must run there leaves the rest to others.
    fn spans(&self, windows: &mut Windows) -> Option<()> {
        let duration = &self.project.duration;
        let known = windows.clone();
        for (limit, users) in &self.users {
            for &(x, _) in users {
                for &(y, _) in users {
                    let (from, until) = (known[x].0, known[y].1 + duration[y]);
                    if until <= from {
                        continue;
                    }
                    let length = until - from;
                    // However it is placed, so much of it is within.
                    let within = |p: usize| {
                        let (first, last) = known[p];
                        let early = (first + duration[p]).saturating_sub(from);
                        let late = until.saturating_sub(last);
                        duration[p].min(length).min(early).min(late)
                    };
                    let needed: usize = users.iter().map(|&(p, amount)| amount * within(p)).sum();
                    let left = (limit * length).checked_sub(needed)?;
                    for &(p, amount) in users {
                        let within = within(p);
                        if left >= (duration[p] - within) * amount {
                            continue;
                        }
                        let room = (left + within * amount) / amount;
                        let inside = |start: usize| until.min(start + duration[p]).saturating_sub(from.max(start));
                        if inside(known[p].0) > room {
                            windows[p].0 = windows[p].0.max(until - room);
                        }
                        if inside(known[p].1) > room {
                            windows[p].1 = windows[p].1.min((from + room).checked_sub(duration[p])?);
                        }
                    }
                }
            }
        }
        windows.iter().all(|(first, last)| first <= last).then_some(())
    }
}

/// Cliques of activities that can never run at once, until every such pair is in one.
fn cliques(project: &Project) -> Vec<Vec<usize>> {
    let n = project.duration.len();
    let mut follows = vec![vec![false; n]; n];
    for p in 0..n {
        for &q in &project.needs[p] {
            follows[p][q] = true;
            let earlier = follows[q].clone();
            follows[p].iter_mut().zip(earlier).for_each(|(all, earlier)| *all |= earlier);
        }
    }
    let conflict = |p: usize, q: usize| {
        let requests = project.requests[p].iter().zip(&project.requests[q]).zip(&project.limits);
        let runs = project.duration[p] > 0 && project.duration[q] > 0;
        p != q && runs && (follows[p][q] || follows[q][p] || requests.into_iter().any(|((a, b), limit)| a + b > *limit))
    };
    let mut open: Vec<(usize, usize)> =
        (0..n).flat_map(|p| (0..p).map(move |q| (q, p))).filter(|&(q, p)| conflict(p, q)).collect();
    let mut cliques = Vec::new();
    while let Some(&(q, p)) = open.iter().max_by_key(|(q, p)| project.duration[*q] + project.duration[*p]) {
        let mut clique = vec![q, p];
        let news = |clique: &[usize], k: usize| {
            clique.iter().filter(|&&member| open.contains(&(member.min(k), member.max(k)))).count()
        };
        while let Some(next) = (0..n)
            .filter(|&k| clique.iter().all(|&member| conflict(member, k)))
            .max_by_key(|&k| (news(&clique, k), project.duration[k]))
        {
            clique.push(next);
        }
        open.retain(|(q, p)| !(clique.contains(q) && clique.contains(p)));
        cliques.push(clique);
    }
    cliques
}
