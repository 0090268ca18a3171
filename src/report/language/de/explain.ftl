### Erläuterungen der Abweichungen: was beide Seiten sagen, mit den Beträgen, und was zu tun ist.
### Die Variablen sind in der englischen Datei gleichen Namens beschrieben; was unbekannt ist, ist
### die Zahl 0, `[0]` ist also die Variante ohne diese Angabe.
###
### Namen stehen ohne Artikel („für Bestellung WEB-1042“) und bleiben so in jedem Fall gleich; nur
### was keinen Namen hat, wird gebeugt. Nach einem Doppelpunkt folgt ein ganzer Satz, groß.

## Satzteile

part-who = { $provider ->
    [0] Der Anbieter
   *[other] { $provider }
}
part-nominative = { $provider ->
    [0] der Anbieter
   *[other] { $provider }
}
part-whom = { $provider ->
    [0] den Anbieter
   *[other] { $provider }
}
part-dative = { $provider ->
    [0] dem Anbieter
   *[other] { $provider }
}
part-at = { $provider ->
    [0] beim Anbieter
   *[other] bei { $provider }
}
part-from = { $provider ->
    [0] vom Anbieter
   *[other] von { $provider }
}
part-sender = { $provider ->
    [0] den Absender
   *[other] { $provider }
}
part-order = { $order ->
    [0] { $transaction ->
        [0] eine Bestellung
       *[other] Transaktion { $transaction }
    }
   *[other] Bestellung { $order }
}
part-order-dative = { $order ->
    [0] { $transaction ->
        [0] einer Bestellung
       *[other] Transaktion { $transaction }
    }
   *[other] Bestellung { $order }
}
part-order-of-transaction-dative = { $transaction ->
    [0] { part-order-dative }
   *[other] { $order ->
        [0] { part-order-dative }
       *[other] Transaktion { $transaction } (Bestellung { $order })
    }
}
part-payout = { $payout ->
    [0] eine Auszahlung
   *[other] Auszahlung { $payout }
}
part-payout-dative = { $payout ->
    [0] einer Auszahlung
   *[other] Auszahlung { $payout }
}
part-Payout = { $payout ->
    [0] Eine Auszahlung
   *[other] Auszahlung { $payout }
}
part-account-dative = { $account ->
    [0] dem Konto
   *[other] Konto { $account }
}
part-File = { $file ->
    [0] Eine Datei
   *[other] Datei { $file }
}
part-Statement = { $statement ->
    [0] Ein Kontoauszug zu { part-account-dative }
   *[other] Kontoauszug { $statement } zu { part-account-dative }
}
# Der Betrag ohne Vorzeichen, wo das Verb die Richtung sagt.
part-amount = { $actual-sign ->
    [negative] { $actual-size }
   *[other] { $actual }
}
part-reported = { $actual-sign ->
    [negative] zurückgefordert
   *[other] gemeldet
}
part-times = { $count ->
    [0] mehrfach
    [1] mehrfach
    [2] zweimal
   *[other] { $count }-mal
}
part-on-due-day = { $age ->
    [0] am { $event-day }
    [one] am { $event-day } (vor { $age } Tag)
   *[other] am { $event-day } (vor { $age } Tagen)
}
part-entry = { $entry ->
    [0] { $bank-text ->
        [0] {""}
       *[other] {" "}(„{ $bank-text }“)
    }
   *[other] { $bank-text ->
        [0] {" "}(Buchung { $entry })
       *[other] {" "}(Buchung { $entry }, „{ $bank-text }“)
    }
}
part-source = { $line ->
    [0] { $source }
   *[other] { $source }, Zeile { $line }
}
part-place = { $transaction ->
    [0] { $source ->
        [0] {""}
       *[other] {" "}({ part-source })
    }
   *[other] { $source ->
        [0] {" "}(Transaktion { $transaction })
       *[other] {" "}(Transaktion { $transaction }; { part-source })
    }
}
part-in-file = { $file ->
    [0] {""}
   *[other] {" "}in { $file }
}

## Bestellungen und ihre Abrechnungszeilen

explain-amount-mismatch =
    { part-who } hat { $actual } für { part-order } gemeldet, im Shop stehen { $expected }.
    Fragen Sie { part-whom }, oder berichtigen Sie die Bestellung.

explain-duplicate-funding =
    { part-who } hat { part-order } { part-times } finanziert: { $actual } statt { $expected }.
    Fragen Sie { part-whom }, welche Finanzierung gilt; rechnen Sie mit einer Rückforderung von { $gap }.

