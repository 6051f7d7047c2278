import Foundation
import PocketdeskKit
import Testing

@Suite("Strings")
struct StringsTests {
    @Test("A language tag finds its language; an unsupported language falls back to English")
    func tags() {
        #expect(Strings("de-AT").language == "de")
        #expect(Strings("es_MX").language == "es")
        #expect(Strings("fr-CA").language == "en")
        #expect(Strings("").language == "en")
        #expect(Strings("de")["history.create"] == "Ein neues Ticket erstellen")
        #expect(Strings("es")["reply.send"] == "Enviar")
    }

    @Test("A text of a ticket is aligned by its own first letter, whatever the language of the screen")
    func direction() {
        #expect("Auszahlung: עדיין לא הגיע".isRightToLeft == false)
        #expect("עדיין לא הגיע: Auszahlung".isRightToLeft == true)
        #expect("«١٢٣» – المبلغ هو ٣٤٥ يورو".isRightToLeft == true)
        #expect("合同在哪里？".isRightToLeft == false)
        #expect("Über 300 € fehlen 🧾".isRightToLeft == false)
        #expect("2026-10-4471 🧾".isRightToLeft == nil)
        #expect("".isRightToLeft == nil)
    }

    @Test("Placeholders are replaced, and a key without a text is shown itself")
    func placeholders() {
        let counter = Strings("en")("new.subject.counter", ["count": "12", "limit": "140"])
        #expect(counter.contains("12") && counter.contains("140") && !counter.contains("{"))
        #expect(Strings("en")["no.such.key"] == "no.such.key")
    }

