package dev.pocketdesk.kit

import dev.pocketdesk.bindings.languages
import dev.pocketdesk.bindings.words
import java.util.Locale

/**
 * Every word a screen shows, in one language. The same texts on every platform.
 *
 * @property locale for dates and numbers: the device's own if it speaks the same language, so that an Austrian gets Austrian dates.
 */
public class Words(
    public val locale: Locale,
    private val texts: Map<String, String>,
) {
    /**
     * The text of a key with its placeholders filled in: `words["new.subject.counter", "count" to 12, "limit" to 140]`.
     * A key without a text comes back as it is: better an odd label than a dead screen.
     */
    public operator fun get(
        key: String,
        vararg values: Pair<String, Any>,
    ): String = values.fold(texts[key] ?: key) { text, (name, value) -> text.replace("{$name}", value.toString()) }

    /** Whether there is a text for [key]. */
    public operator fun contains(key: String): Boolean = key in texts

    public companion object {
        /** The words for a BCP 47 language tag; English if the desk does not speak that language. */
        public fun of(
            tag: String,
            device: Locale = Locale.getDefault(),
        ): Words {
            val wanted = Locale.forLanguageTag(tag).language
            val spoken = wanted.takeIf { it in languages() } ?: Locale.ENGLISH.language
            val locale = if (device.language == spoken) device else Locale.forLanguageTag(if (wanted == spoken) tag else spoken)
            return Words(locale, words(spoken))
        }
    }
}
