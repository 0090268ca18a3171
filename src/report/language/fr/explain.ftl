### Explications des écarts : ce qui a été constaté des deux côtés, avec les montants, et ce
### qu’il faut faire. Les variables sont décrites dans le fichier anglais du même nom ; ce qui
### est inconnu vaut le nombre 0, `[0]` est donc la variante sans cette indication.
###
### Les espaces devant les signes doubles et dans les guillemets sont insécables. Un nom de
### prestataire ne suit jamais « de » : il faudrait l’élider ou non selon le nom.

## Éléments de phrase

part-who = { $provider ->
    [0] Le prestataire
   *[other] { $provider }
}
part-whom = { $provider ->
    [0] le prestataire
   *[other] { $provider }
}
part-to = { $provider ->
    [0] au prestataire
   *[other] à { $provider }
}
part-to-sender = { $provider ->
    [0] à l’émetteur
   *[other] à { $provider }
}
part-order = { $order ->
    [0] { $transaction ->
        [0] une commande
       *[other] la transaction { $transaction }
    }
   *[other] la commande { $order }
}
part-order-of-transaction = { $transaction ->
    [0] { part-order }
   *[other] { $order ->
        [0] { part-order }
       *[other] la transaction { $transaction } (commande { $order })
    }
}
part-payout = { $payout ->
    [0] un versement
   *[other] le versement { $payout }
}
part-Payout = { $payout ->
    [0] Un versement
   *[other] Le versement { $payout }
}
part-to-payout = { $payout ->
    [0] à un versement
   *[other] au versement { $payout }
}
part-account = { $account ->
    [0] le compte
   *[other] le compte { $account }
}
part-Account = { $account ->
    [0] Le compte
   *[other] Le compte { $account }
}
part-of-account = { $account ->
    [0] du compte
   *[other] du compte { $account }
}
part-File = { $file ->
    [0] Un fichier
   *[other] Le fichier { $file }
}
part-Statement = { $statement ->
    [0] Le relevé { part-of-account }
   *[other] Le relevé { $statement } { part-of-account }
}
part-reported = { $actual-sign ->
    [negative] a repris { $actual-size }
   *[other] a déclaré { $actual }
}
part-times = { $count ->
    [0] plusieurs fois
    [1] plusieurs fois
    [2] deux fois
   *[other] { $count } fois
}
part-on-due-day = { $age ->
    [0] le { $event-day }
    [one] le { $event-day } (il y a { $age } jour)
   *[other] le { $event-day } (il y a { $age } jours)
}
part-entry = { $entry ->
    [0] { $bank-text ->
        [0] {""}
       *[other] {" "}(« { $bank-text } »)
    }
   *[other] { $bank-text ->
        [0] {" "}(écriture { $entry })
       *[other] {" "}(écriture { $entry }, « { $bank-text } »)
    }
}
part-source = { $line ->
    [0] { $source }
   *[other] { $source }, ligne { $line }
}
part-place = { $transaction ->
    [0] { $source ->
        [0] {""}
       *[other] {" "}({ part-source })
    }
   *[other] { $source ->
        [0] {" "}(transaction { $transaction })
       *[other] {" "}(transaction { $transaction } ; { part-source })
    }
}
part-in-file = { $file ->
    [0] {""}
   *[other] {" "}dans { $file }
}

## Commandes et lignes de règlement

explain-amount-mismatch =
    { part-who } a déclaré { $actual } pour { part-order }, la boutique indique { $expected }.
    Interrogez { part-whom }, ou corrigez la commande.

explain-duplicate-funding =
    { part-who } a financé { part-times } { part-order } : { $actual } au lieu de { $expected }.
    Demandez { part-to } quel financement est le bon ; attendez-vous à une reprise de { $gap }.

explain-funding-not-reported =
    { part-who } n’a pas déclaré le financement de { $expected } pour { part-order }, attendu { part-on-due-day }.
    Vérifiez le statut de la commande chez { part-whom }, ou corrigez la commande.

