package dev.pocketdesk.ui
import androidx.compose.runtime.*
import androidx.compose.ui.*
import androidx.compose.ui.text.*
import androidx.compose.ui.text.font.*
import androidx.compose.ui.text.platform.*
import androidx.compose.ui.unit.*
import androidx.compose.material3.*
import dev.pocketdesk.bindings.*
import dev.pocketdesk.kit.*
import dev.pocketdesk.ui.theme.*
import dev.pocketdesk.ui.account.*
import dev.pocketdesk.ui.history.*
import dev.pocketdesk.ui.create.*
import dev.pocketdesk.ui.thread.*
import java.io.File
import java.util.Locale
import org.junit.Test
@OptIn(ExperimentalComposeUiApi::class, ExperimentalTextApi::class)
class TmpPictures {
    val words = Words(Locale.UK, Regex("\"([^\"]+)\":\"((?:[^\"\\\\]|\\\\.)*)\"").findAll(File("/tmp/words/en.json").readText()).associate { it.groupValues[1] to it.groupValues[2] })
    @OptIn(ExperimentalComposeUiApi::class)
    fun shot(name: String, w: Int = 392, h: Int = 800, dark: Boolean = false, font: Float = 1f, content: @Composable () -> Unit) {
        val s = ImageComposeScene(w*2, h*2, Density(2f, font)) {
            CompositionLocalProvider(LocalWords provides words, LocalDates provides Dates(words.locale)) {
                PocketdeskTheme(dark, FontFamily(SystemFont("Roboto"), SystemFont("Roboto", FontWeight.Medium), SystemFont("Roboto", FontWeight.SemiBold), SystemFont("Roboto", FontWeight.Bold))) { Surface(color = MaterialTheme.colorScheme.background) { content() } }
            }
        }
        s.use { it.render(0); it.render(1_000_000_000); val img = it.render(2_000_000_000)
          File("/tmp/pics").mkdirs(); File("/tmp/pics/$name.png").writeBytes(img.encodeToData()!!.bytes) }
    }
    internal val h = HistoryActions({}, {}, {}, {}, {}, {})
    internal val n = NewTicketActions({}, {}, {}, {""}, {}, {""}, {}, {}, {}, {}, {}, {})
    internal val t = ThreadActions({}, {}, {}, {}, {}, {})
    @Test fun all() {
        for (dark in listOf(false, true)) { val d = if (dark) "-dark" else ""
            shot("account$d", dark = dark) { AccountScreen(Person("Ada Lindqvist", "ada@nordlicht-reisen.example"), SupportState(Samples.profile.entries, 3), null) {} }
            shot("support$d", dark = dark) { SupportScreen(SupportState(Samples.profile.entries), {}, {}, {}) }
            shot("history$d", dark = dark) { HistoryScreen(Samples.history(), Samples.profile, h) }
            shot("offline$d", dark = dark) { HistoryScreen(Samples.history(Samples.offline), Samples.profile, h) }
            shot("empty$d", dark = dark) { HistoryScreen(HistoryState.Empty(Samples.online), Samples.profile, h) }
            shot("failed$d", dark = dark) { HistoryScreen(HistoryState.Failed("problem.signed_out", Samples.online.copy(problem = AccountProblem.SIGNED_OUT)), Samples.profile, h) }
            shot("new$d", dark = dark) { NewTicketScreen(Samples.editing(), Samples.profile, n) }
            val bad = Samples.fullDraft.copy(subject = "Since the relaunch ".repeat(9), cc = listOf("ada@", "ben@x.example"), description = "")
            shot("invalid$d", dark = dark) { NewTicketScreen(Samples.editing(bad, Samples.check(bad, FieldProblem(Field.SUBJECT, null, Problem.TooLong(170u,140u)), FieldProblem(Field.CC, 0u, Problem.Malformed), FieldProblem(Field.DESCRIPTION, null, Problem.Required))).copy(visited = Field.entries.toSet()), Samples.profile, n) }
            shot("thread$d", dark = dark, h = 1700) { ThreadScreen(Samples.thread(), Samples.profile, t) }
        }
        shot("small-history", 320, 568, font = 2f) { HistoryScreen(Samples.history(Samples.offline), Samples.profile, h) }
        shot("small-new", 320, 568, font = 2f) { NewTicketScreen(Samples.editing(), Samples.profile, n) }
        shot("small-thread", 320, 568, font = 2f) { ThreadScreen(Samples.thread(), Samples.profile, t) }
        shot("small-thread-solved", 320, 568) { ThreadScreen(Samples.thread(Samples.ticket(Samples.rows[5], reopens = true)), Samples.profile, t) }
    }
}
