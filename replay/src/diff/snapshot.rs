//! One moment of a view's file, read without hindering whoever writes it.

use std::{collections::BTreeMap, path::Path, time::Duration};

use anyhow::Context;
use bordereau_projections::{FedBy, ViewFileName, WORD_INDEXES};
use rusqlite::{Connection, OpenFlags};

use super::{
    Difference,
    row::{Columns, walk},
};

// Tables of people's making: not SQLite's own, nor those in which a full-text index keeps itself.
const TABLES: &str = "SELECT t.name FROM pragma_table_list t
    WHERE t.schema = 'main' AND t.type IN ('table', 'virtual') AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
    ORDER BY t.name";
const COLUMNS: &str = "SELECT name, pk, type FROM pragma_table_info(?1) ORDER BY cid";
const UNIQUE: &str = "SELECT i.name FROM pragma_index_list(?1) l JOIN pragma_index_info(l.name) i
    WHERE l.origin = 'u' ORDER BY l.seq, i.seqno";
const CHECKPOINTS: &str = "SELECT shop, position FROM checkpoints ORDER BY shop";

/// The table of checkpoints, which every view has.
const CHECKPOINT_TABLE: &str = "checkpoints";

/// A view's file as it is at one moment.
#[derive(Debug)]
pub(super) struct Snapshot {
    connection: Connection,
}

impl Snapshot {
    /// Opens a file and holds the moment until this is dropped.
    pub(super) fn open(path: &Path) -> anyhow::Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let opened = || {
            let connection = Connection::open_with_flags(path, flags)?;
            connection.busy_timeout(Duration::from_secs(5))?;
            connection.execute_batch("PRAGMA temp_store = FILE")?;
            for index in WORD_INDEXES {
                let known = connection.table_exists(Some("main"), index.table)?;
                if known {
                    let vocabulary =
                        format!("CREATE VIRTUAL TABLE temp.indexed USING fts5vocab(main, {}, instance)", index.table);
                    connection.execute_batch(&vocabulary)?;
                }
            }
            connection.execute_batch("BEGIN")?;
            Ok::<_, rusqlite::Error>(connection)
        };
        Ok(Self { connection: opened().with_context(|| path.display().to_string())? })
    }

    /// How far it goes, by shop.
    pub(super) fn checkpoints(&self) -> anyhow::Result<BTreeMap<String, u64>> {
        let mut statement = self.connection.prepare(CHECKPOINTS)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.cast_unsigned())))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn tables(&self) -> rusqlite::Result<Vec<String>> {
        self.connection.prepare(TABLES)?.query_map([], |row| row.get(0))?.collect()
    }

    /// A table's columns; those of its key first. A number that the table itself gives its rows is left out, and so is
    /// every column of a table that has no key and therefore is its own.
    fn columns(&self, table: &str) -> rusqlite::Result<Columns> {
        let mut statement = self.connection.prepare(COLUMNS)?;
        let rows = statement.query_map([table], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?, row.get::<_, String>(2)?))
        })?;
        let columns: Vec<_> = rows.collect::<rusqlite::Result<_>>()?;
        let primary: Vec<_> = columns.iter().filter(|(_, pk, _)| *pk > 0).collect();
        let own_number = match primary.as_slice() {
            [(name, _, kind)] if kind == "INTEGER" => Some(name.clone()),
            _ => None,
        };
        let mut names: Vec<String> = columns.iter().map(|(name, ..)| name.clone()).collect();
        names.retain(|name| Some(name) != own_number.as_ref());
        let mut key: Vec<String> = Vec::new();
        if own_number.is_none() {
            key.extend(primary.into_iter().map(|(name, ..)| name.clone()));
        }
        if key.is_empty() {
            let mut statement = self.connection.prepare(UNIQUE)?;
            key = statement.query_map([table], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        }
        if key.is_empty() {
            key.clone_from(&names);
        }
        let rest: Vec<_> = names.into_iter().filter(|name| !key.contains(name)).collect();
        let width = key.len();
        Ok(Columns { names: key.into_iter().chain(rest).collect(), key: width })
    }
}

/// Compares all tables of two files of one view; how many rows were compared, and where they differ.
pub(super) fn compare(view: ViewFileName, live: &Snapshot, fresh: &Snapshot) -> anyhow::Result<(u64, Vec<Difference>)> {
    let tables = fresh.tables()?;
    anyhow::ensure!(live.tables()? == tables, "it has not the tables that it should have: {tables:?}");
    let index = WORD_INDEXES.into_iter().find(|index| index.view == view.view);
    let mut total = (0, Vec::new());
    for table in &tables {
        // Of articles the last revision stands in the rows; the checkpoint remembers one that may be gone.
        if view.fed_by == FedBy::Articles && table == CHECKPOINT_TABLE {
            continue;
        }
        let indexed = index.filter(|index| index.table == table);
        let (columns, source) = match indexed {
            Some(index) => (words(fresh, index.words)?, index.words.to_owned()),
            None => (fresh.columns(table)?, format!("SELECT * FROM main.\"{table}\"")),
        };
        let ordered = columns.names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
        let sql = format!("SELECT {ordered} FROM ({source}) ORDER BY {ordered}");
        let (mut here, mut there) = (live.connection.prepare(&sql)?, fresh.connection.prepare(&sql)?);
        let (rows, differences) = walk(table, &columns, &mut here, &mut there)?;
        total.0 += rows;
        total.1.extend(differences);
    }
    Ok(total)
}

/// The columns of an index's words: all of them are the key.
fn words(snapshot: &Snapshot, sql: &str) -> rusqlite::Result<Columns> {
    let statement = snapshot.connection.prepare(sql)?;
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    Ok(Columns { key: names.len(), names })
}