explain-cancellation-not-reported =
    La boutique a annulé { $expected-size } sur { part-order }, et { part-whom } ne l’a pas déclaré ; c’était attendu { part-on-due-day }.
    Renvoyez l’annulation { part-to }, ou corrigez la commande.

explain-cancellation-unexpected =
    { part-who } a repris { $actual-size } pour { part-order }, que la boutique n’a pas annulée.
    Demandez { part-to } pourquoi, ou enregistrez l’annulation dans la boutique.

explain-cancellation-amount-mismatch =
    { part-who } a repris { $actual-size } pour { part-order }, la boutique a annulé { $expected-size }.
    Interrogez { part-whom }, ou corrigez l’annulation dans la boutique.

part-whole-order = { $amount ->
    [0] le montant total de la commande
   *[other] le montant total de la commande ({ $amount })
}
explain-over-cancelled =
    { part-who } a repris { $actual-size } pour { part-order }, plus que { part-whole-order } ; la boutique a annulé { $expected-size }.
    Réclamez { $gap } { part-to }.

part-unknown-order-remedy = { $nearest ->
    [0] Importez la commande manquante, ou demandez { part-to } à quoi cela correspond.
   *[other] La commande la plus proche est { $nearest } : si c’est la bonne, demandez { part-to } de corriger la référence ; sinon, importez la commande manquante.
}
explain-order-not-found-in-and-out =
    { part-who } a déclaré { $amount } pour { part-order } et repris { $taken-back } ; la boutique ne connaît pas cette commande.
    { part-unknown-order-remedy }

explain-order-not-found =
    { part-who } { part-reported } pour { part-order }, que la boutique ne connaît pas.
    { part-unknown-order-remedy }

part-status-over = { $claimed ->
    [0] { $status }
   *[other] { $status } ({ $claimed })
}
explain-order-not-found-with-status =
    { part-who } indique le statut { part-status-over } pour { part-order } (constaté le { $event-day }), et la boutique ne la connaît pas.
    { part-unknown-order-remedy }

part-shop-expects = { $amount ->
    [0] l’a dans une autre devise
   *[other] attend { $amount }
}
explain-currency-mismatch =
    { part-who } { part-reported } pour { part-order }, la boutique { part-shop-expects }.
    Demandez { part-to } le montant dans la devise de la commande, ou corrigez la commande.

part-still-expected = { $amount ->
    [0] le montant attendu reste le même
   *[other] { $amount } restent attendus
}
explain-currency-mismatch-of-cancellation =
    La boutique a annulé { $actual-size } pour { part-order } dans une autre devise que celle de la commande ; { part-still-expected }.
    Corrigez la devise ou le montant de cette annulation.

part-two-merchants = { $merchant ->
    [0] { $shop-merchant ->
        [0] un autre marchand que la boutique
       *[other] un autre marchand que { $shop-merchant }, celui de la boutique
    }
   *[other] { $shop-merchant ->
        [0] le marchand { $merchant }, la boutique l’a sous un autre
       *[other] le marchand { $merchant }, la boutique l’a sous { $shop-merchant }
    }
}
explain-merchant-mismatch =
    { part-who } a déclaré { part-order } sous { part-two-merchants }.
    Corrigez le marchand de la commande, ou demandez { part-to } à qui revient l’argent.

part-status-in-shop = { $status ->
    [0] non financée
   *[other] avec le statut { $status }
}
explain-status-mismatch =
    { part-who } { part-reported } pour { part-order }, { part-status-in-shop } dans la boutique : aucun paiement ne doit s’y rapporter.
    Corrigez le statut de la commande, ou demandez { part-to } d’annuler l’opération.

explain-reference-missing =
    { part-who } { part-reported } sans référence de commande{ part-place }.
    Demandez { part-to } à quelle commande cela correspond.

explain-duplicate-line =
    { part-who } a déclaré { part-times } la même ligne pour { part-order } : { $actual } en tout au lieu de { $expected }.
    La commande ne la compte qu’une fois ; demandez { part-to } si elle a été payée plusieurs fois.

explain-fee-mismatch-by-rule =
    { part-who } a facturé une commission de { $actual-cost } pour { part-order } ; au taux convenu, elle est de { $expected-cost }.
    Demandez { part-to } de la corriger, ou corrigez la règle de commission.

