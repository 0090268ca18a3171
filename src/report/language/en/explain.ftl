### Explanations of discrepancies: what was found on both sides, with the numbers, and what to
### do next. One message a code, or one for each way in which it is found.
###
### Every message may use every variable below; what is not known is the number 0, so `[0]` is
### the variant without it. A line end becomes a blank. Other messages (`part-…`) are parts of
### sentences; a language has the ones that its grammar needs.
###
### $provider  $order  $transaction  $payout  $account  $file  $statement  names and references
### $entry           the bank's entry, several joined by a semicolon
### $source          the file of the first source
### $line            its line, as text
### $country         of a report that is missing, as in its file name, in capitals
### $expected  $actual                  amounts with their sign
### $expected-size  $actual-size  $gap  without it; the last one is the difference
### $expected-cost  $actual-cost        with the sign turned: what a commission costs
### $actual-sign     `negative` or `positive`
### $gap-sign        `negative` where too little came, else `positive`
### $event-day       the day of the discrepancy
### $age             days since then; 0 for today and later
### What only some codes have (see `Detail` in the program):
### $amount  $count  an amount or a number that the sentence needs besides
### $status  $their-status  $own-words  the shop's status of an order, the provider's, and what it
###                  calls it itself; of an order that the shop does not have, $status is the provider's
### $taken-back      what the provider took back of such an order
### $nearest         the nearest order's reference
### $shop-merchant  $merchant  the merchant of the order, and the one of the lines
### $notice          the notification that tells of a chargeback
### $bank-text       remittance text of a bank entry
### $candidates      ids of entries that fit
### $payouts         references of payouts that were paid together
### $month           of commissions: `2026-10`
### $day             of a report that is missing, or on which a statement ended
### $first  $last    notifications that are missing; $last only where there are several
### $next            the notification that came instead
### $number          of a report that is missing
### $other-file      the file that another one replaces or repeats
### $reason          why a file was refused
### $column  $complaint  where a row cannot be read, and why
### $before          the statement before
### $claimed         what an order that the shop does not have amounts to
### $remedy          what to do about two statuses, see `part-status-remedy`
### $answered-on  $http  $answer  when the provider was asked for the order and told no status: the
###                  day, the code of HTTP, and what it complained of in its own words

## Parts

part-who = { $provider ->
    [0] The provider
   *[other] { $provider }
}
part-whom = { $provider ->
    [0] the provider
   *[other] { $provider }
}
part-sender = { $provider ->
    [0] its sender
   *[other] { $provider }
}
part-order = { $order ->
    [0] { $transaction ->
        [0] an order
       *[other] transaction { $transaction }
    }
   *[other] order { $order }
}
part-order-of-transaction = { $transaction ->
    [0] { part-order }
   *[other] { $order ->
        [0] { part-order }
       *[other] transaction { $transaction } (order { $order })
    }
}
part-payout = { $payout ->
    [0] a payout
   *[other] payout { $payout }
}
part-Payout = { $payout ->
    [0] A payout
   *[other] Payout { $payout }
}
part-account = { $account ->
    [0] the account
   *[other] account { $account }
}
part-Account = { $account ->
    [0] The account
   *[other] Account { $account }
}
part-File = { $file ->
    [0] A file
   *[other] File { $file }
}
part-Statement = { $statement ->
    [0] Statement of { part-account }
   *[other] Statement { $statement } of { part-account }
}
part-reported = { $actual-sign ->
    [negative] took back { $actual-size }
   *[other] reported { $actual }
}
part-times = { $count ->
    [0] more than once
    [1] more than once
    [2] twice
   *[other] { $count } times
}
part-on-due-day = { $age ->
    [0] on { $event-day }
    [one] on { $event-day } ({ $age } day ago)
   *[other] on { $event-day } ({ $age } days ago)
}
# Bank entry and remittance text.
part-entry = { $entry ->
    [0] { $bank-text ->
        [0] {""}
       *[other] {" "}(“{ $bank-text }”)
    }
   *[other] { $bank-text ->
        [0] {" "}(entry { $entry })
       *[other] {" "}(entry { $entry }, “{ $bank-text }”)
    }
}
part-source = { $line ->
    [0] { $source }
   *[other] { $source }, line { $line }
}
# Where a line that no order names stands.
part-place = { $transaction ->
    [0] { $source ->
        [0] {""}
       *[other] {" "}({ part-source })
    }
   *[other] { $source ->
        [0] {" "}(transaction { $transaction })
       *[other] {" "}(transaction { $transaction }; { part-source })
    }
}
part-in-file = { $file ->
    [0] {""}
   *[other] {" "}in { $file }
}

## Orders and their settlement lines

