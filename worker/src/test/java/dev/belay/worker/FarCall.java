package dev.belay.worker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.belay.model.plan.Json;
import dev.belay.model.run.Failure;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One call of a port over a socket, as JSON with its length before it. Arguments that are callbacks stay where they are.
 *
 * @param step whose ports are meant: the calls of one step share a clock
 * @param port such as {@code kube}, or {@code host/cp1}
 */
record FarCall(String step, String port, String method, List<JsonNode> arguments) {

    /**
     * How it ended.
     *
     * @param written to the stream that was among the arguments, as bytes
     * @param failure what the port said no with
     * @param bug anything else that was thrown
     */
    record End(
            @Nullable JsonNode value,
            @Nullable JsonNode written,
            @Nullable Failure failure,
            @Nullable String bug) {}

    Method of(Class<?> port) {
        return Arrays.stream(port.getMethods())
                .filter(candidate -> candidate.getName().equals(method))
                .filter(candidate -> candidate.getParameterCount() == arguments.size())
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(port.getSimpleName() + " has no " + method));
    }

    static void send(Socket socket, Record message) throws IOException {
        byte[] json = Json.mapper().writeValueAsBytes(message);
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.writeInt(json.length);
        out.write(json);
        out.flush();
    }

    static <T> T receive(Socket socket, Class<T> type) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        return Json.mapper().readValue(in.readNBytes(in.readInt()), type);
    }
}
