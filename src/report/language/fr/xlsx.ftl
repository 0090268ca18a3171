### Textes du classeur report.xlsx.

## Décisions, que la comptabilité saisit dans la feuille des écarts

xlsx-decision-accept = accepter
xlsx-decision-reopen = rouvrir
xlsx-decision-note = noter
xlsx-decision-assign = attribuer
xlsx-decision-title = Décision
xlsx-reason-title = Motif
xlsx-decision-prompt = { xlsx-decision-accept } : le motif dans { xlsx-reason-title }. { xlsx-decision-reopen } : annule une acceptation. { xlsx-decision-note } : le texte dans { xlsx-reason-title }. { xlsx-decision-assign } : le nom dans { xlsx-reason-title }. Vide : rien ne se passe.
xlsx-decision-wrong = Attendu : { xlsx-decision-accept }, { xlsx-decision-reopen }, { xlsx-decision-note } ou { xlsx-decision-assign }. Seul « { xlsx-decision-assign } : NOM » peut être saisi en plus.
xlsx-decision-help =
    Ce qu’il faut faire de cette ligne ; vide : rien.
    { xlsx-decision-accept } : l’écart est accepté tel quel, { xlsx-reason-title } dit pourquoi. Il revient si ses montants changent.
    { xlsx-decision-reopen } : annule une acceptation.
    { xlsx-decision-note } : note le texte de { xlsx-reason-title }.
    { xlsx-decision-assign } : confie l’écart à la personne nommée dans { xlsx-reason-title }. Avec « { xlsx-decision-assign } : NOM », { xlsx-reason-title } est noté en plus.
    Les lignes peuvent être triées, filtrées ou supprimées ; seules { xlsx-decision-title } et { xlsx-reason-title } sont relues. Enregistrer le fichier, puis :
    crp-recon decisions import report.xlsx
    Une ligne qui a changé depuis ce rapport est refusée.
xlsx-reason-help = Motif de l’acceptation ou de la réouverture, texte à noter, ou nom de la personne. { $letters } caractères au plus.

## Feuilles

xlsx-more-rows =
    { $count ->
        [one] { $count } ligne de plus ne tient pas dans la feuille : voir { $file }
       *[other] { $count } lignes de plus ne tiennent pas dans la feuille : voir { $file }
    }

## La feuille Summary

xlsx-title = Rapprochement au { $as_of }
xlsx-title-range = Rapprochement du { $from } au { $to }, vu au { $as_of }
xlsx-as-of = Vu au
xlsx-from = Du
xlsx-to = Au
xlsx-exit = Code de sortie
xlsx-sheets = Feuilles
xlsx-sheet = Feuille
xlsx-rows = Lignes
xlsx-rows-in-table = Lignes du tableau
xlsx-rows-cut = plus de lignes qu’une feuille ne peut en contenir : voir { $file }
xlsx-links-cut = plus de liens qu’une feuille ne peut en contenir : les dernières lignes n’en ont pas
xlsx-counts = Écarts par code et par état
xlsx-total = Total
xlsx-amounts = Écarts ouverts par gravité et par devise
xlsx-amount = Montant
xlsx-ageing = Ancienneté des écarts ouverts
xlsx-days = Jours
xlsx-open = Ouverts
xlsx-balance = Bouclage
xlsx-inputs = Fichiers d’entrée
xlsx-files = Fichiers
xlsx-totals = Totaux de { $sheet }
xlsx-kinds = Ce qui est ouvert, par type et par prestataire
xlsx-new = Nouveaux
xlsx-short = Manque
xlsx-over = Excédent
xlsx-coverage = Ce que couvrent les livres
xlsx-feed = Source
xlsx-feed-state = État
xlsx-covered-until = Connu jusqu’au
xlsx-allowed-until = Attendu au plus tard
xlsx-waiting-items = Éléments en attente
xlsx-waiting-amount = Montant en attente
