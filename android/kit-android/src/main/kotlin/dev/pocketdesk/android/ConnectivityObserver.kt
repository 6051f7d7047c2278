package dev.pocketdesk.android

import android.content.Context
import android.net.ConnectivityManager
import android.net.Network
import android.net.NetworkCapabilities
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.flow.conflate
import kotlinx.coroutines.flow.distinctUntilChanged

/** Observes what Android says about the network. */
public class ConnectivityObserver(
    context: Context,
) {
    private val manager = context.getSystemService(ConnectivityManager::class.java)

    /**
     * Whether there is a network that promises internet access: at first the present state, then every change. Each collector registers a callback
     * of its own, and unregisters it when it ends.
     */
    public val online: Flow<Boolean> =
        callbackFlow {
            val callback =
                object : ConnectivityManager.NetworkCallback() {
                    override fun onCapabilitiesChanged(
                        network: Network,
                        capabilities: NetworkCapabilities,
                    ) {
                        trySend(capabilities.promiseInternet())
                    }

                    override fun onLost(network: Network) {
                        trySend(false)
                    }
                }
            // The present state is read first, because the callback is not called while there is no network.
            trySend(manager.activeNetwork?.let(manager::getNetworkCapabilities)?.promiseInternet() ?: false)
            manager.registerDefaultNetworkCallback(callback)
            awaitClose { manager.unregisterNetworkCallback(callback) }
        }.conflate().distinctUntilChanged()
}

private fun NetworkCapabilities.promiseInternet() = hasCapability(NetworkCapabilities.NET_CAPABILITY_INTERNET)
