package dev.pocketdesk.kit.client

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
    fun `text that is well formed is not copied`() {
        val text = "Größe 300×250, مرحبا 👩‍👩‍👧"
        assertSame(text, text.wellFormed())
    }
}
