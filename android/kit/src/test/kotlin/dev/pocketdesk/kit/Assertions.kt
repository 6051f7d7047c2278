package dev.pocketdesk.kit

import org.junit.Assert.assertTrue
import org.junit.Assert.fail

/** Every language that the desk speaks. */
internal val everyLanguage: List<Words> by lazy { listOf("en", "de", "es").map { Words.of(it) } }

/** What a user may be told, there are words for, in every language. */
internal fun assertHasWords(key: String) {
    everyLanguage.forEach { assertTrue("$key has no words in ${it.locale.language}", key in it) }
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
