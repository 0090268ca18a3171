//! Questions
