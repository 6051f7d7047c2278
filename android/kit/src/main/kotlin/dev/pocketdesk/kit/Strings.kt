package dev.pocketdesk.kit

import dev.pocketdesk.bindings.languages
import dev.pocketdesk.bindings.pluralForm
import dev.pocketdesk.bindings.strings
import java.math.BigDecimal
import java.math.RoundingMode
import java.text.NumberFormat
import java.util.Locale

/**
 * The localised strings of a product's screens, in one language. All platforms share them: the core has the strings of every screen, and a
 * product definition adds its own or replaces some.
 *
 * [Pocketdesk.strings] gives those of a client's product. Before a client is open, [of] gives those of the built-in product.
 *
 * @property locale how dates and numbers are written. It is the device's locale if the device has the language of these strings, so that
 *   dates on an Austrian phone are Austrian. Otherwise it is the locale of the requested tag or, if there are no strings for that tag, that of
 *   their own language.
 * @property language the language of the strings, as a BCP 47 tag.
 */
public class Strings(
    public val locale: Locale,
    private val strings: Map<String, String>,
    public val language: String = locale.language,
) {
    /**
     * The string of a key, with its placeholders replaced: `strings["new.subject.counter", "count" to 12, "limit" to 140]`.
     * An unknown key is returned as it is: an odd label is better than a crash.
     */
    public operator fun get(
        key: String,
        vararg values: Pair<String, Any>,
    ): String = values.fold(strings[key] ?: key) { text, (name, value) -> text.replace("{$name}", value.toString()) }

    /**
     * The string of a count, in the form that the language has for it: `strings.counted("ticket.left_out", 3)` is "3 messages could not be
     * read." in English. The string has the placeholder `count`, and those of [values]. A form for which there is no string is shown as `other`,
     * which always exists.
     */
    public fun counted(
        key: String,
        count: Int,
        vararg values: Pair<String, Any>,
    ): String {
        val counted = "$key.${pluralForm(language, count.toULong())}"
        return get(if (counted in this) counted else "$key.other", "count" to count, *values)
    }

    /** A size in bytes in decimal units, as file managers write it: "900 B", "184 KB", "1.8 MB", in German "1,8 MB". */
    public fun size(bytes: Long): String {
        val number = NumberFormat.getNumberInstance(locale)
        number.roundingMode = RoundingMode.HALF_UP
        var size = BigDecimal(bytes)
        for (unit in listOf("B", "KB")) {
            number.maximumFractionDigits = 0
            if (size.setScale(0, RoundingMode.HALF_UP) < KILO) return "${number.format(size)} $unit"
            size = size.divide(KILO)
        }
        number.maximumFractionDigits = if (size < BigDecimal.TEN) 1 else 0
        return "${number.format(size)} MB"
    }

    /** Whether these strings are written from right to left. The screens follow it, whatever the direction of the device's language. */
    public val isRightToLeft: Boolean
        get() {
            val name = locale.getDisplayLanguage(locale).ifEmpty { return false }
            val direction = Character.getDirectionality(name.codePointAt(0))
            return direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC
        }

    /** Whether there is a string for [key]. */
    public operator fun contains(key: String): Boolean = key in strings

    public companion object {
        private val KILO = BigDecimal(1_000)

        /** The strings of the built-in product for a BCP 47 language tag; English if there is no translation. */
        public fun of(
            tag: String,
            device: Locale = Locale.getDefault(),
        ): Strings {
            val language = Locale.forLanguageTag(tag).language.takeIf { it in languages() } ?: Locale.ENGLISH.language
            return Strings(localeOf(language, tag, device), strings(language), language)
        }

        /** How dates are written beside strings in [language], which were chosen for [tag]. */
        internal fun localeOf(
            language: String,
            tag: String,
            device: Locale,
        ): Locale {
            val own = Locale.forLanguageTag(language)
            return listOf(device, Locale.forLanguageTag(tag)).firstOrNull { it.language == own.language } ?: own
        }
    }
}
