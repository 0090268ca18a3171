### Textes de la page report.html. `%1` à `%4` sont remplis par le script de la page.

## Le premier écran

html-skip = Aller aux écarts
html-contents = Sommaire
html-scope = Au { $as_of }
html-scope-range = Du { $from } au { $to }, vu au { $as_of }
html-oldest-line = Le plus ancien ({ $age }) : { $title }.
html-show = L’afficher
html-age =
    { $days ->
        [one] { $days } jour
       *[other] { $days } jours
    }
html-age-today = depuis aujourd’hui
html-besides = En outre : { $parts }.
html-besides-information = { $count } pour information
html-besides-snoozed = { $count } mis de côté
html-besides-accepted =
    { $count ->
        [one] { $count } accepté
       *[other] { $count } acceptés
    }
html-besides-resolved =
    { $count ->
        [one] { $count } résolu
       *[other] { $count } résolus
    }
html-glance = En bref
html-open-kinds =
    { $errors ->
        [one] { $errors } erreur
       *[other] { $errors } erreurs
    }, { $warnings ->
        [one] { $warnings } avertissement
       *[other] { $warnings } avertissements
    }
html-files = Fichiers manquants ou refusés
html-files-more =
    { $count ->
        [one] et { $count } autre
       *[other] et { $count } autres
    }
html-none = Aucun
html-currencies-more =
    { $count ->
        [one] et { $count } autre devise
       *[other] et { $count } autres devises
    }
html-moves =
    { $new ->
        [one] { $new } nouveau
       *[other] { $new } nouveaux
    }, { $changed ->
        [one] { $changed } modifié
       *[other] { $changed } modifiés
    }, { $resolved ->
        [one] { $resolved } résolu
       *[other] { $resolved } résolus
    } depuis la nuit précédente
html-short = Manque
html-over = En trop
html-waiting = En attente d’un livre
html-waits =
    { $count ->
        [one] { $count } élément, dont on ne peut pas encore dire qu’il manque
       *[other] { $count } éléments, dont on ne peut pas encore dire qu’ils manquent
    }
html-reconciled = Rapproché
html-reconciled-of = { $matched } sur { $reported } déclarés
html-open = Ouverts
html-start-none = Il n’y a rien à faire.
html-coverage = Ce que couvrent les livres
html-coverage-none = Aucun livre n’est connu.
html-book = Compte ou source
html-book-until = Données jusqu’au
html-book-expected = Attendu au plus tard
html-book-waits = { $count } × { $amount }
html-books-others =
    { $count ->
        [one] { $count } autre livre dont rien ne dépend
       *[other] { $count } autres livres dont rien ne dépend
    }
html-age-title = Ancienneté
html-age-ahead =
    { $days ->
        [one] dans { $days } jour
       *[other] dans { $days } jours
    }
html-timeline-others = Autres devises
html-payouts-open = Versements ouverts
html-payouts-done = Versements réglés
html-payouts-done-intro = Versements que la banque a comptabilisés, ou dont la somme est nulle.
html-payout-sum = Brut { $gross }{ $refunds ->
    [0] {""}
   *[other] , dont remboursements { $refunds }
} ; frais { $fees } ; net { $net }. Banque : { $booked ->
    [0] rien de certain encore
   *[other] { $booked }
}.
html-rest = Sans JavaScript, la page montre les { $shown } premières lignes sur { $total } ; les autres en ont besoin. Toutes sont dans { $file }.

## Chiffres

html-charts = Chiffres
html-ageing = Par ancienneté
html-ageing-note = Ce qui manque et ce qui est en trop, en jours depuis l’événement ; ce qu’un écart explique compte avec lui.
html-timeline = Versements attendus et comptabilisés ({ $currency })
html-timeline-note = Versements de ce rapport, à la date de leur dernier rapport.
html-timeline-expected = attendu
html-timeline-booked = comptabilisé
html-timeline-figures = En tableau
html-timeline-from = À partir du

## Tableaux

html-discrepancies-intro = Les plus urgents d’abord, chacun au-dessus de ce qu’il explique. Chacun s’ouvre sur ses sources et sur ce qu’il faut faire.
html-none-found = Il n’y a aucun écart.
html-next = En ligne de commande
html-source-line = ligne { $line }
html-sources-more =
    { $count ->
        [one] et { $count } autre
       *[other] et { $count } autres
    }
html-payouts-intro = Versements de ce rapport, en regard de ce que la banque a comptabilisé.
html-payouts-none = Ce rapport ne contient aucun versement.
html-orders-intro = Commandes dont les montants ou le statut diffèrent. En outre : { $pending } en attente, pour lesquelles il est trop tôt, et { $balanced } soldées ; elles sont dans orders.csv.
html-orders-none = Aucune commande n’est ouverte.
html-inputs-intro = Fichiers de ce rapport.
html-inputs-none = Ce rapport ne contient aucun fichier.
html-rejected-intro = Lignes illisibles. Tout le reste de leurs fichiers compte.
html-rejected-none = Toutes les lignes ont pu être lues.
html-cut = La page montre les { $shown } premières lignes sur { $total }. Toutes sont dans { $file } et, s’il est écrit, dans report.xlsx.
html-search = Rechercher
html-all = tous
html-reset = Réinitialiser
html-page = %1 sur %2 affichés|%3 à %4 sur %1 affichés, %2 en tout|Page précédente|Page suivante
html-print-cut = Les %1 premières lignes sur %2 sont imprimées. Filtrez le tableau avant d’imprimer, ou prenez le CSV.

## Équilibre

html-balance = Équilibre : où se trouve chaque montant
html-balance-intro = Ce que chaque prestataire a déclaré, additionné à partir de ses lignes, et ce qu’il en est advenu, additionné à partir de ses versements. Les deux se rejoignent, sinon aucun rapport n’est écrit.
html-balance-none = Aucun prestataire n’a rien déclaré.
html-balance-lines =
    { $count ->
        [one] Déclaré en { $count } ligne
       *[other] Déclaré en { $count } lignes
    }
html-balance-places = Où cela se trouve
html-balance-sum = Ensemble
html-balance-residual = Résidu { $residual }
html-foot = Écrit par crp-recon. Les mêmes chiffres sont dans les fichiers CSV et dans summary.json, à côté de cette page.
