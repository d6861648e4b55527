//! Pasted text and CSV.

use bordereau_lists::{MAX_LINES, gather};

use super::*;

fn lines(text: &str) -> Vec<(String, u32, Option<String>)> {
    let list = read(text.as_bytes()).unwrap_or_else(|error| panic!("{text:?}: {error}"));
    asked(&list)
        .into_iter()
        .map(|(ean, quantity, reference)| (ean, quantity, reference.map(ToOwned::to_owned)))
        .collect()
}

fn one(ean: &str, quantity: u32, reference: Option<&str>) -> (String, u32, Option<String>) {
    (ean.to_owned(), quantity, reference.map(ToOwned::to_owned))
}

#[test]
fn numbers_alone_one_a_line_are_a_list_of_one_copy_each() {
    assert_eq!(lines(&format!("{ROAD}\n\n  {ALOUD}\r\n")), [one(ROAD, 1, None), one(ALOUD, 1, None)]);
}

#[test]
fn hyphens_blanks_quotes_and_old_numbers_are_read() {
    for text in [
        "978-2-330-15013-6",
        "978 2 330 15013 6",
        "978\u{2013}2\u{2011}330-15013-6",
        "978\u{202f}2330150136",
        "\"978-2-330-15013-6\"",
        "ISBN 978-2-330-15013-6",
        "isbn : 9782330150136",
        "EAN9782330150136",
        "'9782330150136",
        "=\"9782330150136\"",
        "2-330-15013-X",
        "9782330150136.0",
    ] {
        assert_eq!(lines(text), [one(ROAD, 1, None)], "{text}");
        assert_eq!(lines(&format!("EAN\tqté\n{text}\t3")), [one(ROAD, 3, None)], "{text}");
    }
}

#[test]
fn a_quantity_may_stand_behind_a_number() {
    for text in
        ["9782330150136 x2", "9782330150136 x 2", "978-2-330-15013-6 2", "9782330150136  × 2", "9782330150136*2"]
    {
        assert_eq!(lines(text), [one(ROAD, 2, None)], "{text}");
    }
}

#[test]
fn separators_are_found_and_columns_stand_in_any_order() {
    for separator in ["\t", ";", ",", "|"] {
        let join = |cells: [&str; 3]| cells.join(separator);
        let text = [join(["CDI", "2", ROAD]), join(["BCD 1", "3", ALOUD])].join("\n");
        assert_eq!(lines(&text), [one(ROAD, 2, Some("CDI")), one(ALOUD, 3, Some("BCD 1"))], "{text}");
        let text = [join(["Qté", "ISBN", "Réf"]), join(["2", ROAD, ""]), join(["", ALOUD, "CDI"])].join("\n");
        assert_eq!(lines(&text), [one(ROAD, 2, None), one(ALOUD, 1, Some("CDI"))], "{text}");
    }
}

#[test]
fn headers_are_understood_in_three_languages_below_a_title_and_among_other_columns() {
    for (ean, quantity, reference) in [
        ("Code EAN13", "Quantité", "Référence de ligne"),
        ("GENCOD", "Nb ex.", "Ma référence"),
        ("Streepjescode", "Aantal exemplaren", "Lijnreferentie"),
        ("Barcode", "Quantity", "Line reference"),
        ("ISBN-13", "QTÉ", "Opmerking"),
    ] {
        let text = format!(
            "Commande du CDI;;;;\n\nTitre;{quantity};Prix;{ean};{reference}\n\
             \"Route; la\";4;25,00;{ROAD};Rayon A\nAutre;;6,40;{ALOUD};\n"
        );
        let list = read(text.as_bytes()).unwrap();
        assert_eq!(list.columns.header_line, Some(3), "{text}");
        let expected = [(ROAD.to_owned(), 4, Some("Rayon A")), (ALOUD.to_owned(), 1, None)];
        assert_eq!(asked(&list), expected, "{text}");
        assert_eq!(list.lines.iter().map(|line| line.line).collect::<Vec<_>>(), [4, 5]);
    }
}

#[test]
fn a_column_called_reference_that_holds_numbers_is_that_of_the_articles() {
    let text = format!("Référence;Titre;Quantité\n{ROAD};CEMETERY ROAD;2");
    assert_eq!(lines(&text), [one(ROAD, 2, None)]);
}

#[test]
fn marks_and_encodings_are_read() {
    let text = format!("EAN;Quantité;Référence\n{ROAD};2;Été à Liège");
    let utf_16 = |unit: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(unit).collect::<Vec<u8>>();
    let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let marked = |mark: &[u8], rest: Vec<u8>| [mark, &rest].concat();
    for bytes in [
        text.clone().into_bytes(),
        marked(b"\xef\xbb\xbf", text.clone().into_bytes()),
        latin,
        marked(b"\xff\xfe", utf_16(u16::to_le_bytes)),
        marked(b"\xfe\xff", utf_16(u16::to_be_bytes)),
        utf_16(u16::to_le_bytes),
        utf_16(u16::to_be_bytes),
    ] {
        let list = read(&bytes).unwrap_or_else(|error| panic!("{bytes:?}: {error}"));
        assert_eq!(asked(&list), [(ROAD.to_owned(), 2, Some("Été à Liège"))], "{bytes:?}");
    }
}

