//! Files that are no lists, are damaged, or mean harm: each is refused with its reason, in bounded time and memory.

use rust_xlsxwriter::Workbook;

use super::*;

fn workbook() -> Vec<u8> {
    let mut workbook = Workbook::new();
    workbook.add_worksheet().write(0, 0, ROAD).unwrap();
    workbook.save_to_buffer().unwrap()
}

#[test] // attack 69
fn a_truncated_workbook_is_damaged_wherever_it_was_cut() {
    let whole = workbook();
    assert!(read(&whole).is_ok());
    for length in (4..whole.len()).step_by(97) {
        assert_eq!(read(&whole[..length]), Err(ListError::Damaged), "{length}");
    }
    assert_eq!(read(&zipped(&[])), Err(ListError::NotAList));
    assert_eq!(read(&zipped(&[("a.txt", ROAD.as_bytes())])), Err(ListError::NotAList));
}

#[test] // attack 69
fn what_inflates_beyond_measure_is_refused_before_it_does() {
    let bomb = vec![b' '; 17 * 1024 * 1024];
    let small = zipped(&[("content.xml", &bomb)]);
    assert!(small.len() < 100_000, "{}", small.len());
    assert_eq!(read(&small), Err(ListError::Inflated));
    assert_eq!(read(&zipped(&[("xl/workbook.xml", b""), ("xl/sharedStrings.xml", &bomb)])), Err(ListError::Inflated));
    let names: Vec<_> = (0..1_001).map(|n| format!("xl/{n}")).collect();
    let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    assert_eq!(read(&zipped(&many)), Err(ListError::Inflated));
}

#[test] // attack 68, attack 69
fn entities_are_refused_and_never_expanded() {
    let laughs =
        r#"<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;">]><sst><si><t>&lol2;</t></si></sst>"#;
    let outer = r#"<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><sst><si><t>&f;</t></si></sst>"#;
    for shared in [laughs, outer, "<sst><si><t>&f;</t></si></sst>"] {
        let data = r#"<row><c t="s"><v>0</v></c></row>"#;
        assert_eq!(read(&xlsx(shared, data)), Err(ListError::Entities), "{shared}");
    }
    let good = xlsx("<sst><si><t>&#57;782330150136</t></si></sst>", r#"<row><c t="s"><v>0</v></c></row>"#);
    assert_eq!(asked(&read(&good).unwrap()), [(ROAD.to_owned(), 1, None)]);
}

#[test] // attack 69
fn a_small_workbook_that_says_it_is_large_takes_no_room() {
    // Announced counts are not believed, far places are refused, repeated rows are counted.
    let shared = r#"<sst uniqueCount="18446744073709551615"><si><t>9782330150136</t></si></sst>"#;
    let list = read(&xlsx(shared, r#"<row r="1048576"><c r="A1048576" t="s"><v>0</v></c></row>"#)).unwrap();
    assert_eq!(list.lines[0].line, 1_048_576);
    let far = r#"<row r="7"><c r="XFD7" t="s"><v>0</v></c></row>"#;
    assert_eq!(read(&xlsx(shared, far)), Err(ListError::TooManyColumns { line: 7 }));
    let cell = format!(r#"<table:table-cell office:value-type="float" office:value="{ROAD}"/>"#);
    let rows = format!(r#"<table:table-row table:number-rows-repeated="4294967295">{cell}</table:table-row>"#);
    assert_eq!(read(&ods(&rows)), Err(ListError::TooManyLines { line: 5_021 }));
    let columns = cell.replace("/>", r#" table:number-columns-repeated="4294967295"/>"#);
    let rows = format!("<table:table-row>{columns}</table:table-row>");
    assert_eq!(read(&ods(&rows)), Err(ListError::TooManyColumns { line: 1 }));
}

#[test] // attack 69
fn other_files_are_told_by_their_first_bytes() {
    let compound = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(read(&[&compound[..], &[0; 600], &name, &[0; 90]].concat()), Err(ListError::Encrypted));
    assert_eq!(read(&[&compound[..], &[0; 600]].concat()), Err(ListError::OldWorkbook));
    let manifest = b"<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>";
    assert_eq!(
        read(&zipped(&[("content.xml", b"\x01\x02"), ("META-INF/manifest.xml", manifest)])),
        Err(ListError::Encrypted)
    );
    for other in [
        &b"%PDF-1.7\n9782330150136"[..],
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        b"{\\rtf1 9782330150136}",
        b"\x1f\x8b\x08",
        b"<html><p>9782330150136</p></html>",
        b"\n <!DOCTYPE html>",
        b"<?xml version=\"1.0\"?><a/>",
        b"BM\x36\x00\x00\x00",
    ] {
        assert_eq!(read(other), Err(ListError::NotAList), "{other:?}");
    }
    assert_eq!(read(b"\x00\x01\x02\x03"), Err(ListError::NoText { line: 1 }));
}
