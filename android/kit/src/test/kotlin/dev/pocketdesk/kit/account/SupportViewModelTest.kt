package dev.pocketdesk.kit.account

import dev.pocketdesk.bindings.EntryKind
import dev.pocketdesk.kit.viewmodel.ViewModelTest
import org.junit.Assert.assertEquals
import org.junit.Test

/** The entries of Help & Support, with the real core. */
class SupportViewModelTest : ViewModelTest() {
    @Test
    fun `the courses are an entry in German only`() =
        withClient { client ->
            fun kinds(language: String) =
                SupportViewModel(client, scope, language)
                    .state.value.entries
                    .map { it.kind }
            assertEquals(listOf(EntryKind.NEW_TICKET, EntryKind.HELP_CENTRE, EntryKind.COURSES, EntryKind.EMAIL), kinds("de"))
            assertEquals(listOf(EntryKind.NEW_TICKET, EntryKind.HELP_CENTRE, EntryKind.EMAIL), kinds("es"))
        }
}
