### Texts of the workbook report.xlsx.

## Decisions, which finance writes into the sheet of discrepancies

xlsx-decision-accept = accept
xlsx-decision-reopen = reopen
xlsx-decision-note = note
xlsx-decision-assign = assign
xlsx-decision-title = Decision
xlsx-reason-title = Reason
xlsx-decision-prompt = { xlsx-decision-accept }: why, in { xlsx-reason-title }. { xlsx-decision-reopen }: takes an acceptance back. { xlsx-decision-note }: the text, in { xlsx-reason-title }. { xlsx-decision-assign }: the name, in { xlsx-reason-title }. Empty: nothing happens.
xlsx-decision-wrong = This is none of: { xlsx-decision-accept }, { xlsx-decision-reopen }, { xlsx-decision-note }, { xlsx-decision-assign }. Only "{ xlsx-decision-assign }: NAME" may be written besides.
xlsx-decision-help =
    What is to be done about this row; empty: nothing.
    { xlsx-decision-accept }: it is right as it is, { xlsx-reason-title } says why. It comes back when its amounts change.
    { xlsx-decision-reopen }: takes an acceptance back.
    { xlsx-decision-note }: notes what stands in { xlsx-reason-title }.
    { xlsx-decision-assign }: gives it to the person named in { xlsx-reason-title }. With "{ xlsx-decision-assign }: NAME" the { xlsx-reason-title } is noted besides.
    Rows may be sorted, filtered and left out; only { xlsx-decision-title } and { xlsx-reason-title } are read back. Save the file, then:
    crp-recon decisions import report.xlsx
    A row that has changed since this report is refused.
xlsx-reason-help = Why it is accepted or reopened; what is to be noted; or the name to assign it to. Up to { $letters } letters.

## Sheets

xlsx-more-rows =
    { $count ->
        [one] { $count } more row does not fit into a sheet: see { $file }
       *[other] { $count } more rows do not fit into a sheet: see { $file }
    }

## The sheet Summary. Its English labels are words of the contract where there are such.

xlsx-title = Reconciliation as of { $as_of }
xlsx-title-range = Reconciliation { $from } to { $to }, as of { $as_of }
xlsx-as-of = as_of
xlsx-from = from
xlsx-to = to
xlsx-exit = exit
xlsx-sheets = Sheets
xlsx-sheet = sheet
xlsx-rows = rows
xlsx-rows-in-table = rows_in_table
xlsx-rows-cut = more rows than a sheet can have: see { $file }
xlsx-links-cut = more links than a sheet can have: the last rows have none
xlsx-counts = Discrepancies by code and state
xlsx-total = total
xlsx-amounts = Open differences by severity and currency
xlsx-amount = amount
xlsx-ageing = Age of open discrepancies
xlsx-days = days
xlsx-open = open
xlsx-balance = Balance
xlsx-inputs = Inputs
xlsx-files = files
xlsx-totals = Totals of { $sheet }
xlsx-kinds = What is open, by kind and provider
xlsx-new = new
xlsx-short = short
xlsx-over = over
xlsx-coverage = What the books cover
xlsx-feed = feed
xlsx-feed-state = state
xlsx-covered-until = covered_until
xlsx-allowed-until = allowed_until
xlsx-waiting-items = waiting_items
xlsx-waiting-amount = waiting_amount
