//! The life of a basket, command by command: what every client does, whichever way its commands take.

/// A command on the basket that the client has open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Opens the next basket.
    Open,
    /// Puts an article into it, one copy.
    Add,
    /// Changes the line added last to two copies.
    Change,
    /// Takes the line added last out.
    Remove,
    /// Deletes the basket.
    Discard,
}

/// Each writes exactly one event. The basket never has more than six lines and its stream never more than twenty
/// events: a baseline that loads whole streams pays for baskets as people have them.
const LIFE: [Act; 20] = [
    Act::Open,
    Act::Add,
    Act::Change,
    Act::Add,
    Act::Remove,
    Act::Add,
    Act::Change,
    Act::Add,
    Act::Remove,
    Act::Add,
    Act::Change,
    Act::Add,
    Act::Remove,
    Act::Add,
    Act::Change,
    Act::Add,
    Act::Remove,
    Act::Add,
    Act::Change,
    Act::Discard,
];

/// One basket after the other, for ever.
#[derive(Clone, Copy, Debug)]
pub struct Lives {
    acts: usize,
}

impl Lives {
    /// Begins with the opening of a basket.
    pub const fn new() -> Self {
        Self { acts: 0 }
    }

    /// What comes next.
    pub fn next(&mut self) -> Act {
        let act = LIFE[self.acts % LIFE.len()];
        self.acts += 1;
        act
    }

    /// How often [`next`](Self::next) was asked: picks another article each time.
    pub const fn acts(self) -> usize {
        self.acts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_change_and_removal_follows_the_line_it_touches_and_baskets_stay_small() {
        let mut lines = 0_usize;
        let mut last = None;
        for act in LIFE {
            match act {
                Act::Open | Act::Discard => {}
                Act::Add => lines += 1,
                Act::Change | Act::Remove => assert_eq!(last, Some(Act::Add)),
            }
            lines -= usize::from(act == Act::Remove);
            assert!(lines <= 6);
            last = Some(act);
        }
        assert_eq!((LIFE.first(), LIFE.last()), (Some(&Act::Open), Some(&Act::Discard)));
    }
}
