//! Names and shapes of the world's countries, for maps and for codes that a table does not have.

use std::sync::LazyLock;
use zili_world::World;

static FILE: &str = include_str!("../../../../data/map/world.tsv");

/// A country of the map.
pub(super) struct Place {
    /// ISO 3166 alpha-3; empty where there is none.
    pub code: &'static str,
    pub name: &'static str,
    /// An SVG path, or `x,y` of its middle where it is too small to have one.
    pub shape: &'static str,
}

/// All that the map has. A test holds that every line is sound; one that is not would be left out.
pub(super) fn all() -> &'static [Place] {
    static PLACES: LazyLock<Vec<Place>> = LazyLock::new(|| {
        let place = |line: &'static str| {
            let mut fields = line.splitn(3, '\t');
            Some(Place { code: fields.next()?, name: fields.next()?, shape: fields.next()? })
        };
        FILE.lines().filter_map(place).collect()
    });
    &PLACES
}

/// The name of a region: the world's own, or the map's, or its code.
pub(super) fn name(world: &World, code: &str) -> String {
    let regions = world.classification().regions();
    let own = regions.iter().find(|region| region.code.as_str() == code).map(|region| region.name.clone());
    let known = || all().iter().find(|place| place.code == code && !code.is_empty()).map(|place| place.name.to_owned());
    own.or_else(known).unwrap_or_else(|| code.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_map_is_the_one_that_the_sources_name() {
        let sources = include_str!("../../../../data/SOURCES.md");
        assert!(sources.contains(&zili_world::store::sha256(FILE.as_bytes())));
    }

    #[test]
    fn the_map_has_every_country_once_and_whole() {
        let places = all();
        assert_eq!(places.len(), FILE.lines().count());
        let codes: Vec<&str> = places.iter().map(|place| place.code).filter(|code| !code.is_empty()).collect();
        assert_eq!(codes.iter().collect::<HashSet<_>>().len(), codes.len(), "a code twice");
        for place in places {
            assert!(!place.name.is_empty() && place.code.chars().all(|c| c.is_ascii_uppercase()), "{}", place.name);
            let drawn = place.shape.starts_with('m') && place.shape.ends_with('z');
            let dot = place.shape.split(',').filter_map(|n| n.parse::<u32>().ok()).count() == 2;
            assert!(drawn || dot, "{}: {}", place.code, place.shape);
        }
    }

    /// A mineral's producer that the map does not know could not be shown.
    #[test]
    fn the_map_has_every_producer_of_minerals() {
        use zili_world::minerals::{self, Producer};
        for production in &minerals::bundled().expect("bundled").production.rows {
            if let Producer::Country(code) = &production.producer {
                assert!(all().iter().any(|place| place.code == code.as_str()), "{}", code.as_str());
            }
        }
    }
}
