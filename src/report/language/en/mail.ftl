### Texts of the digest mail. Its headline is that of first.ftl, ages and counts are those of html.ftl.

## Parts

mail-providers = By provider
mail-open = open
mail-short = short
mail-over = over
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

mail-where = The report lies in the folder { $folder } of the reports
mail-link = Open the report
mail-attached = Attached: { $names }
mail-too-large = Too large to attach, see the report: { $names }
mail-journal = Journal row { $number }: { $sha256 }
mail-foot = Sent by crp-recon once for each day, and again only when this day looks different.
mail-foot-mine = This is what is assigned to { $name }. Sent by crp-recon once for each day, and again only when this day looks different.
