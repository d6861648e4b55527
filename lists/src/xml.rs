//! XML as workbooks have it: without a document type, hence without entities of its own.

use quick_xml::{
    XmlVersion,
    escape::resolve_predefined_entity,
    events::{BytesRef, BytesStart, Event},
    reader::Reader,
};

use crate::error::ListError;

/// Reads events of a text; a document type is refused.
pub(crate) struct Xml<'a> {
    reader: Reader<&'a [u8]>,
}

impl<'a> Xml<'a> {
    /// Reads this text, with or without its mark.
    pub(crate) fn new(text: &'a str) -> Self {
        let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        Self { reader }
    }

    /// The next event.
    pub(crate) fn next(&mut self) -> Result<Event<'a>, ListError> {
        match self.reader.read_event() {
            Ok(Event::DocType(_)) => Err(ListError::Entities),
            Ok(event) => Ok(event),
            Err(_) => Err(ListError::Damaged),
        }
    }
}

/// What a text, a CDATA section or a reference in a text says; nothing for other events.
pub(crate) fn said(event: &Event<'_>, to: &mut String) -> Result<(), ListError> {
    match event {
        Event::Text(text) => to.push_str(&text.xml10_content()),
        Event::CData(text) => to.push_str(&text.xml10_content()),
        Event::GeneralRef(reference) => to.push_str(&resolve(reference)?),
        Event::Start(_)
        | Event::End(_)
        | Event::Empty(_)
        | Event::Comment(_)
        | Event::Decl(_)
        | Event::PI(_)
        | Event::DocType(_)
        | Event::Eof => {}
    }
    Ok(())
}

fn resolve(reference: &BytesRef<'_>) -> Result<String, ListError> {
    if let Some(c) = reference.resolve_char_ref().map_err(|_| ListError::Damaged)? {
        return Ok(c.to_string());
    }
    let name = reference.xml10_content();
    resolve_predefined_entity(&name).map(ToOwned::to_owned).ok_or(ListError::Entities)
}

/// An attribute's value; nothing if it has none of that name.
pub(crate) fn attribute(element: &BytesStart<'_>, name: &str) -> Result<Option<String>, ListError> {
    let found = element.try_get_attribute(name).map_err(|_| ListError::Damaged)?;
    let value = found.map(|attribute| attribute.normalized_value(XmlVersion::Explicit1_0).map(Into::into));
    value.transpose().map_err(|_| ListError::Damaged)
}
