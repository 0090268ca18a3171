### Ce qui se lit en premier : le titre de la page, du classeur, du courriel et du terminal, l’objet
### du courriel, et ce qu’il faut faire d’abord.

## Titre

headline-well = Tout est en ordre : tous les livres sont complets et rien n’est ouvert.
headline-no-books = Rien n’est connu : aucun livre n’a encore été lu.
headline-unknown = Inconnu : { $books }{ $amount ->
    [0] .
   *[other]  ; { $amount } en dépendent.
}
headline-late = Pas encore complet : { $books }.
headline-gap = { $day ->
    [0] { $feed } ({ $name }) jamais reçus
   *[other] { $feed } ({ $name }) depuis le { $day }
}
headline-files =
    { $count ->
        [one] { $count } fichier manquant ou refusé
       *[other] { $count } fichiers manquants ou refusés
    }
headline-short = Il manque { $amount }.
headline-over = En trop { $amount }.
headline-counts =
    { $new ->
        [one] { $new } nouveau
       *[other] { $new } nouveaux
    }, { $open ->
        [one] { $open } ouvert
       *[other] { $open } ouverts
    }.
headline-open =
    { $open ->
        [one] { $open } ouvert
       *[other] { $open } ouverts
    }.
headline-nothing-open = Rien n’est ouvert.

## Objet du courriel, après `[recon]` et le jour

subject-well = tout est rapproché
subject-counts =
    { $new ->
        [one] { $new } nouveau
       *[other] { $new } nouveaux
    }, { $open ->
        [one] { $open } ouvert
       *[other] { $open } ouverts
    }
subject-open =
    { $open ->
        [one] { $open } ouvert
       *[other] { $open } ouverts
    }
subject-short = manque { $amount }
subject-over = en trop { $amount }
subject-no-books = rien n’a encore été lu
subject-missing = rien depuis le { $day } : { $feed }
subject-late = { $feed } jusqu’au { $day }
subject-nothing-yet = rien encore : { $feed }

## Sources

book-bank = relevés
book-reports = rapports
book-orders = commandes
book-events = notifications
book-several-bank = { $count } comptes
book-several-reports = { $count } prestataires
book-several-inputs = { $count } entrées

## Par où commencer

start-title = Par où commencer
start-book = { $day ->
    [0] Se procurer les { $feed } ({ $name })
   *[other] Se procurer les { $feed } ({ $name }) depuis le { $day }
}
start-waits = { $count ->
    [0] rien n’en dépend pour l’instant
    [one] { $count } élément en dépend
   *[other] { $count } éléments en dépendent
}{ $amount ->
    [0] {""}
   *[other] , { $amount }
}
start-fetch = Se procurer le { $name }
start-fetch-again = Redemander { $name }
start-fetch-statement = Se procurer le relevé manquant du compte { $name }
start-look = { $title } { $name }{ $provider ->
    [0] {""}
   *[other] {" "}({ $provider })
}
start-explains = { $count ->
    [one] explique { $count } écart
   *[other] explique { $count } écarts
}{ $amount ->
    [0] {""}
   *[other] , net { $amount }
}
start-report = { $number ->
    [0] rapport { $name } du { $day }
   *[other] rapport { $number } { $name }
}
