package dev.pocketdesk.sample.desktop

import java.nio.file.Files
import java.nio.file.Path

/** Where the tour's screenshots go, and the index page that shows them with their captions. */
internal class Screenshots(
    private val folder: Path,
) {
    private val chapters = linkedMapOf<String, MutableList<Pair<String, String>>>()
    private val absent = mutableMapOf<Pair<String, String>, String>()

    init {
        // Screenshots of an earlier tour would look like those of this one.
        Files.createDirectories(folder)
        Files.newDirectoryStream(folder, "*.png").use { old -> old.forEach(Files::delete) }
    }

    /** Returns the file for the next screenshot of a chapter. */
    fun next(
        chapter: String,
        caption: String,
    ): Path {
        val pictures = chapters.getOrPut(chapter) { mutableListOf() }
        val slug = caption.lowercase().replace(Regex("[^a-z0-9]+"), "-").trim('-')
        val name = "${chapter.lowercase().replace(' ', '-')}-%02d-$slug.png".format(pictures.size + 1)
        pictures += name to caption
        return folder.resolve(name)
    }

    /** Leaves out a screenshot that this server does not allow, and says [why]. Its number is used up, so that the other files keep their names. */
    fun leaveOut(
        chapter: String,
        caption: String,
        why: String,
    ) {
        next(chapter, caption)
        absent[chapters.getValue(chapter).last()] = why
        println("not offered: $caption ($why)")
    }

    /** Writes index.html, for a phone that talked to [server]. */
    fun writeIndex(server: String) {
        val body =
            chapters.entries.joinToString("\n") { (chapter, pictures) ->
                val figures =
                    pictures.joinToString("\n") { picture ->
                        val (file, caption) = picture
                        val why = absent[picture]
                        val shown = if (why == null) """<img src="$file" alt="$caption" loading="lazy">""" else "<p>Not offered: $why</p>"
                        "<figure>$shown<figcaption>$caption</figcaption></figure>"
                    }
                "<h2>$chapter</h2>\n<div>$figures</div>"
            }
        Files.writeString(folder.resolve("index.html"), PAGE.replace("{server}", server).replace("{body}", body))
    }

    private companion object {
        val PAGE =
            """
            <!doctype html>
            <html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Pocketdesk, a tour</title>
            <style>
              body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem; background: #eceff0; color: #171c1c }
              div { display: flex; flex-wrap: wrap; gap: 2rem; align-items: start }
              figure { margin: 0; width: 280px }
              img { width: 100%; border-radius: 18px; box-shadow: 0 2px 14px #0003 }
              figcaption { padding: .6rem .2rem }
            </style>
            <h1>Pocketdesk, a tour</h1>
            <p>Every picture is the real screen over the real core, talking to {server}.</p>
            {body}
            </html>
            """.trimIndent()
    }
}
