package dev.modelfetch.internal.net;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.modelfetch.Message;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * A SOCKS proxy, which is given names and looks them up itself: ours may be poisoned (mirrors.md 5.3). Java's own speaks
 * neither version 4 with names nor for a user of one's own, and shows the account's name to a proxy that asks for one.
 *
 * @param version 4 (with names, as 4a) or 5
 * @param user null for none
 * @param password null for none
 */
record Socks(
        int version,
        String host,
        int port,
        @Nullable String user,
        @Nullable String password) {

    private static final int WITHOUT_USER = 0;
    private static final int WITH_PASSWORD = 2;
    private static final int MOST = 255;

    /** Has the proxy at the other end of that socket connect to a host; from then on the socket is a way to it. */
    void open(Socket socket, String target, int targetPort) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        try {
            if (version == 4) {
                openByVersion4(socket, in, target, targetPort);
            } else {
                greet(socket, in);
                openByVersion5(socket, in, target, targetPort);
            }
        } catch (EOFException e) {
            SocketException cut = new SocketException("SOCKS: the proxy hung up");
            cut.initCause(e);
            throw cut;
        }
    }

    private void openByVersion4(Socket socket, DataInputStream in, String target, int targetPort) throws IOException {
        Message message = new Message();
        byte[] literal = literal(target);
        message.out.writeByte(4);
        message.out.writeByte(1);
        message.out.writeShort(targetPort);
        boolean byAddress = literal != null && literal.length == 4;
        // 0.0.0.1: the name follows.
        message.out.write(byAddress ? literal : new byte[] {0, 0, 0, 1});
        message.out.write(user == null ? new byte[0] : user.getBytes(UTF_8));
        message.out.writeByte(0);
        if (!byAddress) {
            message.out.write(target.getBytes(UTF_8));
            message.out.writeByte(0);
        }
        message.to(socket);
        in.readUnsignedByte();
        int answer = in.readUnsignedByte();
        in.readFully(new byte[6]);
        if (answer != 0x5a) {
            throw new SocketException("SOCKS: "
                    + switch (answer) {
                        case 0x5c, 0x5d -> "user name missing or refused";
                        default -> "the proxy cannot reach the host";
                    });
        }
    }

    private void greet(Socket socket, DataInputStream in) throws IOException {
        Message hello = new Message();
        hello.out.writeByte(5);
        hello.out.writeByte(user == null ? 1 : 2);
        hello.out.writeByte(WITHOUT_USER);
        if (user != null) {
            hello.out.writeByte(WITH_PASSWORD);
        }
        hello.to(socket);
        if (in.readUnsignedByte() != 5) {
            throw new SocketException("SOCKS: what answers speaks another protocol");
        }
        int method = in.readUnsignedByte();
        if (method == WITH_PASSWORD && user != null) {
            Message login = new Message();
            login.out.writeByte(1);
            login.text(user);
            login.text(password == null ? "" : password);
            login.to(socket);
            in.readUnsignedByte();
            if (in.readUnsignedByte() != 0) {
                throw new SocketException("SOCKS: user name or password missing or refused");
            }
        } else if (method != WITHOUT_USER) {
            throw new SocketException("SOCKS: user name or password missing or refused");
        }
    }

    private static void openByVersion5(Socket socket, DataInputStream in, String target, int targetPort)
            throws IOException {
        Message message = new Message();
        byte[] literal = literal(target);
        message.out.write(new byte[] {5, 1, 0});
        if (literal == null) {
            message.out.writeByte(3);
            message.text(target);
        } else {
            message.out.writeByte(literal.length == 4 ? 1 : 4);
            message.out.write(literal);
        }
        message.out.writeShort(targetPort);
        message.to(socket);
        in.readUnsignedByte();
        int answer = in.readUnsignedByte();
        in.readUnsignedByte();
        int bound = switch (in.readUnsignedByte()) {
            case 1 -> 4;
            case 4 -> 16;
            default -> in.readUnsignedByte();
        };
        in.readFully(new byte[bound + 2]);
        if (answer != 0) {
            throw new SocketException("SOCKS: "
                    + switch (answer) {
                        case 2 -> "the proxy's rules forbid that host";
                        case 3 -> "the proxy has no route to the network of the host";
                        case 4 -> "the proxy does not find the host";
                        case 5 -> "the host refuses the proxy";
                        default -> "the proxy cannot reach the host";
                    });
        }
    }

    /** The address, if it is one and no name. */
    private static byte @Nullable [] literal(String target) throws UnknownHostException {
        if (!PrivateHosts.isLiteral(target)) {
            return null;
        }
        InetAddress address = InetAddress.getByName(target);
        return address instanceof Inet4Address || address.getAddress().length == 16 ? address.getAddress() : null;
    }

    /** Sent in one piece: some proxies read no further than the first packet. */
    private static final class Message {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final DataOutputStream out = new DataOutputStream(bytes);

        void text(String text) throws IOException {
            byte[] encoded = text.getBytes(UTF_8);
            if (encoded.length > MOST) {
                throw new SocketException("SOCKS: longer than the protocol allows: a name, a user or a password");
            }
            out.writeByte(encoded.length);
            out.write(encoded);
        }

        void to(Socket socket) throws IOException {
            socket.getOutputStream().write(bytes.toByteArray());
            socket.getOutputStream().flush();
        }
    }

    /** Without the secret part. */
    @Override
    public String toString() {
        return "Socks[" + version + ", " + host + ":" + port + "]";
    }
}
