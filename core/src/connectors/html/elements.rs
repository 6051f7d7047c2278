//! The elements of the standard, by what they mean for a text.

/// Elements that have no end.
pub(super) fn is_void(name: &[u8]) -> bool {
    matches!(
        name,
        b"area"
            | b"base"
            | b"basefont"
            | b"bgsound"
            | b"br"
            | b"col"
            | b"embed"
            | b"frame"
            | b"hr"
            | b"img"
            | b"input"
            | b"keygen"
            | b"link"
            | b"meta"
            | b"param"
            | b"source"
            | b"track"
            | b"wbr"
    )
}

/// Elements whose contents are for programs.
pub(super) fn is_never_shown(name: &[u8]) -> bool {
    is_raw(name)
        || matches!(
            name,
            b"template" | b"object" | b"applet" | b"svg" | b"math" | b"audio" | b"video" | b"canvas" | b"datalist"
        )
}

/// Elements whose contents the tokenizer gives as one text.
pub(super) fn is_raw(name: &[u8]) -> bool {
    matches!(name, b"script" | b"style" | b"title" | b"iframe" | b"noembed" | b"noframes" | b"noscript")
}

/// Elements that stand apart from what is around them.
pub(super) fn is_paragraph(name: &[u8]) -> bool {
    matches!(
        name,
        b"p" | b"hr" | b"table" | b"dl" | b"figure" | b"fieldset" | b"section" | b"article" | b"header" | b"footer"
    )
}

/// Elements with lines of their own.
pub(super) fn is_line(name: &[u8]) -> bool {
    matches!(
        name,
        b"div"
            | b"tr"
            | b"dt"
            | b"dd"
            | b"address"
            | b"aside"
            | b"body"
            | b"caption"
            | b"center"
            | b"details"
            | b"figcaption"
            | b"form"
            | b"hgroup"
            | b"html"
            | b"legend"
            | b"main"
            | b"nav"
            | b"option"
            | b"search"
            | b"summary"
            | b"tbody"
            | b"thead"
            | b"tfoot"
    )
}
