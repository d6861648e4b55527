//! What full-text indexes hold, as rows that can be compared: an index numbers its documents as they came, so two equal
//! ones may number them differently.

/// A full-text index of a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WordIndex {
    /// The view.
    pub view: &'static str,
    /// The virtual table.
    pub table: &'static str,
    /// Every word with its document, named by what does not depend on the order of insertion. Reads the table
    /// `temp.indexed`, which is to be made with `USING fts5vocab(main, <table>, instance)`.
    pub words: &'static str,
}

/// Every full-text index there is.
pub const WORD_INDEXES: [WordIndex; 2] = [
    WordIndex {
        view: "article_search",
        table: "words",
        words: "SELECT a.shop AS shop, a.ean AS ean, i.col AS col, i.offset AS offset, i.term AS term
            FROM temp.indexed i JOIN main.articles a ON a.row = i.doc",
    },
    WordIndex {
        view: "quote_list",
        table: "quote_words",
        words: "SELECT q.shop AS shop, q.requested AS requested, i.offset AS offset, i.term AS term
            FROM temp.indexed i JOIN main.quote_words q ON q.rowid = i.doc",
    },
];
