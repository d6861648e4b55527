//! The same article on several lines: with the same reference it is one line with the sum of copies, with another it is a
//! line of its own.

use std::collections::{HashMap, hash_map::Entry};

use bordereau_domain::line::is_quantity;

use crate::line::{BadQuantity, ListLine};

/// A line with what became of it beside the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gathered {
    /// The line; its quantity is the sum of all that were added to it.
    pub line: ListLine,
    /// The numbers of the lines whose copies were added to this one.
    pub added: Vec<u32>,
    /// The number of the line that its own copies were added to.
    pub added_to: Option<u32>,
}

/// Adds up what is asked for twice. Lines that have something wrong with them stay alone.
pub fn gather(lines: Vec<ListLine>) -> Vec<Gathered> {
    let mut gathered: Vec<Gathered> = Vec::with_capacity(lines.len());
    let mut firsts: HashMap<(bordereau_domain::Ean, Option<String>), usize> = HashMap::new();
    for line in lines {
        let mut next = Gathered { line, added: Vec::new(), added_to: None };
        let (Ok(ean), Ok(quantity), Ok(reference)) = (next.line.ean, next.line.quantity, &next.line.line_reference)
        else {
            gathered.push(next);
            continue;
        };
        match firsts.entry((ean, reference.clone())) {
            Entry::Vacant(entry) => {
                entry.insert(gathered.len());
            }
            Entry::Occupied(entry) => {
                if let Some(first) = gathered.get_mut(*entry.get()) {
                    next.added_to = Some(first.line.line);
                    first.added.push(next.line.line);
                    first.line.quantity = first.line.quantity.and_then(|sum| {
                        let sum = sum.saturating_add(quantity);
                        if is_quantity(sum) { Ok(sum) } else { Err(BadQuantity::OutOfRange) }
                    });
                }
            }
        }
        gathered.push(next);
    }
    gathered
}
