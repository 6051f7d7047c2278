import Foundation

// Dates, numbers and sizes as people write them in the language of the texts. The time zone is the device's at the moment of the call, because
// the user may travel while a screen is open.

extension Strings {
    /// A date with its time: "3. Okt. 2026, 14:32".
    public func moment(_ date: Date, timeZone: TimeZone = .autoupdatingCurrent) -> String {
        date.formatted(style(.abbreviated, .shortened, timeZone))
    }

    /// A date without its time: "3. Okt. 2026".
    public func day(_ date: Date, timeZone: TimeZone = .autoupdatingCurrent) -> String {
        date.formatted(style(.abbreviated, .omitted, timeZone))
    }

    /// A day that has no time, and so belongs to no time zone: "3. Okt. 2026" for "2026-10-03". A text that is no such day is returned as it is.
    public func day(written day: String) -> String {
        let parts = day.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        guard parts.count == 3, let year = parts[0], let month = parts[1], let number = parts[2] else { return day }
        let components = DateComponents(calendar: calendar, year: year, month: month, day: number)
        guard components.isValidDate, let date = components.date else { return day }
        return self.day(date, timeZone: .gmt)
    }

    /// The time of day: "14:32".
    public func time(_ date: Date, timeZone: TimeZone = .autoupdatingCurrent) -> String {
        date.formatted(style(.omitted, .shortened, timeZone))
    }

    /// A time that lies ahead of `now`: the time alone if it is today ("14:32"), otherwise with its date.
    public func soon(_ date: Date, now: Date = .now, timeZone: TimeZone = .autoupdatingCurrent) -> String {
        let style = style(.numeric, .shortened, timeZone)
        let isToday = style.calendar.isDate(date, inSameDayAs: now)
        return date.formatted(isToday ? self.style(.omitted, .shortened, timeZone) : style)
    }

    /// A whole number: "1.204".
    public func number(_ number: some BinaryInteger) -> String {
        number.formatted(IntegerFormatStyle(locale: locale))
    }

    /// The size of a file: "1,9 MB".
    ///
    /// - Parameter bytes: The size in bytes.
    public func fileSize(_ bytes: UInt64) -> String {
        Int64(clamping: bytes).formatted(ByteCountFormatStyle(style: .file, locale: locale))
    }

    private func style(
        _ date: Date.FormatStyle.DateStyle, _ time: Date.FormatStyle.TimeStyle, _ timeZone: TimeZone
    ) -> Date.FormatStyle {
        var calendar = locale.calendar
        calendar.timeZone = timeZone
        return Date.FormatStyle(date: date, time: time, locale: locale, calendar: calendar, timeZone: timeZone)
    }
}
