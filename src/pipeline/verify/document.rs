//! What `verify` did as one JSON document, for whoever watches the nights with a program.

use serde_json::{Value, json};

use super::{Learnt, Said, Verified};
use crate::providers::Problem;

impl Verified {
    /// The document: how many were asked for and what became of them, order by order, then the
    /// providers that were given up, what nobody can be asked about, and the files with the answers.
    pub fn json(&self) -> Value {
        let count = |is: fn(&Said) -> bool| self.learnt.iter().filter(|it| is(&it.said)).count();
        let orders: Vec<Value> = self.learnt.iter().map(order).collect();
        let stopped = self.stopped.iter().map(|(provider, problem)| {
            let mut about = json!({"provider": provider});
            add(&mut about, problem);
            about
        });
        let passed_over = self
            .passed_over
            .iter()
            .map(|it| json!({"id": it.id, "code": it.code.word(), "sentence": it.why}));
        let files = self.files.iter().map(|path| path.display().to_string());
        json!({
            "asked": count(|said| !matches!(said, Said::NotAsked)),
            "answered": count(|said| matches!(said, Said::Status(_) | Said::NotKnown)),
            "set_aside": count(|said| outcome(said) == "set_aside"),
            "failed": count(|said| outcome(said) == "failed"),
            "not_asked": count(|said| matches!(said, Said::NotAsked)),
            "orders": orders,
            "stopped": stopped.collect::<Vec<Value>>(),
            "passed_over": passed_over.collect::<Vec<Value>>(),
            "files": files.collect::<Vec<String>>(),
        })
    }
}

/// What a question came to, in one word.
fn outcome(said: &Said) -> &'static str {
    match said {
        Said::Status(_) => "status",
        Said::NotKnown => "not_known",
        // An answer came, and it says nothing of the order.
        Said::NotVerified(problem) if problem.http_status.is_some() => "set_aside",
        Said::NotVerified(_) => "failed",
        Said::NotAsked => "not_asked",
    }
}

fn order(learnt: &Learnt) -> Value {
    let codes: Vec<&str> = learnt.codes.iter().map(|code| code.word()).collect();
    let mut about = json!({
        "provider": learnt.provider,
        "order_reference": learnt.order_reference,
        "codes": codes,
        "outcome": outcome(&learnt.said),
    });
    match &learnt.said {
        Said::Status(status) => put(&mut about, "status", status.as_str().into()),
        Said::NotVerified(problem) => add(&mut about, problem),
        Said::NotKnown | Said::NotAsked => {}
    }
    about
}

/// What went wrong: a sentence, the code of HTTP where an answer came, and what it complains of.
fn add(about: &mut Value, problem: &Problem) {
    let errors = problem
        .errors
        .iter()
        .map(|error| json!({"code": error.code, "field": error.field, "label": error.label}));
    let errors: Vec<Value> = errors.collect();
    put(about, "sentence", problem.sentence.as_str().into());
    put(about, "http_status", problem.http_status.into());
    put(about, "errors", errors.into());
}

fn put(about: &mut Value, key: &str, value: Value) {
    if let Value::Object(fields) = about {
        fields.insert(key.to_owned(), value);
    }
}
