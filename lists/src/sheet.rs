//! Rows of cells, whatever file they come from, within the limits.

use std::sync::Arc;

use crate::{MAX_COLUMNS, MAX_LINES, error::ListError};

/// What stands in a cell. Cheap to clone: a workbook may say one text in thousands of cells.
pub(crate) type Cell = Arc<str>;

/// Rows that may stand above a list: titles, its header.
pub(crate) const MAX_ABOVE: usize = 20;

/// What is kept of a cell, in characters: more than any field may have, so that a longer one is still refused.
const MAX_CELL_CHARS: usize = 400;

/// A row that is not empty.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// Its number in the file, from 1.
    pub(crate) line: u32,
    /// Its cells, up to the last that is not empty.
    pub(crate) cells: Vec<Cell>,
}

impl Row {
    /// What stands in a column; nothing where it is empty.
    pub(crate) fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", |cell| cell)
    }
}

/// The rows of a file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sheet {
    rows: Vec<Row>,
}

impl Sheet {
    /// Its rows, without empty ones.
    pub(crate) fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Takes in a row, unless it is empty.
    pub(crate) fn push(&mut self, line: u32, mut cells: Vec<Cell>) -> Result<(), ListError> {
        while cells.last().is_some_and(|cell| cell.is_empty()) {
            cells.pop();
        }
        if cells.is_empty() {
            return Ok(());
        }
        if cells.len() > MAX_COLUMNS {
            return Err(ListError::TooManyColumns { line });
        }
        if self.rows.len() >= MAX_LINES + MAX_ABOVE {
            return Err(ListError::TooManyLines { line });
        }
        self.rows.push(Row { line, cells });
        Ok(())
    }
}

/// A cell of this text: gaps of any kind become single spaces, the ends are cut.
pub(crate) fn cell(text: &str) -> Cell {
    let mut kept = String::new();
    let mut chars = 0;
    for word in text.split_whitespace() {
        if !kept.is_empty() {
            kept.push(' ');
        }
        kept.extend(word.chars().take(MAX_CELL_CHARS));
        chars += word.chars().count();
        if chars > MAX_CELL_CHARS {
            break;
        }
    }
    Arc::from(kept)
}
