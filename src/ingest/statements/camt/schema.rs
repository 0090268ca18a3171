//! Which element means what: the paths of the standard that this reader follows.
//!
//! [`Node`] is where the reader stands; [`Node::child`] says where a child element leads. What is
//! not listed is [`Node::Ignored`] with all that is in it, so that an address or an agent costs
//! nothing and a name inside it cannot be taken for another. Differences between versions are
//! listed side by side: in 01 the details stand in the entry itself, `Sts` became a choice and
//! parties got a `Pty` level in 07.

use crate::domain::statement::StatementKind;

/// A value that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    /// Number of the page of a message or statement.
    Page,
    /// Whether it is the last page.
    LastPage,
    /// The bank's identification of a statement.
    StatementId,
    /// Electronic sequence number of a statement.
    ElectronicSequence,
    /// Legal sequence number of a statement.
    LegalSequence,
    /// Beginning of a statement's period.
    FirstDay,
    /// End of a statement's period.
    LastDay,
    /// International account number.
    Iban,
    /// Any other account number.
    OtherAccount,
    /// Currency of the account.
    AccountCurrency,
    /// Which balance it is: `OPBD`, `CLBD`…
    BalanceCode,
    /// Day of a balance.
    BalanceDay,
    /// Amount of a balance, an entry or a detail, with its currency.
    Amount,
    /// Amount of a detail as it was settled.
    TransactionAmount,
    /// Amount of a detail as it was ordered.
    InstructedAmount,
    /// `CRDT` or `DBIT`.
    Sign,
    /// `true` for an entry that takes another one back.
    Reversal,
    /// `BOOK`, `PDNG`…
    Status,
    /// Booking date.
    BookedOn,
    /// Value date.
    ValueOn,
    /// The sender's reference of an entry.
    EntryReference,
    /// The bank's reference of an entry or detail.
    ServicerReference,
    /// Any other reference.
    Reference,
    /// Reference of the creditor: also a part of the remittance text.
    CreditorReference,
    /// Name of a party.
    Name(Party),
    /// Remittance text.
    Unstructured,
    /// Text beside structured remittance.
    AdditionalRemittance,
    /// Why a payment came back: code or text.
    ReturnReason,
    /// The bank's text about a detail.
    AdditionalDetail,
    /// The bank's text about an entry.
    AdditionalEntry,
}

impl Field {
    /// True where the currency is in an attribute.
    pub(super) fn is_amount(self) -> bool {
        matches!(
            self,
            Self::Amount | Self::TransactionAmount | Self::InstructedAmount
        )
    }
}

/// Who takes part in a detail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Party {
    /// Who pays.
    Debtor,
    /// Who receives.
    Creditor,
    /// For whom the debtor pays.
    UltimateDebtor,
    /// For whom the creditor receives.
    UltimateCreditor,
}

/// Where the reader stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Node {
    /// Nothing of interest, nor below.
    Ignored,
    /// Around a message: `Document`, or an envelope.
    Envelope,
    /// `BkToCstmrStmt` and its sisters.
    Message(StatementKind),
    /// `GrpHdr`.
    GroupHeader,
    /// `MsgPgntn`, `StmtPgntn`.
    Pagination,
    /// `Stmt`, `Rpt`, `Ntfctn`.
    Statement,
    /// `FrToDt`.
    Period,
    /// `Acct`.
    Account,
    /// `Acct/Id`.
    AccountId,
    /// `Acct/Id/Othr`.
    OtherAccountId,
    /// `Bal`.
    Balance,
    /// `Bal/Tp`.
    BalanceType,
    /// `Ntry`.
    Entry,
    /// `NtryDtls`.
    Details,
    /// `NtryDtls/Btch`.
    Batch,
    /// `TxDtls`.
    Detail,
    /// `TxDtls/Refs`.
    References,
    /// `TxDtls/Refs/Prtry`.
    ProprietaryReference,
    /// `TxDtls/AmtDtls`.
    AmountDetails,
    /// `TxDtls/AmtDtls/TxAmt`.
    TransactionAmount,
    /// `TxDtls/AmtDtls/InstdAmt`.
    InstructedAmount,
    /// `TxDtls/RltdPties`.
    Parties,
    /// `Dbtr`, `Cdtr`, `UltmtDbtr`, `UltmtCdtr`, and `Pty`, `Agt`, `FinInstnId` in them.
    Party(Party),
    /// `TxDtls/RmtInf`.
    Remittance,
    /// `TxDtls/RmtInf/Strd`.
    Structured,
    /// `Strd/CdtrRefInf`.
    CreditorReference,
    /// `Strd/RfrdDocInf`.
    Document,
    /// `TxDtls/RtrInf`.
    Return,
    /// `TxDtls/RtrInf/Rsn`.
    ReturnReason,
    /// A value; some values may stand one level deeper, as `Sts/Cd` or `BookgDt/Dt`.
    Value(Field),
}

