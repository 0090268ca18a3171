//! Mail waits until each recipient has it, leaves in order, and is then let go of.

use super::on_a_database;
use crate::domain::outgoing_mail::{MailTopic, OutgoingMail, RecipientState};
use crate::storage::outbox::{
    Handed, insert, next_number, note, of_topic, replace, send_also, take, waiting,
};

fn topic(scope: &str) -> MailTopic {
    MailTopic {
        scope: scope.to_owned(),
        audience: String::new(),
    }
}

fn mail(number: i64, scope: &str, waiting: &[&str]) -> OutgoingMail {
    OutgoingMail {
        number,
        topic: topic(scope),
        content: format!("content-{number}"),
        message_id: format!("<{number}@example.com>"),
        subject: "all balanced".to_owned(),
        sender: "recon@example.com".to_owned(),
        composed_at: "2026-11-20T02:00:00Z".to_owned(),
        message: b"From: recon@example.com\r\n\r\n\xff".to_vec(),
        waiting: waiting.iter().map(|name| (*name).to_owned()).collect(),
    }
}

fn handed(address: &str, state: RecipientState) -> Handed<'_> {
    Handed {
        address,
        state,
        at: "2026-11-20T02:00:01Z",
        detail: "250 OK",
    }
}

#[test]
fn a_mail_waits_for_each_recipient_and_its_message_goes_with_the_last() {
    on_a_database(async |db| {
        assert_eq!(next_number(db).await.unwrap(), 1);
        let first = mail(1, "2026-11-19", &["a@x.example", "b@x.example"]);
        insert(db, &first).await.unwrap();
        insert(db, &mail(2, "2026-11-20", &["a@x.example"]))
            .await
            .unwrap();
        assert_eq!(next_number(db).await.unwrap(), 3);
        assert_eq!(waiting(db).await.unwrap(), [1, 2], "in order");
        assert!(
            take(db, 1).await.unwrap().unwrap() == first,
            "byte for byte"
        );

        note(db, 1, &[handed("a@x.example", RecipientState::Accepted)])
            .await
            .unwrap();
        let left = take(db, 1).await.unwrap().unwrap();
        assert_eq!(left.waiting, ["b@x.example"]);
        assert_eq!(left.message, first.message, "somebody still needs it");
        note(db, 1, &[handed("b@x.example", RecipientState::Refused)])
            .await
            .unwrap();
        assert_eq!(waiting(db).await.unwrap(), [2]);
        assert!(take(db, 1).await.unwrap().unwrap().message.is_empty());
        assert!(take(db, 9).await.unwrap().is_none());
    });
}

#[test]
fn what_is_no_longer_so_does_not_leave() {
    on_a_database(async |db| {
        insert(db, &mail(1, "2026-11-20", &["a@x.example"]))
            .await
            .unwrap();
        insert(db, &mail(2, "2026-11-21", &["a@x.example"]))
            .await
            .unwrap();
        replace(db, &topic("2026-11-20"), "now").await.unwrap();
        assert_eq!(
            waiting(db).await.unwrap(),
            [2],
            "another day is another topic"
        );
        assert!(take(db, 1).await.unwrap().unwrap().message.is_empty());
        let known = of_topic(db, &topic("2026-11-20")).await.unwrap();
        assert_eq!(
            known[0].content, "content-1",
            "it is remembered all the same"
        );
    });
}

#[test]
fn a_mail_goes_once_more_only_to_those_who_have_not_got_it() {
    on_a_database(async |db| {
        insert(db, &mail(1, "d", &["a@x.example", "b@x.example"]))
            .await
            .unwrap();
        let done = [
            handed("a@x.example", RecipientState::Accepted),
            handed("b@x.example", RecipientState::Refused),
        ];
        note(db, 1, &done).await.unwrap();
        let again = mail(1, "d", &["a@x.example", "b@x.example", "c@x.example"]);
        send_also(db, &again).await.unwrap();
        let taken = take(db, 1).await.unwrap().unwrap();
        assert_eq!(taken.waiting, ["b@x.example", "c@x.example"]);
        assert_eq!(taken.message, again.message);
        for address in ["b@x.example", "c@x.example"] {
            note(db, 1, &[handed(address, RecipientState::Accepted)])
                .await
                .unwrap();
        }
        send_also(db, &again).await.unwrap();
        assert!(waiting(db).await.unwrap().is_empty());
        assert!(take(db, 1).await.unwrap().unwrap().message.is_empty());
    });
}
