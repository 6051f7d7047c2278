package dev.pocketdesk.android

import android.content.Context
import dev.pocketdesk.bindings.ClientConfig
import dev.pocketdesk.kit.Installation
import java.io.File
import java.io.IOException

/**
 * Makes the configuration of the signed-in user's client, for `Pocketdesk.open`.
 *
 * Tickets are kept in `noBackupFilesDir/pocketdesk`, which no backup takes. If a copy of them still reaches another device, the client recognises
 * it, and asks its user before it sends messages that the first device may have sent already.
 *
 * Reads and writes the disk, so call it on a background thread, as [PocketdeskHost] does with its factory. A folder that cannot be used is reported
 * by `Pocketdesk.open`.
 *
 * @param context any context of the app.
 * @param account a stable id of the signed-in user, of the app's choosing. It never changes. Each account has a file of its own.
 * @param serverUrl the help desk's address: https, without a path. Plain http is accepted only for this device itself.
 * @param product what the help desk offers, as JSON; null for the built-in product.
 */
public fun clientConfig(
    context: Context,
    account: String,
    serverUrl: String,
    product: String? = null,
): ClientConfig =
    ClientConfig(
        directory = File(context.noBackupFilesDir, "pocketdesk").apply { mkdirs() }.path,
        account = account,
        serverUrl = serverUrl,
        product = product,
        key = null,
        installation = installationOf(context),
    )

private fun installationOf(context: Context): String? =
    try {
        Installation.keptIn(context.noBackupFilesDir.toPath())
    } catch (_: IOException) {
        null
    }
