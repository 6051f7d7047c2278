package dev.pocketdesk.android

import android.content.Context
import dev.pocketdesk.bindings.ClientConfig
import dev.pocketdesk.kit.Installation
import java.io.File
import java.io.IOException

/**
 * Makes the configuration with which `Pocketdesk.open` opens the client of the signed-in user, or `Pocketdesk.openWithoutAccount` the one for
 * somebody who is not signed in.
 *
 * The client keeps its files in the folder `noBackupFilesDir/pocketdesk`, which is in no backup. If a copy of the files reaches
 * another device all the same, the client on that device recognises the copy. It asks the user before it sends a message that the
 * first device may have sent already.
 *
 * Call this function on a background thread, because it reads and writes the disk. ([PocketdeskHost] calls its factory on one.)
 * If the folder cannot be used, `Pocketdesk.open` reports that, and not this function.
 *
 * @param context any context of the app.
 * @param account the app's own id of the signed-in user; null if nobody is signed in. It must never change. Each account has a file of its own.
 * @param serverUrl the help desk's address: https, without a path. Plain http is accepted only for a server on this device.
 * @param product the product definition, as JSON; null for the built-in one.
 * @param definitions what [product] extends, as JSON, apart from the definitions that come with the library.
 * @param language the language in which the screens are shown, as a BCP 47 tag: the first of the app's own list of languages, unless it says another.
 *   The help desk is asked for it where the company has written labels of its own.
 */
public fun clientConfig(
    context: Context,
    account: String?,
    serverUrl: String,
    product: String? = null,
    definitions: List<String> = emptyList(),
    language: String = languageOf(context),
): ClientConfig =
    ClientConfig(
        directory = File(context.noBackupFilesDir, "pocketdesk").apply { mkdirs() }.path,
        account = account.orEmpty(),
        serverUrl = serverUrl,
        product = product,
        key = null,
        installation = installationOf(context),
        language = language,
        definitions = definitions,
        anonymous = account == null,
    )

private fun languageOf(context: Context): String =
    context.resources.configuration.locales[0]
        .toLanguageTag()

private fun installationOf(context: Context): String? =
    try {
        Installation.keptIn(context.noBackupFilesDir.toPath())
    } catch (_: IOException) {
        null
    }
