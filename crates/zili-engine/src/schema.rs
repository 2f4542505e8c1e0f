//! What can be asked of a method, for programs: made from its declaration.

use crate::entry::{Entry, Field, Need};
use crate::question::Question;
use serde_json::{Map, Value, json};
use zili_world::Parameter;
use zili_world::method::Accepts;

/// The JSON Schema of questions to a method.
pub fn schema(entry: &Entry) -> Value {
    let mut schema = schemars::schema_for!(Question).to_value();
    let asked: Vec<(&str, Need)> = Field::ALL
        .into_iter()
        .map(|field| (field.as_str(), entry.need(field)))
        .filter(|(_, n)| *n != Need::Never)
        .collect();
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        properties.retain(|name, _| {
            ["method", "options"].contains(&name.as_str()) || asked.iter().any(|(field, _)| field == name)
        });
        properties
            .insert("method".to_owned(), json!({"const": entry.method.name, "description": entry.method.title()}));
        properties.insert("options".to_owned(), options(entry));
    }
    let needed = asked.iter().filter(|(_, need)| *need == Need::Must).map(|(field, _)| *field);
    schema["required"] = json!(["method"].into_iter().chain(needed).collect::<Vec<_>>());
    schema["title"] = json!(format!("Question to {}", entry.method.name));
    schema["description"] = json!(entry.method.section("Answers"));
    schema
}

fn options(entry: &Entry) -> Value {
    let of = |parameter: &Parameter| (parameter.name.to_owned(), option(parameter));
    let properties: Map<String, Value> = entry.method.parameters.iter().map(of).collect();
    // A method that passes options on to another has them declared there.
    let closed = entry.need(Field::Model) == Need::Never;
    json!({"type": "object", "properties": properties, "additionalProperties": !closed})
}

fn option(parameter: &Parameter) -> Value {
    let mut about = match parameter.accepts {
        Accepts::Number { default, above, below } => {
            let mut about = json!({"type": "number", "default": default});
            if above.is_finite() {
                about["exclusiveMinimum"] = json!(above);
            }
            if below.is_finite() {
                about["exclusiveMaximum"] = json!(below);
            }
            about
        }
        Accepts::Share { default } => {
            json!({"type": "number", "default": default, "exclusiveMinimum": 0, "maximum": 1})
        }
        Accepts::Fraction { default } => json!({"type": "number", "default": default, "minimum": 0, "maximum": 1}),
        Accepts::Amount { default, most } => {
            json!({"type": "number", "default": default, "minimum": 0, "maximum": most})
        }
        Accepts::Count { default, most } => {
            json!({"type": "integer", "default": default, "minimum": 1, "maximum": most})
        }
        Accepts::Choice(choices) => json!({"enum": choices, "default": choices[0]}),
        Accepts::Name { default } => json!({"type": "string", "default": default}),
    };
    about["description"] = json!(parameter.description);
    about
}

/// All that a method says of itself.
pub fn describe(entry: &Entry) -> Value {
    let method = entry.method;
    json!({
        "name": method.name,
        "verb": entry.verb().as_str(),
        "title": method.title(),
        "answers": method.section("Answers"),
        "horizon": entry.horizon(),
        "equation": method.equation(),
        "limits": method.section("Limits"),
        "source": method.citation(),
        "columns": method.columns,
        "settings": entry.settings().map(|settings| settings.name),
        "draws_itself": entry.draws(),
        "question": schema(entry),
    })
}