impl Node {
    /// Where the child element with this local name leads.
    pub(super) fn child(self, name: &str) -> Self {
        match self {
            Self::Ignored => Self::Ignored,
            Self::Envelope => message_kind(name).map_or(Self::Envelope, Self::Message),
            Self::Message(_) => match name {
                "GrpHdr" => Self::GroupHeader,
                "Stmt" | "Rpt" | "Ntfctn" => Self::Statement,
                _ => Self::Ignored,
            },
            Self::GroupHeader => match name {
                "MsgPgntn" => Self::Pagination,
                _ => Self::Ignored,
            },
            Self::Pagination => match name {
                "PgNb" => Self::Value(Field::Page),
                "LastPgInd" => Self::Value(Field::LastPage),
                _ => Self::Ignored,
            },
            Self::Statement => in_statement(name),
            Self::Period | Self::Account | Self::AccountId | Self::OtherAccountId => {
                self.in_heading(name)
            }
            Self::Balance | Self::BalanceType => self.in_balance(name),
            Self::Entry => in_entry(name),
            Self::Details => match name {
                "Btch" => Self::Batch,
                "TxDtls" => Self::Detail,
                _ => Self::Ignored,
            },
            Self::Batch => match name {
                "MsgId" | "PmtInfId" => Self::Value(Field::Reference),
                _ => Self::Ignored,
            },
            Self::Detail => in_detail(name),
            Self::References | Self::ProprietaryReference => self.in_references(name),
            Self::AmountDetails | Self::TransactionAmount | Self::InstructedAmount => {
                self.in_amount_details(name)
            }
            Self::Parties | Self::Party(_) => self.in_parties(name),
            Self::Remittance | Self::Structured | Self::CreditorReference | Self::Document => {
                self.in_remittance(name)
            }
            Self::Return | Self::ReturnReason => self.in_return(name),
            Self::Value(field) => choice(field, name),
        }
    }

    fn in_heading(self, name: &str) -> Self {
        match (self, name) {
            (Self::Period, "FrDtTm" | "FrDt") => Self::Value(Field::FirstDay),
            (Self::Period, "ToDtTm" | "ToDt") => Self::Value(Field::LastDay),
            (Self::Account, "Id") => Self::AccountId,
            (Self::Account, "Ccy") => Self::Value(Field::AccountCurrency),
            (Self::AccountId, "IBAN") => Self::Value(Field::Iban),
            (Self::AccountId, "BBAN" | "UPIC") | (Self::OtherAccountId, "Id") => {
                Self::Value(Field::OtherAccount)
            }
            (Self::AccountId, "Othr" | "PrtryAcct") => Self::OtherAccountId,
            _ => Self::Ignored,
        }
    }

    fn in_balance(self, name: &str) -> Self {
        match (self, name) {
            (Self::Balance, "Tp") | (Self::BalanceType, "CdOrPrtry") => Self::BalanceType,
            (Self::Balance, "Amt") => Self::Value(Field::Amount),
            (Self::Balance, "CdtDbtInd") => Self::Value(Field::Sign),
            (Self::Balance, "Dt") => Self::Value(Field::BalanceDay),
            (Self::BalanceType, "Cd") => Self::Value(Field::BalanceCode),
            _ => Self::Ignored,
        }
    }

    fn in_references(self, name: &str) -> Self {
        match (self, name) {
            (Self::References, "Prtry") => Self::ProprietaryReference,
            (Self::References, "AcctSvcrRef") => Self::Value(Field::ServicerReference),
            (Self::References, _) | (_, "Ref") => Self::Value(Field::Reference),
            _ => Self::Ignored,
        }
    }

    fn in_amount_details(self, name: &str) -> Self {
        match (self, name) {
            (Self::AmountDetails, "TxAmt") => Self::TransactionAmount,
            (Self::AmountDetails, "InstdAmt") => Self::InstructedAmount,
            (Self::TransactionAmount, "Amt") => Self::Value(Field::TransactionAmount),
            (Self::InstructedAmount, "Amt") => Self::Value(Field::InstructedAmount),
            _ => Self::Ignored,
        }
    }

