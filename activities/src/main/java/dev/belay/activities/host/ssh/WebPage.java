package dev.belay.activities.host.ssh;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * One answer of a web server that is reached by another address than its own: HTTP/1.0, so that it comes in one piece and the connection ends
 * with it. The server's certificate is verified against its own name.
 */
final class WebPage {

    private static final int LARGEST = 8 << 20;
    private static final int LONGEST_LINE = 8192;
    private static final int MOST_HEADERS = 100;
    private static final Duration SILENCE = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final int status;
    private final Map<String, String> headers;
    private final byte[] body;

    private WebPage(int status, Map<String, String> headers, byte[] body) {
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    /** Asks for the page. {@code by} is where the server is to be reached. */
    static WebPage get(URI address, InetSocketAddress by) throws IOException {
        try (Socket plain = new Socket()) {
            plain.setSoTimeout((int) SILENCE.toMillis());
            plain.connect(by, (int) SILENCE.toMillis());
            Socket socket = isSecure(address) ? secured(plain, address) : plain;
            socket.getOutputStream().write(request(address).getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            return read(socket.getInputStream());
        } catch (SocketTimeoutException e) {
            throw new IOException("it was silent for " + SILENCE.toSeconds() + " s", e);
        }
    }

    static boolean isSecure(URI address) {
        return "https".equals(address.getScheme());
    }

    static int port(URI address) {
        int standard = isSecure(address) ? 443 : 80;
        return address.getPort() < 0 ? standard : address.getPort();
    }

    int status() {
        return status;
    }

    byte[] body() {
        return body;
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    private static Socket secured(Socket plain, URI address) throws IOException {
        SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
        SSLSocket socket = (SSLSocket) factory.createSocket(plain, address.getHost(), port(address), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static String request(URI address) {
        String query = address.getRawQuery() == null ? "" : "?" + address.getRawQuery();
        String path = address.getRawPath().isEmpty() ? "/" : address.getRawPath();
        return "GET " + path + query + " HTTP/1.0\r\nHost: " + address.getRawAuthority()
                + "\r\nUser-Agent: belay\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n";
    }

    private static WebPage read(InputStream in) throws IOException {
        String[] words = line(in).split(" ", 3);
        if (words.length < 2 || !words[0].startsWith("HTTP/") || !words[1].matches("[1-5][0-9]{2}")) {
            throw new IOException("it does not speak HTTP");
        }
        Map<String, String> headers = headers(in);
        if (headers.containsKey("transfer-encoding")) {
            throw new IOException("it answers HTTP/1.0 in pieces");
        }
        return new WebPage(Integer.parseInt(words[1]), headers, body(in, headers));
    }

    private static Map<String, String> headers(InputStream in) throws IOException {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            if (colon <= 0 || headers.size() == MOST_HEADERS) {
                throw new IOException("it does not speak HTTP");
            }
            headers.putIfAbsent(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return headers;
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0 || line.size() == LONGEST_LINE) {
                throw new IOException("the connection ended without an answer");
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    private static byte[] body(InputStream in, Map<String, String> headers) throws IOException {
        long deadline = System.nanoTime() + LONGEST.toNanos();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] buffer = new byte[64 * 1024];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            body.write(buffer, 0, count);
            if (body.size() > LARGEST) {
                throw new IOException("the page is larger than 8 MB");
            }
            if (System.nanoTime() > deadline) {
                throw new IOException("the page was not there after " + LONGEST.toSeconds() + " s");
            }
        }
        String length = headers.get("content-length");
        if (length != null && !length.equals(Integer.toString(body.size()))) {
            throw new IOException("the page was cut off after " + body.size() + " of " + length + " bytes");
        }
        return body.toByteArray();
    }
}
