package dev.pocketdesk.ui.details

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.IntrinsicSize
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.text.selection.DisableSelection
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.drawBehind
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.drawscope.DrawScope
import androidx.compose.ui.graphics.drawscope.Stroke
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.semantics.stateDescription
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.unit.dp
import dev.pocketdesk.bindings.Estimate
import dev.pocketdesk.bindings.StepProgress
import dev.pocketdesk.bindings.Timeline
import dev.pocketdesk.bindings.TimelineStep
import dev.pocketdesk.ui.LocalDates
import dev.pocketdesk.ui.parts.withText
import dev.pocketdesk.ui.string

/** The steps of something that goes on beside the ticket, with the present one in bold, and when its end is expected. */
@Composable
internal fun TimelineSteps(
    timeline: Timeline,
    offers: Offers,
) {
    Column(Modifier.fillMaxWidth().padding(top = 4.dp)) {
        timeline.steps.forEachIndexed { index, step -> Step(step, isLast = index == timeline.steps.lastIndex, offers) }
        timeline.estimate?.let { EstimateText(it) }
    }
}

@Composable
private fun Step(
    step: TimelineStep,
    isLast: Boolean,
    offers: Offers,
) {
    val state = string(step.progressKey)
    Row(Modifier.fillMaxWidth().height(IntrinsicSize.Min), Arrangement.spacedBy(12.dp)) {
        StepMark(step.progress, isLast)
        Column(Modifier.weight(1f).padding(bottom = if (isLast) 4.dp else 14.dp)) {
            Column(Modifier.fillMaxWidth().semantics(mergeDescendants = true) { stateDescription = state }) { StepTexts(step) }
            step.action?.let(offers::find)?.let { DisableSelection { PlacedAction(it, offers, Modifier.padding(top = 8.dp)) } }
        }
    }
}

@Composable
private fun StepTexts(step: TimelineStep) {
    val colors = MaterialTheme.colorScheme
    val style = MaterialTheme.typography
    val isAhead = step.progress == StepProgress.NOT_REACHED
    Text(
        step.label,
        color = if (isAhead) colors.onSurfaceVariant else colors.onSurface,
        fontWeight = if (step.progress == StepProgress.CURRENT) FontWeight.Bold else null,
        style = style.bodyMedium,
    )
    step.at?.let { Text(LocalDates.current.moment(it), color = colors.onSurfaceVariant, style = style.bodySmall) }
    step.explanation?.let { Text(it, color = colors.onSurfaceVariant, style = style.bodySmall) }
}

/** The step's dot on the line from the first step to the last. It is filled once the step is over, and dotted while it is the present one. */
@Composable
private fun StepMark(
    progress: StepProgress,
    isLast: Boolean,
) {
    val colors = MaterialTheme.colorScheme
    val line = if (progress == StepProgress.DONE) colors.primary else colors.outlineVariant
    val dot = if (progress == StepProgress.NOT_REACHED) colors.outline else colors.primary
    val size = MARK.withText()
    Box(
        Modifier.width(size).fillMaxHeight().drawBehind {
            val stroke = STROKE.toPx()
            val radius = size.toPx() / 2 - stroke
            // As high as the first line of the label.
            val centre = Offset(this.size.width / 2, FIRST_LINE.toPx() * (size / MARK) / 2)
            if (!isLast) drawLine(line, centre.copy(y = centre.y + radius), centre.copy(y = this.size.height + centre.y - radius), stroke)
            drawDot(progress, centre, radius, stroke, dot)
        },
    )
}

private fun DrawScope.drawDot(
    progress: StepProgress,
    centre: Offset,
    radius: Float,
    stroke: Float,
    color: Color,
) {
    when (progress) {
        StepProgress.DONE -> drawCircle(color, radius, centre)
        StepProgress.NOT_REACHED -> drawCircle(color, radius, centre, style = Stroke(stroke))
        StepProgress.CURRENT -> {
            drawCircle(color, radius, centre, style = Stroke(stroke))
            drawCircle(color, radius / 2, centre)
        }
    }
}

@Composable
private fun EstimateText(estimate: Estimate) {
    Column(Modifier.fillMaxWidth().padding(top = 6.dp).semantics(mergeDescendants = true) { }) {
        Text(
            string("step.estimate", "date" to textOf(estimate.at)),
            fontWeight = FontWeight.Medium,
            style = MaterialTheme.typography.bodyMedium,
        )
        estimate.note?.let { Text(it, color = MaterialTheme.colorScheme.onSurfaceVariant, style = MaterialTheme.typography.bodySmall) }
    }
}

private val MARK = 14.dp
private val STROKE = 2.dp
private val FIRST_LINE = 20.dp