explain-funding-not-reported =
    { part-who } hat die Finanzierung von { $expected } für { part-order } nicht gemeldet, fällig { part-on-due-day }.
    Prüfen Sie den Status der Bestellung { part-at }, oder berichtigen Sie die Bestellung.

explain-cancellation-not-reported =
    Der Shop hat { $expected-size } bei { part-order-dative } storniert, und { part-nominative } hat das nicht gemeldet, fällig { part-on-due-day }.
    Senden Sie das Storno noch einmal an { part-whom }, oder berichtigen Sie die Bestellung.

explain-cancellation-unexpected =
    { part-who } hat { $actual-size } für { part-order } zurückgefordert, die der Shop nicht storniert hat.
    Fragen Sie { part-whom } nach dem Grund, oder erfassen Sie das Storno im Shop.

explain-cancellation-amount-mismatch =
    { part-who } hat { $actual-size } für { part-order } zurückgefordert, der Shop hat { $expected-size } storniert.
    Fragen Sie { part-whom }, oder berichtigen Sie das Storno im Shop.

part-whole-order = { $amount ->
    [0] den gesamten Bestellwert
   *[other] den gesamten Bestellwert von { $amount }
}
explain-over-cancelled =
    { part-who } hat { $actual-size } für { part-order } zurückgefordert, mehr als { part-whole-order }; der Shop hat { $expected-size } storniert.
    Fordern Sie { $gap } { part-from } zurück.

part-unknown-order-remedy = { $nearest ->
    [0] Importieren Sie die fehlende Bestellung, oder fragen Sie { part-whom }, wofür der Betrag ist.
   *[other] Am nächsten kommt Bestellung { $nearest }: Ist sie gemeint, bitten Sie { part-whom }, die Referenz zu berichtigen; sonst importieren Sie die fehlende Bestellung.
}
explain-order-not-found-in-and-out =
    { part-who } hat für { part-order } { $amount } gemeldet und { $taken-back } zurückgenommen; der Shop kennt diese Bestellung nicht.
    { part-unknown-order-remedy }

explain-order-not-found =
    { part-who } hat { part-amount } für { part-order } { part-reported }, die der Shop nicht kennt.
    { part-unknown-order-remedy }

part-status-over = { $claimed ->
    [0] { $status }
   *[other] { $status } über { $claimed }
}
explain-order-not-found-with-status =
    { part-who } führt { part-order } als { part-status-over } (gesehen am { $event-day }), und der Shop kennt sie nicht.
    { part-unknown-order-remedy }

part-shop-expects = { $amount ->
    [0] führt sie in einer anderen Währung
   *[other] erwartet { $amount }
}
explain-currency-mismatch =
    { part-who } hat { part-amount } für { part-order } { part-reported }, der Shop { part-shop-expects }.
    Fragen Sie { part-whom } nach dem Betrag in der Währung der Bestellung, oder berichtigen Sie die Bestellung.

part-still-expected = { $amount ->
    [0] der erwartete Betrag bleibt, wie er war
   *[other] erwartet werden weiterhin { $amount }
}
explain-currency-mismatch-of-cancellation =
    Der Shop hat { $actual-size } für { part-order } in einer anderen Währung als jener der Bestellung storniert; { part-still-expected }.
    Berichtigen Sie die Währung oder den Betrag dieser Stornierung.

part-two-merchants = { $merchant ->
    [0] { $shop-merchant ->
        [0] einem anderen Händler als der Shop
       *[other] einem anderen Händler als { $shop-merchant }, unter dem sie im Shop steht
    }
   *[other] { $shop-merchant ->
        [0] Händler { $merchant }, der Shop unter einem anderen
       *[other] Händler { $merchant }, der Shop unter { $shop-merchant }
    }
}
explain-merchant-mismatch =
    { part-who } führt { part-order } unter { part-two-merchants }.
    Berichtigen Sie den Händler der Bestellung, oder fragen Sie { part-whom }, wem das Geld zusteht.

part-status-in-shop = { $status ->
    [0] nicht finanziert ist
   *[other] den Status { $status } hat
}
explain-status-mismatch =
    { part-who } hat { part-amount } für { part-order } { part-reported }, die im Shop { part-status-in-shop }: Für sie darf kein Geld fließen.
    Berichtigen Sie den Status der Bestellung, oder bitten Sie { part-whom }, die Zahlung rückgängig zu machen.

explain-reference-missing =
    { part-who } hat { part-amount } ohne Bestellreferenz { part-reported }{ part-place }.
    Fragen Sie { part-whom }, zu welcher Bestellung der Betrag gehört.

