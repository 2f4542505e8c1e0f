//! A named set of regions; one region is a bloc of one.

use crate::{Classification, Error, RegionCode};

/// Home, partner, the one that denies: any of them is a bloc.
#[derive(Clone, Debug, PartialEq)]
pub struct Bloc {
    /// A region's code, a bloc's name, or codes joined by `+`.
    pub code: String,
    pub name: String,
    pub members: Vec<RegionCode>,
    /// Members that the world at hand does not tell apart (they are inside `ROW`); said with every result.
    pub absent: Vec<RegionCode>,
}

impl Bloc {
    /// Whether a region belongs to it that a table need not tell apart: members that the world lacks are of it, and what no table of the
    /// world names is of `ROW`.
    pub fn holds(&self, code: &RegionCode, classification: &Classification) -> bool {
        let rest = || self.members.iter().any(|m| m.as_str() == "ROW") && classification.region(code.as_str()).is_err();
        self.members.contains(code) || self.absent.contains(code) || rest()
    }

    /// Refuses a bloc without members and a member named twice.
    pub fn new(code: impl Into<String>, name: impl Into<String>, members: Vec<RegionCode>) -> Result<Self, Error> {
        let bloc = Bloc { code: code.into(), name: name.into(), members, absent: Vec::new() };
        if bloc.members.is_empty() {
            return Err(Error::Unanswerable(format!("bloc '{}' has no members", bloc.code)));
        }
        for (k, member) in bloc.members.iter().enumerate() {
            if bloc.members[..k].contains(member) {
                return Err(Error::Duplicate { what: "bloc member", given: member.to_string() });
            }
        }
        Ok(bloc)
    }

    /// One region as a bloc.
    pub fn of_region(classification: &Classification, region: usize) -> Self {
        let region = &classification.regions()[region];
        Bloc {
            code: region.code.to_string(),
            name: region.name.clone(),
            members: vec![region.code.clone()],
            absent: Vec::new(),
        }
    }

    /// Every region of the world as a bloc of its own, except the members of `home`.
    pub fn partners_of(home: &Bloc, classification: &Classification) -> Vec<Bloc> {
        (0..classification.regions().len())
            .map(|r| Bloc::of_region(classification, r))
            .filter(|region| !home.members.contains(&region.members[0]))
            .collect()
    }

    /// This bloc less the members it shares with `other`; none if nothing is left.
    pub fn without(&self, other: &Bloc) -> Option<Bloc> {
        if !self.overlaps(other) {
            return Some(self.clone());
        }
        let members: Vec<RegionCode> = self.members.iter().filter(|m| !other.members.contains(m)).cloned().collect();
        let name = format!("{} without {}", self.name, other.name);
        (!members.is_empty()).then(|| Bloc { name, members, ..self.clone() })
    }

    /// The same bloc in another world: members that it does not tell apart are absent. None if none is left, and of the rest of the world,
    /// which is another rest there.
    pub fn within(&self, classification: &Classification) -> Option<Bloc> {
        let known = |code: &RegionCode| classification.regions().iter().any(|region| region.code == *code);
        let all = || self.members.iter().chain(&self.absent).cloned();
        let (members, absent): (Vec<RegionCode>, Vec<RegionCode>) = all().partition(known);
        let usable = !members.is_empty() && all().all(|code| code.as_str() != "ROW");
        usable.then(|| Bloc { members, absent, ..self.clone() })
    }

    /// A sentence on members that the world does not tell apart.
    pub fn absence(&self) -> Option<String> {
        let absent: Vec<&str> = self.absent.iter().map(|m| m.as_str()).collect();
        (!absent.is_empty())
            .then(|| format!("{}: {} not told apart in this world and left out", self.code, absent.join(", ")))
    }

    pub fn is_single(&self) -> bool {
        self.members.len() == 1
    }

    /// Region positions of the members, ascending.
    pub fn positions(&self, classification: &Classification) -> Result<Vec<usize>, Error> {
        let mut positions: Vec<usize> =
            self.members.iter().map(|m| classification.region(m.as_str())).collect::<Result<_, _>>()?;
        positions.sort_unstable();
        Ok(positions)
    }

    /// Industry positions of the members, ascending.
    pub fn industries(&self, classification: &Classification) -> Result<Vec<usize>, Error> {
        Ok(self.positions(classification)?.into_iter().flat_map(|r| classification.industries_of(r)).collect())
    }

    /// Final-use column positions of the members, ascending.
    pub fn final_columns(&self, classification: &Classification) -> Result<Vec<usize>, Error> {
        Ok(self.positions(classification)?.into_iter().flat_map(|r| classification.final_columns_of(r)).collect())
    }

    /// Whether two blocs share a member.
    pub fn overlaps(&self, other: &Bloc) -> bool {
        self.members.iter().any(|m| other.members.contains(m))
    }
}
