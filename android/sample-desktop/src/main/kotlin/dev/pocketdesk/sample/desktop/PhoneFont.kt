package dev.pocketdesk.sample.desktop

import androidx.compose.ui.text.ExperimentalTextApi
import androidx.compose.ui.text.font.FontFamily
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.platform.SystemFont
import java.awt.GraphicsEnvironment

/** A phone's font if it is installed on this machine, the default font otherwise. */
@OptIn(ExperimentalTextApi::class)
internal fun phoneFont(): FontFamily {
    val installed = GraphicsEnvironment.getLocalGraphicsEnvironment().availableFontFamilyNames.toSet()
    val name = listOf("Roboto", "Inter", "Noto Sans").firstOrNull { it in installed } ?: return FontFamily.Default
    return FontFamily(
        listOf(FontWeight.Normal, FontWeight.Medium, FontWeight.SemiBold, FontWeight.Bold).map { SystemFont(name, it) },
    )
}