explain-fee-mismatch =
    { part-who } a déclaré pour { part-order } des montants qui ne concordent pas avec sa commission : { $actual } au lieu de { $expected }.
    Demandez { part-to } quelle valeur est la bonne.

part-last-day = { $age ->
    [0] le { $event-day } est le dernier jour. Confirmez-la si la marchandise est prête, ou annulez-la.
    [one] le { $event-day } était le dernier jour, il y a { $age } jour. Demandez si elle peut encore être confirmée, ou annulez-la.
   *[other] le { $event-day } était le dernier jour, il y a { $age } jours. Demandez si elle peut encore être confirmée, ou annulez-la.
}
explain-deadline-at-risk =
    { part-who } a accepté { part-order } pour { $expected }, et la boutique ne l’a pas confirmée : { part-last-day }

explain-adjustment-unassigned =
    { part-who } { part-reported } comme une régularisation qui ne se rapporte à aucune commande{ part-place }.
    Demandez { part-to } à quoi elle correspond, et comptabilisez-la.

## Ce qu’un prestataire dit d’une commande

explain-provider-status-mismatch-vague =
    { part-who } indique pour { part-order } un autre statut que la boutique (constaté le { $event-day }).
    Interrogez { part-whom }, ou corrigez le statut de la commande.

explain-provider-status-mismatch-unknown =
    { part-who } ne connaît pas { part-order } (demandé le { $event-day }), qui a le statut { $status } dans la boutique.
    Vérifiez quelle référence a été transmise { part-to }, ou corrigez la commande.

part-seen = { $own-words ->
    [0] constaté le { $event-day }
   *[other] { $own-words }, constaté le { $event-day }
}
part-shop-status = { $status ->
    [0] a un autre statut
   *[other] a le statut { $status }
}
part-status-remedy = { $remedy ->
    [confirm] Rien n’est payé avant la confirmation : confirmez-la chez { part-whom }, ou corrigez la commande.
    [cancel-there] Annulez-la aussi chez { part-whom }, ou corrigez la commande.
    [correct-or-cancel-there] Corrigez le statut de la commande, ou annulez-la chez { part-whom }.
    [cancel-here] Rien ne sera payé : annulez aussi la commande dans la boutique, ou demandez { part-to } qui l’a annulée.
    [do-not-ship] Rien ne sera payé : n’expédiez pas, ou faites payer le client autrement, et demandez { part-to } pourquoi.
   *[other] Corrigez le statut de la commande, ou interrogez { part-whom }.
}
explain-provider-status-mismatch =
    { part-who } indique le statut { $their-status } pour { part-order } ({ part-seen }) ; dans la boutique, elle { part-shop-status }.
    { part-status-remedy }

explain-provider-amount-mismatch =
    { part-who } finance { $actual } pour { part-order } (constaté le { $event-day }), la boutique attend { $expected }.
    Interrogez { part-whom }, ou corrigez la commande ou ses annulations.

part-missing-notifications = { $first ->
    [0] Une notification pour { part-order-of-transaction } manque
   *[other] { $last ->
        [0] La notification { $first } pour { part-order-of-transaction } manque
       *[other] Les notifications { $first } à { $last } pour { part-order-of-transaction } manquent
    }
}
part-next-notification = { $next ->
    [0] une notification suivante est arrivée
   *[other] la notification { $next } est arrivée
}
explain-event-missing =
    { part-missing-notifications } : { part-next-notification } le { $event-day }.
    Cherchez dans le journal des notifications de la boutique, et regardez chez { part-whom } ce qui a été comptabilisé.

part-contest = Contestez-le chez { part-whom }, ou comptabilisez la perte et acceptez cet écart.
explain-chargeback =
    { part-who } a débité un impayé de { $actual-size } pour { part-order } : le client ou sa banque conteste le paiement.
    { part-contest }
explain-chargeback-notified =
    { part-who } a repris { $actual-size } pour { part-order } ({ $notice } du { $event-day }) après l’avoir payée, et aucun paiement n’a suivi.
    { part-contest }

