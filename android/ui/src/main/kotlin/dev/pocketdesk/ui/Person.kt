package dev.pocketdesk.ui

/** The signed-in user, as the app knows them. Shown on the account screen only. */
public data class Person(
    val name: String,
    /** A second line, such as the e-mail address or the company. */
    val detail: String? = null,
) {
    internal val initials: String
        get() {
            val names = name.split(' ').filter(String::isNotBlank)
            return listOfNotNull(
                names.firstOrNull(),
                names.drop(1).lastOrNull(),
            ).joinToString("") { it.take(it.firstCharacter()) }.uppercase()
        }
}

private fun String.firstCharacter() = offsetByCodePoints(0, 1)
