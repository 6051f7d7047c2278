package dev.pocketdesk.kit.account

import dev.pocketdesk.bindings.Entry
import dev.pocketdesk.bindings.EntryTarget
import dev.pocketdesk.kit.Strings
import java.net.URI
import java.net.URISyntaxException

/** An entry of Help & Support. */
public data class HelpEntry(
    /** The id of the entry in the product definition. */
    val id: String,
    /** Its name. */
    val label: String,
    /** A second line below the name, such as the hours of a phone line; null if there is none. */
    val note: String?,
    /** Where it leads. */
    val target: HelpTarget,
)

/** Where an entry of Help & Support leads. */
public sealed interface HelpTarget {
    /** The ticket history. */
    public data object History : HelpTarget

    /**
     * The form of a new ticket. Where nobody is signed in, that of a ticket without an account.
     *
     * @property prefill a text for its description; null for none.
     */
    public data class NewTicket(
        val prefill: String?,
    ) : HelpTarget

    /** The help articles. */
    public data object Articles : HelpTarget

    /**
     * A call back into the app.
     *
     * @property name the name that the product definition gives it.
     */
    public data class Host(
        val name: String,
    ) : HelpTarget

    /**
     * A link, which the system opens.
     *
     * @property uri https, mailto or tel.
     */
    public data class Link(
        val uri: URI,
    ) : HelpTarget
}

/** The entry in the language of [strings]; null if nothing here can open it. */
internal fun Entry.inWordsOf(
    strings: Strings,
    takesHostCalls: Boolean,
): HelpEntry? =
    target.within(strings, takesHostCalls)?.let { target ->
        HelpEntry(id, strings[labelKey], noteKey?.let { strings[it] }, target)
    }

private fun EntryTarget.within(
    strings: Strings,
    takesHostCalls: Boolean,
): HelpTarget? =
    when (this) {
        EntryTarget.History -> HelpTarget.History
        is EntryTarget.Create -> HelpTarget.NewTicket(prefillKey?.let { strings[it] })
        is EntryTarget.Host -> HelpTarget.Host(name).takeIf { takesHostCalls }
        is EntryTarget.Link -> linkOf(url.replace("{locale}", strings.language))
        EntryTarget.Anonymous -> HelpTarget.NewTicket(prefill = null)
        EntryTarget.Articles -> HelpTarget.Articles
    }

private fun linkOf(url: String): HelpTarget? =
    try {
        HelpTarget.Link(URI(url))
    } catch (_: URISyntaxException) {
        null
    }
