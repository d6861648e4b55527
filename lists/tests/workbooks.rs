//! XLSX as another library writes it, and ODS.

use rust_xlsxwriter::{Format, Formula, Workbook};

use super::*;

#[test]
fn numbers_as_texts_and_numbers_as_numbers_are_read_from_xlsx() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write(0, 0, "Commande du CDI").unwrap();
    for (column, word) in (0..).zip(["Titre", "Code EAN", "Quantité", "Référence ligne"]) {
        sheet.write(2, column, word).unwrap();
    }
    sheet.write(3, 1, ROAD).unwrap().write(3, 2, 2).unwrap().write(3, 3, "Été & « CDI »").unwrap();
    sheet.write(4, 1, 9_782_362_210_419.0).unwrap().write(4, 2, "3").unwrap();
    sheet.write_with_format(6, 1, 9_791_097_284_657.0, &Format::new().set_num_format("0.00E+00")).unwrap();
    sheet.write_formula(7, 1, Formula::new("=B4").set_result(ROAD)).unwrap().write(7, 2, 4.0).unwrap();
    let list = read(&workbook.save_to_buffer().unwrap()).unwrap();
    assert_eq!(list.columns.header_line, Some(3));
    assert_eq!(list.lines.iter().map(|line| line.line).collect::<Vec<_>>(), [4, 5, 7, 8]);
    let reference = Some("Été & « CDI »");
    let asked = asked(&list);
    assert_eq!(asked[0], (ROAD.to_owned(), 2, reference));
    assert_eq!(asked[1], (ALOUD.to_owned(), 3, None));
    assert_eq!(asked[2], (GUIDE.to_owned(), 1, None));
    assert_eq!(asked[3], (ROAD.to_owned(), 4, None));
}

#[test]
fn what_a_spreadsheet_has_rounded_or_made_an_error_of_is_said() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write(0, 0, "EAN").unwrap().write(0, 1, "Qté").unwrap();
    sheet.write(1, 0, 9_782_330_000_000.0).unwrap();
    sheet.write(2, 0, "9,78233E+12").unwrap();
    sheet.write(3, 0, ROAD).unwrap().write(3, 1, 0.5).unwrap();
    sheet.write_formula(4, 0, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    let lines = read(&workbook.save_to_buffer().unwrap()).unwrap().lines;
    assert_eq!(lines[0].ean, Err(BadEan::Damaged));
    assert_eq!(lines[1].ean, Err(BadEan::Damaged));
    assert_eq!(lines[2].quantity, Err(BadQuantity::NotWhole));
    assert_eq!(lines[3].ean, Err(BadEan::Malformed));
}

#[test]
fn the_first_sheet_that_is_not_empty_is_read() {
    let mut workbook = Workbook::new();
    workbook.add_worksheet();
    workbook.add_worksheet().write(5, 5, ROAD).unwrap();
    workbook.add_worksheet().write(0, 0, ALOUD).unwrap();
    let list = read(&workbook.save_to_buffer().unwrap()).unwrap();
    assert_eq!(asked(&list), [(ROAD.to_owned(), 1, None)]);
    assert_eq!((list.lines[0].line, list.columns.ean), (6, 5));
}

#[test]
fn exponents_texts_in_runs_and_cells_without_places_are_read_from_xlsx() {
    let shared = "<sst><si><r><t>978-2-330</t></r><r><t>-15013-6</t></r><rPh><t>x</t></rPh></si></sst>";
    let data = r#"<row><c t="s"><v>0</v></c><c><v>2</v></c></row>
        <row r="9"><c r="A9"><v>9.782362210419E12</v></c><c r="B9" t="inlineStr"><is><t>x 3</t></is></c></row>"#;
    let list = read(&xlsx(shared, data)).unwrap();
    assert_eq!(asked(&list), [(ROAD.to_owned(), 2, None), (ALOUD.to_owned(), 3, None)]);
    assert_eq!(list.lines[1].line, 9);
}

#[test]
fn numbers_notes_and_repeated_rows_are_read_from_ods() {
    let list = read(&ods(&format!(
        r#"<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
        <table:table-row><table:table-cell office:value-type="string"><text:p>Aantal</text:p></table:table-cell>
        <table:table-cell office:value-type="string"><text:p>ISBN</text:p></table:table-cell></table:table-row>
        <table:table-row><table:table-cell office:value-type="float" office:value="2"><text:p>2,00</text:p></table:table-cell>
        <table:table-cell office:value-type="string"><office:annotation><text:p>note</text:p></office:annotation>
        <text:p>978-2-330-<text:span>15013</text:span>-6</text:p></table:table-cell></table:table-row>
        <table:table-row table:number-rows-repeated="2"><table:table-cell/>
        <table:table-cell office:value-type="float" office:value="{ALOUD}"><text:p>9,78236E+12</text:p></table:table-cell></table:table-row>
        <table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>"#
    )))
    .unwrap();
    assert_eq!(list.columns.header_line, Some(3));
    let one = (ALOUD.to_owned(), 1, None);
    assert_eq!(asked(&list), [(ROAD.to_owned(), 2, None), one.clone(), one]);
    assert_eq!(list.lines.iter().map(|line| line.line).collect::<Vec<_>>(), [4, 5, 6]);
}
