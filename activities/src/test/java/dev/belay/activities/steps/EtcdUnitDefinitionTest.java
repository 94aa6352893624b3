package dev.belay.activities.steps;

import static dev.belay.activities.contract.Failing.failsWith;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.fake.FakeHost;
import dev.belay.activities.fake.FakeWorld;
import dev.belay.model.run.FailureKind;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EtcdUnitDefinitionTest {

    private static final String BUS = "busctl --json=short get-property org.freedesktop.systemd1"
            + " /org/freedesktop/systemd1/unit/etcd_2eservice org.freedesktop.systemd1.Service"
            + " ExecStart Environment EnvironmentFiles User";
    private static final String MEMBERS = "etcd1=https://10.0.0.1:2380,cp1=https://10.0.0.2:2380";

    private final FakeHost host = new FakeWorld().host("cp1");

    @Test
    void variablesComeFromTheUnitAndItsFilesAndThoseOfTheFilesCount() {
        host.file("/etc/default/etcd", """
                # ETCD_NAME=other
                ETCD_NAME="cp1"
                OPTS='--data-dir /srv/etcd --quota-backend-bytes=9'
                ETCD_INITIAL_ADVERTISE_PEER_URLS=https://10.0.0.2:2380
                """);
        unit("\"/usr/bin/etcd\",\"$OPTS\",\"--cert-file=${PKI}/s.crt\"", "\"ETCD_NAME=unit\",\"PKI=/pki\"", "etcd");

        EtcdUnitDefinition unit = EtcdUnitDefinition.of(host);
        EtcdSettings settings = EtcdSettings.of(unit);

        assertThat(unit.user()).isEqualTo("etcd");
        assertThat(unit.words())
                .containsExactly(
                        "/usr/bin/etcd",
                        "--data-dir",
                        "/srv/etcd",
                        "--quota-backend-bytes=9",
                        "--cert-file=/pki/s.crt");
        assertThat(settings.flag("--name")).contains("cp1");
        assertThat(settings.flag("--data-dir")).contains("/srv/etcd");
    }

    @Test
    void itJoinsByFlagsAfterItsOwnAndNoVariableIsInTheirWay() {
        complete();
        unit("\"/usr/bin/etcd\",\"--auth-token=a%b \\\"c\\\"\",\"$OPTS\"", "", "");

        EtcdUnitDefinition unit = EtcdUnitDefinition.of(host);

        assertThat(unit.user()).isEqualTo("root");
        assertThat(unit.joining(MEMBERS)).isEqualTo("""
                [Service]
                UnsetEnvironment=ETCD_INITIAL_CLUSTER ETCD_INITIAL_CLUSTER_STATE ETCD_CONFIG_FILE
                ExecStart=
                ExecStart="/usr/bin/etcd" "--auth-token=a%%b \\"c\\"" "$OPTS" "--initial-cluster=etcd1=https://10.0.0.1:2380,cp1=https://10.0.0.2:2380" "--initial-cluster-state=existing"
                """);
    }

    @Test
    void aConfigurationFileIsCopiedSinceEtcdLooksAtNoFlagBesideIt() {
        host.file("/etc/default/etcd", "");
        host.file("/etc/etcd.yaml", """
                name: cp1
                data-dir: /srv/etcd
                initial-advertise-peer-urls: https://10.0.0.2:2380
                initial-cluster-state: new
                """);
        unit("\"/usr/bin/etcd\",\"--config-file\",\"/etc/etcd.yaml\"", "", "etcd");

        EtcdUnitDefinition unit = EtcdUnitDefinition.of(host);

        assertThat(unit.joiningBy("/etc/etcd.yaml.joins"))
                .endsWith("\"--config-file\" \"/etc/etcd.yaml\" \"--config-file=/etc/etcd.yaml.joins\"\n");
        assertThat(new String(unit.joiningFile("/etc/etcd.yaml", MEMBERS), StandardCharsets.UTF_8))
                .contains("data-dir: ", "/srv/etcd", MEMBERS, "existing")
                .doesNotContain("new");
    }

    @Test
    void aUnitThatSystemdDoesNotHaveIsNamed() {
        unit("", "", "");
        assertThat(failsWith(FailureKind.PRECONDITION, "ETCD_SETTINGS", () -> EtcdUnitDefinition.of(host))
                        .why())
                .contains("cp1", "etcd.service");
    }

    private void complete() {
        host.file(
                "/etc/default/etcd",
                "ETCD_NAME=cp1\nETCD_DATA_DIR=/srv/etcd\nETCD_INITIAL_ADVERTISE_PEER_URLS=https://10.0.0.2:2380\n");
    }

    private void unit(String argv, String environment, String user) {
        host.says(
                BUS,
                "{\"type\":\"a(sasbttttuii)\",\"data\":[[\"/usr/bin/etcd\",[" + argv + "],false,0,0,0,0,0,0,0]]}\n"
                        + "{\"type\":\"as\",\"data\":[" + environment + "]}\n"
                        + "{\"type\":\"a(sb)\",\"data\":[[\"/etc/default/etcd\",true]]}\n"
                        + "{\"type\":\"s\",\"data\":\"" + user + "\"}");
    }
}
