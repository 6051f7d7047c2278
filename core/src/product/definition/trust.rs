//! What a delivered definition may not change.
//!
//! A definition that a server delivers can change what is shown and offered, at any time and without an update of the
//! app. So it may change nothing that decides about trust: what on the server feeds the fields (`connectors`), who
//! counts as what (`roles`), which claims of the host app open something, and to which hosts, mail addresses and
//! numbers a link leads. It may take away: an entry, an action, any object together with its conditions. Whatever else
//! it changes is taken as it is. One that breaks a rule is refused as a whole, and the last good one stays.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use url::Url;

use super::parts::entries::{LOCALE, Target};
use super::place::Place;
use super::whole::Definition;

/// The first thing that the whole changes although only `trusted` may say it.
pub(super) fn violation(trusted: &Definition, whole: &Definition, layers: [&Value; 2]) -> Option<(Place, String)> {
    if whole.connectors != trusted.connectors {
        return Some((Place::default().key("connectors"), "a delivered definition may not change this".to_owned()));
    }
    if whole.roles != trusted.roles {
        return Some((Place::default().key("roles"), "a delivered definition may not change this".to_owned()));
    }
    let known = places_of_links(trusted);
    for (index, entry) in whole.entries.iter().enumerate() {
        for (key, target) in [("to", Some(&entry.to)), ("else", entry.otherwise.as_ref())] {
            if let Some(Target::Link(link)) = target
                && !known.contains(&destination(link))
            {
                let place = Place::default().key("entries").index(index).key(key);
                return Some((
                    place,
                    "a delivered definition may not lead to another host, address or number".to_owned(),
                ));
            }
        }
    }
    let [before, after] = layers.map(|layer| {
        let mut found = BTreeMap::new();
        claims(layer, &Place::default(), String::new(), &mut found);
        found
    });
    let mut changed = after.iter().filter(|(name, (_, asked))| match before.get(*name) {
        Some((_, known)) => known != asked,
        None => !asked.is_empty(),
    });
    let (_, (place, _)) = changed.next()?;
    Some((place.clone(), "a delivered definition may not change what asks for a claim".to_owned()))
}

/// Where a link leads, without its path: the host, the mail address or the number.
fn destination(link: &str) -> String {
    let parsed = Url::parse(&link.replace(LOCALE, "en")).ok();
    let lead = |url: Url| match url.host_str() {
        Some(host) => format!("{}://{host}:{}", url.scheme(), url.port_or_known_default().unwrap_or_default()),
        None => format!("{}:{}", url.scheme(), url.path()),
    };
    parsed.map(lead).unwrap_or_default()
}

fn places_of_links(definition: &Definition) -> BTreeSet<String> {
    let targets = definition.entries.iter().flat_map(|entry| [Some(&entry.to), entry.otherwise.as_ref()]).flatten();
    let links = targets.filter_map(|target| match target {
        Target::Link(link) => Some(destination(link)),
        _ => None,
    });
    links.collect()
}

/// For every object of a definition, by the names and ids on the way to it, its place and the texts in it that ask for a
/// claim. An object that is not there any more asks for nothing, so taking one away changes no claim.
fn claims(value: &Value, place: &Place, name: String, found: &mut BTreeMap<String, (Place, BTreeSet<String>)>) {
    match value {
        Value::Object(object) => {
            let mut asked = BTreeSet::new();
            for (key, value) in object {
                texts(value, &mut |text| {
                    if text.contains("claim.") {
                        asked.insert(format!("{key}: {text}"));
                    }
                });
                claims(value, &place.clone().key(key), format!("{name}/{key}"), found);
            }
            found.insert(name, (place.clone(), asked));
        }
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                let id = value.get("id").and_then(Value::as_str).map_or_else(|| index.to_string(), str::to_owned);
                claims(value, &place.clone().index(index), format!("{name}/{id}"), found);
            }
        }
        _ => {}
    }
}

/// Calls `each` with the text of a value, or with each text of a list of texts.
fn texts(value: &Value, each: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => each(text),
        Value::Array(list) => list.iter().filter_map(Value::as_str).for_each(each),
        _ => {}
    }
}