explain-amount-mismatch =
    { part-who } reported { $actual } for { part-order }, the shop has { $expected }.
    Ask { part-whom }, or correct the order.

explain-duplicate-funding =
    { part-who } funded { part-order } { part-times }: { $actual } instead of { $expected }.
    Ask { part-whom } which funding stands; expect { $gap } to be taken back.

explain-funding-not-reported =
    { part-who } has not reported the funding of { $expected } for { part-order }, due { part-on-due-day }.
    Check the order's status at { part-whom }, or correct the order.

explain-cancellation-not-reported =
    The shop cancelled { $expected-size } of { part-order }, and { part-whom } has not reported it, due { part-on-due-day }.
    Send the cancellation to { part-whom } again, or correct the order.

explain-cancellation-unexpected =
    { part-who } took back { $actual-size } for { part-order }, which the shop has not cancelled.
    Ask { part-whom } why, or record the cancellation in the shop.

explain-cancellation-amount-mismatch =
    { part-who } took back { $actual-size } for { part-order }, the shop cancelled { $expected-size }.
    Ask { part-whom }, or correct the cancellation in the shop.

part-whole-order = { $amount ->
    [0] the whole order
   *[other] the whole order of { $amount }
}
explain-over-cancelled =
    { part-who } took back { $actual-size } for { part-order }, more than { part-whole-order }; the shop cancelled { $expected-size }.
    Claim { $gap } from { part-whom }.

part-unknown-order-remedy = { $nearest ->
    [0] Import the missing order, or ask { part-whom } what it is for.
   *[other] The nearest order is { $nearest }: if that is the one, ask { part-whom } to correct the reference; if not, import the missing order.
}
explain-order-not-found =
    { part-who } { part-reported } for { part-order }, which the shop does not have.
    { part-unknown-order-remedy }

explain-order-not-found-in-and-out =
    { part-who } reported { $amount } for { part-order } and took { $taken-back } back, and the shop does not have that order.
    { part-unknown-order-remedy }

part-status-over = { $claimed ->
    [0] { $status }
   *[other] { $status } over { $claimed }
}
explain-order-not-found-with-status =
    { part-who } has { part-order } as { part-status-over } (seen on { $event-day }), and the shop does not have it.
    { part-unknown-order-remedy }

part-shop-expects = { $amount ->
    [0] has it in another currency
   *[other] expects { $amount }
}
explain-currency-mismatch =
    { part-who } { part-reported } for { part-order }, the shop { part-shop-expects }.
    Ask { part-whom } for the amount in the order's currency, or correct the order.

part-still-expected = { $amount ->
    [0] what is expected stays as it was
   *[other] { $amount } are still expected
}
explain-currency-mismatch-of-cancellation =
    The shop cancelled { $actual-size } of { part-order } in another currency than the order's; { part-still-expected }.
    Correct the currency or the amount of this cancellation.

part-two-merchants = { $merchant ->
    [0] { $shop-merchant ->
        [0] another merchant than the shop
       *[other] another merchant than { $shop-merchant }, which the shop has
    }
   *[other] { $shop-merchant ->
        [0] merchant { $merchant }, the shop has it under another one
       *[other] merchant { $merchant }, the shop has it under { $shop-merchant }
    }
}
explain-merchant-mismatch =
    { part-who } reported { part-order } under { part-two-merchants }.
    Correct the merchant of the order, or ask { part-whom } whose money it is.

part-status-in-shop = { $status ->
    [0] not financed
   *[other] { $status }
}
explain-status-mismatch =
    { part-who } { part-reported } for { part-order }, which is { part-status-in-shop } in the shop: no money may be paid for it.
    Correct the order's status, or ask { part-whom } to undo it.

explain-reference-missing =
    { part-who } { part-reported } without an order reference{ part-place }.
    Ask { part-whom } which order it is for.

explain-duplicate-line =
    { part-who } reported the same line { part-times } for { part-order }: { $actual } in all instead of { $expected }.
    The order counts it once; ask { part-whom } whether it was paid more than once.

explain-fee-mismatch-by-rule =
    { part-who } charged a commission of { $actual-cost } for { part-order }, by the agreed rate it is { $expected-cost }.
    Ask { part-whom } to correct it, or correct the fee rule.

explain-fee-mismatch =
    { part-who } reported amounts for { part-order } that do not fit its commission: { $actual } instead of { $expected }.
    Ask { part-whom } which one holds.

part-last-day = { $age ->
    [0] { $event-day } is the last day. Confirm it if the goods are ready, or cancel it.
    [one] { $event-day } was the last day, { $age } day ago. Ask { part-whom } whether it can still be confirmed, or cancel it.
   *[other] { $event-day } was the last day, { $age } days ago. Ask { part-whom } whether it can still be confirmed, or cancel it.
}
explain-deadline-at-risk =
    { part-who } accepted { part-order } over { $expected }, and the shop has not confirmed it: { part-last-day }

