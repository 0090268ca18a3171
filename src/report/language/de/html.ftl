### Texte der Seite report.html. `%1` bis `%4` füllt das Skript der Seite.

## Der erste Bildschirm

html-skip = Zu den Abweichungen
html-contents = Inhalt
html-scope = Stand { $as_of }
html-scope-range = Vom { $from } bis { $to }, Stand { $as_of }
html-oldest-line = Die älteste ({ $age }): { $title }.
html-show = Anzeigen
html-age =
    { $days ->
        [one] { $days } Tag
       *[other] { $days } Tage
    }
html-age-today = seit heute
html-besides = Außerdem: { $parts }.
html-besides-information = { $count } zur Information
html-besides-snoozed = { $count } zurückgestellt
html-besides-accepted = { $count } akzeptiert
html-besides-resolved = { $count } erledigt
html-glance = Auf einen Blick
html-open-kinds =
    { $errors } Fehler, { $warnings ->
        [one] { $warnings } Warnung
       *[other] { $warnings } Warnungen
    }
html-files = Fehlende oder abgelehnte Dateien
html-files-more =
    { $count ->
        [one] und { $count } weitere
       *[other] und { $count } weitere
    }
html-none = Keine
html-currencies-more =
    { $count ->
        [one] und { $count } weitere Währung
       *[other] und { $count } weitere Währungen
    }
html-moves =
    { $new } neu, { $changed } geändert, { $resolved } erledigt seit der vorherigen Nacht
html-short = Fehlbetrag
html-over = Überschuss
html-waiting = Wartet auf ein Buch
html-waits =
    { $count ->
        [one] { $count } Posten, der noch nicht als fehlend gelten kann
       *[other] { $count } Posten, die noch nicht als fehlend gelten können
    }
html-reconciled = Abgestimmt
html-reconciled-of = { $matched } von { $reported } gemeldet
html-open = Offen
html-start-none = Es ist nichts zu tun.
html-coverage = Was die Bücher abdecken
html-coverage-none = Kein Buch ist bekannt.
html-book = Konto oder Quelle
html-book-until = Daten bis
html-book-expected = Erwartet bis
html-book-waits = { $count } × { $amount }
html-books-others =
    { $count ->
        [one] { $count } weiteres Buch, auf das nichts wartet
       *[other] { $count } weitere Bücher, auf die nichts wartet
    }
html-age-title = Alter
html-age-ahead =
    { $days ->
        [one] in { $days } Tag
       *[other] in { $days } Tagen
    }
html-timeline-others = Andere Währungen
html-payouts-open = Auszahlungen, offen
html-payouts-done = Auszahlungen, erledigt
html-payouts-done-intro = Auszahlungen, die die Bank gebucht hat oder die sich zu nichts summieren.
html-payout-sum = Brutto { $gross }{ $refunds ->
    [0] {""}
   *[other] , davon Erstattungen { $refunds }
}; Gebühren { $fees }; netto { $net }. Bank: { $booked ->
    [0] noch nichts sicher
   *[other] { $booked }
}.
html-rest = Ohne JavaScript zeigt die Seite die ersten { $shown } von { $total }; die übrigen brauchen es. Alle stehen in { $file }.

## Zahlen

html-charts = Zahlen
html-ageing = Nach Alter
html-ageing-note = Fehlbetrag und Überschuss nach Tagen seit dem Ereignis; was eine Abweichung erklärt, zählt zu ihr.
html-timeline = Auszahlungen, erwartet und gebucht ({ $currency })
html-timeline-note = Auszahlungen dieses Berichts, nach dem Tag ihrer letzten Meldung.
html-timeline-expected = erwartet
html-timeline-booked = gebucht
html-timeline-figures = Als Tabelle
html-timeline-from = Ab

## Tabellen

html-discrepancies-intro = Die dringendsten zuerst, jede über dem, was sie erklärt. Wer eine aufklappt, sieht ihre Quellen und was zu tun ist.
html-none-found = Es gibt keine Abweichung.
html-next = Auf der Kommandozeile
html-source-line = Zeile { $line }
html-sources-more =
    { $count ->
        [one] und { $count } weitere
       *[other] und { $count } weitere
    }
html-payouts-intro = Auszahlungen dieses Berichts, neben dem, was die Bank gebucht hat.
html-payouts-none = In diesem Bericht ist keine Auszahlung.
html-orders-intro = Bestellungen, deren Beträge oder Status abweichen. Außerdem: { $pending } noch nicht fällig und { $balanced } ausgeglichen; sie stehen in orders.csv.
html-orders-none = Keine Bestellung ist offen.
html-inputs-intro = Dateien dieses Berichts.
html-inputs-none = In diesem Bericht ist keine Datei.
html-rejected-intro = Zeilen, die sich nicht lesen ließen. Alles andere in ihren Dateien zählt.
html-rejected-none = Alle Zeilen ließen sich lesen.
html-cut = Die Seite zeigt die ersten { $shown } von { $total }. Alle stehen in { $file } und, falls geschrieben, in report.xlsx.
html-search = Suchen
html-all = alle
html-reset = Zurücksetzen
html-page = %1 von %2 angezeigt|%3 bis %4 von %1 angezeigt, %2 insgesamt|Vorige Seite|Nächste Seite
html-print-cut = Gedruckt sind die ersten %1 von %2 Zeilen. Filtern Sie die Tabelle vor dem Drucken, oder nehmen Sie die CSV-Datei.

## Saldo

html-balance = Saldo: wo jeder Betrag ist
html-balance-intro = Was jeder Anbieter gemeldet hat, aus seinen Zeilen summiert, und was daraus wurde, aus seinen Auszahlungen summiert. Beides trifft sich, sonst wird kein Bericht geschrieben.
html-balance-none = Kein Anbieter hat etwas gemeldet.
html-balance-lines =
    { $count ->
        [one] Gemeldet in { $count } Zeile
       *[other] Gemeldet in { $count } Zeilen
    }
html-balance-places = Wo es ist
html-balance-sum = Zusammen
html-balance-residual = Rest { $residual }
html-foot = Geschrieben von crp-recon. Dieselben Zahlen stehen in den CSV-Dateien und in summary.json neben dieser Seite.
