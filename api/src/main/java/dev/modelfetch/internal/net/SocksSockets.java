package dev.modelfetch.internal.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.SocketFactory;
import okhttp3.Dns;

/**
 * Sockets that reach some hosts by a SOCKS proxy, without those who use them noticing: OkHttp takes the way for a direct one,
 * to an address that stands for the name.
 */
final class SocksSockets extends SocketFactory {

    private static final byte[] NOWHERE = {0, 0, 0, 0};

    private final Map<String, Socks> byHost = new ConcurrentHashMap<>();

    /** From now on that host is reached so. */
    void reach(String host, Socks proxy) {
        byHost.put(host, proxy);
        if (PrivateHosts.isLiteral(host)) {
            try {
                // As a socket will call it.
                byHost.put(InetAddress.getByName(host).getHostAddress(), proxy);
            } catch (UnknownHostException e) {
                // Numbers that are no address lead nowhere.
            }
        }
    }

    /** From now on that host is reached directly. */
    void reachDirectly(String host) {
        if (!byHost.isEmpty()) {
            byHost.remove(host);
        }
    }

    /** Looks names up, except those that are the proxy's to look up. */
    Dns namesOr(Dns others) {
        return host ->
                byHost.containsKey(host) ? List.of(InetAddress.getByAddress(host, NOWHERE)) : others.lookup(host);
    }

    @Override
    public Socket createSocket() {
        return new Way();
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        Socket socket = createSocket();
        socket.connect(new InetSocketAddress(host, port));
        return socket;
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
        return createSocket(InetAddress.getByName(host), port, local, localPort);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        Socket socket = createSocket();
        socket.connect(new InetSocketAddress(host, port));
        return socket;
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
        Socket socket = createSocket();
        socket.bind(new InetSocketAddress(local, localPort));
        socket.connect(new InetSocketAddress(host, port));
        return socket;
    }

    private final class Way extends Socket {

        @Override
        public void connect(SocketAddress target, int timeout) throws IOException {
            Socks proxy = target instanceof InetSocketAddress address ? byHost.get(address.getHostString()) : null;
            if (proxy == null) {
                super.connect(target, timeout);
                return;
            }
            InetSocketAddress address = (InetSocketAddress) target;
            InetSocketAddress at = new InetSocketAddress(proxy.host(), proxy.port());
            if (at.isUnresolved()) {
                throw new UnknownHostException(proxy.host());
            }
            super.connect(at, timeout);
            int before = getSoTimeout();
            setSoTimeout(timeout);
            proxy.open(this, address.getHostString(), address.getPort());
            setSoTimeout(before);
        }
    }
}
