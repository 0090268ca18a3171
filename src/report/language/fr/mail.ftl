### Textes du courriel. Son titre, les âges et les nombres sont ceux de html.ftl.

## Parties

mail-providers = Par prestataire
mail-open = ouvert
mail-short = manque
mail-over = excédent
mail-elsewhere = Banque et fichiers
mail-news = Nouveaux et modifiés
mail-persisting = Toujours ouverts, les plus anciens d’abord
mail-resolved = Résolus
mail-labelled = { $label } : { $text }
mail-more =
    { $count ->
        [one] et { $count } autre dans le rapport
       *[other] et { $count } autres dans le rapport
    }

## En bas

mail-where = Le rapport se trouve dans le dossier { $folder } des rapports
mail-link = Ouvrir le rapport
mail-attached = Pièces jointes : { $names }
mail-too-large = Trop volumineux pour être joint, voir le rapport : { $names }
mail-journal = Journal, ligne { $number } : { $sha256 }
mail-foot = Envoyé par crp-recon une fois pour chaque jour traité, et de nouveau seulement si son contenu a changé.
mail-foot-mine = Ce qui est confié à { $name }. Envoyé par crp-recon une fois pour chaque jour traité, et de nouveau seulement si son contenu a changé.
