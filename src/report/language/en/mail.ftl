### Texts of the digest mail. Its headline is that of first.ftl, ages and counts are those of html.ftl.

## What to do first

mail-first = Start here
mail-first-files =
    { $count ->
        [one] { $count } file is missing or was refused, see below. Get it first: other differences may only follow from it.
       *[other] { $count } files are missing or were refused, see below. Get them first: other differences may only follow from them.
    }
mail-first-largest = Largest of the new and changed: { $title }, { $amount }.
mail-first-new = New or changed: { $title }.
mail-first-oldest = Open longest: { $title }, { $age }.

## Parts

mail-providers = By provider
mail-open = open
mail-elsewhere = Bank and files
mail-news = New and changed
mail-persisting = Still open, the oldest first
mail-resolved = Resolved
mail-labelled = { $label }: { $text }
mail-more =
    { $count ->
        [one] and { $count } more in the report
       *[other] and { $count } more in the report
    }

## Below

mail-where = The report is in { $folder }
mail-attached = Attached: { $names }
mail-too-large = Too large to attach, see the report: { $names }
mail-journal = Journal row { $number }: { $sha256 }
mail-foot = Sent by crp-recon once for each day, and again only when this day looks different.
mail-foot-mine = This is what is assigned to { $name }. Sent by crp-recon once for each day, and again only when this day looks different.
