### Textes du courriel. Son titre, les âges et les nombres sont ceux de html.ftl.

## Par où commencer

mail-first = Par où commencer
mail-first-files =
    { $count ->
        [one] { $count } fichier manque ou a été refusé (voir plus bas). Procurez-le-vous d’abord : d’autres écarts n’en sont peut-être que la suite.
       *[other] { $count } fichiers manquent ou ont été refusés (voir plus bas). Procurez-les-vous d’abord : d’autres écarts n’en sont peut-être que la suite.
    }
mail-first-largest = Le plus gros des nouveaux et modifiés : { $title }, { $amount }.
mail-first-new = Nouveau ou modifié : { $title }.
mail-first-oldest = Le plus ancien : { $title }, { $age }.

## Parties

mail-providers = Par prestataire
mail-open = ouvert
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

mail-where = Le rapport se trouve dans { $folder }
mail-attached = Pièces jointes : { $names }
mail-too-large = Trop volumineux pour être joint, voir le rapport : { $names }
mail-journal = Journal, ligne { $number } : { $sha256 }
mail-foot = Envoyé par crp-recon une fois pour chaque jour traité, et de nouveau seulement si son contenu a changé.
mail-foot-mine = Ce qui est confié à { $name }. Envoyé par crp-recon une fois pour chaque jour traité, et de nouveau seulement si son contenu a changé.
