### Titel und einzelne Wörter: Codes, Stände, Tabellen, Spalten.

## Codes der Abweichungen

code-adjustment-unassigned = Korrektur ohne Bestellung
code-ambiguous-match = Mehrere Bankbuchungen passen
code-amount-mismatch = Abweichender Finanzierungsbetrag
code-bank-credit-unexplained = Ungeklärter Zahlungseingang
code-bank-debit-unexplained = Ungeklärte Belastung
code-cancellation-amount-mismatch = Abweichender Stornobetrag
code-cancellation-not-reported = Storno nicht gemeldet
code-cancellation-unexpected = Unerwartetes Storno
code-carry-over = Negative Auszahlung vorgetragen
code-chargeback = Rückbelastung
code-currency-mismatch = Abweichende Währung
code-deadline-at-risk = Frist läuft ab
code-debit-not-taken = Abbuchung nicht erfolgt
code-duplicate-funding = Mehrfach finanziert
code-duplicate-line = Zeile mehrfach gemeldet
code-event-missing = Fehlende Benachrichtigung
code-fee-mismatch = Abweichende Gebühr
code-feed-silent = Es kommt nichts mehr
code-funding-not-reported = Finanzierung nicht gemeldet
code-line-rejected = Zeile abgelehnt
code-merchant-mismatch = Abweichender Händler
code-order-not-found = Bestellung nicht gefunden
code-over-cancelled = Mehr storniert als bestellt
code-payout-amount-mismatch = Abweichender Auszahlungsbetrag
code-payout-not-received = Auszahlung nicht eingegangen
code-payout-reference-missing = Auszahlungsreferenz fehlt
code-provider-amount-mismatch = Abweichender Betrag beim Anbieter
code-provider-status-mismatch = Abweichender Status beim Anbieter
code-reference-missing = Bestellreferenz fehlt
code-report-duplicate = Bericht doppelt
code-report-missing = Bericht fehlt
code-report-rejected = Datei abgelehnt
code-report-replaced = Bericht ersetzt
code-statement-gap = Lücke zwischen Kontoauszügen
code-statement-unbalanced = Kontoauszug geht nicht auf
code-status-mismatch = Zahlung zu nicht finanzierter Bestellung

## Dringlichkeit

severity-error = Fehler
severity-warning = Warnung
severity-info = Zur Information

## Stand der Abweichungen

state-new = neu
state-changed = geändert
state-persisting = weiterhin offen
state-accepted = akzeptiert
state-resolved = erledigt

## Alter

age-0-7 = bis 7 Tage
age-8-30 = 8–30 Tage
age-31-60 = 31–60 Tage
age-61-90 = 61–90 Tage
age-over-90 = über 90 Tage

## Status der Bestellungen

order-status-pending = in Bearbeitung
order-status-favorable = angenommen, nicht bestätigt
order-status-funded = finanziert
order-status-cancelled = storniert
order-status-refused = abgelehnt
order-status-aborted = abgebrochen

## Stand einer Quelle

feed-state-complete = vollständig
feed-state-late = verspätet
feed-state-silent = ausgeblieben
feed-state-never = noch nichts

## Stand der Bestellungen

order-state-balanced = ausgeglichen
order-state-open = offen
order-state-pending = schwebend

## Stand der Auszahlungen

payout-state-matched = zugeordnet
payout-state-mismatched = abweichender Betrag
payout-state-not-received = nicht eingegangen
payout-state-pending = schwebend
payout-state-carried-over = vorgetragen
payout-state-settled-without-transfer = ohne Überweisung ausgeglichen

## Wie eine Auszahlung zugeordnet wurde

matched-by-reference = nach Referenz
matched-by-amount = nach Betrag
matched-by-sum = nach Summe
matched-by-decision = durch Entscheidung

## Was aus einer Datei wurde

file-status-accepted = angenommen
file-status-duplicate = Duplikat
file-status-superseded = ersetzt
file-status-refused = abgelehnt
file-status-ignored = übergangen
file-status-unread = nicht gelesen

## Arten von Dateien

input-kind-oney-crp = Oney-Zahlungsbericht
input-kind-payone-settlement = PAYONE-Abrechnung
input-kind-settlement = Abrechnung
input-kind-payone-status = PAYONE-Benachrichtigungen
input-kind-e-financing = e-Financing-Anträge
input-kind-oney-status = Oney-Kaufstatus
input-kind-orders = Bestellungen
input-kind-order-events = Bestellereignisse
input-kind-bank-statement = Kontoauszug
input-kind-decisions = Entscheidungen

## Tabellen

table-summary = Übersicht
table-discrepancies = Abweichungen
table-orders = Bestellungen
table-payouts = Auszahlungen
table-balance = Saldenübersicht
table-inputs = Eingangsdateien
table-rejected = Abgelehnte Zeilen

## Spalten der Tabellen

column-accepted = Angenommen
column-account = Konto
column-actual = Ist
column-adjustments = Korrekturen
column-age-days = Alter (Tage)
column-amount = Betrag
column-assignee = Zuständig
column-bank-entries = Bankbuchungen
column-bank-entry = Bankbuchung
column-booked = Gebucht
column-cancelled = Storniert
column-carried-over = Vorgetragen
column-cause = Ursache
column-chargebacks = Rückbelastungen
column-code = Code
column-column = Spalte
column-country = Land
column-currency = Währung
column-difference = Differenz
column-event-date = Datum
column-expected = Soll
column-expected-payouts = Erwartete Auszahlungen
column-explanation = Erläuterung
column-exposure = Risikobetrag
column-fee = Gebühr
column-fees = Gebühren
column-file = Datei
column-first-report = Erster Bericht
column-first-seen = Zuerst gesehen
column-funded = Finanziert
column-gross = Brutto
column-id = Kennung
column-kind = Art
column-last-report = Letzter Bericht
column-line = Zeile
column-lines = Zeilen
column-matched = Zugeordnet
column-matched-by = Zugeordnet nach
column-merchant = Händler
column-mismatched = Abweichend
column-net = Netto
column-not-received = Nicht eingegangen
column-note = Notiz
column-order-reference = Bestellung
column-payout-reference = Auszahlung
column-pending = Schwebend
column-provider = Anbieter
column-raw = Zeile im Original
column-reason = Grund
column-rejected = Abgelehnt
column-report-date = Berichtsdatum
column-reported-cancelled = Gemeldetes Storno
column-reported-funded = Gemeldete Finanzierung
column-residual = Rest
column-rows = Zeilen
column-sequence = Nummer
column-severity = Dringlichkeit
column-sha256 = SHA-256
column-sources = Quellen
column-state = Stand
column-status = Status
column-transaction-id = Transaktion
column-unassigned = Nicht zugeordnet
column-value = Wert