## Versements et écritures bancaires

explain-payout-not-received =
    { part-who } a déclaré { part-payout } de { $expected }, et la banque ne l’a pas comptabilisé ; il était attendu { part-on-due-day }.
    Demandez le virement { part-to }, ou ajoutez le relevé bancaire manquant.

part-payouts = { $count ->
    [0] { part-payout }
    [1] { part-payout }
   *[other] { $payouts ->
        [0] { $count } versements groupés avec { part-payout }
       *[other] { $count } versements groupés ({ $payouts })
    }
}
part-too-much-or-little = { $gap-sign ->
    [0] {""}
    [negative] , soit { $gap } de moins
   *[other] , soit { $gap } de plus
}
explain-payout-amount-mismatch =
    { part-who } a déclaré { $expected } pour { part-payouts }, la banque a comptabilisé { $actual }{ part-too-much-or-little }.
    Demandez { part-to } de quoi se compose le virement.

part-lines = { $count ->
    [0] des lignes
    [one] { $count } ligne
   *[other] { $count } lignes
}
part-sum = { $amount ->
    [0] { $actual }
   *[other] { $amount }
}
explain-payout-reference-missing =
    { part-who } a déclaré { part-lines } pour un total de { part-sum } sans référence de versement{ part-in-file } : aucune écriture bancaire ne peut y être rapprochée.
    Demandez { part-to } de quel virement il s’agit.

part-debit = { $month ->
    [0] { part-payout }
   *[other] les commissions de { $month }
}
explain-debit-not-taken =
    { part-who } doit prélever { $expected-size } pour { part-debit }, et la banque ne l’a pas comptabilisé ; c’était attendu { part-on-due-day }.
    Demandez { part-to } quand le prélèvement aura lieu, et gardez la somme disponible.

explain-carry-over =
    { part-Payout } s’élève à { $expected } pour l’instant : { part-whom } le reporte et l’impute sur les rapports suivants.
    Rien à faire.

part-candidates = { $candidates ->
    [0] { $entry ->
        [0] {""}
       *[other] {" "}({ $entry })
    }
   *[other] {" "}({ $candidates })
}
part-entries-fit = { $count ->
    [0] Plusieurs écritures bancaires{ part-candidates } correspondent
    [one] { $count } écriture bancaire{ part-candidates } correspond
   *[other] { $count } écritures bancaires{ part-candidates } correspondent
}
explain-ambiguous-match =
    { part-entries-fit } également bien { part-to-payout } de { $expected }.
    Demandez { part-to } laquelle est son virement, puis notez-le ici et acceptez cet écart.

part-received = { $provider ->
    [0] { part-Account } a reçu { $actual }
   *[other] { $provider } a versé { $actual } sur { part-account }
}
explain-bank-credit-unexplained =
    { part-received } le { $event-day }{ part-entry }, et aucun versement déclaré ne l’explique.
    Demandez { part-to } le rapport de ce virement.

explain-bank-debit-unexplained =
    { part-who } a débité { $actual-size } { part-of-account } le { $event-day }{ part-entry }, et aucun rapport ne l’explique.
    Demandez { part-to } à quoi cela correspond, ou faites rejeter le prélèvement par la banque.

## Fichiers et relevés

part-report = { $provider ->
    [0] Le rapport
   *[other] Le rapport { $provider }
}
part-reports = { $provider ->
    [0] rapports
   *[other] rapports { $provider }
}
part-for-country = { $country ->
    [0] {""}
   *[other] {" "}pour { $country }
}
part-missing-remedy =  : son contenu n’entre encore dans aucun chiffre. Récupérez-le chez { part-whom } et déposez-le dans le dossier d’entrée.
explain-report-missing-many =
    { $count } { part-reports }{ part-for-country } manquent à partir du numéro { $number } : leur contenu n’entre encore dans aucun chiffre.
    Récupérez-les chez { part-whom } et déposez-les dans le dossier d’entrée.
explain-report-missing-day =
    { part-report }{ part-for-country } du { $day } manque{ part-missing-remedy }
