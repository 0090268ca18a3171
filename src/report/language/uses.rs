//! What the messages of a language name: variables, and other messages that they are made of.
//!
//! An explanation may name some thirty things, and each message names a few of them. Only those
//! are written, which counts when there are hundreds of thousands of explanations.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Message, Pattern, PatternElement};

/// What a message names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Uses {
    /// Its own variables.
    pub(super) variables: BTreeSet<String>,
    /// Messages that it is made of.
    pub(super) messages: BTreeSet<String>,
    /// Functions, terms and attributes, which no text here needs.
    pub(super) other: Vec<String>,
}

/// The messages of a language by their keys.
pub(super) type Messages = BTreeMap<String, Uses>;

/// A message of a file; `None` for comments and what cannot be read.
pub(super) fn of_entry<'m>(entry: &'m Entry<&'m str>) -> Option<(&'m str, Uses)> {
    match entry {
        Entry::Message(message) => Some((message.id.name, of_message(message))),
        Entry::Term(term) => {
            let mut uses = Uses::default();
            uses.other.push(format!("-{}", term.id.name));
            Some((term.id.name, uses))
        }
        Entry::Comment(_)
        | Entry::GroupComment(_)
        | Entry::ResourceComment(_)
        | Entry::Junk { .. } => None,
    }
}

fn of_message(message: &Message<&str>) -> Uses {
    let mut uses = Uses::default();
    match &message.value {
        Some(pattern) => of_pattern(pattern, &mut uses),
        None => uses.other.push("no text".to_owned()),
    }
    for attribute in &message.attributes {
        uses.other.push(format!(".{}", attribute.id.name));
    }
    uses
}

fn of_pattern(pattern: &Pattern<&str>, uses: &mut Uses) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            of_expression(expression, uses);
        }
    }
}

fn of_expression(expression: &Expression<&str>, uses: &mut Uses) {
    match expression {
        Expression::Inline(inline) => of_inline(inline, uses),
        Expression::Select { selector, variants } => {
            of_inline(selector, uses);
            for variant in variants {
                of_pattern(&variant.value, uses);
            }
        }
    }
}

fn of_inline(inline: &InlineExpression<&str>, uses: &mut Uses) {
    match inline {
        InlineExpression::VariableReference { id } => {
            uses.variables.insert(id.name.to_owned());
        }
        InlineExpression::MessageReference {
            id,
            attribute: None,
        } => {
            uses.messages.insert(id.name.to_owned());
        }
        InlineExpression::Placeable { expression } => of_expression(expression, uses),
        InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
        InlineExpression::MessageReference { id, .. }
        | InlineExpression::TermReference { id, .. }
        | InlineExpression::FunctionReference { id, .. } => uses.other.push(id.name.to_owned()),
    }
}

/// The messages that a text is made of: it and all that it names, however deep.
pub(super) fn parts<'m>(messages: &'m Messages, key: &'m str) -> BTreeSet<&'m str> {
    let mut found = BTreeSet::new();
    let mut open = vec![key];
    while let Some(key) = open.pop() {
        if found.insert(key)
            && let Some(uses) = messages.get(key)
        {
            open.extend(uses.messages.iter().map(String::as_str));
        }
    }
    found
}

/// The variables of each text and of its parts, sorted.
pub(super) fn variables(messages: &Messages) -> BTreeMap<String, Vec<String>> {
    let of_all = |key| {
        let parts = parts(messages, key).into_iter();
        let variables: BTreeSet<&String> = parts
            .filter_map(|part| messages.get(part))
            .flat_map(|uses| &uses.variables)
            .collect();
        variables.into_iter().cloned().collect()
    };
    let keys = messages.keys();
    keys.map(|key| (key.clone(), of_all(key))).collect()
}