    fn in_parties(self, name: &str) -> Self {
        match (self, name) {
            (Self::Parties, "Dbtr") => Self::Party(Party::Debtor),
            (Self::Parties, "Cdtr") => Self::Party(Party::Creditor),
            (Self::Parties, "UltmtDbtr") => Self::Party(Party::UltimateDebtor),
            (Self::Parties, "UltmtCdtr") => Self::Party(Party::UltimateCreditor),
            (Self::Party(party), "Nm") => Self::Value(Field::Name(party)),
            (Self::Party(_), "Pty" | "Agt" | "FinInstnId") => self,
            _ => Self::Ignored,
        }
    }

    fn in_remittance(self, name: &str) -> Self {
        match (self, name) {
            (Self::Remittance, "Ustrd") => Self::Value(Field::Unstructured),
            (Self::Remittance, "Strd") => Self::Structured,
            (Self::Structured, "CdtrRefInf") => Self::CreditorReference,
            (Self::Structured, "RfrdDocInf") => Self::Document,
            (Self::Structured, "AddtlRmtInf") => Self::Value(Field::AdditionalRemittance),
            (Self::CreditorReference, "Ref" | "CdtrRef") => Self::Value(Field::CreditorReference),
            (Self::Document, "Nb" | "RfrdDocNb") => Self::Value(Field::Reference),
            _ => Self::Ignored,
        }
    }

    fn in_return(self, name: &str) -> Self {
        match (self, name) {
            (Self::Return, "Rsn" | "RtrRsn") => Self::ReturnReason,
            (Self::Return, "AddtlInf" | "AddtlRtrRsnInf") | (Self::ReturnReason, "Cd") => {
                Self::Value(Field::ReturnReason)
            }
            _ => Self::Ignored,
        }
    }
}

/// The kind of statements in the message element of this name; version 01 adds `V01` to it.
pub(super) fn message_kind(name: &str) -> Option<StatementKind> {
    let kinds = [
        ("BkToCstmrStmt", StatementKind::Booked),
        ("BkToCstmrAcctRpt", StatementKind::Intraday),
        ("BkToCstmrDbtCdtNtfctn", StatementKind::Intraday),
    ];
    kinds.into_iter().find_map(|(element, kind)| {
        let suffix = name.strip_prefix(element)?;
        (suffix.is_empty() || suffix.starts_with('V')).then_some(kind)
    })
}

fn in_statement(name: &str) -> Node {
    match name {
        "Ntry" => Node::Entry,
        "Bal" => Node::Balance,
        "Acct" => Node::Account,
        "FrToDt" => Node::Period,
        "StmtPgntn" | "RptPgntn" | "NtfctnPgntn" => Node::Pagination,
        "Id" => Node::Value(Field::StatementId),
        "ElctrncSeqNb" => Node::Value(Field::ElectronicSequence),
        "LglSeqNb" => Node::Value(Field::LegalSequence),
        _ => Node::Ignored,
    }
}

fn in_entry(name: &str) -> Node {
    match name {
        "NtryDtls" => Node::Details,
        "Btch" => Node::Batch,
        "TxDtls" => Node::Detail,
        "NtryRef" => Node::Value(Field::EntryReference),
        "Amt" => Node::Value(Field::Amount),
        "CdtDbtInd" => Node::Value(Field::Sign),
        "RvslInd" => Node::Value(Field::Reversal),
        "Sts" => Node::Value(Field::Status),
        "BookgDt" => Node::Value(Field::BookedOn),
        "ValDt" => Node::Value(Field::ValueOn),
        "AcctSvcrRef" => Node::Value(Field::ServicerReference),
        "AddtlNtryInf" => Node::Value(Field::AdditionalEntry),
        _ => Node::Ignored,
    }
}

fn in_detail(name: &str) -> Node {
    match name {
        "Refs" => Node::References,
        "Amt" => Node::Value(Field::Amount),
        "CdtDbtInd" => Node::Value(Field::Sign),
        "AmtDtls" => Node::AmountDetails,
        "RltdPties" => Node::Parties,
        "RmtInf" => Node::Remittance,
        "RtrInf" => Node::Return,
        "AddtlTxInf" => Node::Value(Field::AdditionalDetail),
        _ => Node::Ignored,
    }
}

/// The child of a value that is a choice in some versions: the same value.
fn choice(field: Field, name: &str) -> Node {
    let is_date = matches!(
        field,
        Field::BookedOn | Field::ValueOn | Field::BalanceDay | Field::FirstDay | Field::LastDay
    );
    match name {
        "Cd" | "Prtry" if field == Field::Status => Node::Value(field),
        "Dt" | "DtTm" if is_date => Node::Value(field),
        _ => Node::Ignored,
    }
}
