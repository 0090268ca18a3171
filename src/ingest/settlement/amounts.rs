//! Gross, fee and net of a row from what its layout writes of them, with the signs that count
//! here: positive is what the merchant receives, a fee that costs is positive, net = gross − fee.

use crate::domain::Amount;
use crate::domain::settlement::Contradiction;

use super::meaning::Meaning;
use crate::ingest::profile::{FeeSign, Signs};
use crate::ingest::words::Side;

/// An amount as a row writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) amount: Amount,
    /// True where its column says which way it goes: nothing else then changes the sign.
    pub(super) has_side: bool,
}

/// What a row says of its amounts.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Parts {
    pub(super) gross: Option<Written>,
    pub(super) fee: Option<Amount>,
    pub(super) net: Option<Written>,
}

/// What says which sign an amount has.
#[derive(Clone, Copy, Debug)]
pub(super) struct SignRule {
    pub(super) signs: Signs,
    pub(super) fee_sign: Option<FeeSign>,
    pub(super) side: Option<Side>,
    /// `None` where no column tells what the row does.
    pub(super) meaning: Option<Meaning>,
}

/// The amounts of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Settled {
    pub(super) gross: Amount,
    pub(super) fee: Amount,
    pub(super) contradiction: Option<Contradiction>,
}

/// Why a row's amounts are none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unsettled {
    /// Neither gross nor net nor fee is written.
    NoAmount,
    /// A fee with a minus on a line that pays, and nothing tells whether it costs.
    FeeSignUnknown,
}

impl SignRule {
    /// The amounts of a line.
    pub(super) fn settle(self, parts: Parts) -> Result<Settled, Unsettled> {
        let net = |gross| self.net(parts, gross);
        match parts.gross {
            Some(written) => {
                let gross = self.signed(written);
                self.with_gross(gross, parts.fee, net(Some((written, gross))))
            }
            None => match (net(None), parts.fee) {
                (Some(net), fee) => {
                    let fee = self.fee(net, fee)?;
                    Ok(Settled::plain(net + fee, fee))
                }
                // A row of a commission alone.
                (None, Some(_)) => {
                    let fee = self.fee(Amount::ZERO, parts.fee)?;
                    Ok(Settled::plain(Amount::ZERO, fee))
                }
                (None, None) if self.meaning == Some(Meaning::Memo) => {
                    Ok(Settled::plain(Amount::ZERO, Amount::ZERO))
                }
                (None, None) => Err(Unsettled::NoAmount),
            },
        }
    }

    fn with_gross(
        self,
        gross: Amount,
        fee: Option<Amount>,
        net: Option<Amount>,
    ) -> Result<Settled, Unsettled> {
        let Some(net) = net else {
            return Ok(Settled::plain(gross, self.fee(gross, fee)?));
        };
        // What is paid is the net as written: the fee is what lies between.
        let between = gross - net;
        let agrees = fee.is_none_or(|fee| match self.fee_sign {
            None => fee.abs() == between.abs(),
            Some(sign) => cost(sign, gross, fee) == between,
        });
        let sign = self.fee_sign.unwrap_or(FeeSign::Cost);
        let contradiction = fee.filter(|_| !agrees).map(|fee| Contradiction {
            expected: gross - cost(sign, gross, fee),
            actual: net,
        });
        Ok(Settled {
            contradiction,
            ..Settled::plain(gross, between)
        })
    }

    /// The fee of a row without a net to check it by.
    fn fee(self, paid: Amount, fee: Option<Amount>) -> Result<Amount, Unsettled> {
        let Some(fee) = fee else {
            return Ok(Amount::ZERO);
        };
        let unknown = self.fee_sign.is_none() && fee.is_negative() && !paid.is_negative();
        if unknown {
            return Err(Unsettled::FeeSignUnknown);
        }
        Ok(cost(self.fee_sign.unwrap_or(FeeSign::Cost), paid, fee))
    }

    fn signed(self, written: Written) -> Amount {
        let amount = written.amount;
        if written.has_side {
            return amount;
        }
        match (self.side, self.signs) {
            (Some(Side::Credit), _) => amount.abs(),
            (Some(Side::Debit), _) => -amount.abs(),
            (None, Signs::Written) => amount,
            (None, Signs::Reversed) => -amount,
            (None, Signs::ByKind) => by_kind(self.meaning, amount),
        }
    }

    /// The net: its sign is turned where gross's was.
    fn net(self, parts: Parts, gross: Option<(Written, Amount)>) -> Option<Amount> {
        let net = parts.net?;
        let Some((written, signed)) = gross else {
            return Some(self.signed(net));
        };
        if net.has_side {
            return Some(net.amount);
        }
        if self.side.is_none() && self.signs == Signs::Reversed {
            return Some(-net.amount);
        }
        Some(turned_with(net.amount, written.amount, signed))
    }
}

impl Settled {
    fn plain(gross: Amount, fee: Amount) -> Self {
        Self {
            gross,
            fee,
            contradiction: None,
        }
    }
}

/// A net that is written with gross's sign goes the way that gross goes.
pub(in crate::ingest) fn turned_with(net: Amount, written: Amount, signed: Amount) -> Amount {
    let is_turned = written != signed;
    let has_same_sign = net.is_negative() == written.is_negative();
    if is_turned && has_same_sign {
        -net
    } else {
        net
    }
}

fn by_kind(meaning: Option<Meaning>, amount: Amount) -> Amount {
    match meaning {
        Some(Meaning::Cancellation | Meaning::Chargeback | Meaning::Fee) => -amount.abs(),
        Some(Meaning::CancellationReversal | Meaning::ChargebackReversal) => amount.abs(),
        Some(Meaning::Funding | Meaning::Adjustment | Meaning::Memo) | None => amount,
    }
}

