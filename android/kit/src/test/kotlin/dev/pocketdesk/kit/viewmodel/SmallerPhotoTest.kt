package dev.pocketdesk.kit.viewmodel

import dev.pocketdesk.bindings.SmallerPhoto
import dev.pocketdesk.bindings.StatusKind
import dev.pocketdesk.kit.PickedFile
import dev.pocketdesk.kit.RefusedFile
import dev.pocketdesk.kit.assertLocalised
import dev.pocketdesk.kit.await
import dev.pocketdesk.kit.awaitFirstSync
import dev.pocketdesk.kit.create.NewTicketState
import dev.pocketdesk.kit.create.NewTicketViewModel
import dev.pocketdesk.kit.thread.ThreadState
import dev.pocketdesk.kit.thread.ThreadViewModel
import dev.pocketdesk.sandbox.withAttachments
import kotlinx.coroutines.flow.filterIsInstance
import kotlinx.coroutines.flow.first
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import java.nio.file.Files
import java.nio.file.Path

/** A photo that a help desk does not take is attached as a smaller JPG, to a new ticket and to a reply, with the real core. */
class SmallerPhotoTest : ViewModelTest() {
    /** A photo of a phone, whose platform makes JPGs of [size] bytes, or none if that is null. */
    private inner class Photo(
        override val name: String,
        private val bytes: ByteArray,
        private val size: Int?,
        override val makesSmaller: Boolean = true,
    ) : PickedFile {
        val made = mutableListOf<SmallerPhoto>()

        override suspend fun read(
            atMost: Long,
            use: suspend (Path) -> Unit,
        ) = use(Files.write(Files.createTempFile(folder, "picked", null), bytes.take((atMost + 1).toInt()).toByteArray()))

        override suspend fun readSmaller(
            photo: SmallerPhoto,
            use: suspend (Path) -> Unit,
        ): Boolean {
            made += photo
            if (size == null) return false
            use(Files.write(Files.createTempFile(folder, "made", null), JPEG.copyOf(size)))
            return true
        }
    }

    private suspend fun NewTicketViewModel.awaitForm(
        what: String,
        condition: (NewTicketState.Editing) -> Boolean = { true },
    ) = state.filterIsInstance<NewTicketState.Editing>().await(what, condition = condition)

    private suspend fun ThreadViewModel.awaitReply(
        what: String,
        condition: (ThreadState.Shown) -> Boolean,
    ) = state.filterIsInstance<ThreadState.Shown>().await(what, condition = condition)

    @Test
    fun `photos that are too large or a HEIC are attached to a new ticket as smaller JPGs once the user wants that`() =
        withClient(::withAttachments) { client ->
            val form = NewTicketViewModel(client, scope)
            form.awaitForm("the form")
            form.subject("Fotos vom Zähler")
            form.description("Siehe Anhang. 📷")
            val large = Photo("Zähler groß.JPEG", JPEG.copyOf(2_400_000), size = 480_000)
            val heic = Photo("IMG_0042.HEIC", HEIC, size = 200_000)
            val film = Photo("Film.mov", MOV, size = 100)
            form.attach(listOf(large, heic, film)).join()
            val refused = form.awaitForm("three reasons") { it.files.refused.size == 3 }.files.refused
            assertEquals(listOf(true, true, false), refused.map(RefusedFile::canBeSmaller))
            refused.forEach { assertLocalised(it.stringKey) }
            assertTrue("nothing is made before the user asks", large.made.isEmpty() && heic.made.isEmpty())

            refused.take(2).forEach { form.attachSmaller(it).join() }
            val both = form.awaitForm("both photos") { it.files.attached.size == 2 }.files
            assertEquals(listOf("Zähler groß.jpg", "IMG_0042.jpg"), both.attached.map { it.name })
            assertEquals(listOf("Film.mov"), both.refused.map { it.name })
            assertEquals(500_000uL, large.made.single().maxBytes)
            form.dismiss("Film.mov")
            form.create()
            val created = form.state.await("the ticket") { it is NewTicketState.Created } as NewTicketState.Created
            client.thread(created.ticket).await("the ticket to be sent") { it.ticket.row.number != null && it.ticket.row.waiting == 0u }
            assertEquals(listOf("Zähler groß.jpg", "IMG_0042.jpg"), sandbox.tickets("Fotos vom Zähler").single().files)
        }

