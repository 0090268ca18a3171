### Titres et mots isolés : codes, états, tableaux, colonnes.

## Codes des écarts

code-adjustment-unassigned = Régularisation sans commande
code-ambiguous-match = Plusieurs écritures possibles
code-amount-mismatch = Montant financé différent
code-bank-credit-unexplained = Crédit bancaire inexpliqué
code-bank-debit-unexplained = Débit bancaire inexpliqué
code-cancellation-amount-mismatch = Montant annulé différent
code-cancellation-not-reported = Annulation non déclarée
code-cancellation-unexpected = Annulation inattendue
code-carry-over = Versement négatif reporté
code-chargeback = Impayé
code-currency-mismatch = Devise différente
code-deadline-at-risk = Échéance proche
code-debit-not-taken = Prélèvement non effectué
code-duplicate-funding = Financement en double
code-duplicate-line = Ligne en double
code-event-missing = Notification manquante
code-fee-mismatch = Commission différente
code-feed-silent = Plus rien n’arrive
code-funding-not-reported = Financement non déclaré
code-line-rejected = Ligne rejetée
code-merchant-mismatch = Marchand différent
code-order-not-found = Commande introuvable
code-over-cancelled = Annulé au-delà de la commande
code-payout-amount-mismatch = Montant versé différent
code-payout-not-received = Versement non reçu
code-payout-reference-missing = Référence de versement absente
code-provider-amount-mismatch = Montant différent chez le prestataire
code-provider-status-mismatch = Statut différent chez le prestataire
code-reference-missing = Référence de commande absente
code-report-duplicate = Rapport reçu en double
code-report-missing = Rapport manquant
code-report-rejected = Fichier refusé
code-report-replaced = Rapport remplacé
code-statement-gap = Relevé manquant
code-statement-unbalanced = Relevé non équilibré
code-status-mismatch = Mouvement sur une commande non financée

## Gravités

severity-error = Erreur
severity-warning = Avertissement
severity-info = Pour information

## États des écarts

state-new = nouveau
state-changed = modifié
state-persisting = persistant
state-accepted = accepté
state-resolved = résolu

## Anciennetés

age-0-7 = jusqu’à 7 jours
age-8-30 = 8–30 jours
age-31-60 = 31–60 jours
age-61-90 = 61–90 jours
age-over-90 = plus de 90 jours

## Statuts des commandes

order-status-pending = en cours
order-status-favorable = acceptée, non confirmée
order-status-funded = financée
order-status-cancelled = annulée
order-status-refused = refusée
order-status-aborted = abandonnée

## État d’une source

feed-state-complete = complète
feed-state-late = en retard
feed-state-silent = muette
feed-state-never = rien reçu

## États des commandes

order-state-balanced = soldée
order-state-open = ouverte
order-state-pending = en attente

## États des versements

payout-state-matched = rapproché
payout-state-mismatched = montant différent
payout-state-not-received = non reçu
payout-state-pending = en attente
payout-state-carried-over = reporté
payout-state-settled-without-transfer = soldé sans virement

## Mode de rapprochement d’un versement

matched-by-reference = par référence
matched-by-amount = par montant
matched-by-sum = par somme
matched-by-decision = par décision

## Sort d’un fichier

file-status-accepted = accepté
file-status-duplicate = doublon
file-status-superseded = remplacé
file-status-refused = refusé
file-status-ignored = ignoré
file-status-unread = non lu

## Types de fichiers

input-kind-oney-crp = Compte rendu de paiement Oney
input-kind-payone-settlement = Règlement PAYONE
input-kind-settlement = Rapport de règlement
input-kind-payone-status = Notifications PAYONE
input-kind-e-financing = Souscriptions e-Financing
input-kind-oney-status = Statuts d’achat Oney
input-kind-orders = Commandes
input-kind-order-events = Événements de commande
input-kind-bank-statement = Relevé bancaire
input-kind-decisions = Décisions

## Tableaux

table-summary = Synthèse
table-discrepancies = Écarts
table-orders = Commandes
table-payouts = Versements
table-balance = Bouclage
table-inputs = Fichiers d’entrée
table-rejected = Lignes rejetées

## Colonnes des tableaux

column-accepted = Acceptées
column-account = Compte
column-actual = Constaté
column-adjustments = Régularisations
column-age-days = Ancienneté (jours)
column-amount = Montant
column-assignee = Attribué à
column-bank-entries = Écritures bancaires
column-bank-entry = Écriture bancaire
column-booked = Comptabilisé
column-cancelled = Annulé
column-carried-over = Reporté
column-cause = Cause
column-chargebacks = Impayés
column-code = Code
column-column = Colonne
column-country = Pays
column-currency = Devise
column-difference = Écart
column-event-date = Date
column-expected = Attendu
column-expected-payouts = Versements attendus
column-explanation = Explication
column-exposure = Exposition
column-fee = Commission
column-fees = Commissions
column-file = Fichier
column-first-report = Premier rapport
column-first-seen = Vu la première fois
column-funded = Financé
column-gross = Brut
column-id = Identifiant
column-kind = Type
column-last-report = Dernier rapport
column-line = Ligne
column-lines = Lignes
column-matched = Rapproché
column-matched-by = Rapproché par
column-merchant = Marchand
column-mismatched = Montant différent
column-net = Net
column-not-received = Non reçu
column-note = Note
column-order-reference = Commande
column-payout-reference = Versement
column-pending = En attente
column-provider = Prestataire
column-raw = Ligne d’origine
column-reason = Motif
column-rejected = Rejetées
column-report-date = Date du rapport
column-reported-cancelled = Annulation déclarée
column-reported-funded = Financement déclaré
column-residual = Reste inexpliqué
column-rows = Lignes
column-sequence = Numéro
column-severity = Gravité
column-sha256 = SHA-256
column-sources = Sources
column-state = État
column-status = Statut
column-transaction-id = Transaction
column-unassigned = Non affecté
column-value = Valeur
