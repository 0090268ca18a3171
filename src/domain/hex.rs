//! Bytes as lower-case hex digits.

use std::fmt::Write as _;

/// Two digits a byte.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(
        String::with_capacity(bytes.len().saturating_mul(2)),
        |mut text, byte| {
            // Writing to a text cannot fail.
            write!(text, "{byte:02x}").unwrap_or_default();
            text
        },
    )
}