explain-report-missing-number =
    { part-report }{ part-for-country } numéro { $number } manque{ part-missing-remedy }
part-report-name = { $file ->
    [0] d’une journée
   *[other] { $file }
}
explain-report-missing =
    { part-report } { part-report-name } manque{ part-missing-remedy }

part-report-before = { $other-file ->
    [0] un rapport antérieur de même numéro
   *[other] { $other-file }
}
explain-report-replaced-in-currencies =
    { part-File } remplace { part-report-before } ; leurs sommes en plusieurs devises figurent parmi les fichiers.
    Seul le nouveau compte ; interrogez { part-whom } si la correction n’était pas annoncée.

explain-report-replaced =
    { part-File } remplace { part-report-before } : { $actual } en tout au lieu de { $expected }.
    Seul le nouveau compte ; interrogez { part-whom } si la correction n’était pas annoncée.

part-as-file = { $other-file ->
    [0] qu’un fichier déjà enregistré
   *[other] que { $other-file }
}
explain-report-duplicate =
    { part-File } a le même contenu { part-as-file } et n’a pas été relu. Rien à faire.

part-refusal = { $reason ->
    [0] a été refusé
   *[other] a été refusé : { $reason }
}
explain-report-rejected =
    { part-File } { part-refusal }. Rien n’en est compté ; demandez { part-to-sender } un fichier correct.

part-Row = { $file ->
    [0] Une ligne
   *[other] La ligne { $file }
}
part-why = { $column ->
    [0] { $complaint ->
        [0] {""}
       *[other]  : { $complaint }
    }
   *[other] { $complaint ->
        [0]  : { $column }
       *[other]  : { $column } : { $complaint }
    }
}
explain-line-rejected =
    { part-Row } n’a pas pu être lue{ part-why }. Elle n’est comptée nulle part ; demandez { part-to-sender } un fichier corrigé.

part-statement-before = { $before ->
    [0] le précédent
   *[other] le précédent ({ $before })
}
part-closed-on = { $day ->
    [0] {""}
   *[other] {" "}le { $day }
}
explain-statement-gap =
    { part-Statement } s’ouvre à { $actual }, { part-statement-before } s’est clôturé à { $expected }{ part-closed-on }.
    Récupérez auprès de la banque le relevé qui manque entre les deux.

explain-statement-unbalanced =
    { part-Statement } se clôture à { $actual }, son solde d’ouverture et ses écritures donnent { $expected } : { $gap } reste inexpliqué.
    Récupérez de nouveau le relevé auprès de la banque.

explain-feed-silent-account = { $day ->
    [0] Aucun relevé du compte { $account } n’est encore arrivé.
   *[other] Les relevés du compte { $account } s’arrêtent au { $day } : ce qui a été comptabilisé depuis n’est pas connu.
}
    Récupérez-les auprès de la banque, ou inscrivez le compte dans closed_accounts s’il est clôturé.

explain-feed-silent-input = { $day ->
    [0] Rien n’est encore arrivé par l’entrée { $file }.
   *[other] Le dernier fichier de l’entrée { $file } est arrivé le { $day } : ce qui s’est passé depuis n’est pas connu.
}
    Cherchez pourquoi la livraison s’est arrêtée et déposez les fichiers manquants dans le dossier d’entrée.

explain-before-the-books = Cela précède le jour à partir duquel les livres sont connus : c’est donné pour information.

unknown-amount = (montant inconnu)

## Ce que le prestataire a répondu quand il a été interrogé sur la commande

part-answer = { $http ->
    [0] { $answer ->
        [0] aucune réponse
       *[other] { $answer }
    }
   *[other] { $answer ->
        [0] HTTP { $http }
       *[other] HTTP { $http } : { $answer }
    }
}
explain-asked-not-known =
    Le { $answered-on }, { part-whom } a répondu ne pas connaître cette commande ({ part-answer }).
explain-asked-not-verified =
    Le { $answered-on }, { part-whom } n’a donné aucun statut de cette commande, elle n’est donc pas vérifiée ({ part-answer }).
explain-asked-answered =
    Réponse du prestataire : { part-answer }.