explain-adjustment-unassigned =
    { part-who } { part-reported } as an adjustment that belongs to no order{ part-place }.
    Ask { part-whom } what it is for, and book it.

## What a provider says of an order

explain-provider-status-mismatch-vague =
    { part-who } has { part-order } in another status than the shop (seen on { $event-day }).
    Ask { part-whom }, or correct the order's status.

explain-provider-status-mismatch-unknown =
    { part-who } does not know { part-order } (asked on { $event-day }), the shop has it as { $status }.
    Check which reference { part-whom } was given, or correct the order.

part-seen = { $own-words ->
    [0] seen on { $event-day }
   *[other] { $own-words }, seen on { $event-day }
}
part-shop-status = { $status ->
    [0] in another status
   *[other] as { $status }
}
part-status-remedy = { $remedy ->
    [confirm] Nothing is paid before it is confirmed: confirm it at { part-whom }, or correct the order.
    [cancel-there] Cancel it at { part-whom } too, or correct the order.
    [correct-or-cancel-there] Correct the order's status, or cancel it at { part-whom }.
    [cancel-here] Nothing will be paid for it: cancel the order in the shop too, or ask { part-whom } who cancelled it.
    [do-not-ship] Nothing will be paid for it: do not ship, or have the customer pay in another way, and ask { part-whom } why.
   *[other] Correct the order's status, or ask { part-whom }.
}
explain-provider-status-mismatch =
    { part-who } has { part-order } as { $their-status } ({ part-seen }), the shop has it { part-shop-status }.
    { part-status-remedy }

explain-provider-amount-mismatch =
    { part-who } finances { $actual } for { part-order } (seen on { $event-day }), the shop expects { $expected }.
    Ask { part-whom }, or correct the order or its cancellations.

part-missing-notifications = { $first ->
    [0] A notification of { part-order-of-transaction } is missing
   *[other] { $last ->
        [0] Notification { $first } of { part-order-of-transaction } is missing
       *[other] Notifications { $first } to { $last } of { part-order-of-transaction } are missing
    }
}
part-next-notification = { $next ->
    [0] a later one
   *[other] number { $next }
}
explain-event-missing =
    { part-missing-notifications }: { part-next-notification } came on { $event-day }.
    Search the shop's log of notifications, and look at { part-whom } what was booked.

part-contest = Contest it at { part-whom }, or book the loss and accept this.
explain-chargeback =
    { part-who } charged back { $actual-size } for { part-order }: the customer or the customer's bank contests the payment.
    { part-contest }
explain-chargeback-notified =
    { part-who } took back { $actual-size } for { part-order } ({ $notice } of { $event-day }) after it was paid, and no payment has followed.
    { part-contest }

## Payouts and the bank's entries

explain-payout-not-received =
    { part-who } reported { part-payout } of { $expected }, and the bank has not booked it; it was due { part-on-due-day }.
    Ask { part-whom } for the transfer, or add the missing bank statement.

part-payouts = { $count ->
    [0] { part-payout }
    [1] { part-payout }
   *[other] { $payouts ->
        [0] { $count } payouts together with { part-payout }
       *[other] { $count } payouts together ({ $payouts })
    }
}
part-too-much-or-little = { $gap-sign ->
    [0] {""}
    [negative] , { $gap } too little
   *[other] , { $gap } too much
}
explain-payout-amount-mismatch =
    { part-who } reported { $expected } for { part-payouts }, the bank booked { $actual }{ part-too-much-or-little }.
    Ask { part-whom } what the transfer is made of.

part-lines = { $count ->
    [0] lines
    [one] { $count } line
   *[other] { $count } lines
}
part-sum = { $amount ->
    [0] { $actual }
   *[other] { $amount }
}
explain-payout-reference-missing =
    { part-who } reported { part-lines } of { part-sum } in all without a payout reference{ part-in-file }: no bank entry can be matched to them.
    Ask { part-whom } in which transfer they are.

part-debit = { $month ->
    [0] { part-payout }
   *[other] the commissions of { $month }
}
explain-debit-not-taken =
    { part-who } is to debit { $expected-size } for { part-debit }, and the bank has not booked it; it was due { part-on-due-day }.
    Ask { part-whom } when it will, and keep the money ready.

explain-carry-over =
    { part-Payout } adds up to { $expected } so far: { part-whom } carries it over and sets it off against later reports.
    Nothing to do.

