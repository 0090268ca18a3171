//! What was sent to providers is remembered, whether or not its outcome ever came.

use super::on_a_database;
use crate::domain::provider_action::{ProviderAction, ProviderActionKind, ProviderActionOutcome};
use crate::domain::{Amount, Currency};
use crate::storage::provider_actions::{Completion, complete, insert, next_number, of_order};

fn action(number: i64, order_reference: &str) -> ProviderAction {
    ProviderAction {
        number,
        requested_at: "2026-11-20T02:00:00Z".to_owned(),
        requested_by: "anna".to_owned(),
        provider: "oney".to_owned(),
        order_reference: order_reference.to_owned(),
        transaction_id: String::new(),
        kind: ProviderActionKind::Cancel,
        amount: Some(Amount::from_minor(3_000)),
        currency: Currency::EUR,
        reason: "returned, «damaged»".to_owned(),
        request_id: "recon-1".to_owned(),
        state_before: "FUNDED, 200.00".to_owned(),
        amount_before: None,
        outcome: ProviderActionOutcome::Intended,
        completed_at: String::new(),
        detail: String::new(),
    }
}

#[test]
fn an_intent_stays_until_it_is_completed() {
    on_a_database(async |db| {
        assert_eq!(next_number(db).await.unwrap(), 1);
        insert(db, &action(1, "WEB-1")).await.unwrap();
        insert(db, &action(2, "WEB-2")).await.unwrap();
        assert_eq!(next_number(db).await.unwrap(), 3);
        assert_eq!(of_order(db, "WEB-1").await.unwrap(), [action(1, "WEB-1")]);
        let completion = Completion {
            outcome: ProviderActionOutcome::Done,
            at: "2026-11-20T02:00:03Z",
            detail: "Oney answers CANCELLED",
        };
        complete(db, 1, completion).await.unwrap();
        let done = ProviderAction {
            outcome: ProviderActionOutcome::Done,
            completed_at: "2026-11-20T02:00:03Z".to_owned(),
            detail: "Oney answers CANCELLED".to_owned(),
            ..action(1, "WEB-1")
        };
        assert_eq!(of_order(db, "WEB-1").await.unwrap(), [done]);
        assert_eq!(of_order(db, "WEB-2").await.unwrap(), [action(2, "WEB-2")]);
    });
}

#[test]
fn a_number_is_taken_once_and_only_what_is_there_is_completed() {
    on_a_database(async |db| {
        insert(db, &action(1, "WEB-1")).await.unwrap();
        assert!(insert(db, &action(1, "WEB-2")).await.is_err());
        let completion = Completion {
            outcome: ProviderActionOutcome::Done,
            at: "",
            detail: "",
        };
        assert!(complete(db, 9, completion).await.is_err());
    });
}
