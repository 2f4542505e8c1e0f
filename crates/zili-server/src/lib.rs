//! zili for other programs.
//!
//! * [`mcp`]: the Model Context Protocol on standard input and output, for assistants.

pub mod mcp;
