//! What a reader of the screens relies on: the fixed names, one tone for each language, and the right plural forms.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::product::{Product, ServerKind};

const WEB: &str = include_str!("../../../products/impact-web.json");
const HUB: &str = include_str!("../../../products/hub.json");

fn mobile() -> Product {
    Product::built_in().unwrap()
}

fn web() -> Product {
    Product::from_json(WEB, ServerKind::Zendesk).unwrap()
}

fn hub() -> Product {
    Product::from_json(HUB, ServerKind::Zendesk).unwrap()
}

fn all(product: &Product, language: &str) -> BTreeMap<String, String> {
    product.strings(language).all().clone()
}

#[test]
fn nothing_is_left_in_english() {
    let same = |product: &Product, language: &str| -> BTreeSet<String> {
        let (english, other) = (all(product, "en"), all(product, language));
        english.iter().filter(|(key, text)| other[*key] == **text).map(|(key, _)| key.clone()).collect()
    };
    let set = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect::<BTreeSet<_>>();
    let german = [
        "button.ok",
        "column.status",
        "format.link",
        "history.filter.chosen",
        "history.filter.several",
        "history.sort.status",
        "new.subject.counter",
        "ticket.desk",
    ];
    assert_eq!(same(&mobile(), "de"), set(&german));
    let spanish = [
        "article.helpful.no",
        "button.ok",
        "history.filter.chosen",
        "history.filter.count.one",
        "history.filter.count.other",
        "history.filter.several",
        "history.results.one",
        "history.results.other",
        "new.subject.counter",
        "time.minutes.one",
        "time.minutes.other",
        "value.no",
    ];
    assert_eq!(same(&mobile(), "es"), set(&spanish));
    let names = ["entry.chat", "entry.pxa", "entry.tickets", "entry.walkthroughs"];
    assert_eq!(same(&web(), "de"), set(&[&german[..], &names].concat()));
    assert_eq!(same(&web(), "es"), set(&[&spanish[..], &["entry.chat", "entry.pxa"]].concat()));
}

#[test]
fn german_says_sie_and_spanish_says_tu() {
    let others =
        [("de", ["du", "dich", "dein", "deine", "deiner"]), ("es", ["usted", "ustedes", "vos", "os", "vuestro"])];
    for product in [mobile(), web(), hub()] {
        for (language, others) in others {
            for (key, text) in all(&product, language) {
                let mut spoken = text.split(|c: char| !c.is_alphabetic()).map(str::to_lowercase);
                assert!(!spoken.any(|word| others.contains(&word.as_str())), "{language} {key}");
            }
        }
    }
}

#[test]
fn a_tag_finds_its_language() {
    let created = |tag: &str| mobile().strings(tag).text("new.create", &[]);
    assert_eq!(["de", "de-AT", "DE_ch"].map(created), ["Erstellen", "Erstellen", "Erstellen"]);
    assert_eq!(["es-MX", "fr", ""].map(created), ["Crear", "Create", "Create"]);
    assert_eq!(mobile().strings("de-AT").language(), "de");
}

#[test]
fn a_count_is_said_in_the_form_of_its_language() {
    let said = |language: &str, count: u64| mobile().strings(language).count("ticket.left_out", count, &[]);
    assert_eq!(said("en", 1), "1 message could not be read.");
    assert_eq!(said("en", 0), "0 messages could not be read.");
    assert_eq!(said("de-AT", 1), "1 Nachricht konnte nicht gelesen werden.");
    assert_eq!(said("de", 3), "3 Nachrichten konnten nicht gelesen werden.");
    assert_eq!(said("es", 1), "No se ha podido leer 1 mensaje.");
    assert_eq!(said("es", 21), "No se han podido leer 21 mensajes.");
    // Spanish has a form of its own for whole millions, which these strings leave to `other`.
    assert_eq!(said("es", 1_000_000), "No se han podido leer 1000000 mensajes.");
}

#[test]
fn a_product_can_speak_a_language_with_more_plural_forms() {
    let english = all(&mobile(), "en");
    let mut polish: serde_json::Map<String, serde_json::Value> =
        english.into_iter().map(|(key, text)| (key, text.into())).collect();
    for (form, text) in
        [("one", "{count} wiadomość"), ("few", "{count} wiadomości"), ("many", "{count} wiadomości (wiele)")]
    {
        polish.insert(format!("ticket.left_out.{form}"), text.into());
    }
    let json = serde_json::json!({
        "schema": 1, "id": "polski", "version": 1, "extends": "impact-mobile@1", "strings": { "pl": polish }
    });
    let product = Product::from_json(&json.to_string(), ServerKind::Zendesk).unwrap();
    let said = |count: u64| product.strings("pl-PL").count("ticket.left_out", count, &[]);
    assert_eq!(
        [said(1), said(3), said(5), said(22)],
        ["1 wiadomość", "3 wiadomości", "5 wiadomości (wiele)", "22 wiadomości"]
    );
}

