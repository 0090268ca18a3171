//! A reader that fails in a way nobody foresaw ends its file, not the night.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

use super::Refusal;
use crate::domain::file::bounded;

/// Bytes of what a failure says of itself that are repeated.
const SAID_BYTES_MAX: usize = 200;

thread_local! {
    /// True while a failure of this thread is awaited: it then writes nothing on the terminal.
    static AWAITED: Cell<bool> = const { Cell::new(false) };
}

/// Reads something, and refuses it where reading it fails in an unforeseen way. What the reader
/// was given holds half of a file then; the caller forgets it, as that of every refused file.
///
/// # Errors
/// Those of the reader, and that one.
pub fn guarded<T>(read: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let usual = take_hook();
        set_hook(Box::new(move |failure| {
            if !AWAITED.get() {
                usual(failure);
            }
        }));
    });
    let before = AWAITED.replace(true);
    let read = catch_unwind(AssertUnwindSafe(read));
    AWAITED.set(before);
    read.unwrap_or_else(|failure| Err(refusal(failure.as_ref())))
}

fn refusal(failure: &(dyn Any + Send)) -> Refusal {
    let said = failure
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| failure.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no reason");
    Refusal::new(format!(
        "makes its reader fail in an unforeseen way ({}); save it anew or ask for it again, and \
         report it to whoever maintains this program",
        bounded(said, SAID_BYTES_MAX)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unforeseen_failure_refuses_with_what_it_said() {
        let read: Result<(), Refusal> = guarded(|| panic!("cell {} is nowhere", 7));
        let reason = read.unwrap_err().reason;
        assert!(reason.contains("(cell 7 is nowhere)"), "{reason}");
        assert_eq!(guarded(|| Ok(1)), Ok(1));
    }
}
