package dev.pocketdesk.ui.history

import androidx.compose.runtime.saveable.Saver
import androidx.compose.runtime.saveable.listSaver
import dev.pocketdesk.bindings.HistoryFilter
import dev.pocketdesk.bindings.HistorySort
import dev.pocketdesk.bindings.SortKey
import dev.pocketdesk.kit.history.HistoryView

/** Keeps what the user has chosen in the history until after the end of the process. What the product no longer offers then, the view model leaves out. */
internal val HistoryViewSaver: Saver<HistoryView, Any> =
    listSaver(
        save = { view ->
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
            )
        },
        restore = { saved ->
            val key = SortKey.entries.find { it.name == saved.getOrNull(6) }
            HistoryView(
                scope = saved.getOrNull(0) as? String,
                filter =
                    HistoryFilter(
                        statuses = saved.texts(1),
                        marks = saved.texts(2),
                        mine = saved.getOrNull(3) == true,
                        read = saved.getOrNull(4) as? Boolean,
                        ticketTypes = saved.texts(5),
                    ),
                sort = key?.let { HistorySort(it, saved.getOrNull(7) == true) },
                search = saved.getOrNull(8) as? String,
            )
        },
    )

private fun List<Any?>.texts(index: Int): List<String> = (getOrNull(index) as? List<*>).orEmpty().filterIsInstance<String>()
