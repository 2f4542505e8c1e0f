pub(crate) mod boario;
pub(crate) mod dynamics;
pub(crate) mod flows;
pub(crate) mod guan;
pub(crate) mod needs;
pub(crate) mod pichler;
pub(crate) mod plan;
mod rebuilding;
#[cfg(test)]
mod reference_tests;
mod sourcing;
pub(crate) mod view;
