//! The columns of bank exports, and the names that banks use for them.

/// Canonical columns with names that banks use for them, in the order of preference.
///
/// Only names that mean the same wherever they are used: `Kontonummer/IBAN` is the other party's at
/// one bank and the own one at another. A profile adds those of one bank.
pub(in crate::ingest) const COLUMNS: [(&str, &[&str]); 13] = [
    (
        "account",
        &[
            "IBAN",
            "Account number",
            "Compte",
            "Konto",
            "Kontonummer",
            "Cuenta",
            "Conto",
            // Belfius, KBC, Crelan.
            "Rekening",
            "Rekeningnummer",
            "Compte donneur d'ordre",
        ],
    ),
    (
        "booking_date",
        &[
            "Date",
            "Date comptable",
            "Date opération",
            "Buchungstag",
            "Buchungsdatum",
            "Fecha",
            "Boekingsdatum",
            "Datum",
        ],
    ),
    (
        "value_date",
        &[
            "Date de valeur",
            "Date valeur",
            "Valuta",
            "Wertstellung",
            "Fecha valor",
            "Valutadatum",
        ],
    ),
    (
        "amount",
        &[
            "Montant", "Betrag", "Umsatz", "Importe", "Importo", "Bedrag",
        ],
    ),
    ("debit", &["Débit", "Soll", "Addebiti", "Cargo", "debet"]),
    ("credit", &["Crédit", "Haben", "Accrediti", "Abono"]),
    // Says of unsigned amounts which way they went.
    (
        "direction",
        &[
            "D/C",
            "C/D",
            "DC",
            "S/H",
            "H/S",
            "Soll/Haben",
            "Soll/Haben-Kennzeichen",
            "Af/Bij",
            "Af Bij",
            "Bij/Af",
            "Debit/Credit",
            "Credit/Debit",
            "Debit Credit",
            "Debit/Credit Indicator",
            "Credit Debit Indicator",
            "Débit/Crédit",
            "Crédit/Débit",
            "Sens",
            "Debet/Credit",
            "Debe/Haber",
            "Dare/Avere",
            "+/-",
        ],
    ),
    (
        "currency",
        &["Devise", "Währung", "Divisa", "Devies", "Munt", "CCY"],
    ),
    (
        "counterparty",
        &[
            "Name",
            "Contrepartie",
            "Auftraggeber / Begünstigter",
            "Beneficiario",
            "Naam tegenpartij",
            "Naam tegenpartij bevat",
            "Partner Name",
        ],
    ),
    (
        "remittance",
        &[
            "Description",
            "Label",
            "Libellé",
            "Verwendungszweck",
            "Communication",
            "Concepto",
            "Descrizione",
            "Omschrijving",
            "Transactie",
            "gestructureerde mededeling",
            "Vrije mededeling",
            "Mededelingen",
            "Details",
        ],
    ),
    (
        "reference",
        &["Référence", "Referenz", "Referencia", "Riferimento", "Ref"],
    ),
    (
        "entry_id",
        &["Transaction ID", "Buchungsreferenz", "Operation Number"],
    ),
    (
        "balance",
        &["Solde", "Saldo", "Solde après opération", "Running Balance"],
    ),
];