#[test]
fn what_is_wrong_with_a_number_is_said_and_nothing_is_guessed() {
    let verdict = |text: &str| read(format!("EAN;Qté\n{text};1").as_bytes()).unwrap().lines[0].ean;
    for text in ["9,78233E+12", "9.78233E+12", "9,78233E12", "9e12", "9782330000000"] {
        assert_eq!(verdict(text), Err(BadEan::Damaged), "{text}");
    }
    assert_eq!(verdict("9782330150137"), Err(BadEan::WrongCheckDigit { expected: '6' }));
    assert_eq!(verdict("2-330-15013-1"), Err(BadEan::WrongCheckDigit { expected: 'X' }));
    for text in ["978233015013", "CEMETERY ROAD", "=HYPERLINK(\"http://x\")", "97823301501361", "X782330150136"] {
        assert_eq!(verdict(text), Err(BadEan::Malformed), "{text}");
    }
    assert_eq!(verdict(""), Err(BadEan::Missing));
}

#[test] // attack 42
fn quantities_are_whole_and_between_one_and_9999() {
    let verdict = |text: &str| read(format!("EAN;Qté\n{ROAD};\"{text}\"").as_bytes()).unwrap().lines[0].quantity;
    for (text, quantity) in [
        ("", 1),
        ("1", 1),
        ("2,0", 2),
        ("2.00", 2),
        ("x3", 3),
        ("4 ex.", 4),
        ("1 000", 1000),
        ("9999", 9999),
        ("007", 7),
    ] {
        assert_eq!(verdict(text), Ok(quantity), "{text}");
    }
    for text in ["0", "-1", "\u{2212}1", "10000", "1000000000", "9223372036854775808", "99999999999999999999"] {
        assert_eq!(verdict(text), Err(BadQuantity::OutOfRange), "{text}");
    }
    for text in ["0.5", "0,5", "1e3", "1e9", "deux", "2 kg", "+2", "NaN", "=1+1", "²"] {
        assert_eq!(verdict(text), Err(BadQuantity::NotWhole), "{text}");
    }
}

#[test]
fn a_reference_has_at_most_two_hundred_characters() {
    let verdict =
        |text: &str| read(format!("EAN;Réf\n{ROAD};{text}").as_bytes()).unwrap().lines[0].line_reference.clone();
    assert_eq!(verdict(&"é".repeat(200)), Ok(Some("é".repeat(200))));
    assert!(verdict(&"é".repeat(201)).is_err());
}

#[test]
fn the_same_article_is_summed_unless_its_references_differ() {
    let text =
        format!("EAN;Qté;Réf\n{ROAD};1;\n{ALOUD};1;A\n{ROAD};2;\n{ROAD};4;CDI\n{ALOUD};9998;A\n{ALOUD};3;A\n{ROAD};x;");
    let gathered = gather(read(text.as_bytes()).unwrap().lines);
    let seen: Vec<_> = gathered.iter().map(|g| (g.line.line, g.line.quantity, g.added.clone(), g.added_to)).collect();
    assert_eq!(
        seen,
        [
            (2, Ok(3), vec![4], None),
            (3, Err(BadQuantity::OutOfRange), vec![6, 7], None),
            (4, Ok(2), vec![], Some(2)),
            (5, Ok(4), vec![], None),
            (6, Ok(9998), vec![], Some(3)),
            (7, Ok(3), vec![], Some(3)),
            (8, Err(BadQuantity::NotWhole), vec![], None),
        ]
    );
}

#[test] // attack 69
fn too_much_is_refused_with_its_line() {
    let many = |lines: usize| format!("{ROAD}\n").repeat(lines);
    assert_eq!(read(many(MAX_LINES).as_bytes()).unwrap().lines.len(), MAX_LINES);
    assert_eq!(read(many(MAX_LINES + 1).as_bytes()), Err(ListError::TooManyLines { line: 5_001 }));
    assert_eq!(read(many(MAX_LINES * 3).as_bytes()), Err(ListError::TooManyLines { line: 5_021 }));
    let wide = |columns: usize| format!("{ROAD};2\n{ALOUD};{}1", ";".repeat(columns - 2));
    assert_eq!(read(wide(200).as_bytes()).unwrap().lines.len(), 2);
    assert_eq!(read(wide(201).as_bytes()), Err(ListError::TooManyColumns { line: 2 }));
    assert_eq!(read(wide(1_000_000).as_bytes()), Err(ListError::TooManyColumns { line: 2 }));
    let open = format!("EAN;Réf\n{ROAD};a\n{ROAD};\"b\n{}", format!("{ROAD};c\n").repeat(20));
    assert_eq!(read(open.as_bytes()), Err(ListError::OpenQuote { line: 3 }));
    assert_eq!(read(format!("{ROAD}\n{ROAD}\0\n").as_bytes()), Err(ListError::NoText { line: 2 }));
    assert_eq!(read(format!("{ROAD}\n\x1b[31m\n").as_bytes()), Err(ListError::NoText { line: 2 }));
}

#[test]
fn nothing_and_a_text_without_numbers_are_told_apart() {
    for text in ["", "\n\n", "  \t\n", "\u{feff}", "EAN;Quantité", "EAN;Quantité\n;\n"] {
        assert_eq!(read(text.as_bytes()), Err(ListError::Empty), "{text:?}");
    }
    for text in ["Titre;Prix\nRoute;25", "Bonjour, voici\nma liste, merci"] {
        assert_eq!(read(text.as_bytes()), Err(ListError::NoEanColumn), "{text:?}");
    }
}

#[test] // attack 63
fn what_begins_like_a_formula_stays_the_text_it_is() {
    let text = format!("EAN;Réf\n{ROAD};=HYPERLINK(1)\n{GUIDE};@SUM");
    assert_eq!(lines(&text), [one(ROAD, 1, Some("=HYPERLINK(1)")), one(GUIDE, 1, Some("@SUM"))]);
}
