### Titles and single words: codes, states, tables, columns.

## Codes of discrepancies

code-adjustment-unassigned = Adjustment without an order
code-ambiguous-match = Several bank entries fit
code-amount-mismatch = Funded with another amount
code-bank-credit-unexplained = Unexplained bank credit
code-bank-debit-unexplained = Unexplained bank debit
code-cancellation-amount-mismatch = Cancelled with another amount
code-cancellation-not-reported = Cancellation not reported
code-cancellation-unexpected = Unexpected cancellation
code-carry-over = Negative payout carried over
code-chargeback = Chargeback
code-currency-mismatch = Another currency
code-deadline-at-risk = Deadline at risk
code-debit-not-taken = Debit not taken
code-duplicate-funding = Funded more than once
code-duplicate-line = Line reported more than once
code-event-missing = Missing notification
code-fee-mismatch = Commission differs
code-feed-silent = Nothing comes any more
code-funding-not-reported = Funding not reported
code-line-rejected = Row rejected
code-merchant-mismatch = Another merchant
code-order-not-found = Order not found
code-over-cancelled = More cancelled than ordered
code-payout-amount-mismatch = Bank booked another amount
code-payout-not-received = Payout not received
code-payout-reference-missing = Payout reference missing
code-provider-amount-mismatch = Provider has another amount
code-provider-status-mismatch = Provider has another status
code-reference-missing = Order reference missing
code-report-duplicate = Same report again
code-report-missing = Report missing
code-report-rejected = File refused
code-report-replaced = Report replaced
code-statement-gap = Gap between statements
code-statement-unbalanced = Statement does not add up
code-status-mismatch = Money for an order that is not financed

## Severities

severity-error = Error
severity-warning = Warning
severity-info = For information

## States of discrepancies

state-new = new
state-changed = changed
state-persisting = persisting
state-accepted = accepted
state-resolved = resolved

## Ages

age-0-7 = up to 7 days
age-8-30 = 8–30 days
age-31-60 = 31–60 days
age-61-90 = 61–90 days
age-over-90 = over 90 days

## Statuses of orders

order-status-pending = pending
order-status-favorable = accepted, not confirmed
order-status-funded = financed
order-status-cancelled = cancelled
order-status-refused = refused
order-status-aborted = abandoned

## How a feed stands

feed-state-complete = complete
feed-state-late = late
feed-state-silent = silent
feed-state-never = nothing yet

## States of orders

order-state-balanced = balanced
order-state-open = open
order-state-pending = pending

## States of payouts

payout-state-matched = matched
payout-state-mismatched = other amount booked
payout-state-not-received = not received
payout-state-pending = pending
payout-state-carried-over = carried over
payout-state-settled-without-transfer = settled without a transfer

## How a payout was matched

matched-by-reference = by reference
matched-by-amount = by amount
matched-by-sum = by sum
matched-by-decision = by decision

## What became of a file

file-status-accepted = accepted
file-status-duplicate = duplicate
file-status-superseded = superseded
file-status-refused = refused
file-status-ignored = ignored
file-status-unread = unread

## Kinds of files

input-kind-oney-crp = Oney payment report
input-kind-payone-settlement = PAYONE settlement
input-kind-settlement = Settlement report
input-kind-payone-status = PAYONE notifications
input-kind-e-financing = e-Financing subscriptions
input-kind-oney-status = Oney purchase status
input-kind-orders = Orders
input-kind-order-events = Order events
input-kind-bank-statement = Bank statement
input-kind-decisions = Decisions

## Tables

table-summary = Summary
table-discrepancies = Discrepancies
table-orders = Orders
table-payouts = Payouts
table-balance = Balance
table-inputs = Input files
table-rejected = Rejected rows

## Columns of the tables

column-accepted = Accepted
column-account = Account
column-actual = Actual
column-adjustments = Adjustments
column-age-days = Age (days)
column-amount = Amount
column-assignee = Assigned to
column-bank-entries = Bank entries
column-bank-entry = Bank entry
column-booked = Booked
column-cancelled = Cancelled
column-carried-over = Carried over
column-cause = Cause
column-chargebacks = Chargebacks
column-code = Code
column-column = Column
column-country = Country
column-currency = Currency
column-difference = Difference
column-event-date = Date
column-expected = Expected
column-expected-payouts = Expected payouts
column-explanation = Explanation
column-exposure = Exposure
column-fee = Commission
column-fees = Commissions
column-file = File
column-first-report = First report
column-first-seen = First seen
column-funded = Funded
column-gross = Gross
column-id = Id
column-kind = Kind
column-last-report = Last report
column-line = Line
column-lines = Lines
column-matched = Matched
column-matched-by = Matched by
column-merchant = Merchant
column-mismatched = Mismatched
column-net = Net
column-not-received = Not received
column-note = Note
column-order-reference = Order
column-payout-reference = Payout
column-pending = Pending
column-provider = Provider
column-raw = Row as it stands
column-reason = Reason
column-rejected = Rejected
column-report-date = Report date
column-reported-cancelled = Reported cancelled
column-reported-funded = Reported funded
column-residual = Residual
column-rows = Rows
column-sequence = Number
column-severity = Severity
column-sha256 = SHA-256
column-sources = Sources
column-state = State
column-status = Status
column-transaction-id = Transaction
column-unassigned = Unassigned
column-value = Value
