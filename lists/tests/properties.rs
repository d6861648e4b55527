//! Whatever bytes come, the reader ends without a panic, and a good list survives its separators.

use proptest::prelude::*;

use super::*;

fn reads_or_refuses(bytes: &[u8]) {
    if let Ok(list) = read(bytes) {
        assert!(!list.lines.is_empty() && list.lines.len() <= bordereau_lists::MAX_LINES);
        assert!(list.lines.windows(2).all(|pair| pair[0].line < pair[1].line));
        assert!(
            list.lines
                .iter()
                .all(|line| line.quantity.is_err() || line.quantity.is_ok_and(|n| (1..=9999).contains(&n)))
        );
    }
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        reads_or_refuses(&bytes);
        reads_or_refuses(&[b"PK\x03\x04", &bytes[..]].concat());
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "([0-9]{13}|[;,\t|\"=xE+. -]|\\PC|[\r\n]){0,200}") {
        reads_or_refuses(text.as_bytes());
    }

    #[test]
    fn no_xml_makes_the_reader_panic(xml in "(<(/)?(row|c|v|si|t|is|r)( (r|t|s)=\"[A-Z0-9a-z]{0,6}\")?(/)?>|[0-9]{1,13}|[&;a<>]){0,60}") {
        reads_or_refuses(&xlsx(&xml, &xml));
        let table = xml.replace("row", "table:table-row").replace("<c", "<table:table-cell").replace("</c", "</table:table-cell");
        reads_or_refuses(&ods(&table));
    }

    #[test]
    fn a_flipped_byte_in_a_workbook_makes_no_panic(at in 0usize..4_000, to in any::<u8>()) {
        let mut bytes = xlsx("<sst><si><t>9782330150136</t></si></sst>", r#"<row><c t="s"><v>0</v></c></row>"#);
        let at = at % bytes.len();
        bytes[at] = to;
        reads_or_refuses(&bytes);
    }

    #[test]
    fn a_list_reads_the_same_with_every_separator(
        lines in prop::collection::vec((prop::array::uniform12(0u8..10), 1u32..=9_999, "[A-Za-zé][A-Za-z0-9 é]{0,20}[a-z]"), 1..40),
        separator in prop::sample::select(vec!["\t", ";", ",", "|"]),
        header in any::<bool>(),
    ) {
        let mut text = if header { ["EAN", "Quantité", "Réf"].join(separator) + "\n" } else { String::new() };
        let mut expected = Vec::new();
        for (prefix, quantity, reference) in &lines {
            let ean = bordereau_domain::Ean::from_prefix(*prefix).to_string();
            text += &([ean.as_str(), &quantity.to_string(), reference].join(separator) + "\n");
            let reference = reference.split_whitespace().collect::<Vec<_>>().join(" ");
            expected.push((ean, *quantity, reference));
        }
        let list = read(text.as_bytes()).unwrap();
        let seen: Vec<_> =
            asked(&list).into_iter().map(|(ean, n, reference)| (ean, n, reference.unwrap().to_owned())).collect();
        prop_assert_eq!(seen, expected);
    }
}
