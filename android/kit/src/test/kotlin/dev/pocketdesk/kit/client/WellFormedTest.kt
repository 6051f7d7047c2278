package dev.pocketdesk.kit.client

import dev.pocketdesk.bindings.ReplyDraft
import dev.pocketdesk.bindings.TextFormat
import dev.pocketdesk.bindings.TextPlace
import dev.pocketdesk.bindings.TicketDraft
import org.junit.Assert.assertEquals
import org.junit.Assert.assertSame
import org.junit.Test

class WellFormedTest {
    @Test
    fun `half a character becomes a replacement character and whole ones stay`() {
        assertEquals("Hello \uFFFD", "Hello \uD83D".wellFormed())
        assertEquals("\uFFFDHello", "\uDE00Hello".wellFormed())
        assertEquals("\uFFFD\uD83D\uDE00\uFFFD", "\uD83D\uD83D\uDE00\uDE00".wellFormed())
    }

    @Test
    fun `every text of a draft can be handed to the bindings`() {
        val half = "Größe \uD83D"
        val ticket = TicketDraft("a", half, half, listOf(half), half, half, access = false, name = half, email = half).wellFormed()
        val texts = ticket.run { cc + listOf(subject, issueType, ccEntry, description, name, email) }
        assertEquals(List(7) { "Größe \uFFFD" }, texts)
        val link = TextFormat(TextPlace(0u, 5u), bold = false, italic = false, link = "https://desk.example/\uDE00")
        val reply = ReplyDraft("a", 1, half, formats = listOf(link)).wellFormed()
        assertEquals("Größe \uFFFD", reply.body)
        assertEquals("https://desk.example/\uFFFD", reply.formats.single().link)
    }

    @Test
    fun `text that is well formed is not copied`() {
        val text = "Größe 300×250, مرحبا 👩‍👩‍👧"
        assertSame(text, text.wellFormed())
    }
}
