package dev.belay.activities;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kubeadm join 10.0.0.1:6443 --token SECRETPART --discovery",
                "x --token=SECRETPART y",
                "--certificate-key SECRETPART",
                "password=SECRETPART",
                "password: SECRETPART",
                "Authorization: Bearer SECRETPART",
                "client-key-data: SECRETPART",
                "https://user:SECRETPART@repo.example/deb",
                "-----BEGIN RSA PRIVATE KEY-----\nSECRETPART\n-----END RSA PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\nSECRETPART cut off"
            })
    void takesSecretsOut(String text) {
        assertThat(Redaction.of("before " + text)).startsWith("before ").doesNotContain("SECRETPART");
    }

    @Test
    void takesTokensOutWhereverTheyStand() {
        assertThat(Redaction.of("token abcdef.0123456789abcdef is expired")).isEqualTo("token [redacted] is expired");
        assertThat(Redaction.of("got eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln here"))
                .isEqualTo("got [redacted] here");
    }

    @Test
    void leavesOrdinaryOutputAlone() {
        String text =
                "[ERROR CreateJob]: Job \"upgrade-health-check-x\" in the namespace \"kube-system\" did not complete in 15s";

        assertThat(Redaction.of(text)).isEqualTo(text);
    }

    @Test
    void isNotSlowOnHostileText() {
        String text =
                "-----BEGIN ".repeat(20_000) + "password".repeat(20_000) + "eyJ".repeat(20_000) + "a:".repeat(20_000);

        Assertions.assertTimeout(Duration.ofSeconds(5), () -> Redaction.of(text));
    }
}
