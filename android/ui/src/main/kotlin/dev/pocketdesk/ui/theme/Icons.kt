package dev.pocketdesk.ui.theme

import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.SolidColor
import androidx.compose.ui.graphics.StrokeCap
import androidx.compose.ui.graphics.StrokeJoin
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.graphics.vector.addPathNodes
import androidx.compose.ui.unit.dp

/** The icons of the screens: thin strokes on a 24 dp grid. Icons with a direction are mirrored in right-to-left layouts. */
internal object Icons {
    val Back by icon("M19 12H5M11.5 18.5L5 12l6.5-6.5", mirrored = true)
    val Forward by icon("M9.5 6l6 6-6 6", mirrored = true)
    val Down by icon("M6 9.5l6 6 6-6")
    val ArrowUp by icon("M12 19V5M6 11l6-6 6 6")
    val ArrowDown by icon("M12 5v14M6 13l6 6 6-6")
    val Sort by icon("M8 5v14M4.5 15.5L8 19l3.5-3.5M16 19V5M12.5 8.5L16 5l3.5 3.5")
    val Search by icon("M10.5 4.2a6.3 6.3 0 1 1 0 12.6a6.3 6.3 0 1 1 0-12.6zM15.1 15.1L20 20")
    val Filter by icon("M4 6.5h16M7 12h10M10 17.5h4")
    val Outside by icon("M14 4.5h5.5V10M19.5 4.5l-8.5 8.5M18 14v4.5a1 1 0 0 1-1 1H5.5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1H10", mirrored = true)
    val Add by icon("M12 5v14M5 12h14")
    val Copy by icon("M9 9h10.5v10.5H9zM5.5 15h-1V4.5H15v1")
    val Close by icon("M6.5 6.5l11 11M17.5 6.5l-11 11")
    val Check by icon("M5 12.5l4.5 4.5L19 7.5")
    val Refresh by icon("M19.5 11.5a7.5 7.5 0 1 0-2 5.6M19.8 6v5.5h-5.5")
    val Send by icon("M4.5 11.5L20 4.5l-5.5 15.5-3.3-6.8zM20 4.5l-8.8 8.7", mirrored = true)
    val Clock by icon("M12 3.5a8.5 8.5 0 1 1 0 17a8.5 8.5 0 1 1 0-17zM12 7.5V12l3 2")
    val Alert by icon("M12 4.5l8.5 15h-17zM12 10.5v4M12 17v.05")
    val Info by icon("M12 3.5a8.5 8.5 0 1 1 0 17a8.5 8.5 0 1 1 0-17zM12 11.2v4.8M12 8v.05")
    val Clip by icon("M19.5 11.5l-7.8 7.8a4.8 4.8 0 0 1-6.8-6.8l8-8a3.2 3.2 0 0 1 4.5 4.5l-8 8a1.6 1.6 0 0 1-2.2-2.2l7.3-7.3")
    val Picture by icon("M4.5 5.5h15v13h-15zM4.5 16l4.5-4.7 3.8 4 2.7-2.8 4 4M15.3 9v.05")
    val Film by icon("M4 6.5h11v11H4zM15 11l5-2.8v7.6L15 13")
    val Table by icon("M4.5 5h15v14h-15zM4.5 9.7h15M4.5 14.3h15M10 5v14")
    val Text by icon("M6 3.5h8l4 4v13H6zM14 3.5v4h4M9 12h6M9 15.5h6", mirrored = true)
    val Book by icon("M12 6.5C10 5 7.5 4.5 4 4.5v13.5c3.5 0 6 .5 8 2c2-1.5 4.5-2 8-2V4.5c-3.5 0-6 .5-8 2zM12 6.5V20")
    val Archive by icon("M4 4.5h16v4H4zM5.5 8.5h13v11h-13zM10 12h4")
    val CloudOff by icon("M4 4l16 16M9.6 6.9A5.8 5.8 0 0 1 16.9 11h.9a3.9 3.9 0 0 1 2.4 7M16.4 18.9H7.8A5.1 5.1 0 0 1 6.7 8.9")
    val Lock by icon("M6 11h12v8.5H6zM8.5 11V8.2a3.5 3.5 0 0 1 7 0V11")
    val Leave by icon("M13 4.5H5.5v15H13M10 12h10M16.5 8.5L20 12l-3.5 3.5", mirrored = true)
    val Bin by icon("M4.5 7h15M9 7V4.5h6V7M6.5 7l.9 12.5h9.2L17.5 7M10.3 10.5v5.5M13.7 10.5v5.5")
    val More by icon(
        "M12 4.9a.6.6 0 1 1 0 1.2a.6.6 0 1 1 0-1.2z" +
            "M12 11.4a.6.6 0 1 1 0 1.2a.6.6 0 1 1 0-1.2z" +
            "M12 17.9a.6.6 0 1 1 0 1.2a.6.6 0 1 1 0-1.2z",
    )
    val Person by icon("M12 4.5a3.6 3.6 0 1 1 0 7.2a3.6 3.6 0 1 1 0-7.2zM5 19.5c.6-3.4 3.4-5.2 7-5.2s6.4 1.8 7 5.2")
    val Help by icon(
        "M12 3.5a8.5 8.5 0 1 1 0 17a8.5 8.5 0 1 1 0-17zM12 8.4a3.6 3.6 0 1 1 0 7.2a3.6 3.6 0 1 1 0-7.2z" +
            "M6 6l3.4 3.4M14.6 14.6L18 18M18 6l-3.4 3.4M9.4 14.6L6 18",
    )
    val Talk by icon("M4 5.5h16v11H9.5L5.5 20v-3.5H4zM8 9.5h8M8 12.7h5", mirrored = true)
    val Bold by icon("M7.5 5h5.2a3.4 3.4 0 0 1 0 6.8H7.5zM7.5 11.8h6.2a3.6 3.6 0 0 1 0 7.2H7.5zM8.6 5v14")
    val Italic by icon("M10 5h7M7 19h7M14.5 5l-4 14")
    val Link by icon(
        "M10.3 13.7a3.6 3.6 0 0 0 5.1 0l3-3a3.6 3.6 0 0 0-5.1-5.1l-1.2 1.2M13.7 10.3a3.6 3.6 0 0 0-5.1 0l-3 3a3.6 3.6 0 0 0 5.1 5.1l1.2-1.2",
    )
    val Bullets by icon("M10 6.5h9.5M10 12h9.5M10 17.5h9.5M5 6.5v.05M5 12v.05M5 17.5v.05", mirrored = true)
    val Numbers by icon(
        "M10.5 6.5h9M10.5 12h9M10.5 17.5h9M4.3 5.6L5.6 5v4M4.2 15.6c.2-1 2.2-1 2.2.2 0 .9-1.3 1.4-2.2 2.7h2.3",
        mirrored = true,
    )
    val Write by icon("M4.5 19.5l1.2-4.7L15.6 4.9a1.9 1.9 0 0 1 2.7 0l.8.8a1.9 1.9 0 0 1 0 2.7L9.2 18.3zM13.6 7l3.4 3.4")
    val App by icon("M4.5 4.5h6v6h-6zM13.5 4.5h6v6h-6zM4.5 13.5h6v6h-6zM13.5 13.5h6v6h-6z")
    val Globe by icon(
        "M12 3.5a8.5 8.5 0 1 1 0 17a8.5 8.5 0 1 1 0-17zM3.5 12h17M12 3.5c4.6 4.6 4.6 12.4 0 17c-4.6-4.6-4.6-12.4 0-17z",
    )
    val Phone by icon(
        "M8.6 4.2H6a1.8 1.8 0 0 0-1.8 2c.7 7 6.6 12.9 13.6 13.6a1.8 1.8 0 0 0 2-1.8v-2.6l-4.3-1.5-1.9 1.9a10.6 10.6 0 0 1-5-5l1.9-1.9z",
    )
    val Mail by icon("M4.5 6h15a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1h-15a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1zM4 7l8 6 8-6")
}

private const val GRID = 24f
private const val STROKE = 1.7f

private fun icon(
    path: String,
    mirrored: Boolean = false,
) = lazy {
    ImageVector
        .Builder(
            defaultWidth = GRID.dp,
            defaultHeight = GRID.dp,
            viewportWidth = GRID,
            viewportHeight = GRID,
            autoMirror = mirrored,
        ).addPath(
            pathData = addPathNodes(path),
            stroke = SolidColor(Color.Black),
            strokeLineWidth = STROKE,
            strokeLineCap = StrokeCap.Round,
            strokeLineJoin = StrokeJoin.Round,
        ).build()
}
