//! draft
pub mod anderson;
pub mod economy;
pub mod solve;
pub mod welfare;
