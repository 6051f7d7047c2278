//! The splitting of a text into addresses, and what a draft makes of them.

use pocketdesk::model::{DraftId, TicketDraft};
use pocketdesk::product::{Field, Product, all_addresses, split_addresses};

/// The longest address that mail can be sent to, in bytes.
const LONGEST_ADDRESS: usize = 254;

pub(crate) fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let all = all_addresses(&text);
    for address in &all {
        assert!(!address.is_empty() && text.contains(&**address), "an address is a part of the text: {address:?}");
    }

    // While a user types, nothing disappears, and what is still being typed stays in the field.
    let typed = split_addresses(&text);
    assert!(text.contains(&typed.rest));
    assert!(typed.addresses.iter().all(|address| !address.is_empty() && text.contains(&**address)));
    let again = split_addresses(&typed.rest);
    assert_eq!((again.addresses.len(), &*again.rest), (0, &*typed.rest), "what is being typed is no address yet");

    // What can be mailed to survives any way of writing a list.
    let kept = accepted(&all);
    for list in [kept.join(", "), kept.join("; "), kept.join("\n"), format!("<{}>", kept.join(">, <"))] {
        if !kept.is_empty() {
            assert_eq!(all_addresses(&list), kept, "joined and split again: {list:?}");
        }
    }
    for address in &kept {
        assert!(address.len() <= LONGEST_ADDRESS && address.contains('@'));
        assert!(!address.contains(|c: char| c.is_control() || c.is_whitespace() || matches!(c, ',' | ';' | '<' | '>')));
    }
    let folded: Vec<String> = kept.iter().map(|address| address.to_lowercase()).collect();
    assert!(folded.iter().enumerate().all(|(index, address)| !folded[..index].contains(address)), "once each");
    assert!(!folded.contains(&"zoe@reisen.example".to_owned()), "nobody is copied on their own ticket");
    assert_eq!(accepted(&kept), kept, "what was accepted is accepted again");
}

/// The addresses of a draft that are sent, if each of the others was left out.
fn accepted(addresses: &[String]) -> Vec<String> {
    let product = Product::built_in().expect("the built-in product");
    let mut draft = TicketDraft {
        id: DraftId("draft".to_owned()),
        subject: "Rückerstattung".to_owned(),
        issue_type: product.preselected_issue_type().to_owned(),
        cc: addresses.to_vec(),
        cc_entry: String::new(),
        description: "Guten Tag".to_owned(),
        access: false,
        follows: None,
        name: String::new(),
        email: String::new(),
    };
    let own = Some("Zoe@reisen.example");
    let check = product.check(&draft, own);
    assert!(check.problems.iter().all(|problem| problem.field == Field::Cc));
    let is_wrong = |index: usize| check.problems.iter().any(|problem| problem.index == u32::try_from(index).ok());
    draft.cc =
        addresses.iter().enumerate().filter(|(index, _)| !is_wrong(*index)).map(|(_, text)| text.clone()).collect();
    product.accept(&draft, own).expect("every wrong address was named").cc
}
