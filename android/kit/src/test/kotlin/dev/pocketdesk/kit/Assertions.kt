package dev.pocketdesk.kit

import org.junit.Assert.assertTrue
import org.junit.Assert.fail

/** The strings of every language. */
internal val allLanguages: List<Strings> by lazy { listOf("en", "de", "es").map { Strings.of(it) } }

/** Asserts that every language has a string for [key]. */
internal fun assertLocalised(key: String) {
    allLanguages.forEach { assertTrue("$key has no string in ${it.locale.language}", key in it) }
}

/** Runs [call] and returns its typed error. */
internal suspend inline fun <reified E : Exception> assertThrows(crossinline call: suspend () -> Any?): E {
    try {
        call()
    } catch (e: Exception) {
        if (e is E) return e
        throw AssertionError("expected ${E::class.simpleName}", e)
    }
    fail("expected ${E::class.simpleName}, and nothing was thrown")
    throw IllegalStateException()
}
