package dev.pocketdesk.kit

/**
 * This text with each unpaired surrogate replaced by U+FFFD.
 *
 * A Kotlin string may hold half a character (an input method that was cut off, a substring through an emoji); UTF-8 cannot, and the bindings would
 * throw. A replacement character in a message is visible and harmless.
 */
internal fun String.wellFormed(): String {
    if (indices.none(::isUnpaired)) return this
    return buildString(length) {
        for (index in this@wellFormed.indices) append(if (this@wellFormed.isUnpaired(index)) REPLACEMENT else this@wellFormed[index])
    }
}

private fun String.isUnpaired(index: Int): Boolean {
    val char = this[index]
    return when {
        char.isHighSurrogate() -> index + 1 == length || !this[index + 1].isLowSurrogate()
        char.isLowSurrogate() -> index == 0 || !this[index - 1].isHighSurrogate()
        else -> false
    }
}

private const val REPLACEMENT = '\uFFFD'
