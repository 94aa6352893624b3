package dev.belay.activities.host.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KnownHostsTest {

    private static final byte[] KEY = {1, 2, 3};

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cp1|cp1|true",
                "CP1|cp1|true",
                "cp1|Cp1|true",
                "cp1,10.0.0.1|10.0.0.1|true",
                "cp1|cp10|false",
                "cp?|cp1|true",
                "*.example.org|a.example.org|true",
                "*.example.org|aXexampleXorg|false",
                "*,!cp2|cp2|false",
                "!cp2,*|cp2|false",
                "*,!cp2|cp1|true",
                "!cp2|cp1|false",
                "[cp1]:2222|[cp1]:2222|true",
                "a.b|aXb|false"
            })
    void hostFieldsMatchAsOpenSshSays(String field, String host, boolean expected) {
        assertThat(new HostPattern(field).matches(host)).isEqualTo(expected);
    }

    @Test
    void aHashedNameOfSshKeygenMatches() {
        HostPattern hashed = new HostPattern("|1|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|3988QV0VE8wmZL7suNrYQLITLCg=");

        assertThat(hashed.matches("192.168.1.61")).isTrue();
        assertThat(hashed.matches("192.168.1.62")).isFalse();
    }

    @Test
    void aPortOfItsOwnGoesBeforeTheBareName() {
        KnownHosts known = KnownHosts.parse("cp1 ssh-rsa AQID\n[cp1]:2222 ssh-ed25519 BAUG\n", "known_hosts");

        assertThat(known.keysOf("cp1", 2222)).extracting(KnownHosts.Line::type).containsExactly("ssh-ed25519");
        assertThat(known.keysOf("cp1", 2223)).extracting(KnownHosts.Line::type).containsExactly("ssh-rsa");
        assertThat(known.keysOf("cp1", 22)).extracting(KnownHosts.Line::type).containsExactly("ssh-rsa");
    }

    @Test
    void aRevokedKeyIsRevokedUnderEitherName() {
        KnownHosts known = KnownHosts.parse("@revoked cp1 ssh-rsa AQID\n", "known_hosts");

        assertThat(known.isRevoked("cp1", 22, KEY)).isTrue();
        assertThat(known.isRevoked("cp1", 2222, KEY)).isTrue();
        assertThat(known.isRevoked("cp2", 22, KEY)).isFalse();
        assertThat(known.keysOf("cp1", 22)).isEmpty();
    }

    @Test
    void linesThatCannotBeReadArePassedOver() {
        String text =
                "# comment\n\n  \ncp1\ncp1 ssh-rsa\ncp1 ssh-rsa %%%\n|1|x|y ssh-rsa AQID\n\tcp1 \t ssh-rsa  AQID trailing words\r\n";

        assertThat(KnownHosts.parse(text, "known_hosts").keysOf("cp1", 22)).hasSize(1);
    }

    @Test
    void authoritiesAreNoPlainKeys() {
        KnownHosts known = KnownHosts.parse("@cert-authority *.lab ssh-rsa AQID\n", "known_hosts");

        assertThat(known.hasAuthorityFor("cp1.lab", 22)).isTrue();
        assertThat(known.hasAuthorityFor("cp1", 22)).isFalse();
        assertThat(known.keysOf("cp1.lab", 22)).isEmpty();
    }
}