part-several = { $count ->
    [0] Several
   *[other] { $count }
}
part-candidates = { $candidates ->
    [0] { $entry ->
        [0] {""}
       *[other] {" "}({ $entry })
    }
   *[other] {" "}({ $candidates })
}
explain-ambiguous-match =
    { part-several } bank entries{ part-candidates } fit { part-payout } of { $expected } equally well.
    Ask { part-whom } which one is its transfer, then note it here and accept this.

part-from-provider = { $provider ->
    [0] {""}
   *[other] {" "}from { $provider }
}
explain-bank-credit-unexplained =
    { part-Account } received { $actual }{ part-from-provider } on { $event-day }{ part-entry }, and no reported payout explains it.
    Ask { part-whom } for the report of this transfer.

explain-bank-debit-unexplained =
    { part-who } took { $actual-size } from { part-account } on { $event-day }{ part-entry }, and no report explains it.
    Ask { part-whom } what it is for, or have the bank return it.

## Files and statements

part-report = { $provider ->
    [0] The report
   *[other] { $provider }'s report
}
part-for-country = { $country ->
    [0] {""}
   *[other] {" "}for { $country }
}
part-missing-remedy = : what it says is in no figure yet. Fetch it from { part-whom } and put it into the input folder.
explain-report-missing-many =
    { $count } reports of { part-whom }{ part-for-country }, from number { $number } on, are missing{ part-missing-remedy }
explain-report-missing-day =
    { part-report }{ part-for-country } of { $day } is missing{ part-missing-remedy }
explain-report-missing-number =
    { part-report }{ part-for-country } with number { $number } is missing{ part-missing-remedy }
part-report-name = { $file ->
    [0] of a day
   *[other] { $file }
}
explain-report-missing =
    { part-report } { part-report-name } is missing{ part-missing-remedy }

part-report-before = { $other-file ->
    [0] an earlier report of the same number
   *[other] { $other-file }
}
explain-report-replaced-in-currencies =
    { part-File } replaces { part-report-before }; their sums in several currencies stand among the input files.
    Only the new one counts; ask { part-whom } if the correction was not announced.

explain-report-replaced =
    { part-File } replaces { part-report-before }: { $actual } in all instead of { $expected }.
    Only the new one counts; ask { part-whom } if the correction was not announced.

part-same-file = { $other-file ->
    [0] a file that is stored already
   *[other] { $other-file }
}
explain-report-duplicate =
    { part-File } has the same content as { part-same-file } and was not read again. Nothing to do.

part-refusal = { $reason ->
    [0] was refused
   *[other] was refused: { $reason }
}
explain-report-rejected =
    { part-File } { part-refusal }. Nothing of it counts; ask { part-sender } for a correct file.

part-Row = { $file ->
    [0] A row
   *[other] Row { $file }
}
part-why = { $column ->
    [0] { $complaint ->
        [0] {""}
       *[other] : { $complaint }
    }
   *[other] { $complaint ->
        [0] : { $column }
       *[other] : { $column }: { $complaint }
    }
}
explain-line-rejected =
    { part-Row } could not be read{ part-why }. It counts nowhere; ask { part-sender } for a corrected file.

part-statement-before = { $before ->
    [0] the one before
   *[other] the one before ({ $before })
}
part-closed-on = { $day ->
    [0] {""}
   *[other] {" "}on { $day }
}
explain-statement-gap =
    { part-Statement } opens with { $actual }, { part-statement-before } closed with { $expected }{ part-closed-on }.
    Fetch the statement that is missing in between from the bank.

explain-statement-unbalanced =
    { part-Statement } closes with { $actual }, its opening balance and entries add up to { $expected }: { $gap } is not explained.
    Fetch the statement from the bank again.

explain-feed-silent-account = { $day ->
    [0] No statement of account { $account } has come yet.
   *[other] The statements of account { $account } end on { $day }: what was booked since is not known.
}
    Fetch them from the bank, or name the account in closed_accounts if it was closed.

explain-feed-silent-input = { $day ->
    [0] Nothing has come yet by the input { $file }.
   *[other] The last file of the input { $file } came on { $day }: what happened since is not known.
}
    Find out why the delivery stopped, and put the missing files into the input folder.

explain-before-the-books = It lies before the day from which the books are known, and is for information only.

unknown-amount = an unknown amount

## What came back when the provider was asked for the order

part-answer = { $http ->
    [0] { $answer ->
        [0] no answer
       *[other] { $answer }
    }
   *[other] { $answer ->
        [0] HTTP { $http }
       *[other] HTTP { $http }: { $answer }
    }
}
explain-asked-not-known =
    Asked on { $answered-on }, { part-whom } said that it does not know this order ({ part-answer }).
explain-asked-not-verified =
    Asked on { $answered-on }, { part-whom } told no status of this order, so it is not verified ({ part-answer }).
explain-asked-answered =
    { part-who } answered with { part-answer }.
