//! The mail of a night: whether there is one, and that it leaves once.
//!
//! [`compose`] runs inside the night's transaction: it writes the mail down together with what
//! the night found, whole and with its attachments, because the report's folder may be replaced or
//! gone when the mail leaves. [`deliver`] runs after it, hands over what waits in the order in
//! which it was composed, and marks each recipient that has it. So a night is never recorded
//! without its mail, whatever happens in between; and a run that is killed after a server took a
//! message and before that was noted sends it again, with the same `Message-ID`.
//!
//! | | a mail is composed |
//! |---|---|
//! | a night | as `when` says |
//! | a night that is named by `--as-of` before the latest recorded one, one of a few providers, or of a range | no: whoever looks back by hand surprises nobody; `--mail` composes it |
//! | `--mail` | whatever `when` says |
//! | `--no-mail` | no, and what waits goes on waiting |
//!
//! Nobody gets the same content about the same day twice. Where the content of a day has changed,
//! the new mail goes out, and an earlier one that still waits does not.

mod compose;
mod delivery;
mod plan;

pub(super) use compose::{Night, compose};
pub(super) use delivery::deliver;
pub(super) use plan::check;
pub use plan::{MailPlan, MailWish};