/// What a fee costs.
fn cost(sign: FeeSign, gross: Amount, fee: Amount) -> Amount {
    match sign {
        FeeSign::Cost => fee,
        FeeSign::Effect => -fee,
        FeeSign::Absolute => fee.abs(),
        FeeSign::LikeGross => fee.with_sign_of(gross),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: SignRule = SignRule {
        signs: Signs::ByKind,
        fee_sign: None,
        side: None,
        meaning: Some(Meaning::Funding),
    };

    fn written(minor: i64) -> Written {
        Written {
            amount: Amount::from_minor(minor),
            has_side: false,
        }
    }

    /// Gross, fee and whether the row contradicts itself.
    fn settled(
        rule: SignRule,
        gross: Option<i64>,
        fee: Option<i64>,
        net: Option<i64>,
    ) -> Result<(i64, i64, bool), Unsettled> {
        let parts = Parts {
            gross: gross.map(written),
            fee: fee.map(Amount::from_minor),
            net: net.map(written),
        };
        let minor = |amount: Amount| amount.to_minor().unwrap();
        rule.settle(parts)
            .map(|s| (minor(s.gross), minor(s.fee), s.contradiction.is_some()))
    }

    #[test]
    fn any_two_of_gross_fee_and_net_give_the_third() {
        let rule = PLAIN;
        assert_eq!(
            settled(rule, Some(1000), Some(30), None),
            Ok((1000, 30, false))
        );
        assert_eq!(
            settled(rule, Some(1000), None, Some(970)),
            Ok((1000, 30, false))
        );
        assert_eq!(
            settled(rule, None, Some(30), Some(970)),
            Ok((1000, 30, false))
        );
        assert_eq!(settled(rule, Some(1000), None, None), Ok((1000, 0, false)));
        assert_eq!(settled(rule, None, None, Some(970)), Ok((970, 0, false)));
        assert_eq!(settled(rule, None, Some(30), None), Ok((0, 30, false)));
        assert_eq!(settled(rule, None, None, None), Err(Unsettled::NoAmount));
    }

    #[test]
    fn a_net_shows_what_the_sign_of_a_fee_means() {
        let rule = PLAIN;
        assert_eq!(
            settled(rule, Some(1000), Some(-30), Some(970)),
            Ok((1000, 30, false))
        );
        assert_eq!(
            settled(rule, Some(-1000), Some(30), Some(-970)),
            Ok((-1000, -30, false))
        );
        assert_eq!(
            settled(rule, Some(-1000), Some(30), Some(-1030)),
            Ok((-1000, 30, false))
        );
        assert_eq!(
            settled(rule, Some(1000), Some(30), Some(960)),
            Ok((1000, 40, true)),
            "the net as written is what is paid"
        );
        assert_eq!(
            settled(rule, Some(1000), Some(-30), None),
            Err(Unsettled::FeeSignUnknown)
        );
    }

    #[test]
    fn a_fee_s_sign_means_what_the_profile_says() {
        let fee = |sign, gross, fee| {
            let rule = SignRule {
                fee_sign: Some(sign),
                ..PLAIN
            };
            settled(rule, Some(gross), Some(fee), None).unwrap().1
        };
        assert_eq!(fee(FeeSign::Cost, 1000, -30), -30);
        assert_eq!(fee(FeeSign::Effect, 1000, -30), 30);
        assert_eq!(fee(FeeSign::Effect, -1000, 30), -30);
        assert_eq!(fee(FeeSign::Absolute, -1000, -30), 30);
        assert_eq!(fee(FeeSign::LikeGross, -1000, 30), -30);
        assert_eq!(fee(FeeSign::LikeGross, 1000, -30), 30);
    }

    #[test]
    fn what_is_taken_back_is_negative_however_it_is_written() {
        let gross = |meaning, amount| {
            let rule = SignRule {
                meaning: Some(meaning),
                ..PLAIN
            };
            settled(rule, Some(amount), None, None).unwrap().0
        };
        for taken in [Meaning::Cancellation, Meaning::Chargeback, Meaning::Fee] {
            assert_eq!(gross(taken, 500), -500);
            assert_eq!(gross(taken, -500), -500);
        }
        for given in [Meaning::CancellationReversal, Meaning::ChargebackReversal] {
            assert_eq!(gross(given, -500), 500);
        }
        assert_eq!(gross(Meaning::Adjustment, -500), -500);
        assert_eq!(gross(Meaning::Funding, -500), -500);
    }

    #[test]
    fn a_net_goes_the_way_that_gross_goes() {
        let refund = SignRule {
            meaning: Some(Meaning::Cancellation),
            ..PLAIN
        };
        assert_eq!(
            settled(refund, Some(1000), None, Some(970)),
            Ok((-1000, -30, false))
        );
        let reversed = SignRule {
            signs: Signs::Reversed,
            ..PLAIN
        };
        assert_eq!(
            settled(reversed, Some(-1000), None, Some(-970)),
            Ok((1000, 30, false))
        );
        let debit = SignRule {
            side: Some(Side::Debit),
            ..PLAIN
        };
        assert_eq!(
            settled(debit, Some(1000), None, Some(1030)),
            Ok((-1000, 30, false))
        );
    }

    #[test]
    fn a_column_that_says_which_way_it_goes_is_not_turned() {
        let refund = SignRule {
            meaning: Some(Meaning::Cancellation),
            ..PLAIN
        };
        let given_back = Parts {
            net: Some(Written {
                amount: Amount::from_minor(500),
                has_side: true,
            }),
            ..Parts::default()
        };
        assert_eq!(
            refund.settle(given_back).unwrap().gross,
            Amount::from_minor(500)
        );
    }
}
