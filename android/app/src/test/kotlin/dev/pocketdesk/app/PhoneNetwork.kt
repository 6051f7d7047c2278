package dev.pocketdesk.app

import android.content.Context
import android.net.ConnectivityManager
import android.net.NetworkCapabilities
import org.robolectric.Shadows.shadowOf
import org.robolectric.shadows.ShadowNetwork
import org.robolectric.shadows.ShadowNetworkCapabilities

/** The network of a phone under test: tells everybody who listens, as Android does. */
internal class PhoneNetwork(
    context: Context,
) {
    private val shadow = shadowOf(context.getSystemService(ConnectivityManager::class.java))
    private val network = ShadowNetwork.newInstance(1)

    /** Callbacks that are registered: none may be left over. */
    val listeners: Int get() = shadow.networkCallbacks.size

    fun goOn() {
        val internet = ShadowNetworkCapabilities.newInstance()
        shadowOf(internet).addCapability(NetworkCapabilities.NET_CAPABILITY_INTERNET)
        shadow.networkCallbacks.forEach { it.onCapabilitiesChanged(network, internet) }
    }

    fun goOff() {
        shadow.networkCallbacks.forEach { it.onLost(network) }
    }
}
