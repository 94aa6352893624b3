package dev.belay.model.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signatures that a real ssh-keygen made, by keys that are kept nowhere. */
class SshSignatureTest {

    private static String resource(String name) throws IOException {
        try (InputStream in = SshSignatureTest.class.getResourceAsStream("/approval/" + name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "nistp256", "nistp384", "nistp521", "rsa"})
    void isOfItsTextAndKeyAndOfNoOther(String type) throws IOException {
        SshSignature signature = SshSignature.parse(resource(type + ".sig"));
        String text = resource("text");

        assertThat(signature.objection(text)).isNull();
        assertThat(signature.key()).isEqualTo(SshKey.parse(resource(type + ".pub")));
        assertThat(signature.objection(text.replace("by: ada", "by: bob")))
                .isEqualTo("the signature is over another text than what is asked here");
        assertThat(signature.objection(text + "\n")).isNotNull();
    }

    @Test
    void ofAnotherPurposeDoesNotCount() throws IOException {
        assertThat(SshSignature.parse(resource("other-namespace.sig")).objection(resource("text")))
                .isEqualTo("the signature is for the namespace \"file\" and not for belay-approval");
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 120, 200, 280})
    void cutShortIsRefusedInWords(int length) throws IOException {
        String whole = resource("ed25519.sig");
        String cut = whole.substring(0, length) + "\n-----END SSH SIGNATURE-----";

        assertThatThrownBy(() -> SshSignature.parse(cut))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the ");
    }

    @Test
    void saysWhyALineIsNoPublicKey() throws IOException {
        assertThatThrownBy(() -> SshKey.parse("-----BEGIN OPENSSH PRIVATE KEY-----"))
                .hasMessageContaining("private key");
        assertThatThrownBy(() -> SshKey.parse("ssh-dss AAAA")).hasMessageContaining("\"ssh-dss\" is no type of key");
        assertThatThrownBy(() -> SshKey.parse("ssh-ed25519 %%%")).hasMessage("the key is no base64");
        assertThatThrownBy(() -> SshKey.parse("ssh-ed25519")).hasMessage("the key is cut short");
        String swapped = resource("rsa.pub").replace("ssh-rsa", "ssh-ed25519");
        assertThatThrownBy(() -> SshKey.parse(swapped)).hasMessage("the key says ssh-ed25519 and is ssh-rsa");
    }
}