explain-duplicate-line =
    { part-who } hat dieselbe Zeile { part-times } für { part-order } gemeldet: insgesamt { $actual } statt { $expected }.
    In der Bestellung zählt sie einmal; fragen Sie { part-whom }, ob mehrfach gezahlt wurde.

explain-fee-mismatch-by-rule =
    { part-who } hat für { part-order } eine Gebühr von { $actual-cost } berechnet, nach dem vereinbarten Satz sind es { $expected-cost }.
    Bitten Sie { part-whom } um Berichtigung, oder berichtigen Sie die Gebührenregel.

explain-fee-mismatch =
    { part-who } hat für { part-order } Beträge gemeldet, die nicht zur Gebühr passen: { $actual } statt { $expected }.
    Fragen Sie { part-whom }, welcher Wert gilt.

part-last-day = { $age ->
    [0] Der { $event-day } ist der letzte Tag. Bestätigen Sie sie, wenn die Ware bereitsteht, oder stornieren Sie sie.
    [one] Der { $event-day } war der letzte Tag, vor { $age } Tag. Fragen Sie { part-whom }, ob sie sich noch bestätigen lässt, oder stornieren Sie sie.
   *[other] Der { $event-day } war der letzte Tag, vor { $age } Tagen. Fragen Sie { part-whom }, ob sie sich noch bestätigen lässt, oder stornieren Sie sie.
}
explain-deadline-at-risk =
    { part-who } hat { part-order } über { $expected } angenommen, und der Shop hat sie nicht bestätigt: { part-last-day }

explain-adjustment-unassigned =
    { part-who } hat { part-amount } als Korrektur { part-reported }, die zu keiner Bestellung gehört{ part-place }.
    Fragen Sie { part-whom }, wofür sie ist, und buchen Sie sie.

## Was ein Anbieter von einer Bestellung sagt

explain-provider-status-mismatch-vague =
    { part-who } führt { part-order } in einem anderen Status als der Shop (gesehen am { $event-day }).
    Fragen Sie { part-whom }, oder berichtigen Sie den Status der Bestellung.

explain-provider-status-mismatch-unknown =
    { part-who } kennt { part-order } nicht (abgefragt am { $event-day }), der Shop führt sie als { $status }.
    Prüfen Sie, welche Referenz { part-dative } übermittelt wurde, oder berichtigen Sie die Bestellung.

part-seen = { $own-words ->
    [0] gesehen am { $event-day }
   *[other] { $own-words }, gesehen am { $event-day }
}
part-shop-status = { $status ->
    [0] in einem anderen Status
   *[other] als { $status }
}
part-status-remedy = { $remedy ->
    [confirm] Vor der Bestätigung wird nichts gezahlt: Bestätigen Sie sie { part-at }, oder berichtigen Sie die Bestellung.
    [cancel-there] Stornieren Sie sie auch { part-at }, oder berichtigen Sie die Bestellung.
    [correct-or-cancel-there] Berichtigen Sie den Status der Bestellung, oder stornieren Sie sie { part-at }.
    [cancel-here] Dafür wird nichts gezahlt: Stornieren Sie die Bestellung auch im Shop, oder fragen Sie { part-whom }, wer sie storniert hat.
    [do-not-ship] Dafür wird nichts gezahlt: Versenden Sie nicht, oder lassen Sie den Kunden anders zahlen, und fragen Sie { part-whom } nach dem Grund.
   *[other] Berichtigen Sie den Status der Bestellung, oder fragen Sie { part-whom }.
}
explain-provider-status-mismatch =
    { part-who } führt { part-order } als { $their-status } ({ part-seen }), der Shop { part-shop-status }.
    { part-status-remedy }

explain-provider-amount-mismatch =
    { part-who } finanziert { $actual } für { part-order } (gesehen am { $event-day }), der Shop erwartet { $expected }.
    Fragen Sie { part-whom }, oder berichtigen Sie die Bestellung oder ihre Stornos.

part-missing-notifications = { $first ->
    [0] Eine Benachrichtigung zu { part-order-of-transaction-dative } fehlt
   *[other] { $last ->
        [0] Benachrichtigung { $first } zu { part-order-of-transaction-dative } fehlt
       *[other] Benachrichtigungen { $first } bis { $last } zu { part-order-of-transaction-dative } fehlen
    }
}
part-next-notification = { $next ->
    [0] Eine spätere
   *[other] Nummer { $next }
}
explain-event-missing =
    { part-missing-notifications }: { part-next-notification } kam am { $event-day }.
    Suchen Sie im Benachrichtigungsprotokoll des Shops, und prüfen Sie { part-at }, was gebucht wurde.

