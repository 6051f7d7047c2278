//! Conversion between plain text and HTML, as far as a help desk needs it.

/// The HTML of a comment that was written as plain text: a paragraph for each block, with its line breaks.
pub fn html(body: &str) -> String {
    let paragraphs: Vec<String> = body
        .split("\n\n")
        .map(|block| format!("<p dir=\"auto\">{}</p>", escape(block.trim_matches('\n')).replace('\n', "<br>")))
        .collect();
    format!("<div class=\"zd-comment\" dir=\"auto\">{}</div>", paragraphs.concat())
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The plain text of a comment that was written as HTML: tags are dropped, paragraphs and breaks become line breaks,
/// and five named entities are decoded.
pub fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        text.push_str(&rest[..start]);
        let Some(length) = rest[start..].find('>') else {
            rest = "";
            break;
        };
        let tag = rest[start + 1..start + length].trim_end_matches('/').trim().to_ascii_lowercase();
        match tag.as_str() {
            "br" | "/div" | "/li" => text.push('\n'),
            "/p" => text.push_str("\n\n"),
            _ => {}
        }
        rest = &rest[start + length + 1..];
    }
    text.push_str(rest);
    let decoded = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&nbsp;", " ");
    decoded.replace("&amp;", "&").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_looks_like_html_is_escaped() {
        assert_eq!(
            html("Grüße <b>fett</b>\nZeile zwei\n\n& Schluss"),
            "<div class=\"zd-comment\" dir=\"auto\"><p dir=\"auto\">Grüße &lt;b&gt;fett&lt;/b&gt;<br>Zeile zwei</p>\
             <p dir=\"auto\">&amp; Schluss</p></div>"
        );
    }

    #[test]
    fn html_becomes_the_text_that_a_reader_sees() {
        assert_eq!(
            plain("<p>See <b>row 7</b> &amp; below<br/>שלום 👋</p><p>Bye</p>"),
            "See row 7 & below\nשלום 👋\n\nBye"
        );
        assert_eq!(plain("<p>cut off <b"), "cut off");
    }
}