    @Test
    fun `a photo that cannot be made small enough says so and a platform that makes none offers none`() =
        withClient(::withAttachments) { client ->
            val form = NewTicketViewModel(client, scope)
            form.awaitForm("the form")
            form.attach(listOf(Photo("Plan.png", PNG.copyOf(900_000), size = null))).join()
            val offered =
                form.awaitForm("the offer") {
                    it.files.refused
                        .singleOrNull()
                        ?.canBeSmaller == true
                }
            form.attachSmaller(offered.files.refused.single()).join()
            val refused =
                form
                    .awaitForm("the reason") {
                        it.files.refused
                            .singleOrNull()
                            ?.canBeSmaller == false
                    }.files
            assertEquals("Plan.png" to "attachment.not_smaller", refused.refused.single().run { name to stringKey })
            assertLocalised("attachment.not_smaller")
            assertTrue(refused.copying.isEmpty())

            form.attach(listOf(Photo("Beleg.png", PNG.copyOf(900_000), size = 10, makesSmaller = false))).join()
            val without =
                form
                    .awaitForm("another reason") { it.files.refused.size == 2 }
                    .files.refused
                    .last()
            assertFalse(without.canBeSmaller)
        }

    @Test
    fun `a reply shows each chosen file and takes a smaller photo`() =
        withClient(::withAttachments) { client ->
            client.awaitFirstSync()
            val ticket =
                client
                    .history()
                    .first()
                    .tickets
                    .first { it.status.kind == StatusKind.OPEN }
            val thread = ThreadViewModel(client, scope, ticket.id)
            thread.awaitReply("the reply") { it.reply.ready }
            thread.attach(listOf(Photo("צילום מסך.png", PNG.copyOf(700_000), size = 90_000))).join()
            val refused = thread.awaitReply("the offer") { it.reply.files.refused.size == 1 }.reply
            assertEquals(
                "attachment.too_large",
                refused.files.refused
                    .single()
                    .stringKey,
            )
            thread.attachSmaller(refused.files.refused.single()).join()
            val attached = thread.awaitReply("the photo") { it.reply.files.attached.size == 1 }.reply.files
            assertEquals("צילום מסך.jpg" to 90_000uL, attached.attached.single().run { name to size })
            assertTrue(attached.refused.isEmpty() && attached.copying.isEmpty())
            thread.reply("Anbei das Foto.")
            thread.send()
            val number = checkNotNull(ticket.number).toLong()
            client.thread(ticket.id).await("the reply to be sent") {
                it.messages.last().body == "Anbei das Foto." &&
                    it.ticket.row.waiting == 0u
            }
            assertEquals("Anbei das Foto.", sandbox.ticket(number).comments.last())
            val sent =
                client
                    .thread(ticket.id)
                    .first()
                    .messages
                    .last()
            assertEquals(listOf("צילום מסך.jpg"), sent.attachments.map { it.name })
        }

    private companion object {
        val JPEG = byteArrayOf(-1, -40, -1, -32, 0, 16) + "JFIF".toByteArray()
        val PNG = byteArrayOf(-119) + "PNG\r\n".toByteArray() + byteArrayOf(0x1a, 0x0a)
        val HEIC = byteArrayOf(0, 0, 0, 24) + "ftypheic".toByteArray() + ByteArray(400)
        val MOV = byteArrayOf(0, 0, 0, 20) + "ftypqt  ".toByteArray() + ByteArray(400)
    }
}
