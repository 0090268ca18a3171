//! Many small byte strings in pieces of one mebibyte: growing never moves what is there, so a
//! hundred megabytes of them never need two hundred.

/// Bytes of one piece; a longer string gets a piece of its own.
const PIECE_BYTES: usize = 1 << 20;

/// Bits of a place that say where in its piece a string begins.
const OFFSET_BITS: u32 = 20;

/// Byte strings, each known by its place.
#[derive(Clone, Debug, Default)]
pub struct Arena {
    pieces: Vec<Vec<u8>>,
}

/// A point to go back to.
#[derive(Clone, Copy, Debug)]
pub struct ArenaMark {
    pieces: usize,
    bytes: usize,
}

impl Arena {
    /// Adds a byte string and returns its place.
    pub fn push(&mut self, bytes: &[u8]) -> u32 {
        let fits = |piece: &Vec<u8>| piece.len().saturating_add(bytes.len()) <= PIECE_BYTES;
        if !self.pieces.last().is_some_and(fits) {
            self.pieces
                .push(Vec::with_capacity(PIECE_BYTES.max(bytes.len())));
        }
        let at = self.pieces.len().saturating_sub(1);
        let offset = self.pieces.last().map_or(0, Vec::len);
        if let Some(piece) = self.pieces.last_mut() {
            piece.extend_from_slice(bytes);
        }
        let high = u32::try_from(at)
            .unwrap_or(u32::MAX)
            .checked_shl(OFFSET_BITS)
            .unwrap_or(0);
        high | u32::try_from(offset).unwrap_or(0)
    }

    /// The bytes from a place to the end of its piece: the string and what follows it.
    pub fn from(&self, place: u32) -> &[u8] {
        let at = usize::try_from(place >> OFFSET_BITS).unwrap_or(usize::MAX);
        let mask = (1_u32 << OFFSET_BITS) - 1;
        let offset = usize::try_from(place & mask).unwrap_or(usize::MAX);
        self.pieces
            .get(at)
            .and_then(|piece| piece.get(offset..))
            .unwrap_or_default()
    }

    /// Bytes that the pieces take.
    pub fn size_bytes(&self) -> usize {
        self.pieces.iter().map(Vec::capacity).sum()
    }

    /// Here.
    pub fn mark(&self) -> ArenaMark {
        ArenaMark {
            pieces: self.pieces.len(),
            bytes: self.pieces.last().map_or(0, Vec::len),
        }
    }

    /// Forgets everything behind a mark.
    pub fn forget_behind(&mut self, mark: ArenaMark) {
        self.pieces.truncate(mark.pieces);
        if let Some(last) = self.pieces.last_mut() {
            last.truncate(mark.bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_found_again_over_many_pieces() {
        let mut arena = Arena::default();
        let long = vec![7_u8; PIECE_BYTES + 1];
        let places: Vec<(u32, u8)> = (0..200_u8)
            .map(|n| (arena.push(&vec![n; 30_000]), n))
            .collect();
        let at = arena.push(&long);
        let behind = arena.push(b"behind");
        assert!(
            places
                .iter()
                .all(|(place, n)| arena.from(*place)[..30_000] == vec![*n; 30_000])
        );
        assert_eq!(arena.from(at), long);
        assert_eq!(arena.from(behind), b"behind");
    }

    #[test]
    fn a_mark_goes_back_over_pieces() {
        let mut arena = Arena::default();
        let kept = arena.push(b"kept");
        let mark = arena.mark();
        for _ in 0..50 {
            arena.push(&vec![1; 50_000]);
        }
        arena.forget_behind(mark);
        assert_eq!(arena.from(kept), b"kept");
        assert_eq!(arena.size_bytes(), PIECE_BYTES);
    }
}
