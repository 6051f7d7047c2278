package dev.pocketdesk.kit.account

import dev.pocketdesk.kit.viewmodel.ViewModelTest
import org.junit.Assert.assertEquals
import org.junit.Test
import java.net.URI

/** The entries of Help & Support, with the real core. */
class SupportViewModelTest : ViewModelTest() {
    @Test
    fun `the courses are an entry in German only`() =
        withClient { client ->
            fun entries(language: String) =
                SupportViewModel(client, scope, client.strings(language), takesHostCalls = false)
                    .state.value.entries
            assertEquals(listOf("new_ticket", "help_centre", "courses", "email"), entries("de-CH").map { it.id })
            assertEquals(listOf("new_ticket", "help_centre", "email"), entries("en").map { it.id })
            assertEquals(listOf("new_ticket", "help_centre", "email"), entries("es-MX").map { it.id })
            assertEquals("Ein Support-Ticket melden", entries("de").first().label)
            assertEquals(HelpTarget.History, entries("de").first().target)
            assertEquals(HelpTarget.Link(URI("mailto:support@example.com")), entries("de").last().target)
        }
}
