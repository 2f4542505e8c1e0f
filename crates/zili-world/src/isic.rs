//! Facts of industries by their place in ISIC Rev. 4, so that every classification that says where its sectors stand there has them.
//!
//! A place is a code of two to four digits: a division (`26`), a group (`241`) or a class (`2431`). Facts are known by division.

use std::collections::HashMap;
use std::sync::LazyLock;

/// division,section,group,storable
static FILE: &str = include_str!("../../../data/isic4.csv");

/// Its groups and classes.
static FINER: &str = include_str!("../../../data/isic4-finer.csv");

/// Kinds of industry that questions are asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    Agriculture,
    Mining,
    Manufacturing,
    Utilities,
    Construction,
    Services,
}

impl Group {
    pub const ALL: [Group; 6] = [
        Group::Agriculture,
        Group::Mining,
        Group::Manufacturing,
        Group::Utilities,
        Group::Construction,
        Group::Services,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Group::Agriculture => "agriculture",
            Group::Mining => "mining",
            Group::Manufacturing => "manufacturing",
            Group::Utilities => "utilities",
            Group::Construction => "construction",
            Group::Services => "services",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.name() == name)
    }
}

/// What is known of a division.
struct Division {
    group: Group,
    storable: bool,
}

static DIVISIONS: LazyLock<HashMap<&'static str, Division>> = LazyLock::new(|| {
    let division = |line: &'static str| {
        let mut fields = line.split(',');
        let (code, group, storable) = (fields.next()?, fields.nth(1)?, fields.next()?);
        Some((code, Division { group: Group::named(group)?, storable: storable == "yes" }))
    };
    FILE.lines().skip(1).filter_map(division).collect()
});

fn division(place: &str) -> Option<&'static Division> {
    DIVISIONS.get(place.get(..2)?)
}

/// Whether a code is a division, group or class of ISIC Rev. 4.
pub fn is_place(code: &str) -> bool {
    DIVISIONS.contains_key(code) || (code.len() > 2 && FINER.lines().skip(1).any(|place| place == code))
}

/// The kind of industry of a sector at these places: of the first, where most of it stands; none if it has no place.
pub fn group(places: &[String]) -> Option<Group> {
    division(places.first()?).map(|division| division.group)
}

/// Whether a sector at these places makes anything that can be kept in store; none if it has no place.
pub fn storable(places: &[String]) -> Option<bool> {
    (!places.is_empty()).then(|| places.iter().filter_map(|place| division(place)).any(|division| division.storable))
}

/// Whether one place lies in the other.
pub fn overlap(a: &str, b: &str) -> bool {
    a.starts_with(b) || b.starts_with(a)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_has_the_88_divisions_of_isic_rev_4() {
        assert_eq!(FILE.lines().count() - 1, 88);
        assert_eq!(DIVISIONS.len(), 88);
        assert!(["26", "241", "2431"].iter().all(|place| is_place(place)));
        assert!(["34", "2", "C26", "999", "2699", "269", "place", ""].iter().all(|place| !is_place(place)));
    }

    #[test]
    fn electricity_and_services_cannot_be_stored_and_goods_can() {
        let of = |places: &str| storable(&places.split(' ').map(str::to_owned).collect::<Vec<_>>());
        assert_eq!((of("35"), of("26"), of("31 32 33"), of("84")), (Some(false), Some(true), Some(true), Some(false)));
        assert_eq!(storable(&[]), None);
        assert_eq!(group(&["24".to_owned(), "25".to_owned()]), Some(Group::Manufacturing));
        assert_eq!(group(&[]), None);
    }
}
