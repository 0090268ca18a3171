//! What the messages of a language name: variables, and other messages that they are made of.
//!
//! An explanation may name some thirty things, and each message names a few of them. Only those
//! are written, which counts when there are hundreds of thousands of explanations.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{
    Entry, Expression, InlineExpression, Message, Pattern, PatternElement, VariantKey,
};

/// What a message names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Uses {
    /// Its own variables.
    pub(super) variables: BTreeSet<String>,
    /// Those of them whose words choose a variant.
    pub(super) chosen_by_word: BTreeSet<String>,
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
            if let InlineExpression::VariableReference { id } = selector
                && variants.iter().any(|variant| is_word(&variant.key))
            {
                uses.chosen_by_word.insert(id.name.to_owned());
            }
            for variant in variants {
                of_pattern(&variant.value, uses);
            }
        }
    }
}

/// True for a key that only a word can match. A word that is called like a plural is none.
fn is_word(key: &VariantKey<&str>) -> bool {
    match key {
        VariantKey::Identifier { name } => {
            !["zero", "one", "two", "few", "many", "other"].contains(name)
        }
        VariantKey::NumberLiteral { .. } => false,
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

/// A variable of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Variable {
    /// Its name.
    pub(super) text: String,
    /// True where its word chooses a variant, and not only whether it is known.
    pub(super) chooses_by_word: bool,
}

/// The variables of each text and of its parts, sorted.
pub(super) fn variables(messages: &Messages) -> BTreeMap<String, Vec<Variable>> {
    let of_all = |key| {
        let parts = parts(messages, key).into_iter();
        let parts: Vec<&Uses> = parts.filter_map(|part| messages.get(part)).collect();
        let names: BTreeSet<&String> = parts.iter().flat_map(|uses| &uses.variables).collect();
        let variable = |name: &String| Variable {
            text: name.clone(),
            chooses_by_word: parts.iter().any(|uses| uses.chosen_by_word.contains(name)),
        };
        names.into_iter().map(variable).collect()
    };
    let keys = messages.keys();
    keys.map(|key| (key.clone(), of_all(key))).collect()
}
