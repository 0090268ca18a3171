//! A table as it may be shown to somebody: its header, and two rows without what they say.

use super::{header_of, sample::Sample};
use crate::ingest::Refusal;
use crate::ingest::open_file::OpenFile;

/// Rows that are shown masked.
const ROWS: usize = 2;

/// The header and the first rows with `x` for each letter and `9` for each digit.
///
/// # Errors
/// When the file is no table.
pub fn masked(opened: &OpenFile) -> Result<String, Refusal> {
    let sample = Sample::of(opened)?;
    let header = header_of(&sample, None).map_or_else(|_| sample.widest(), |found| found.header);
    let delimiter = sample.delimiter.unwrap_or(';').to_string();
    let Some(titles) = sample.rows.get(header) else {
        return Err(Refusal::new("has no rows"));
    };
    let mut text = format!(
        "line {}: {}\n",
        header.saturating_add(1),
        titles.join(&delimiter)
    );
    let rows = sample.rows.iter().skip(header.saturating_add(1)).take(ROWS);
    for row in rows {
        let row: Vec<String> = row.iter().map(|value| mask(value)).collect();
        text.push_str(&row.join(&delimiter));
        text.push('\n');
    }
    Ok(text)
}

fn mask(value: &str) -> String {
    let masked = |c: char| match c {
        c if c.is_uppercase() => 'X',
        c if c.is_alphabetic() => 'x',
        c if c.is_numeric() => '9',
        c if c.is_control() => ' ',
        other => other,
    };
    value.chars().map(masked).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_digits_are_masked_and_their_notation_is_not() {
        assert_eq!(mask("DE12 3456"), "XX99 9999");
        assert_eq!(mask("-1.204,50 €"), "-9.999,99 €");
        assert_eq!(mask("Café Zoë\n2"), "Xxxx Xxx 9");
    }
}
