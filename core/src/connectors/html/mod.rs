//! Converts HTML to plain text. A server may store what agents write in its web editor as unchecked HTML, scripts
//! included, while the model has plain text only.

/// Returns approximately the text that a reader of the page would see.
pub(crate) fn text(html: &str) -> String {
    let mut out = String::with_capacity(html.len() / 2);
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        push_text(&mut out, &rest[..start]);
        let tag = &rest[start..];
        if let Some(comment) = tag.strip_prefix("<!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        let Some(end) = tag.find('>') else {
            // This is not a tag but the character itself.
            push_text(&mut out, tag);
            rest = "";
            break;
        };
        let name: String = tag[1..end].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '/').collect();
        rest = &tag[end + 1..];
        match name.trim_end_matches('/').to_ascii_lowercase().as_str() {
            hidden @ ("script" | "style" | "head" | "title") => rest = after_element(rest, hidden),
            "br" => out.push('\n'),
            "li" => {
                break_line(&mut out);
                out.push_str("- ");
            }
            "p" | "/p" | "h1" | "/h1" | "h2" | "/h2" | "h3" | "/h3" | "blockquote" | "/blockquote" | "pre" | "/pre"
            | "table" | "/table" | "ul" | "/ul" | "ol" | "/ol" => {
                break_line(&mut out);
                if !out.is_empty() && !out.ends_with("\n\n") {
                    out.push('\n');
                }
            }
            "div" | "/div" | "tr" | "/tr" | "/li" => break_line(&mut out),
            "/td" | "/th" => out.push(' '),
            _ => {}
        }
    }
    push_text(&mut out, rest);
    let lines: Vec<&str> = out.lines().map(str::trim_end).collect();
    lines.join("\n").trim().to_owned()
}

/// The rest of `html` after the end of the element `name`.
fn after_element<'a>(html: &'a str, name: &str) -> &'a str {
    let mut rest = html;
    while let Some((_, end)) = rest.split_once("</") {
        if end.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name)) {
            return end.split_once('>').map_or("", |(_, after)| after);
        }
        rest = end;
    }
    ""
}

fn break_line(out: &mut String) {
    while out.ends_with(' ') {
        out.pop();
    }
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
}

/// Appends text from between tags. White space is collapsed to one space, and entities are decoded.
fn push_text(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c.is_ascii_whitespace() {
            if !out.is_empty() && !out.ends_with([' ', '\n']) {
                out.push(' ');
            }
            rest = &rest[1..];
        } else if let Some((character, length)) = entity(rest) {
            out.push(character);
            rest = &rest[length..];
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
}

/// The character that an entity at the beginning of `text` stands for, and the entity's length in bytes.
fn entity(text: &str) -> Option<(char, usize)> {
    let body = text.strip_prefix('&')?;
    let end = body.bytes().take(12).position(|byte| byte == b';')?;
    let name = &body[..end];
    let character = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "auml" => 'ä',
        "ouml" => 'ö',
        "uuml" => 'ü',
        "Auml" => 'Ä',
        "Ouml" => 'Ö',
        "Uuml" => 'Ü',
        "szlig" => 'ß',
        "ndash" => '–',
        "mdash" => '—',
        "hellip" => '…',
        "euro" => '€',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|c| !c.is_control())?
        }
    };
    Some((character, end + 2))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::text;

    #[test]
    fn html_becomes_plain_text() {
        for (html, plain) in [
            (
                "<p>Guten Tag,</p>\n<p>es ist <b>fast</b> fertig.<br>Gr&uuml;&szlig;e &amp; Dank</p>",
                "Guten Tag,\n\nes ist fast fertig.\nGrüße & Dank",
            ),
            ("<script>alert('x')</script>Hallo<style>p{}</style>", "Hallo"),
            ("<ul><li>eins</li><li>zwei</li></ul>danach", "- eins\n- zwei\n\ndanach"),
            ("a < b und c &lt; d", "a < b und c < d"),
            ("<!-- nichts --><div>eine</div><div>andere</div>", "eine\nandere"),
            ("&#128578; &#x1F642; &unbekannt; R&D", "🙂 🙂 &unbekannt; R&D"),
            ("שלום<br/>רב", "שלום\nרב"),
            ("", ""),
        ] {
            assert_eq!(text(html), plain, "{html}");
        }
    }

    #[test]
    fn the_time_grows_with_the_length_and_no_faster() {
        let hidden = "<style>p{}</STYLE><sCript>x</scripT >a".repeat(30_000);
        let start = std::time::Instant::now();
        assert_eq!(text(&hidden), "a".repeat(30_000));
        assert!(start.elapsed().as_secs() < 10);
    }

    proptest! {
        #[test]
        fn any_input_is_converted_without_a_panic(html in "[<>/&;#!a-zü🙂 \n-]{0,60}") {
            text(&html);
        }
    }
}
