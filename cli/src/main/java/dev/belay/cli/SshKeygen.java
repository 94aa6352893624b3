package dev.belay.cli;

import dev.belay.model.approval.Person;
import dev.belay.model.approval.SshKey;
import dev.belay.model.approval.SshSignature;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Signs by OpenSSH's own program, which asks for a passphrase on the terminal and speaks with the agent: no private key passes through here.
 *
 * @param key a private key's file, or a public one's whose private one the agent holds; null for the agent's key that the inventory lists
 */
record SshKeygen(@Nullable Path key) {

    private static final String PROGRAM = "ssh-keygen";

    /** A signature in OpenSSH's armour. */
    String sign(Person person, String text) {
        return key == null ? byAgent(person, text) : answer(key, text).orThrow(key.toString());
    }

    private static String byAgent(Person person, String text) {
        List<String> failures = new ArrayList<>();
        for (String listed : person.keys()) {
            Answer answer = withPublicKey(listed, text);
            if (answer.exit() == 0) {
                return answer.out();
            }
            failures.add(answer.err());
        }
        throw Stop.error("the agent signs with no key that the inventory lists for " + person.name() + " ("
                + String.join("; ", failures) + "): add one with ssh-add, or name the file with --key");
    }

    private static Answer withPublicKey(String line, String text) {
        try {
            Path file = Files.createTempFile("belay-", ".pub");
            try {
                Files.writeString(file, line + "\n");
                return answer(file, text).about(file, SshKey.parse(line).fingerprint());
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw Stop.error("a public key cannot be written for " + PROGRAM + ": " + e.getMessage());
        }
    }

    private record Answer(int exit, String out, String err) {

        /** Of the key, not of the file that nobody but us knows. */
        Answer about(Path file, String key) {
            return new Answer(exit, out, err.replace(file.toString(), key));
        }

        String orThrow(String file) {
            if (exit != 0) {
                throw Stop.error(PROGRAM + " does not sign with " + file + ": " + err);
            }
            return out;
        }
    }

    private static Answer answer(Path file, String text) {
        try {
            Process process = new ProcessBuilder(
                            PROGRAM, "-Y", "sign", "-f", file.toString(), "-n", SshSignature.NAMESPACE)
                    .start();
            try (OutputStream in = process.getOutputStream()) {
                in.write(text.getBytes(StandardCharsets.UTF_8));
            }
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Answer(process.waitFor(), out, err.strip().replace('\n', ' '));
        } catch (IOException e) {
            throw Stop.error(
                    PROGRAM + " cannot be started (" + e.getMessage() + "): install OpenSSH's client programs");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Stop.error("interrupted while " + PROGRAM + " signed");
        }
    }
}
