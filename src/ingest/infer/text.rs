//! The proposal as a `[[profile]]` to copy, with what a person has to decide as comments.

use std::fmt::Write as _;

use super::Proposal;

/// A `[[profile]]` in TOML; `rows` are the first rows as they would be read.
pub fn written(proposal: &Proposal, file: &str, rows: &[String]) -> String {
    let mut text = String::new();
    let definition = &proposal.definition;
    let mut line = |it: &str| {
        text.push_str(it);
        text.push('\n');
    };
    line(&format!(
        "# Proposed for {file}: {}, header on line {}. Look at every line before you use it.",
        proposal.kind.word(),
        proposal.header_line
    ));
    line("[[profile]]");
    line(&format!("name = {}", quoted(&definition.name)));
    if let Some(base) = &definition.extends {
        line(&format!("extends = {}", quoted(base)));
    }
    if let Some(delimiter) = definition.delimiter {
        line(&format!("delimiter = {}", quoted(&delimiter.to_string())));
    }
    if let Some(mark) = definition.decimal_mark {
        line(&format!("decimal_mark = {}", quoted(&mark.to_string())));
    }
    if let Some(encoding) = &definition.encoding {
        line(&format!("encoding = {}", quoted(encoding)));
    }
    if !definition.dates.is_empty() {
        line(&format!("dates = {}", list(&definition.dates)));
    }
    if let Some(within) = definition.notation.header_within {
        line(&format!("header_within = {within}"));
    }
    line("[profile.columns]");
    for (canonical, titles) in &definition.columns {
        line(&format!("{canonical} = {}", list(titles)));
    }
    for suggestion in &proposal.suggestions {
        line(&format!(
            "# {} = {}   # not sure; {}",
            suggestion.canonical,
            list(std::slice::from_ref(&suggestion.title)),
            suggestion.reason
        ));
    }
    for (column, words) in &proposal.words {
        line(&format!(
            "# [profile.values.{column}]   # say what these words mean:"
        ));
        line(&format!("# … = {}", list(words)));
    }
    if proposal.kind == crate::domain::file::InputKind::BankStatement
        && !definition.columns.contains_key("account")
    {
        line("[profile.fixed]");
        line("# account = \"…\"   # your IBAN");
    }
    ending(&mut text, proposal, rows);
    text
}

/// What is not used, what is not known, and the first rows.
fn ending(text: &mut String, proposal: &Proposal, rows: &[String]) {
    let mut note = |title: &str, lines: &[String]| {
        if lines.is_empty() {
            return;
        }
        let _written = writeln!(text, "\n# {title}");
        for line in lines {
            let _written = writeln!(text, "#   {}", line.replace('\n', " "));
        }
    };
    note("Not used:", &proposal.unused);
    note("What the file does not tell:", &proposal.open);
    note("The first rows, as they would be read:", rows);
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\t' => quoted.push_str("\\t"),
            control if control.is_control() => {
                let _written = write!(quoted, "\\u{:04X}", u32::from(control));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

fn list(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
    format!("[{}]", texts.join(", "))
}
