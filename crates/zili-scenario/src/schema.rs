//! The JSON Schema of scenario files, for editors.

use crate::file::File;

/// The schema as text, ending with a line break.
pub fn schema() -> String {
    zili_world::written::schema::of::<File>()
}
