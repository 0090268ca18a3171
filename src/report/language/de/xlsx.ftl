### Texte der Arbeitsmappe report.xlsx.

## Entscheidungen, die die Buchhaltung in das Blatt der Abweichungen schreibt

xlsx-decision-accept = akzeptieren
xlsx-decision-reopen = wieder öffnen
xlsx-decision-note = notieren
xlsx-decision-assign = zuweisen
xlsx-decision-title = Entscheidung
xlsx-reason-title = Begründung
xlsx-decision-prompt = { xlsx-decision-accept }: Grund in { xlsx-reason-title }. { xlsx-decision-reopen }: nimmt eine Annahme zurück. { xlsx-decision-note }: Text in { xlsx-reason-title }. { xlsx-decision-assign }: Name in { xlsx-reason-title }. Leer: nichts geschieht.
xlsx-decision-wrong = Erwartet wird { xlsx-decision-accept }, { xlsx-decision-reopen }, { xlsx-decision-note } oder { xlsx-decision-assign }. Nur „{ xlsx-decision-assign }: NAME“ darf außerdem dastehen.
xlsx-decision-help =
    Was mit dieser Zeile geschehen soll; leer: nichts.
    { xlsx-decision-accept }: Sie ist richtig, wie sie ist; { xlsx-reason-title } sagt, warum. Sie kommt wieder, wenn sich ihre Beträge ändern.
    { xlsx-decision-reopen }: nimmt eine Annahme zurück.
    { xlsx-decision-note }: vermerkt, was in { xlsx-reason-title } steht.
    { xlsx-decision-assign }: gibt sie der Person, die { xlsx-reason-title } nennt. Mit „{ xlsx-decision-assign }: NAME“ wird die { xlsx-reason-title } außerdem vermerkt.
    Zeilen dürfen sortiert, gefiltert und weggelassen werden; nur { xlsx-decision-title } und { xlsx-reason-title } werden zurückgelesen. Datei speichern, dann:
    crp-recon decisions import report.xlsx
    Eine Zeile, die sich seit diesem Bericht geändert hat, wird abgelehnt.
xlsx-reason-help = Warum sie akzeptiert oder wieder geöffnet wird, was zu vermerken ist, oder der Name der Person. Höchstens { $letters } Zeichen.

## Blätter

xlsx-more-rows =
    { $count ->
        [one] { $count } weitere Zeile passt nicht in ein Blatt: siehe { $file }
       *[other] { $count } weitere Zeilen passen nicht in ein Blatt: siehe { $file }
    }

## Das Blatt Summary

xlsx-title = Abstimmung zum { $as_of }
xlsx-title-range = Abstimmung { $from } bis { $to }, Stand { $as_of }
xlsx-as-of = Stand
xlsx-from = Von
xlsx-to = Bis
xlsx-exit = Exit-Code
xlsx-sheets = Blätter
xlsx-sheet = Blatt
xlsx-rows = Zeilen
xlsx-rows-in-table = Zeilen der Tabelle
xlsx-rows-cut = mehr Zeilen, als ein Blatt haben kann: siehe { $file }
xlsx-links-cut = mehr Links, als ein Blatt haben kann: Die letzten Zeilen haben keine
xlsx-counts = Abweichungen nach Code und Stand
xlsx-total = Summe
xlsx-amounts = Offene Beträge nach Dringlichkeit und Währung
xlsx-amount = Betrag
xlsx-ageing = Alter der offenen Abweichungen
xlsx-days = Tage
xlsx-open = Offen
xlsx-balance = Saldenübersicht
xlsx-inputs = Eingangsdateien
xlsx-files = Dateien
xlsx-totals = Summen von { $sheet }
xlsx-kinds = Was offen ist, nach Art und Anbieter
xlsx-new = Neu
xlsx-short = Fehlt
xlsx-over = Zu viel
xlsx-coverage = Wie weit die Bücher reichen
xlsx-feed = Quelle
xlsx-feed-state = Stand
xlsx-covered-until = Bekannt bis
xlsx-allowed-until = Erwartet bis
xlsx-waiting-items = Wartende Posten
xlsx-waiting-amount = Wartender Betrag
