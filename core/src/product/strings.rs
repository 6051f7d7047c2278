//! The strings of every screen, in three languages, from one set of files for all platforms.
//!
//! The names (of statuses, issue types, fields and entries) are fixed by the product; explanations, hints and warnings
//! are our own. German says *Sie*, Spanish *tú*. A string may have placeholders: `{count}`, `{limit}`, `{address}`.

use std::collections::BTreeMap;

/// The languages that have strings, as BCP 47 tags. The first one stands in for every other language.
pub const LANGUAGES: &[&str] = &["en", "de", "es"];

/// The strings for a BCP 47 tag. `de-AT` and `de_AT` give `de`, and an unknown language gives English.
#[must_use]
pub fn strings(language: &str) -> BTreeMap<String, String> {
    let primary = language.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    let file = match primary.as_str() {
        "de" => include_str!("../../products/impact-mobile/de.json"),
        "es" => include_str!("../../products/impact-mobile/es.json"),
        _ => include_str!("../../products/impact-mobile/en.json"),
    };
    // The files are compiled in, and a test parses all three, so the fallback is never used.
    serde_json::from_str(file).unwrap_or_default()
}

/// Which form of a counted string a language uses for `count`, as the Unicode CLDR names it: `one` or `other`. The string's
/// key ends with it: `ticket.left_out.one`. English, German and Spanish have *one* for 1 alone. Spanish has *many* as well,
/// for whole millions; nothing that is counted here comes to a million, so such a count is `other`.
#[must_use]
pub fn plural_form(_language: &str, count: u64) -> &'static str {
    if count == 1 { "one" } else { "other" }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::model::{DownloadProblem, ReasonKind, Status};
    use crate::product::{Product, status_explanation_key, status_key};

    fn placeholders(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
    }

    #[test]
    fn all_languages_say_the_same_things() {
        let english = strings("en");
        assert!(english.len() > 100);
        for language in LANGUAGES {
            let other = strings(language);
            assert_eq!(english.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>(), "{language}");
            for (key, text) in &english {
                assert_eq!(placeholders(text), placeholders(&other[key]), "{language} {key}");
                assert!(!other[key].trim().is_empty(), "{language} {key}");
            }
        }
    }

    #[test]
    fn nothing_is_left_in_english() {
        let same_in_german = BTreeSet::from(["action.ok", "new.subject.counter", "ticket.desk"]);
        let same_in_spanish = BTreeSet::from(["action.ok", "new.subject.counter"]);
        let english = strings("en");
        for (language, expected) in [("de", same_in_german), ("es", same_in_spanish)] {
            let other = strings(language);
            let same = english.iter().filter(|(key, text)| other[*key] == **text).map(|(key, _)| key.as_str());
            assert_eq!(same.collect::<BTreeSet<_>>(), expected, "{language}");
        }
    }

    #[test]
    fn german_says_sie_and_spanish_says_tu() {
        let others =
            [("de", ["du", "dich", "dein", "deine", "deiner"]), ("es", ["usted", "ustedes", "vos", "os", "vuestro"])];
        for (language, others) in others {
            for (key, text) in strings(language) {
                let mut spoken = text.split(|c: char| !c.is_alphabetic()).map(str::to_lowercase);
                assert!(!spoken.any(|word| others.contains(&word.as_str())), "{language} {key}");
            }
        }
    }

    #[test]
    fn a_tag_finds_its_language() {
        let created = |tag: &str| strings(tag)["new.create"].clone();
        assert_eq!(["de", "de-AT", "DE_ch"].map(created), ["Erstellen", "Erstellen", "Erstellen"]);
        assert_eq!(["es-MX", "fr", ""].map(created), ["Crear", "Create", "Create"]);
    }

    #[test]
    fn a_count_is_said_in_the_form_of_its_language() {
        let said = |language: &str, count: u64| {
            let key = format!("ticket.left_out.{}", plural_form(language, count));
            strings(language)[&key].replace("{count}", &count.to_string())
        };
        assert_eq!(said("en", 1), "1 message could not be read.");
        assert_eq!(said("en", 0), "0 messages could not be read.");
        assert_eq!(said("de-AT", 1), "1 Nachricht konnte nicht gelesen werden.");
        assert_eq!(said("de", 3), "3 Nachrichten konnten nicht gelesen werden.");
        assert_eq!(said("es", 1), "No se ha podido leer 1 mensaje.");
        assert_eq!(said("es", 21), "No se han podido leer 21 mensajes.");
        for counted in strings("en").keys().filter_map(|key| key.strip_suffix(".one")) {
            let others = format!("{counted}.other");
            assert!(LANGUAGES.iter().all(|language| strings(language).contains_key(&others)), "{others}");
        }
    }

    #[test]
    fn every_key_of_the_product_and_of_core_has_a_string() {
        let product = Product::built_in().unwrap();
        let mut keys: Vec<String> = product.entries.iter().map(|entry| entry.label_key().to_owned()).collect();
        for known in &product.issue_types {
            keys.extend([known.label_key(), known.explanation_key()]);
        }
        for status in product.statuses().into_iter().chain([Status::Unknown]) {
            keys.extend([status_key(status), status_explanation_key(status)]);
        }
        keys.extend(["desk", "you", "nobody"].map(|turn| format!("turn.{turn}")));
        keys.extend(ReasonKind::ALL.iter().map(|(_, name)| format!("reason.{name}")));
        keys.extend(DownloadProblem::ALL.iter().map(|(_, name)| format!("download.{name}")));
        let english = strings("en");
        for key in keys {
            assert!(english.contains_key(&key), "{key}");
        }
    }

    /// The fixed names, compared to the letter.
    #[test]
    fn fixed_names_are_as_agreed() {
        let fixed = [
            ("account.title", "Account", "Konto", "Cuenta"),
            ("support.title", "Help & Support", "Hilfe & Support", "Ayuda y Soporte"),
            (
                "support.new_ticket",
                "Log a support ticket",
                "Ein Support-Ticket melden",
                "Registrar un ticket de soporte",
            ),
            ("history.title", "Ticket history", "Ticket-Verlauf", "Historial de tickets"),
            ("history.create", "Create a new ticket", "Ein neues Ticket erstellen", "Crear un nuevo ticket"),
            ("new.title", "Create a new ticket", "Ein neues Ticket erstellen", "Crear un nuevo ticket"),
            ("new.subject", "Subject", "Betreff", "Asunto"),
            ("new.issue_type", "Issue type", "Art des Problems", "Tipo de problema"),
            ("new.cc", "CC emails (optional)", "CC-E-Mails (Optional)", "Correos en CC (Opcional)"),
            ("new.cc.add", "Add another email", "Weitere E-Mail hinzufügen", "Agregar otro correo"),
            ("new.description", "Description", "Beschreibung", "Descripción"),
            ("new.access", "Ticket access", "Ticket-Zugriff", "Acceso al ticket"),
            ("new.create", "Create", "Erstellen", "Crear"),
            ("ticket.number", "Ticket number", "Ticketnummer", "Número de ticket"),
            ("ticket.created_by", "Created by", "Erstellt von", "Creado por"),
            ("ticket.created", "Created", "Erstellt", "Creado"),
            ("ticket.issue_type", "Issue type", "Art des Problems", "Tipo de problema"),
            ("ticket.access", "Ticket access", "Ticket-Zugriff", "Acceso al ticket"),
            ("ticket.status", "Ticket status", "Ticket-Status", "Estado del ticket"),
            ("status.open", "Open", "Offen", "Abierto"),
            ("status.pending", "Pending", "Ausstehend", "Pendiente"),
            ("status.awaiting_reply", "Awaiting your reply", "Warten auf Ihre Antwort", "En espera de tu respuesta"),
            ("status.solved", "Solved", "Gelöst", "Resuelto"),
            ("status.closed", "Closed", "Geschlossen", "Cerrado"),
            ("reply.write", "Write a reply", "Antwort schreiben", "Escribir una respuesta"),
            ("reply.send", "Send", "Senden", "Enviar"),
            ("support.help_centre", "Help centre", "Hilfe-Center", "Centro de ayuda"),
            // The Spanish name is our own: the entry is offered in German only.
            ("support.courses", "Certified courses", "Zertifizierte Kurse", "Cursos certificados"),
            ("support.email", "Send an email", "E-Mail senden", "Enviar un correo electrónico"),
            ("delivery.queued", "Waiting to be sent", "Wartet auf das Senden", "Por enviar"),
            (
                "issue_type.support_ui_general",
                "Support, UI & General inquiry",
                "Support, UI & Allgemeine Anfrage",
                "Soporte, UI y Consulta general",
            ),
            ("issue_type.technical_setup", "Technical setup", "Technische Einrichtung", "Configuración técnica"),
            ("issue_type.data_reports", "Data & reports", "Daten & Berichte", "Datos e informes"),
            ("issue_type.payments_finance", "Payments & finance", "Zahlungen & Finanzen", "Pagos y finanzas"),
            ("issue_type.contracts", "Contracts", "Verträge", "Contratos"),
            (
                "issue_type.settings_navigation",
                "Settings & navigation",
                "Einstellungen & Navigation",
                "Configuración y navegación",
            ),
            ("issue_type.content", "Content", "Inhalte", "Contenido"),
        ];
        for (key, english, german, spanish) in fixed {
            let found = LANGUAGES.iter().map(|language| strings(language)[key].clone()).collect::<Vec<_>>();
            assert_eq!(found, [english, german, spanish], "{key}");
        }
    }
}