part-contest = Widersprechen Sie { part-at }, oder buchen Sie den Verlust und akzeptieren Sie diese Abweichung.
explain-chargeback =
    { part-who } hat { $actual-size } für { part-order } zurückbelastet: Der Kunde oder seine Bank bestreitet die Zahlung.
    { part-contest }
explain-chargeback-notified =
    { part-who } hat { $actual-size } für { part-order } nach der Zahlung zurückgefordert ({ $notice } vom { $event-day }), und keine Zahlung ist gefolgt.
    { part-contest }

## Auszahlungen und Bankbuchungen

explain-payout-not-received =
    { part-who } hat { part-payout } über { $expected } gemeldet, und die Bank hat sie nicht gebucht; fällig war sie { part-on-due-day }.
    Fordern Sie die Überweisung { part-from } an, oder ergänzen Sie den fehlenden Kontoauszug.

part-payouts = { $count ->
    [0] { part-payout }
    [1] { part-payout }
   *[other] { $payouts ->
        [0] { $count } Auszahlungen zusammen mit { part-payout-dative }
       *[other] { $count } Auszahlungen zusammen ({ $payouts })
    }
}
part-too-much-or-little = { $gap-sign ->
    [0] {""}
    [negative] , { $gap } zu wenig
   *[other] , { $gap } zu viel
}
explain-payout-amount-mismatch =
    { part-who } hat { $expected } für { part-payouts } gemeldet, die Bank hat { $actual } gebucht{ part-too-much-or-little }.
    Fragen Sie { part-whom }, woraus sich die Überweisung zusammensetzt.

part-lines = { $count ->
    [0] Zeilen
    [one] { $count } Zeile
   *[other] { $count } Zeilen
}
part-sum = { $amount ->
    [0] { $actual }
   *[other] { $amount }
}
explain-payout-reference-missing =
    { part-who } hat{ part-in-file } { part-lines } über insgesamt { part-sum } ohne Auszahlungsreferenz gemeldet: Keine Bankbuchung lässt sich zuordnen.
    Fragen Sie { part-whom }, in welcher Überweisung der Betrag enthalten ist.

part-debit = { $month ->
    [0] { part-payout }
   *[other] die Gebühren für { $month }
}
explain-debit-not-taken =
    { part-who } soll { $expected-size } für { part-debit } abbuchen, und die Bank hat das nicht gebucht; fällig war es { part-on-due-day }.
    Fragen Sie { part-whom } nach dem Zeitpunkt, und halten Sie das Geld bereit.

explain-carry-over =
    { part-Payout } ergibt bisher { $expected }: { part-who } trägt sie vor und verrechnet sie mit späteren Berichten.
    Nichts zu tun.

part-candidates = { $candidates ->
    [0] { $entry ->
        [0] {""}
       *[other] {" "}({ $entry })
    }
   *[other] {" "}({ $candidates })
}
part-entries-fit = { $count ->
    [0] Mehrere Bankbuchungen{ part-candidates } passen
    [one] { $count } Bankbuchung{ part-candidates } passt
   *[other] { $count } Bankbuchungen{ part-candidates } passen
}
explain-ambiguous-match =
    { part-entries-fit } gleich gut zu { part-payout-dative } über { $expected }.
    Fragen Sie { part-whom }, welche die Überweisung ist, vermerken Sie es hier und akzeptieren Sie diese Abweichung.

part-from-provider = { $provider ->
    [0] {""}
   *[other] {" "}von { $provider }
}
explain-bank-credit-unexplained =
    Auf { part-account-dative } gingen { $actual }{ part-from-provider } am { $event-day } ein{ part-entry }, und keine gemeldete Auszahlung erklärt das.
    Fordern Sie { part-from } den Bericht zu dieser Überweisung an.

explain-bank-debit-unexplained =
    { part-who } hat { $actual-size } am { $event-day } von { part-account-dative } abgebucht{ part-entry }, und kein Bericht erklärt das.
    Fragen Sie { part-whom }, wofür der Betrag ist, oder lassen Sie die Lastschrift von der Bank zurückgeben.

## Dateien und Kontoauszüge

part-report = { $provider ->
    [0] Der Bericht
   *[other] Der Bericht von { $provider }
}
part-for-country = { $country ->
    [0] {""}
   *[other] {" "}für { $country }
}
part-missing-remedy = : Sein Inhalt ist noch in keiner Zahl enthalten. Holen Sie ihn { part-at } ab und legen Sie ihn in den Eingangsordner.
explain-report-missing-many =
    { $count } Berichte { part-from }{ part-for-country } fehlen ab Nummer { $number }: Ihr Inhalt ist noch in keiner Zahl enthalten.
    Holen Sie sie { part-at } ab und legen Sie sie in den Eingangsordner.
