package dev.belay.twin.kube;

import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a container that runs to its end prints, and how it ends. It knows the few programs that probes use: {@code nslookup} needs cluster DNS,
 * {@code wget} and {@code nc} need a ready API, {@code echo} prints; anything else succeeds without a word.
 */
final class Probe {

    private static final Pattern LOOKUP = Pattern.compile("nslookup\\s+(?:-\\S+\\s+)*([\\w.-]+)");
    private static final Pattern FETCH = Pattern.compile("\\b(?:wget|nc)\\s+[^;&|\n]*");
    private static final Pattern ECHO = Pattern.compile("\\becho\\s+[\"']?([^;&|\"'\n]*)");

    private final BooleanSupplier dns;
    private final BooleanSupplier api;

    Probe(BooleanSupplier dns, BooleanSupplier api) {
        this.dns = dns;
        this.api = api;
    }

    void finish(ApiPod pod) {
        if (!pod.isRunning() || pod.isTerminating()) {
            return;
        }
        String script = String.join(" ", pod.template().command());
        StringBuilder log = new StringBuilder();
        boolean resolved = lookUp(script, log);
        boolean fetched = !FETCH.matcher(script).find() || fetch(log);
        Matcher echo = ECHO.matcher(script);
        while (resolved && fetched && echo.find()) {
            log.append(echo.group(1).strip()).append('\n');
        }
        pod.end(resolved && fetched, log.toString());
    }

    private boolean lookUp(String script, StringBuilder log) {
        List<String> names =
                LOOKUP.matcher(script).results().map(match -> match.group(1)).toList();
        for (String name : names) {
            if (!dns.getAsBoolean()) {
                log.append(";; connection timed out; no servers could be reached\n");
                return false;
            }
            log.append("Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\nName:\t")
                    .append(name)
                    .append("\nAddress: 10.96.0.1\n\n");
        }
        return true;
    }

    private boolean fetch(StringBuilder log) {
        boolean up = api.getAsBoolean();
        log.append(up ? "ok\n" : "wget: can't connect to remote host (10.96.0.1): Connection refused\n");
        return up;
    }
}
