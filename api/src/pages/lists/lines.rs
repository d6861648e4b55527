//! The lines of a list as the page shows them, and as its form sends them again.

use bordereau_commands::{ListedLine as ListedRequest, SealText, new_id};
use bordereau_domain::Money;
use bordereau_lists::ListLine;

use crate::{
    baskets::{Listed, ListedLine, Verdict, warnings::Told},
    error::bad_text,
    pages::frame::Frame,
    problem::Problem,
};

/// What the form's own list names its columns.
const HEADER: [&str; 3] = ["EAN", "quantity", "reference"];

/// A line in the table.
pub(super) struct Row {
    pub(super) line: u64,
    /// Its number among those that can be added; none for the others.
    pub(super) take: Option<usize>,
    pub(super) given: String,
    pub(super) title: Option<String>,
    pub(super) by: String,
    pub(super) quantity: Option<u64>,
    pub(super) given_quantity: String,
    pub(super) reference: Option<String>,
    pub(super) total: Option<Money>,
    /// The verdict's shape and colour.
    pub(super) class: &'static str,
    /// The verdict in words.
    pub(super) verdict: String,
    /// The lines whose copies count here.
    pub(super) together: Option<String>,
    /// Where the title is already.
    pub(super) uses: Vec<Told>,
}

/// The table.
pub(super) fn rows(frame: &Frame, listed: &Listed, uses: Vec<Vec<Told>>) -> Vec<Row> {
    let mut good = 0;
    let mut take = |line: &ListedLine| {
        let at = good;
        good += usize::from(line.verdict.is_good());
        line.verdict.is_good().then_some(at)
    };
    let lines = listed.lines.iter().zip(uses);
    lines.map(|(line, uses)| Row { uses, ..row(frame, line, take(line)) }).collect()
}

fn row(frame: &Frame, line: &ListedLine, take: Option<usize>) -> Row {
    let said = &line.said.line;
    let article = line.article.as_ref();
    let by = article.map(|article| [article.author.as_str(), article.publisher.as_str()]).unwrap_or_default();
    let together: Vec<_> = line.said.added.iter().map(ToString::to_string).collect();
    Row {
        line: u64::from(said.line),
        take,
        given: said.ean.map_or_else(|_| said.given.clone(), |ean| ean.to_string()),
        title: article.map(|article| article.title.clone()),
        by: by.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
        quantity: said.quantity.ok().map(u64::from),
        given_quantity: said.given_quantity.clone(),
        reference: said.line_reference.clone().unwrap_or_default(),
        total: line.price.map(|price| price.total_incl_tax),
        class: class(line.verdict),
        verdict: line.verdict.say(frame.language),
        uses: Vec::new(),
        together: (!together.is_empty()).then(|| frame.t_with("list-together", "lines", &together.join(", "))),
    }
}

const fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Ready => "state done",
        Verdict::NotOrderable(_) => "state waiting",
        Verdict::AddedTo(_) => "state drafting",
        Verdict::EanMissing
        | Verdict::EanDamaged
        | Verdict::EanMalformed
        | Verdict::WrongCheckDigit(_)
        | Verdict::UnknownArticle
        | Verdict::QuantityNotWhole
        | Verdict::QuantityOutOfRange
        | Verdict::ReferenceTooLong
        | Verdict::NoRoom => "state wrong",
    }
}

/// Lines as text that is read again as it was written.
pub(super) fn as_text(listed: &Listed, wanted: fn(Verdict) -> bool, header: bool) -> String {
    let mut writer = csv::WriterBuilder::new().delimiter(b';').flexible(true).from_writer(Vec::new());
    // Writing to memory never fails.
    if header {
        drop(writer.write_record(HEADER));
    }
    for line in listed.lines.iter().filter(|line| wanted(line.verdict)) {
        let said = &line.said.line;
        let ean = said.ean.map_or_else(|_| said.given.clone(), |ean| ean.to_string());
        let quantity = said.quantity.map_or_else(|_| said.given_quantity.clone(), |quantity| quantity.to_string());
        let reference = said.line_reference.clone().unwrap_or_default().unwrap_or_default();
        let kept = if reference.is_empty() { 2 } else { 3 };
        drop(writer.write_record([ean, quantity, reference].iter().take(kept)));
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// The lines of the form's own list that are ticked.
///
/// # Errors
/// 422 when it is not as the page has written it, or when nothing is ticked.
pub(super) fn taken(list: &str, taken: &[String]) -> Result<Vec<ListedRequest>, Problem> {
    let invalid = || Problem::invalid("invalid-field", "form");
    if taken.is_empty() {
        return Err(Problem::invalid("not-chosen", "take"));
    }
    let lines = bordereau_lists::read(list.as_bytes()).map_err(|_| invalid())?.lines;
    let mut wanted = taken.iter().map(|at| at.parse().map_err(|_| invalid())).collect::<Result<Vec<usize>, _>>()?;
    wanted.sort_unstable();
    wanted.dedup();
    wanted.into_iter().map(|at| request(lines.get(at).ok_or_else(invalid)?)).collect()
}

fn request(line: &ListLine) -> Result<ListedRequest, Problem> {
    let ListLine { ean: Ok(ean), quantity: Ok(quantity), line_reference: Ok(reference), .. } = line else {
        return Err(Problem::invalid("invalid-field", "form"));
    };
    let line_reference = reference.as_deref().map(SealText::new).transpose();
    let line_reference = line_reference.map_err(|error| bad_text(error, "line_reference"))?;
    Ok(ListedRequest { line_id: new_id().into(), ean: *ean, quantity: *quantity, line_reference })
}
