//! The JSON Schema of files that people write, for editors.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;

/// The schema of a file as text, ending with a line break.
pub fn of<T: JsonSchema>() -> String {
    let settings = SchemaSettings::draft2020_12();
    let mut schema = settings.into_generator().into_root_schema_for::<T>().to_value();
    without_null(&mut schema);
    format!("{schema:#}\n")
}

/// TOML has no null: a key is there or is not.
fn without_null(schema: &mut serde_json::Value) {
    match schema {
        serde_json::Value::Array(list) => list.iter_mut().for_each(without_null),
        serde_json::Value::Object(map) => {
            if let Some(serde_json::Value::Array(types)) = map.get_mut("type") {
                types.retain(|t| t != "null");
                if let [one] = types.as_slice() {
                    let one = one.clone();
                    map.insert("type".into(), one);
                }
            }
            if let Some(serde_json::Value::Array(list)) = map.get_mut("anyOf") {
                list.retain(|s| s != &serde_json::json!({ "type": "null" }));
                if let [serde_json::Value::Object(one)] = list.as_slice() {
                    let one = one.clone();
                    map.shift_remove("anyOf");
                    map.extend(one);
                }
            }
            map.values_mut().for_each(without_null);
        }
        _ => {}
    }
}