    @Test("The help desk is asked for its names in the language of the screens, by default the user's first preference")
    func ofTheHelpDesk() throws {
        let (folder, server) = (URL(fileURLWithPath: "/support"), try #require(URL(string: "https://support.example")))
        #expect(ClientConfig(directory: folder, account: "ada", server: server).language == Strings.preferredLanguage)
        #expect(ClientConfig(directory: folder, account: "ada", server: server, language: "es-MX").language == "es-MX")
    }

    @Test(
        "A link is opened only if it is https; any other is shown",
        arguments: [
            ("https://help.example/a?q=%C3%BC#b", true), ("HTTPS://help.example", true), ("http://help.example", false),
            ("javascript:alert(1)", false), ("https:", false), ("tel:+4922100000", false), ("", false),
        ])
    func links(_ url: String, _ opens: Bool) {
        #expect((ShownLink(title: "Anleitung", url: url).destination != nil) == opens)
    }

    @Test("Dates and numbers are written in the language of the texts, as the device writes them if it has that language")
    func formats() throws {
        let berlin = try #require(TimeZone(identifier: "Europe/Berlin"))
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = berlin
        let noon = try #require(calendar.date(from: DateComponents(year: 2026, month: 11, day: 26, hour: 12)))
        let afternoon = noon + 2 * 3600 + 32 * 60
        // The space before "PM" depends on the version of the locale data.
        let plain = { (text: String) in text.replacing("\u{202F}", with: " ") }
        let device = { (tag: String, device: String) in Strings(tag, device: Locale(identifier: device)) }

        #expect(plain(device("en", "en_US").moment(afternoon, timeZone: berlin)) == "Nov 26, 2026 at 2:32 PM")
        #expect(device("de-AT", "de_AT").moment(afternoon, timeZone: berlin).contains("14:32"))
        #expect(device("de", "en_US").day(afternoon, timeZone: berlin) == "26. Nov. 2026", "German texts on an English device")
        #expect(device("es", "de_DE").day(afternoon, timeZone: berlin) == "26 nov 2026")
        #expect(device("fr", "fr_FR").day(afternoon, timeZone: berlin) == "Nov 26, 2026", "English texts, because there are no French ones")
        #expect(device("en", "en_GB").locale.identifier == "en_GB")

        #expect(plain(device("en", "en_US").soon(afternoon, now: noon, timeZone: berlin)) == "2:32 PM")
        #expect(device("de", "de_DE").soon(afternoon, now: noon, timeZone: berlin) == "14:32")
        #expect(device("es", "es_ES").soon(afternoon, now: noon, timeZone: berlin) == "14:32")
        let tomorrow = device("de", "de_DE").soon(afternoon + 86_400, now: noon, timeZone: berlin)
        #expect(tomorrow.hasPrefix("27.11.2026") && tomorrow.hasSuffix("14:32"))
        let tokyo = try #require(TimeZone(identifier: "Asia/Tokyo"))
        #expect(device("de", "de_DE").soon(afternoon, now: noon, timeZone: tokyo) == "22:32", "the zone of the call")

        #expect(device("de", "en_US").number(12_040) == "12.040")
        #expect(device("en", "de_DE").number(12_040) == "12,040")
        #expect(device("de", "en_US").fileSize(1_900_000).replacing("\u{A0}", with: " ") == "1,9 MB")
        #expect(device("en", "de_DE").fileSize(1_900_000).replacing("\u{A0}", with: " ") == "1.9 MB")
        #expect(languages().allSatisfy { !Strings($0).isRightToLeft })
    }

    @Test("A day without a time is the same day in every zone, written in the language; what is no day is shown as it is")
    func days() {
        let strings = { (tag: String, device: String) in Strings(tag, device: Locale(identifier: device)) }
        #expect(strings("de", "de_DE").day(written: "2026-10-03") == "3. Okt. 2026")
        #expect(strings("es", "de_DE").day(written: "2024-02-29") == "29 feb 2024")
        #expect(strings("en", "en_US").day(written: "2026-01-01") == "Jan 1, 2026")
        #expect(strings("en", "en_US@calendar=buddhist").day(written: "2026-10-03").contains("2569"), "by the device's calendar")
        for text in ["", "2026-02-30", "2026-10", "2026-10-03T00:00:00Z", "übermorgen", "--"] {
            #expect(strings("de", "de_DE").day(written: text) == text)
        }
    }

    @Test("A list writes a time as it is read fastest, in the language and the zone of the moment")
    func listTimes() throws {
        let berlin = try #require(TimeZone(identifier: "Europe/Berlin"))
        let tokyo = try #require(TimeZone(identifier: "Asia/Tokyo"))
        let afternoon = Date(timeIntervalSince1970: 1_795_699_920)
        let german = Strings("de", device: Locale(identifier: "de_DE"))
        // The place of a row on a day in Berlin, as it would be at `now`.
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = berlin
        let midnight = calendar.startOfDay(for: afternoon)
        func place(at now: Date, _ today: Date) -> RowPlace {
            let days = LocalDays(now: now.inMilliseconds, today: today.inMilliseconds, yesterday: (today - 86_400).inMilliseconds)
            return placeRows(days: days, rows: [RowTime(at: afternoon.inMilliseconds, unsent: false)])[0]
        }
        let time = { (strings: Strings, place: RowPlace) in strings.time(place, of: afternoon, timeZone: berlin) }
        #expect(time(german, place(at: afternoon, midnight)) == german["time.now"])
        #expect(time(german, place(at: afternoon + 5 * 60 + 1, midnight)) == "5 Min.")
        let evening = place(at: afternoon + 6 * 3600, midnight)
        #expect(time(german, evening) == "14:32")
        #expect(german.time(evening, of: afternoon, timeZone: tokyo) == "22:32")
        #expect(time(german, place(at: afternoon + 86_400, midnight + 86_400)) == "Gestern")
        let later = place(at: afternoon + 3 * 86_400, midnight + 3 * 86_400)
        #expect(time(german, later) == "26. Nov. 2026")
        #expect(time(Strings("es", device: Locale(identifier: "es_ES")), later) == "26 nov 2026")
        #expect(time(Strings("en", device: Locale(identifier: "en_GB")), evening) == "14:32", "the device's 24 hours")
    }

    @Test("Texts about a status or a problem, and texts that matter less, have a contrast of at least 4.5:1", arguments: [false, true])
    func contrast(dark: Bool) {
        let kinds: [StatusKind] = [.open, .working, .awaitingUser, .solved, .closed]
        for kind in kinds {
            let tone = Tones.on(dark: dark)[kind]
            #expect(contrast(tone.text, tone.background) >= 4.5, "\(kind)")
        }
        let problem = Tones.on(dark: dark).problem
        // The grey of a grouped list is the background with the lowest contrast.
        for background in [problem.background, dark ? 0x2C2C2E : 0xF2F2F7] {
            #expect(contrast(problem.text, background) >= 4.5)
        }
        let screen: UInt32 = dark ? 0x000000 : 0xFFFFFF
        let share = dark ? Tones.quietOpacity : 1 - Tones.quietOpacity
        let grey = UInt32(share * 255)
        #expect(contrast(grey << 16 | grey << 8 | grey, screen) >= 4.5)
    }

    /// The contrast of two colours by WCAG 2.2, 1 to 21.
    private func contrast(_ one: UInt32, _ other: UInt32) -> Double {
        let parts = [luminance(one) + 0.05, luminance(other) + 0.05].sorted()
        return parts[1] / parts[0]
    }

    /// The relative luminance of a colour by WCAG 2.2.
    private func luminance(_ colour: UInt32) -> Double {
        let parts = [colour >> 16 & 0xFF, colour >> 8 & 0xFF, colour & 0xFF].map { Double($0) / 255 }
        let linear = parts.map { $0 <= 0.04045 ? $0 / 12.92 : pow(($0 + 0.055) / 1.055, 2.4) }
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }

    // The screens are not compiled on every platform, so the keys are searched for in their sources.
    @Test("Every text that a screen uses exists in every language", arguments: languages())
    func screens(_ language: String) throws {
        let strings = Strings(language)
        let folder = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../Sources/PocketdeskUI").standardized
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.allObjects as? [URL] ?? []
        let keys = try files.filter { $0.pathExtension == "swift" }.flatMap { screen in
            try String(contentsOf: screen, encoding: .utf8).matches(of: /strings[\[(]\s*"([a-z_.]+)"/).map { String($0.output.1) }
        }
        #expect(keys.count > 40)
        for key in Set(keys) {
            #expect(strings.contains(key), "\(key)")
        }
        // A counted text has a form for every number. Some keys reach the call by way of a function of the screen.
        let counted = try files.filter { $0.pathExtension == "swift" }.flatMap { screen in
            try String(contentsOf: screen, encoding: .utf8).matches(of: /count(?:ed)?\("([a-z_.]+)"/).map { String($0.output.1) }
        }
        #expect(Set(counted).isSuperset(of: ["offline.unsent", "sign_out.drafts", "thread.unread", "ticket.left_out"]))
        for key in Set(counted) {
            #expect(strings.contains("\(key).one") && strings.contains("\(key).other"), "\(key)")
        }
    }
}

extension Date {
    fileprivate var inMilliseconds: Int64 { Int64(timeIntervalSince1970 * 1000) }
}
