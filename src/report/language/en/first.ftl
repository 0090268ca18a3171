### What people read first: the headline of page, workbook, mail and terminal, the mail's subject,
### and what to do first.

## Headline

headline-well = All is well: every book is complete and nothing is open.
headline-no-books = Nothing is known: no book has been read.
headline-unknown = Not known: { $books }{ $amount ->
    [0] .
   *[other] ; { $amount } waits for it.
}
headline-late = Not complete yet: { $books }.
# `day` is the first one that is missing; 0: nothing ever came.
headline-gap = { $day ->
    [0] { $feed } of { $name } (none yet)
   *[other] { $feed } of { $name } since { $day }
}
headline-files =
    { $count ->
        [one] { $count } file missing or refused
       *[other] { $count } files missing or refused
    }
headline-short = Short { $amount }.
headline-over = Over { $amount }.
headline-counts = { $new } new, { $open } open.
headline-open = { $open } open.
headline-nothing-open = Nothing is open.

## Subject of the mail, after `[recon]` and the day

subject-well = all balanced
subject-counts = { $new } new, { $open } open
subject-open = { $open } open
subject-short = short { $amount }
subject-over = over { $amount }
subject-no-books = nothing read yet
subject-missing = { $feed } missing since { $day }
subject-late = { $feed } until { $day }
subject-nothing-yet = no { $feed } yet

## Feeds

book-bank = statements
book-reports = reports
book-orders = orders
book-events = notifications
book-several-bank = { $count } accounts
book-several-reports = { $count } providers
book-several-inputs = { $count } inputs

## What to do first

start-title = Start here
# `day` is the first one that is missing; 0: nothing ever came.
start-book = { $day ->
    [0] Fetch the { $feed } of { $name }
   *[other] Fetch the { $feed } of { $name } since { $day }
}
start-waits = { $count ->
    [0] nothing waits for it so far
    [one] { $count } item waits for it
   *[other] { $count } items wait for it
}{ $amount ->
    [0] {""}
   *[other] , { $amount }
}
start-fetch = Fetch { $name }
start-fetch-again = Have { $name } sent again
start-fetch-statement = Fetch the missing statement of account { $name }
start-look = { $title } { $name }{ $provider ->
    [0] {""}
   *[other] {" "}({ $provider })
}
start-explains = { $count ->
    [one] explains { $count } finding
   *[other] explains { $count } findings
}{ $amount ->
    [0] {""}
   *[other] , net { $amount }
}
# `name` is the provider with its country.
start-report = { $number ->
    [0] report of { $name } of { $day }
   *[other] report { $number } of { $name }
}
