//! Of `zili methods`.

use clap::Args;

#[derive(Args)]
pub struct MethodsArgs {
    /// A method to tell about in full
    pub name: Option<String>,
    /// For eyes or for programs: the declarations, with the JSON Schema of questions
    #[arg(long, value_enum, default_value_t = super::ExplainFormat::Text)]
    pub format: super::ExplainFormat,
}
