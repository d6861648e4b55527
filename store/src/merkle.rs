//! The Merkle tree over a ledger's leaves (RFC 6962, section 2.1), kept as the roots of its complete subtrees: adding a
//! leaf needs no leaf that came before, and a million of them fit in twenty hashes.

use sha2::{Digest, Sha256};

/// A tree that leaves are added to, in the order of their positions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MerkleTree {
    size: u64,
    /// Roots of complete subtrees, the largest first: one for each bit that is set in `size`.
    peaks: Vec<[u8; 32]>,
}

impl MerkleTree {
    /// Adds a leaf hash ([`leaf`](crate::leaf)).
    pub fn push(&mut self, leaf: [u8; 32]) {
        let (mut hash, mut rest) = (leaf, self.size);
        while rest & 1 == 1 {
            if let Some(left) = self.peaks.pop() {
                hash = node(&left, &hash);
            }
            rest >>= 1;
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// How many leaves it has.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The root over all leaves; of an empty tree the hash of nothing.
    pub fn root(&self) -> [u8; 32] {
        let mut peaks = self.peaks.iter().rev();
        let Some(last) = peaks.next() else { return Sha256::digest([]).into() };
        peaks.fold(*last, |right, left| node(left, &right))
    }
}

fn node(left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update([0x01]);
    hash.update(left);
    hash.update(right);
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of_data(data: &[u8]) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update([0x00]);
        hash.update(data);
        hash.finalize().into()
    }

    /// The definition, word by word: split at the largest power of two below the size.
    fn by_definition(leaves: &[[u8; 32]]) -> [u8; 32] {
        match leaves {
            [] => Sha256::digest([]).into(),
            [only] => *only,
            _ => {
                let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
                node(&by_definition(left), &by_definition(right))
            }
        }
    }

    // Inputs and roots of the test vectors that implementations of Certificate Transparency share.
    #[test]
    fn the_roots_of_the_known_vectors_are_known() {
        let inputs =
            ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
        let roots = [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ];
        let mut tree = MerkleTree::default();
        let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(hex::encode(tree.root()), nothing);
        for (input, root) in inputs.iter().zip(roots) {
            tree.push(of_data(&hex::decode(input).unwrap()));
            assert_eq!(hex::encode(tree.root()), root, "{}", tree.size());
        }
    }

    proptest! {
        #[test]
        fn the_root_is_the_one_of_the_definition(leaves in prop::collection::vec(any::<[u8; 32]>(), 0..200)) {
            let mut tree = MerkleTree::default();
            for leaf in &leaves {
                tree.push(*leaf);
            }
            prop_assert_eq!(tree.root(), by_definition(&leaves));
            prop_assert_eq!(tree.size(), u64::try_from(leaves.len()).unwrap());
        }
    }
}
