package dev.belay.activities.steps.packages;

import static dev.belay.activities.contract.Failing.failsWith;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.model.inventory.Cluster.Packages;
import dev.belay.model.run.FailureKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AptSourceTest {

    private static final String OLD = "https://pkgs.k8s.io/core:/stable:/v1.33/deb/";
    private static final String NEW = "https://pkgs.k8s.io/core:/stable:/v1.34/deb/";
    private static final String ADDED =
            "Types: deb\nURIs: " + NEW + "\nSuites: /\nSigned-By: /etc/apt/keyrings/k.gpg\n";
    private static final String DEBIAN = """
            # Debian itself
            Types: deb deb-src
            URIs: http://deb.debian.org/debian
            Suites: trixie
            Components: main
            Signed-By:
             -----BEGIN PGP PUBLIC KEY BLOCK-----
             .
             URIs: %s
             -----END PGP PUBLIC KEY BLOCK-----
            """.formatted(OLD);

    private final AptSource stanzas = source("/etc/apt/sources.list.d/k.sources");
    private final AptSource lines = source("/etc/apt/sources.list.d/k.list");

    private static AptSource source(String file) {
        return new AptSource(new Packages(
                "https://pkgs.k8s.io/core:/stable:/v{minor}/deb/", "/etc/apt/keyrings/k.gpg", file, "1.1"));
    }

    private String turned(String present) {
        String once = stanzas.rewritten(present, "1.34");
        assertThat(stanzas.rewritten(once, "1.34")).as("a second time").isEqualTo(once);
        return once;
    }

    @Test
    void onlyTheAddressOfTheStanzaChanges() {
        String stanza = """
                X-Repolib-Name: kubernetes
                # why: see the wiki
                types:   deb
                uris:\t%s
                # between
                Suites: /
                Signed-By:
                 -----BEGIN PGP PUBLIC KEY BLOCK-----
                 .
                 bytes
                 -----END PGP PUBLIC KEY BLOCK-----
                Architectures: amd64""";
        String file = DEBIAN + "\n\n" + stanza.formatted(OLD);

        assertThat(turned(file)).isEqualTo(DEBIAN + "\n\n" + stanza.formatted(NEW));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://pkgs.k8s.io/core:/stable:/v1.33/deb",
                "https://pkgs.k8s.io/core:/stable:/v1.9/deb///",
                "https://pkgs.k8s.io/core:/stable:/v1.33/deb/ https://pkgs.k8s.io/core:/stable:/v1.32/deb/"
            })
    void theAddressOfAnyMinorGivesWay(String address) {
        assertThat(turned("Types: deb\nURIs: " + address + "\nSuites: /\n"))
                .isEqualTo("Types: deb\nURIs: " + NEW + "\nSuites: /\n");
    }

    @Test
    void addressesMayStandOnSeveralLines() {
        String file = "Types: deb\nURIs:\n http://mirror/ %s\n# old\n %s\n http://other/\nSuites: /\n";

        assertThat(turned(file.formatted(OLD, "https://pkgs.k8s.io/core:/stable:/v1.32/deb/")))
                .isEqualTo("Types: deb\nURIs:\n http://mirror/ " + NEW + "\n# old\n http://other/\nSuites: /\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Types: deb-src\nURIs: %s\nSuites: /\n",
                "Enabled: no\nTypes: deb\nURIs: %s\nSuites: /\n",
                "Types: deb\nURIs: %ssub\nSuites: /\n",
                "Types: deb\nURIs: x%s\nSuites: /\n",
                "# Types: deb\n# URIs: %s\n",
                "Types: deb\nURIs: http://other/\nSuites: %s\n"
            })
    void aStanzaThatIsNotOursStaysAndOneIsAdded(String stanza) {
        String file = stanza.formatted(OLD);

        assertThat(turned(file)).isEqualTo(file + "\n" + ADDED);
    }

    @Test
    void aFileThatIsNotThereBecomesOneStanza() {
        assertThat(turned("")).isEqualTo(ADDED);
    }

    @Test
    void whatIsThereAlreadyIsLeftToTheByte() {
        String file =
                "Types: deb\r\nURIs: " + NEW + "\r\nSuites: /\r\n\r\n\r\nTypes: deb\r\nURIs: " + OLD + "\r\nSuites: /";

        assertThat(turned(file)).isEqualTo(file);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "deb [signed-by=/k] https://pkgs.k8s.io/core:/stable:/v1.33/deb/ /|line 1|one-line source",
                "Types: deb\\n$(reboot)\\n|line 2|no field",
                "' continued\\n'|line 1|continues no field",
                "Types: deb\\nURIs: a\\nuris: b\\n|line 3|second uris",
                "-Types: deb|line 1|no field"
            })
    void aFileThatAptWouldNotReadIsRefusedByItsLine(String file, String line, String why) {
        assertThat(failsWith(
                                FailureKind.PRECONDITION,
                                "SOURCE_UNREADABLE",
                                () -> stanzas.rewritten(file.replace("\\n", "\n"), "1.34"))
                        .why())
                .contains("k.sources", line, why);
    }

    @Test
    void aStanzaInAListIsRefused() {
        assertThat(failsWith(FailureKind.PRECONDITION, "SOURCE_UNREADABLE", () -> lines.rewritten(DEBIAN, "1.34"))
                        .why())
                .contains("k.list", "line 2", ".sources");
    }

    @Test
    void aLineWithoutTheLastSlashIsOursToo() {
        assertThat(lines.rewritten("deb https://pkgs.k8s.io/core:/stable:/v1.33/deb /\n", "1.34"))
                .isEqualTo("deb [signed-by=/etc/apt/keyrings/k.gpg] " + NEW + " /\n");
    }
}
