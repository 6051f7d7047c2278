package dev.pocketdesk.kit

import dev.pocketdesk.bindings.languages
import dev.pocketdesk.bindings.pluralForm
import dev.pocketdesk.bindings.strings
import java.util.Locale

/**
 * The localised strings of the screens, in one language. They are the same on every platform.
 *
 * @property locale how dates and numbers are written. It is the device's locale if the device has the language of these strings, so that
 *   dates on an Austrian phone are Austrian. Otherwise it is the locale of the requested tag or, if there is no translation for that tag,
 *   plain English.
 */
public class Strings(
    public val locale: Locale,
    private val strings: Map<String, String>,
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
     * read." in English. The string has the placeholder `count`.
     */
    public fun counted(
        key: String,
        count: Int,
    ): String = get("$key.${pluralForm(locale.language, count.toULong())}", "count" to count)

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
        /** The strings for a BCP 47 language tag; English if there is no translation. */
        public fun of(
            tag: String,
            device: Locale = Locale.getDefault(),
        ): Strings {
            val requested = Locale.forLanguageTag(tag).language
            val language = requested.takeIf { it in languages() } ?: Locale.ENGLISH.language
            val locale = if (device.language == language) device else Locale.forLanguageTag(if (requested == language) tag else language)
            return Strings(locale, strings(language))
        }
    }
}
