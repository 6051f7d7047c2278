package dev.pocketdesk.sample.desktop

import java.nio.file.Files
import java.nio.file.Path

/** Pictures with their captions, and the page that shows them. */
internal class Album(
    private val folder: Path,
) {
    private val chapters = linkedMapOf<String, MutableList<Pair<String, String>>>()
    private val absent = mutableMapOf<Pair<String, String>, String>()

    init {
        // Pictures of an earlier tour would pass for this one's.
        Files.createDirectories(folder)
        Files.newDirectoryStream(folder, "*.png").use { old -> old.forEach(Files::delete) }
    }

    /** Where the next picture of a chapter goes. */
    fun page(
        chapter: String,
        caption: String,
    ): Path {
        val pictures = chapters.getOrPut(chapter) { mutableListOf() }
        val slug = caption.lowercase().replace(Regex("[^a-z0-9]+"), "-").trim('-')
        val name = "${chapter.lowercase().replace(' ', '-')}-%02d-$slug.png".format(pictures.size + 1)
        pictures += name to caption
        return folder.resolve(name)
    }

    /** A picture that this desk cannot give, and [why]: its place stays empty, so that the others are called as ever. */
    fun leaveOut(
        chapter: String,
        caption: String,
        why: String,
    ) {
        page(chapter, caption)
        absent[chapters.getValue(chapter).last()] = why
        println("not offered: $caption ($why)")
    }

    /** Writes index.html beside the pictures of a phone that talked to [desk]. */
    fun bind(desk: String) {
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
        Files.writeString(folder.resolve("index.html"), PAGE.replace("{desk}", desk).replace("{body}", body))
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
            <p>Every picture is the real screen over the real core, talking to {desk}.</p>
            {body}
            </html>
            """.trimIndent()
    }
}
