package dev.pocketdesk.sandbox.android

import android.content.Context
import android.net.ConnectivityManager
import android.net.NetworkCapabilities
import org.robolectric.Shadows.shadowOf
import org.robolectric.shadows.ShadowNetwork
import org.robolectric.shadows.ShadowNetworkCapabilities

/** The network of a phone under test. It calls the registered callbacks as Android does. */
public class PhoneNetwork(
    context: Context,
) {
    private val manager = context.getSystemService(ConnectivityManager::class.java)
    private val shadow = shadowOf(manager)
    private val network get() = manager.activeNetwork ?: ShadowNetwork.newInstance(1)
    private val internet =
        ShadowNetworkCapabilities.newInstance().also { shadowOf(it).addCapability(NetworkCapabilities.NET_CAPABILITY_INTERNET) }

    /** How many callbacks are registered. */
    public val listeners: Int get() = shadow.networkCallbacks.size

    public fun goOnline() {
        shadow.setNetworkCapabilities(network, internet)
        shadow.networkCallbacks.forEach { it.onCapabilitiesChanged(network, internet) }
    }

    public fun goOffline() {
        shadow.setNetworkCapabilities(network, ShadowNetworkCapabilities.newInstance())
        shadow.networkCallbacks.forEach { it.onLost(network) }
    }
}
