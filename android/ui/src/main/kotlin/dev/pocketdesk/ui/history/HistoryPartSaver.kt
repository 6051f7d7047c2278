package dev.pocketdesk.ui.history

import androidx.compose.runtime.saveable.Saver
import androidx.compose.runtime.saveable.listSaver
import dev.pocketdesk.bindings.HistoryFilter
import dev.pocketdesk.bindings.HistorySort
import dev.pocketdesk.bindings.HistoryWindow
import dev.pocketdesk.bindings.SortKey
import dev.pocketdesk.kit.history.HistoryPart
import dev.pocketdesk.kit.history.HistoryView

/**
 * Keeps what the user has chosen in the history, and which of its rows the screen holds, until after the end of the process. If the product no longer
 * offers something then, the view model leaves it out.
 */
internal val HistoryPartSaver: Saver<HistoryPart, Any> =
    listSaver(
        save = { (view, window) ->
            listOf(
                view.scope,
                ArrayList(view.filter.statuses),
                ArrayList(view.filter.marks),
                view.filter.mine,
                view.filter.read,
                ArrayList(view.filter.ticketTypes),
                view.sort?.key?.name,
                view.sort?.descending,
                view.search,
                window.at,
                window.rowsAbove.toInt(),
                window.rowCount.toInt(),
                window.pageSize.toInt(),
            )
        },
        restore = { saved ->
            val key = SortKey.entries.find { it.name == saved.getOrNull(6) }
            val filter =
                HistoryFilter(
                    statuses = saved.texts(1),
                    marks = saved.texts(2),
                    mine = saved.getOrNull(3) == true,
                    read = saved.getOrNull(4) as? Boolean,
                    ticketTypes = saved.texts(5),
                )
            val sort = key?.let { HistorySort(it, saved.getOrNull(7) == true) }
            HistoryPart(HistoryView(saved.getOrNull(0) as? String, filter, sort, saved.getOrNull(8) as? String), saved.window())
        },
    )

/** The saved window. Any numbers will do, because core puts them within its limits. If they are missing, it is the first page. */
private fun List<Any?>.window(): HistoryWindow {
    val numbers = (10..12).map { (getOrNull(it) as? Int)?.toUInt() ?: return HistoryWindow() }
    return HistoryWindow(getOrNull(9) as? String, numbers[0], numbers[1], numbers[2])
}

private fun List<Any?>.texts(index: Int): List<String> = (getOrNull(index) as? List<*>).orEmpty().filterIsInstance<String>()
