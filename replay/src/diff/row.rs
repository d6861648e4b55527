//! Rows of two tables side by side, in one order.

use std::cmp::Ordering;

use rusqlite::{Statement, types::Value};

use super::Difference;

/// The columns of a table: those of the key first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Columns {
    /// Their names.
    pub(super) names: Vec<String>,
    /// How many of them make up the key.
    pub(super) key: usize,
}

type Row = Vec<Value>;

/// Walks through two statements that give rows of these columns in their order; how many rows were compared, and where
/// they differ.
pub(super) fn walk(
    table: &str,
    columns: &Columns,
    live: &mut Statement<'_>,
    fresh: &mut Statement<'_>,
) -> rusqlite::Result<(u64, Vec<Difference>)> {
    let width = columns.names.len();
    let row = |row: &rusqlite::Row<'_>| (0..width).map(|column| row.get(column)).collect::<rusqlite::Result<Row>>();
    let (mut live, mut fresh) = (live.query_map([], row)?, fresh.query_map([], row)?);
    let (mut here, mut there) = (live.next().transpose()?, fresh.next().transpose()?);
    let (mut rows, mut differences) = (0, Vec::new());
    loop {
        let order = match (&here, &there) {
            (None, None) => return Ok((rows, differences)),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(one), Some(other)) => compare(&one[..columns.key], &other[..columns.key]),
        };
        rows += 1;
        if let (Ordering::Equal, Some(one), Some(other)) = (order, &here, &there) {
            differences.extend(cells(table, columns, one, other));
        } else {
            let lone = |row: &Row| shown(&columns.names[columns.key..], &row[columns.key..]);
            let found = if order == Ordering::Less { &here } else { &there };
            differences.extend(found.as_ref().map(|row| Difference {
                table: table.to_owned(),
                key: key(columns, row),
                column: None,
                live: (order == Ordering::Less).then(|| lone(row)),
                rebuilt: (order == Ordering::Greater).then(|| lone(row)),
            }));
        }
        if order != Ordering::Greater {
            here = live.next().transpose()?;
        }
        if order != Ordering::Less {
            there = fresh.next().transpose()?;
        }
    }
}

/// The cells in which two rows of the same key differ.
fn cells(table: &str, columns: &Columns, one: &[Value], other: &[Value]) -> Vec<Difference> {
    let pairs = one.iter().zip(other).zip(&columns.names).skip(columns.key);
    let differing = pairs.filter(|((one, other), _)| compare_values(one, other) != Ordering::Equal);
    let difference = |((live, rebuilt), name): ((&Value, &Value), &String)| Difference {
        table: table.to_owned(),
        key: key(columns, one),
        column: Some(name.clone()),
        live: Some(text(live)),
        rebuilt: Some(text(rebuilt)),
    };
    differing.map(difference).collect()
}

fn key(columns: &Columns, row: &[Value]) -> String {
    shown(&columns.names[..columns.key], &row[..columns.key])
}

fn shown(names: &[String], values: &[Value]) -> String {
    let pairs = names.iter().zip(values).map(|(name, value)| format!("{name}={}", text(value)));
    pairs.collect::<Vec<_>>().join(" ")
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        Value::Blob(bytes) => uuid::Uuid::from_slice(bytes).map_or_else(|_| hex::encode(bytes), |id| id.to_string()),
    }
}

fn compare(one: &[Value], other: &[Value]) -> Ordering {
    let pairs = one.iter().zip(other).map(|(one, other)| compare_values(one, other));
    pairs.fold(Ordering::Equal, Ordering::then)
}

/// SQLite's own order of values; no view has floating-point columns.
fn compare_values(one: &Value, other: &Value) -> Ordering {
    match (one, other) {
        (Value::Integer(one), Value::Integer(other)) => one.cmp(other),
        (Value::Real(one), Value::Real(other)) => one.total_cmp(other),
        (Value::Text(one), Value::Text(other)) => one.cmp(other),
        (Value::Blob(one), Value::Blob(other)) => one.cmp(other),
        (Value::Null | Value::Integer(_) | Value::Real(_) | Value::Text(_) | Value::Blob(_), _) => {
            rank(one).cmp(&rank(other))
        }
    }
}

const fn rank(value: &Value) -> u8 {
    match value {
        Value::Null => 0,
        Value::Integer(_) | Value::Real(_) => 1,
        Value::Text(_) => 2,
        Value::Blob(_) => 3,
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;

    fn found(live: &str, fresh: &str, key: usize) -> (u64, Vec<(String, Option<String>)>) {
        let connection = Connection::open_in_memory().unwrap();
        let columns = Columns { names: vec!["a".to_owned(), "b".to_owned()], key };
        let select = |rows: &str| format!("SELECT column1, column2 FROM (VALUES {rows}) ORDER BY 1, 2");
        let mut live = connection.prepare(&select(live)).unwrap();
        let mut fresh = connection.prepare(&select(fresh)).unwrap();
        let (rows, differences) = walk("t", &columns, &mut live, &mut fresh).unwrap();
        (rows, differences.into_iter().map(|found| (found.key, found.column)).collect())
    }

    #[test]
    fn equal_tables_do_not_differ_whatever_the_order_of_their_rows() {
        let (rows, differences) = found("(1, 'x'), (NULL, x'01'), (-3, 'é')", "(-3, 'é'), (1, 'x'), (NULL, x'01')", 1);
        assert_eq!((rows, differences), (3, vec![]));
    }

    #[test]
    fn a_changed_cell_a_missing_row_and_one_too_many_are_told_by_their_key() {
        let (rows, differences) = found("(1, 'x'), (2, 'y'), (4, 'w')", "(1, 'x'), (2, 'z'), (3, 'v')", 1);
        let told = [("a=2", Some("b")), ("a=3", None), ("a=4", None)];
        assert_eq!(rows, 4);
        assert_eq!(differences, told.map(|(key, column)| (key.to_owned(), column.map(str::to_owned))));
    }

    #[test]
    fn a_row_that_stands_twice_is_not_the_same_as_one_that_stands_once() {
        let (_, differences) = found("(1, 'x'), (1, 'x')", "(1, 'x')", 2);
        assert_eq!(differences, [("a=1 b=x".to_owned(), None)]);
    }
}
