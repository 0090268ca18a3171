### Was zuerst gelesen wird: die Überschrift von Seite, Arbeitsmappe, Mail und Terminal, der Betreff
### der Mail, und was zuerst zu tun ist.

## Überschrift

headline-well = Alles in Ordnung: Alle Bücher sind vollständig, nichts ist offen.
headline-no-books = Nichts ist bekannt: Es wurde noch kein Buch gelesen.
headline-unknown = Nicht bekannt: { $books }{ $amount ->
    [0] .
   *[other] ; { $amount } warten darauf.
}
headline-late = Noch nicht vollständig: { $books }.
headline-gap = { $day ->
    [0] { $feed } von { $name } (noch keine)
   *[other] { $feed } von { $name } seit { $day }
}
headline-files =
    { $count ->
        [one] { $count } Datei fehlt oder wurde abgelehnt
       *[other] { $count } Dateien fehlen oder wurden abgelehnt
    }
headline-short = Fehlbetrag { $amount }.
headline-over = Überschuss { $amount }.
headline-counts = { $new } neu, { $open } offen.
headline-open = { $open } offen.
headline-nothing-open = Nichts ist offen.

## Betreff der Mail, nach `[recon]` und dem Tag

subject-well = alles ausgeglichen
subject-counts = { $new } neu, { $open } offen
subject-open = { $open } offen
subject-short = Fehlbetrag { $amount }
subject-over = Überschuss { $amount }
subject-no-books = noch nichts gelesen
subject-missing = { $feed } fehlen seit { $day }
subject-late = { $feed } bis { $day }
subject-nothing-yet = noch keine { $feed }

## Quellen

book-bank = Auszüge
book-reports = Berichte
book-orders = Bestellungen
book-events = Meldungen
book-several-bank = { $count } Konten
book-several-reports = { $count } Anbietern
book-several-inputs = { $count } Eingängen

## Was zuerst zu tun ist

start-title = Hier anfangen
start-book = { $day ->
    [0] { $feed } von { $name } beschaffen
   *[other] { $feed } von { $name } seit { $day } beschaffen
}
start-waits = { $count ->
    [0] bisher wartet nichts darauf
    [one] { $count } Posten wartet darauf
   *[other] { $count } Posten warten darauf
}{ $amount ->
    [0] {""}
   *[other] , { $amount }
}
start-fetch = { $name } beschaffen
start-fetch-again = { $name } erneut anfordern
start-fetch-statement = Den fehlenden Auszug des Kontos { $name } beschaffen
start-look = { $title } { $name }{ $provider ->
    [0] {""}
   *[other] {" "}({ $provider })
}
start-explains = { $count ->
    [one] erklärt { $count } Abweichung
   *[other] erklärt { $count } Abweichungen
}{ $amount ->
    [0] {""}
   *[other] , zusammen { $amount }
}
start-report = { $number ->
    [0] Bericht { $name } vom { $day }
   *[other] Bericht { $number } von { $name }
}
