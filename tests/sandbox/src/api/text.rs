//! Plain text to HTML and back, as far as a server needs it.

/// A comment's HTML when its author wrote plain text: a paragraph for each block, line breaks kept.
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

/// The text of a comment whose author wrote HTML: tags dropped, paragraphs and breaks as lines, the five named entities decoded.
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
    fn what_a_user_typed_is_shown_and_not_run() {
        assert_eq!(
            html("Grüße <b>fett</b>\nZeile zwei\n\n& Schluss"),
            "<div class=\"zd-comment\" dir=\"auto\"><p dir=\"auto\">Grüße &lt;b&gt;fett&lt;/b&gt;<br>Zeile zwei</p>\
             <p dir=\"auto\">&amp; Schluss</p></div>"
        );
    }

    #[test]
    fn html_reads_as_the_text_a_reader_sees() {
        assert_eq!(
            plain("<p>See <b>row 7</b> &amp; below<br/>שלום 👋</p><p>Bye</p>"),
            "See row 7 & below\nשלום 👋\n\nBye"
        );
        assert_eq!(plain("<p>cut off <b"), "cut off");
    }
}
