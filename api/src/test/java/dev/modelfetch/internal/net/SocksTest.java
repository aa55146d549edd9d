package dev.modelfetch.internal.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What SOCKS proxies of either version are told, and what becomes of what they answer. */
@Timeout(60)
class SocksTest {

    private static final HttpUrl HUB = HttpUrl.get("http://hub.internal:8090/");

    /** One connection; what it reads decides what it answers. */
    private interface Script {
        String play(DataInputStream in, OutputStream out) throws IOException;
    }

    @Test
    void version5IsToldUserAndPasswordWhereItAsks() throws Exception {
        assertThat(fetched(
                        "socks5://me:p%40ss@",
                        (in, out) -> {
                            int methods = in.readNBytes(2)[1];
                            byte[] offered = in.readNBytes(methods);
                            out.write(new byte[] {5, 2});
                            in.readByte();
                            String user = new String(in.readNBytes(in.readUnsignedByte()), UTF_8);
                            String password = new String(in.readNBytes(in.readUnsignedByte()), UTF_8);
                            out.write(new byte[] {1, 0});
                            return offered.length + " " + user + " " + password + " " + wish5(in, out);
                        }))
                .isEqualTo("2 me p@ss 3 hub.internal 8090");
    }

    @Test
    void withoutAUserNobodysNameIsShown() throws Exception {
        assertThat(fetched("socks5h://", (in, out) -> {
                    int methods = in.readNBytes(2)[1];
                    byte[] offered = in.readNBytes(methods);
                    out.write(new byte[] {5, 0});
                    return offered.length + "/" + offered[0] + " " + wish5(in, out);
                }))
                .isEqualTo("1/0 3 hub.internal 8090");
    }

    @Test
    void version4IsGivenTheName() throws Exception {
        assertThat(fetched("socks4://someone@", (in, out) -> {
                    byte[] head = in.readNBytes(8);
                    String user = text(in);
                    String name = text(in);
                    out.write(new byte[] {0, 0x5a, 0, 0, 0, 0, 0, 0});
                    int port = ((head[2] & 0xff) << 8) | (head[3] & 0xff);
                    return head[0] + "/" + head[1] + " " + head[7] + " " + user + " " + name + " " + port;
                }))
                .isEqualTo("4/1 1 someone hub.internal 8090");
    }

    @Test
    void aRefusalIsToldInWords() throws Exception {
        assertThat(failure("socks5://", (in, out) -> {
                    in.readNBytes(in.readNBytes(2)[1]);
                    out.write(new byte[] {5, 0});
                    in.readNBytes(4);
                    in.readNBytes(in.readUnsignedByte() + 2);
                    out.write(new byte[] {5, 4, 0, 1, 0, 0, 0, 0, 0, 0});
                    return "";
                }))
                .hasMessageContaining("does not find the host");
        assertThat(failure("socks4://", (in, out) -> {
                    in.readNBytes(8);
                    text(in);
                    text(in);
                    out.write(new byte[] {0, 0x5b, 0, 0, 0, 0, 0, 0});
                    return "";
                }))
                .hasMessageContaining("cannot reach the host");
        assertThat(failure("socks5://me:secret@", (in, out) -> {
                    in.readNBytes(in.readNBytes(2)[1]);
                    out.write(new byte[] {5, 2});
                    in.readByte();
                    in.readNBytes(in.readUnsignedByte());
                    in.readNBytes(in.readUnsignedByte());
                    out.write(new byte[] {1, 1});
                    return "";
                }))
                .hasMessageContaining("refused")
                .hasMessageNotContaining("secret");
    }

    @Test
    void whatHangsUpOrSpeaksAnotherProtocolIsNoProxy() throws Exception {
        assertThat(failure("socks5://", (in, out) -> {
                    in.readNBytes(3);
                    out.write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(UTF_8));
                    return "";
                }))
                .hasMessageContaining("another protocol");
        assertThat(failure("socks5://", (in, out) -> {
                    in.readNBytes(3);
                    return "";
                }))
                .hasMessageContaining("hung up");
    }

    private static String wish5(DataInputStream in, OutputStream out) throws IOException {
        int type = in.readNBytes(4)[3];
        String name = new String(in.readNBytes(in.readUnsignedByte()), UTF_8);
        int port = in.readUnsignedShort();
        out.write(new byte[] {5, 0, 0, 1, 0, 0, 0, 0, 0, 0});
        return type + " " + name + " " + port;
    }

    private static String text(DataInputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int c = in.readUnsignedByte(); c != 0; c = in.readUnsignedByte()) {
            text.append((char) c);
        }
        return text.toString();
    }

    private static String fetched(String scheme, Script script) throws Exception {
        try (ServerSocket door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<String> told = play(door, script, true);
            try (HttpClients clients = clients(scheme + "127.0.0.1:" + door.getLocalPort());
                    Response response = clients.probes("hub", HUB, null)
                            .newCall(new Request.Builder().url(HUB).build())
                            .execute()) {
                assertThat(response.body().string()).isEqualTo("hi");
            }
            return told.get(20, TimeUnit.SECONDS);
        }
    }

    private static IOException failure(String scheme, Script script) throws Exception {
        try (ServerSocket door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<String> told = play(door, script, false);
            try (HttpClients clients = clients(scheme + "127.0.0.1:" + door.getLocalPort())) {
                IOException failure = catchThrowableOfType(
                        IOException.class,
                        () -> clients.probes("hub", HUB, null)
                                .newCall(new Request.Builder().url(HUB).build())
                                .execute());
                told.get(20, TimeUnit.SECONDS);
                return failure;
            }
        }
    }

    private static HttpClients clients(String proxy) {
        return new HttpClients("test", new Routes(Map.of("hub", proxy), Map.of()), HttpClients.Timeouts.DEFAULT);
    }

    private static CompletableFuture<String> play(ServerSocket door, Script script, boolean hub) {
        CompletableFuture<String> told = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try (Socket client = door.accept();
                            DataInputStream in = new DataInputStream(client.getInputStream());
                            OutputStream out = client.getOutputStream()) {
                        String said = script.play(in, out);
                        if (hub) {
                            out.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi"
                                    .getBytes(UTF_8));
                            out.flush();
                            in.readAllBytes();
                        }
                        told.complete(said);
                    } catch (IOException | RuntimeException e) {
                        told.completeExceptionally(e);
                    }
                },
                "socks");
        thread.setDaemon(true);
        thread.start();
        return told;
    }
}
