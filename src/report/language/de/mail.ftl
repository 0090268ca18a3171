### Texte der Mail. Überschrift, Alter und Zahlen sind die aus html.ftl.

## Was zuerst zu tun ist

mail-first = Hier anfangen
mail-first-files =
    { $count ->
        [one] { $count } Datei fehlt oder wurde abgelehnt (siehe unten). Zuerst beschaffen: Andere Abweichungen sind vielleicht nur ihre Folge.
       *[other] { $count } Dateien fehlen oder wurden abgelehnt (siehe unten). Zuerst beschaffen: Andere Abweichungen sind vielleicht nur ihre Folge.
    }
mail-first-largest = Größte der neuen und geänderten: { $title }, { $amount }.
mail-first-new = Neu oder geändert: { $title }.
mail-first-oldest = Am längsten offen: { $title }, { $age }.

## Teile

mail-providers = Nach Anbieter
mail-open = offen
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

mail-where = Der Bericht liegt in { $folder }
mail-attached = Angehängt: { $names }
mail-too-large = Zu groß zum Anhängen, siehe Bericht: { $names }
mail-journal = Journal, Zeile { $number }: { $sha256 }
mail-foot = Von crp-recon einmal je Tag verschickt, und nur dann noch einmal, wenn dieser Tag anders aussieht.
mail-foot-mine = Was { $name } zugewiesen ist. Von crp-recon einmal je Tag verschickt, und nur dann noch einmal, wenn dieser Tag anders aussieht.
