### Texts of the page report.html. `%1` to `%4` are filled in by the page's script.

## The first screen

html-skip = Skip to the discrepancies
html-contents = Contents
html-scope = As of { $as_of }
html-scope-range = From { $from } to { $to }, as of { $as_of }
html-oldest-line = The oldest ({ $age }): { $title }.
html-show = Show it
html-age =
    { $days ->
        [one] { $days } day
       *[other] { $days } days
    }
html-age-today = since today
html-besides = Besides: { $parts }.
html-besides-information = { $count } for information
html-besides-snoozed = { $count } put aside
html-besides-accepted = { $count } accepted
html-besides-resolved = { $count } resolved
html-glance = At a glance
html-open-kinds =
    { $errors ->
        [one] { $errors } error
       *[other] { $errors } errors
    }, { $warnings ->
        [one] { $warnings } warning
       *[other] { $warnings } warnings
    }
html-files = Files missing or refused
html-files-more =
    { $count ->
        [one] and { $count } more
       *[other] and { $count } more
    }
html-none = None
html-currencies-more =
    { $count ->
        [one] and { $count } more currency
       *[other] and { $count } more currencies
    }
html-moves =
    { $new } new, { $changed } changed, { $resolved } resolved since the night before
html-short = Short
html-over = Over
html-waiting = Waiting for a book
html-waits =
    { $count ->
        [one] { $count } item, which nobody can call missing yet
       *[other] { $count } items, which nobody can call missing yet
    }
html-reconciled = Reconciled
html-reconciled-of = { $matched } of { $reported } reported
html-open = Open
html-start-none = There is nothing to do.
html-coverage = What the books cover
html-coverage-none = No book is known.
html-book = Account or feed
html-book-until = Data until
html-book-expected = Expected by
html-book-waits = { $count } × { $amount }
html-books-others =
    { $count ->
        [one] { $count } other book that nothing waits for
       *[other] { $count } other books that nothing waits for
    }
html-age-title = Age
html-age-ahead =
    { $days ->
        [one] in { $days } day
       *[other] in { $days } days
    }
html-timeline-others = Other currencies
html-payouts-open = Payouts, open
html-payouts-done = Payouts, done
html-payouts-done-intro = Payouts that the bank booked, or that add up to nothing.
html-payout-sum = Gross { $gross }{ $refunds ->
    [0] {""}
   *[other] , of which refunds { $refunds }
}; fees { $fees }; net { $net }. Bank: { $booked ->
    [0] nothing certain yet
   *[other] { $booked }
}.
html-rest = Without JavaScript the page shows the first { $shown } of { $total }; the others need it. All are in { $file }.

## Figures

html-charts = Figures
html-ageing = By age
html-ageing-note = What is short and over by days since the event; what one finding explains counts with it.
html-timeline = Payouts, expected and booked ({ $currency })
html-timeline-note = Payouts of this report, by the date of their last report.
html-timeline-expected = expected
html-timeline-booked = booked
html-timeline-figures = As a table
html-timeline-from = From

## Tables

html-discrepancies-intro = The most urgent first, each above what it explains. Each opens to its sources and to what to do.
html-none-found = There is no discrepancy.
html-next = On the command line
html-source-line = line { $line }
html-sources-more =
    { $count ->
        [one] and { $count } more
       *[other] and { $count } more
    }
html-payouts-intro = Payouts of this report, beside what the bank booked.
html-payouts-none = No payout is in this report.
html-orders-intro = Orders whose amounts or status differ. Besides: { $pending } pending, for which it is too early, and { $balanced } balanced; they are in orders.csv.
html-orders-none = No order is open.
html-inputs-intro = Files of this report.
html-inputs-none = No file is in this report.
html-rejected-intro = Rows that could not be read. Everything else in their files counts.
html-rejected-none = Every row could be read.
html-cut = The page shows the first { $shown } of { $total }. All are in { $file } and, if it is written, in report.xlsx.
html-search = Search
html-all = all
html-reset = Reset
html-page = %1 of %2 shown|%3 to %4 of %1 shown, %2 in all|Previous page|Next page
html-print-cut = The first %1 of %2 rows are printed. Filter the table before printing, or use the CSV.

## Balance

html-balance = Balance: where every amount is
html-balance-intro = What each provider reported, added up from its lines, and what became of it, added up from its payouts. The two meet, or no report is written.
html-balance-none = No provider has reported anything.
html-balance-lines =
    { $count ->
        [one] Reported in { $count } line
       *[other] Reported in { $count } lines
    }
html-balance-places = Where it is
html-balance-sum = Together
html-balance-residual = Residual { $residual }
html-foot = Written by crp-recon. The same figures are in the CSV files and in summary.json beside this page.
