//! Reference arrays, from the project itself or from a folder beside it that only a developer has.

use crate::world;
use npyz::npz::NpzArchive;
use std::path::{Path, PathBuf};
use zili_world::{Matrix, World};

/// A folder of this crate's own references.
pub fn own(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("oracles").join(name)
}

/// A path in the developers' folder of references beside the project; says so and gives none where it is absent.
pub fn beside(path: &str) -> Option<PathBuf> {
    let found = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(path);
    if found.exists() {
        return Some(found);
    }
    eprintln!("SKIPPED: '{path}' is not here; this check runs only where the developers' references are");
    None
}

/// Lines of a gzip file of text.
pub fn gzip_lines(path: &Path) -> Vec<String> {
    let file = std::fs::File::open(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let text = std::io::read_to_string(flate2::read::GzDecoder::new(file));
    text.unwrap_or_else(|e| panic!("{}: {e}", path.display())).lines().map(str::to_owned).collect()
}

/// Named arrays of an .npz file.
pub struct Arrays(NpzArchive<std::io::BufReader<std::fs::File>>);

impl Arrays {
    pub fn open(path: &Path) -> Self {
        Self(NpzArchive::open(path).unwrap_or_else(|e| panic!("{}: {e}", path.display())))
    }

    /// An array as a matrix; a vector is one row.
    pub fn matrix(&mut self, name: &str) -> Matrix {
        let array = self.0.by_name(name).ok().flatten().unwrap_or_else(|| panic!("no array '{name}'"));
        let shape: Vec<usize> = array.shape().iter().map(|&n| n as usize).collect();
        let fortran = array.order() == npyz::Order::Fortran;
        let data: Vec<f64> = array.into_vec().unwrap_or_else(|e| panic!("{name}: {e}"));
        match shape.as_slice() {
            [n] => Matrix::from_rows(1, *n, data),
            [rows, columns] if fortran => Matrix::from_fn(*rows, *columns, |i, j| data[j * rows + i]),
            [rows, columns] => Matrix::from_rows(*rows, *columns, data),
            other => panic!("'{name}' has {} dimensions", other.len()),
        }
    }

    /// An array of any shape, the last index running fastest.
    pub fn flat(&mut self, name: &str) -> Vec<f64> {
        let array = self.0.by_name(name).ok().flatten().unwrap_or_else(|| panic!("no array '{name}'"));
        let shape: Vec<usize> = array.shape().iter().map(|&n| n as usize).collect();
        let fortran = array.order() == npyz::Order::Fortran;
        let data: Vec<f64> = array.into_vec().unwrap_or_else(|e| panic!("{name}: {e}"));
        if !fortran {
            return data;
        }
        let mut flat = vec![0.0; data.len()];
        for (k, value) in data.into_iter().enumerate() {
            // The first index runs fastest in Fortran's order.
            let (mut rest, mut at, mut stride) = (k, 0, flat.len());
            for &n in &shape {
                stride /= n;
                at += (rest % n) * stride;
                rest /= n;
            }
            flat[at] = value;
        }
        flat
    }

    pub fn vector(&mut self, name: &str) -> Vec<f64> {
        self.matrix(name).as_slice().to_vec()
    }

    /// The table in arrays Z and Y as a world with the given numbers of regions and sectors.
    pub fn world(&mut self, regions: usize, sectors: usize) -> World {
        let (z, y) = (self.matrix("Z"), self.matrix("Y"));
        let codes = |letter: &str, n: usize| (0..n).map(|k| format!("{letter}{k:02}")).collect::<Vec<_>>();
        let categories = y.columns() / regions;
        world(&codes("R", regions), &codes("S", sectors), categories, z, y)
    }
}