explain-report-missing-day =
    { part-report }{ part-for-country } vom { $day } fehlt{ part-missing-remedy }
explain-report-missing-number =
    { part-report }{ part-for-country } mit der Nummer { $number } fehlt{ part-missing-remedy }
part-report-name = { $file ->
    [0] eines Tages
   *[other] ({ $file })
}
explain-report-missing =
    { part-report } { part-report-name } fehlt{ part-missing-remedy }

part-report-before = { $other-file ->
    [0] einen früheren Bericht mit derselben Nummer
   *[other] { $other-file }
}
explain-report-replaced-in-currencies =
    { part-File } ersetzt { part-report-before }; ihre Summen in mehreren Währungen stehen bei den Dateien.
    Nur die neue zählt; fragen Sie { part-whom }, falls die Korrektur nicht angekündigt war.

explain-report-replaced =
    { part-File } ersetzt { part-report-before }: insgesamt { $actual } statt { $expected }.
    Nur die neue zählt; fragen Sie { part-whom }, falls die Korrektur nicht angekündigt war.

part-same-file = { $other-file ->
    [0] eine bereits gespeicherte Datei
   *[other] { $other-file }
}
explain-report-duplicate =
    { part-File } hat denselben Inhalt wie { part-same-file } und wurde nicht noch einmal gelesen. Nichts zu tun.

part-refusal = { $reason ->
    [0] wurde abgelehnt
   *[other] wurde abgelehnt: { $reason }
}
explain-report-rejected =
    { part-File } { part-refusal }. Nichts davon zählt; bitten Sie { part-sender } um eine richtige Datei.

part-Row = { $file ->
    [0] Eine Zeile
   *[other] Zeile { $file }
}
part-why = { $column ->
    [0] { $complaint ->
        [0] {""}
       *[other] : { $complaint }
    }
   *[other] { $complaint ->
        [0] : { $column }
       *[other] : { $column }: { $complaint }
    }
}
explain-line-rejected =
    { part-Row } konnte nicht gelesen werden{ part-why }. Sie zählt nirgends; bitten Sie { part-sender } um eine berichtigte Datei.

part-statement-before = { $before ->
    [0] der vorige
   *[other] der vorige ({ $before })
}
part-closed-on = { $day ->
    [0] {""}
   *[other] {" "}am { $day }
}
explain-statement-gap =
    { part-Statement } beginnt mit { $actual }, { part-statement-before } endete{ part-closed-on } mit { $expected }.
    Holen Sie den Kontoauszug, der dazwischen fehlt, von der Bank.

explain-statement-unbalanced =
    { part-Statement } endet mit { $actual }, Anfangssaldo und Buchungen ergeben { $expected }: { $gap } sind nicht erklärt.
    Holen Sie den Kontoauszug noch einmal von der Bank.

explain-feed-silent-account = { $day ->
    [0] Vom Konto { $account } ist noch kein Kontoauszug gekommen.
   *[other] Die Kontoauszüge des Kontos { $account } reichen bis zum { $day }: Was seither gebucht wurde, ist nicht bekannt.
}
    Holen Sie sie von der Bank, oder tragen Sie das Konto in closed_accounts ein, wenn es aufgelöst ist.

explain-feed-silent-input = { $day ->
    [0] Über die Eingabe { $file } ist noch nichts gekommen.
   *[other] Die letzte Datei der Eingabe { $file } kam am { $day }: Was seither geschehen ist, ist nicht bekannt.
}
    Klären Sie, warum nichts mehr geliefert wird, und legen Sie die fehlenden Dateien in den Eingangsordner.

explain-before-the-books = Das liegt vor dem Tag, ab dem die Bücher bekannt sind, und dient nur zur Kenntnis.

unknown-amount = (Betrag unbekannt)

## Was der Anbieter geantwortet hat, als er nach der Bestellung gefragt wurde

part-answer = { $http ->
    [0] { $answer ->
        [0] keine Antwort
       *[other] { $answer }
    }
   *[other] { $answer ->
        [0] HTTP { $http }
       *[other] HTTP { $http }: { $answer }
    }
}
explain-asked-not-known =
    Auf die Abfrage am { $answered-on } hin kennt { part-nominative } diese Bestellung nicht ({ part-answer }).
explain-asked-not-verified =
    Auf die Abfrage am { $answered-on } hin hat { part-nominative } keinen Status dieser Bestellung genannt, sie ist also nicht geprüft ({ part-answer }).
explain-asked-answered =
    Die Antwort war { part-answer }.