#[test]
fn what_is_filled_in_is_never_read_as_a_placeholder() {
    let strings = mobile().strings("en");
    assert_eq!(strings.text("change.add_cc", &[("addresses", "{count}@b.example")]), "Adding to CC: {count}@b.example");
    assert_eq!(strings.text("unheard.of", &[]), "unheard.of");
    assert_eq!(strings.text("change.add_cc", &[]), "Adding to CC: {addresses}");
}

#[test]
fn the_shared_languages_are_those_with_a_file() {
    assert_eq!(SHARED.map(|(language, _)| language), LANGUAGES);
}

/// The fixed names of impact-mobile, compared to the letter.
#[test]
fn fixed_names_are_as_agreed() {
    let fixed = [
        ("account.title", "Account", "Konto", "Cuenta"),
        ("support.title", "Help & Support", "Hilfe & Support", "Ayuda y Soporte"),
        ("entry.new_ticket", "Log a support ticket", "Ein Support-Ticket melden", "Registrar un ticket de soporte"),
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
        ("fact.number", "Ticket number", "Ticketnummer", "Número de ticket"),
        ("fact.requester", "Created by", "Erstellt von", "Creado por"),
        ("fact.created", "Created", "Erstellt", "Creado"),
        ("fact.issue_type", "Issue type", "Art des Problems", "Tipo de problema"),
        ("fact.access", "Ticket access", "Ticket-Zugriff", "Acceso al ticket"),
        ("fact.status", "Ticket status", "Ticket-Status", "Estado del ticket"),
        ("status.open", "Open", "Offen", "Abierto"),
        ("status.pending", "Pending", "Ausstehend", "Pendiente"),
        ("status.awaiting_reply", "Awaiting your reply", "Warten auf Ihre Antwort", "En espera de tu respuesta"),
        ("status.solved", "Solved", "Gelöst", "Resuelto"),
        ("status.closed", "Closed", "Geschlossen", "Cerrado"),
        ("reply.write", "Write a reply", "Antwort schreiben", "Escribir una respuesta"),
        ("reply.send", "Send", "Senden", "Enviar"),
        ("entry.help_centre", "Help centre", "Hilfe-Center", "Centro de ayuda"),
        // The Spanish name is our own: the entry is offered in German only.
        ("entry.courses", "Certified courses", "Zertifizierte Kurse", "Cursos certificados"),
        ("entry.email", "Send an email", "E-Mail senden", "Enviar un correo electrónico"),
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
    compare(&mobile(), &fixed);
}

/// The fixed names of impact-web, as far as they differ.
#[test]
fn fixed_names_of_the_web_product_are_as_agreed() {
    let fixed = [
        ("support.title", "Help", "Hilfe", "Ayuda"),
        ("history.title", "Manage tickets", "Tickets verwalten", "Gestionar tickets"),
        ("history.create", "Create a ticket", "Ticket erstellen", "Crear Ticket"),
        ("new.title", "Create a ticket", "Ticket erstellen", "Crear Ticket"),
        ("new.issue_type", "Issue type", "Problemtyp", "Tipo de problema"),
        ("new.cc", "Email addresses", "E-Mail-Adressen", "Direcciones de correo electrónico"),
        ("new.access", "Ticket access", "Ticketzugriff", "Acceso a tickets"),
        ("fact.status", "Ticket status", "Ticketstatus", "Estado del ticket"),
        ("status.open", "Open", "Offen", "Abierto"),
        ("status.in_progress", "In progress", "In Bearbeitung", "En progreso"),
        ("status.awaiting_reply", "Awaiting your reply", "Warten auf Ihre Antwort", "Esperando tu respuesta"),
        ("status.solution_offered", "Solution offered", "Lösung angeboten", "Solución ofrecida"),
        ("status.closed", "Closed", "Geschlossen", "Cerrado"),
        ("attachment.title", "Attachments", "Anhänge", "Adjuntos"),
        ("entry.articles", "Help documents", "Hilfedokumente", "Documentos de ayuda"),
        ("entry.tickets", "Tickets", "Tickets", "Pestaña de Tickets"),
        ("entry.walkthroughs", "Walkthroughs", "Walkthroughs", "Guías interactivas"),
        ("entry.pxa", "PXA", "PXA", "PXA"),
        (
            "entry.cannot_sign_in",
            "Need help signing in?",
            "Brauchen Sie Hilfe beim Anmelden?",
            "¿Necesitas ayuda para iniciar sesión?",
        ),
        ("entry.book", "Book time", "Termin buchen", "Reservar tiempo"),
        ("entry.chat", "Chat", "Chat", "Chat"),
        (
            "issue_type.support_ui_general",
            "Support, UI & General inquiry",
            "Support-, UI- & Allgemeine Anfrage",
            "Soporte, IU y Consulta general",
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
    compare(&web(), &fixed);
}

/// The fixed names of hub, as far as they differ.
#[test]
fn fixed_names_of_the_hub_are_as_agreed() {
    let fixed = [
        ("history.title", "My tickets", "Meine Tickets", "Mis tickets"),
        ("scope.mine", "My tickets", "Meine Tickets", "Mis tickets"),
        (
            "scope.organisation",
            "My organisation's tickets",
            "Tickets meiner Organisation",
            "Tickets de mi organización",
        ),
        ("column.number", "Ticket ID", "Ticket-ID", "ID del ticket"),
        ("fact.number", "Ticket ID", "Ticket-ID", "ID del ticket"),
        ("column.users", "User name", "Benutzername", "Nombre de usuario"),
        ("column.subject", "Subject line", "Betreffzeile", "Asunto"),
        ("column.last_activity", "Last activity", "Letzte Aktivität", "Última actividad"),
        ("column.ticket_type", "Type", "Typ", "Tipo"),
        ("fact.status", "Ticket status", "Ticketstatus", "Estado del ticket"),
        ("fact.created", "Created", "Erstellt", "Creado"),
        ("fact.updated", "Last updated", "Letzte Aktualisierung", "Última actualización"),
        ("fact.assignee", "Assigned agent", "Support-Mitarbeiter", "Agente asignado"),
        ("fact.requester", "Submitted by", "Eingereicht von", "Enviado por"),
        ("fact.linked", "Further users", "Zusätzliche Benutzer", "Otros usuarios"),
        ("status.open", "Open", "Offen", "Abierto"),
        ("status.closed", "Closed", "Geschlossen", "Cerrado"),
        ("mark.escalated", "Escalated", "Eskaliert", "Escalado"),
        ("ticket_type.email", "Email", "E-Mail", "Correo electrónico"),
        ("ticket_type.phone", "Phone", "Telefon", "Teléfono"),
        ("ticket_type.chat", "Chat", "Chat", "Chat"),
        ("ticket_type.conference_call", "Conference call", "Konferenzschaltung", "Llamada en conferencia"),
        (
            "subject.conference",
            "Conference call – {requester}",
            "Konferenzschaltung – {requester}",
            "Llamada en conferencia – {requester}",
        ),
        ("subject.phone", "Phone call – {requester}", "Telefonat – {requester}", "Llamada telefónica – {requester}"),
        ("field.call_at", "Scheduled for", "Geplant für", "Programada para"),
        ("field.call_status", "Call status", "Anrufstatus", "Estado de la llamada"),
        ("field.call_status.pending", "Pending", "Ausstehend", "Pendiente"),
        ("field.call_status.accepted", "Accepted", "Angenommen", "Aceptada"),
        ("field.meeting_link", "Zoom link", "Zoom-Link", "Enlace de Zoom"),
        ("field.passcode", "Zoom passcode", "Zoom-Passcode", "Código de acceso de Zoom"),
        ("section.escalation", "Escalation progress", "Eskalationsfortschritt", "Progreso de la escalación"),
        (
            "section.resources",
            "Shared support resources",
            "Links zu Support-Ressourcen",
            "Recursos de soporte compartidos",
        ),
        ("field.escalation_state.submitted", "Escalation submitted", "Eskalation eingereicht", "Escalación enviada"),
        ("field.escalation_state.review", "Under review", "Wird geprüft", "En revisión"),
        (
            "field.escalation_state.engineering",
            "Engineering in progress",
            "Engineering in Progress",
            "Ingeniería en curso",
        ),
        ("field.escalation_state.fix_review", "Fix under review", "Lösung wird geprüft", "Solución en revisión"),
        ("field.escalation_state.resolved", "Resolved", "Behoben", "Resuelta"),
        ("action.close", "Close ticket", "Ticket schließen", "Cerrar ticket"),
        ("action.feedback", "Leave feedback", "Feedback hinterlassen", "Dejar comentarios"),
        (
            "action.proxy_login",
            "Support proxy login access",
            "Zugriff auf die Support-Proxy-Anmeldung",
            "Acceso de soporte por proxy",
        ),
        (
            "entry.request_support",
            "Request technical support",
            "Technischen Support anfordern",
            "Solicitar soporte técnico",
        ),
    ];
    compare(&hub(), &fixed);
    let banner = |language: &str| hub().strings(language).text("banner.closed", &[]);
    assert_eq!(
        banner("de"),
        "Dieses Ticket wurde geschlossen. Wenn Sie weitere Fragen oder Bedenken haben, legen Sie ein neues Ticket an und verweisen Sie auf diese Ticketnummer."
    );
    assert_eq!(
        banner("es"),
        "Este ticket se ha cerrado. Si tienes más preguntas, crea un nuevo ticket e indica este número."
    );
}

fn compare(product: &Product, fixed: &[(&str, &str, &str, &str)]) {
    for (key, english, german, spanish) in fixed {
        let found = LANGUAGES.map(|language| product.strings(language).text(key, &[]));
        assert_eq!(found, [*english, german, spanish], "{key}");
    }
}
