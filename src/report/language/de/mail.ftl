### Texte der Mail. Überschrift, Alter und Zahlen sind die aus html.ftl.

## Teile

mail-providers = Nach Anbieter
mail-open = offen
mail-short = fehlt
mail-over = zu viel
mail-elsewhere = Bank und Dateien
mail-news = Neu und geändert
mail-persisting = Weiterhin offen, die ältesten zuerst
mail-resolved = Erledigt
mail-labelled = { $label }: { $text }
mail-more =
    { $count ->
        [one] und { $count } weitere im Bericht
       *[other] und { $count } weitere im Bericht
    }

## Unten

mail-where = Der Bericht liegt im Ordner { $folder } der Berichte
mail-link = Bericht öffnen
mail-attached = Angehängt: { $names }
mail-too-large = Zu groß zum Anhängen, siehe Bericht: { $names }
mail-journal = Journal, Zeile { $number }: { $sha256 }
mail-foot = Von crp-recon einmal je Tag verschickt, und nur dann noch einmal, wenn dieser Tag anders aussieht.
mail-foot-mine = Was { $name } zugewiesen ist. Von crp-recon einmal je Tag verschickt, und nur dann noch einmal, wenn dieser Tag anders aussieht.
