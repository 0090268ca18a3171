//! The providers' HTTP APIs: Oney's purchase status, confirmation and cancellation, e-Financing's
//! subscriptions, PAYONE's server API.
//!
//! Every exchange has two halves. What is said and what it means is pure: a provider's module
//! builds a [`Request`], and reads an [`Answer`] into a [`Verdict`] by the table of its
//! documentation. What can go wrong on the way is [`http`]'s: it gives either a whole answer of
//! bounded size or one [`NoAnswer`] that knows whether the request may have arrived. [`asking`]
//! joins them for questions, which may be repeated freely; what moves money is repeated by nobody
//! here, because whether it may be depends on what the provider shows afterwards.
//!
//! Nothing here is trusted to be harmless: a server may answer slowly, endlessly, with HTML, with
//! the secret that it was sent. Texts of answers pass [`Scrubber`] and are cut before anybody else
//! sees them.

mod answer;
mod asking;
pub mod e_financing;
mod http;
pub mod oney;
mod pacer;
pub mod payone;
mod request;
mod secrets;
mod verdict;

pub use answer::Answer;
pub use asking::{Asked, ask};
pub use http::{NoAnswer, Patience, Server, ServerSettings};
pub use request::{Body, Method, Request};
pub use secrets::{Key, Scrubber};
pub(crate) use verdict::REPEATS_MAX;
pub use verdict::{Problem, Verdict, Waits};
