package dev.belay.activities.steps;

import static dev.belay.activities.contract.Failing.failsWith;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.etcd.jetcd.ClientUrl;
import dev.belay.activities.fake.FakeHost;
import dev.belay.activities.fake.FakeWorld;
import dev.belay.model.run.FailureKind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EtcdSettingsTest {

    private static final String PID = "systemctl show --property=MainPID --value etcd.service";
    private static final String PEER = "ETCD_INITIAL_ADVERTISE_PEER_URLS=https://10.0.0.1:2380";

    private final FakeHost host = new FakeWorld().host("cp1");

    @Test
    void aFlagGoesBeforeItsVariableAndWhatIsNoneOfTheKnownIsNotKept() {
        runs(
                List.of("/usr/bin/etcd", "--name=cp1", "-data-dir", "/srv/etcd", "--auth-token", "jwt,secret"),
                List.of("ETCD_NAME=other", "ETCD_ROOT_PASSWORD=secret", PEER, "PATH=/usr/bin"));

        assertThat(EtcdSettings.ofUnit(host).flags())
                .isEqualTo(Map.of(
                        "--name",
                        "cp1",
                        "--data-dir",
                        "/srv/etcd",
                        "--initial-advertise-peer-urls",
                        "https://10.0.0.1:2380"));
    }

    @Test
    void aConfigurationFileIsAllThatCounts() {
        host.file("/etc/etcd/etcd.yaml", """
                        name: cp1
                        data-dir: /srv/etcd
                        initial-advertise-peer-urls: https://10.0.0.1:2380
                        client-transport-security: {cert-file: /etc/etcd/s.crt, key-file: /etc/etcd/s.key, trusted-ca-file: /etc/etcd/ca.crt}
                        peer-transport-security: {cert-file: /etc/etcd/p.crt, key-file: /etc/etcd/p.key, trusted-ca-file: /etc/etcd/ca.crt}
                        """);
        runs(
                List.of("etcd", "--config-file=/etc/etcd/etcd.yaml", "--quota-backend-bytes=1"),
                List.of("ETCD_WAL_DIR=/wal"));

        EtcdSettings settings = EtcdSettings.ofUnit(host);

        assertThat(settings.flag("--data-dir")).contains("/srv/etcd");
        assertThat(settings.flag("--quota-backend-bytes")).isEmpty();
        assertThat(settings.flag("--wal-dir")).isEmpty();
        assertThat(settings.certificates()).containsExactly("/etc/etcd/ca.crt", "/etc/etcd/s.crt", "/etc/etcd/p.crt");
        assertThat(settings.keys()).containsExactly("/etc/etcd/s.key", "/etc/etcd/p.key");
    }

    @Test
    void aUnitThatDoesNotRunOrStartsAnotherProgramSaysNothing() {
        host.says(PID, "0");
        assertThat(failsWith(FailureKind.TRANSIENT, "ETCD_STOPPED", () -> EtcdSettings.ofUnit(host))
                        .why())
                .contains("cp1", "etcd.service");

        runs(List.of("/usr/bin/docker", "run", "etcd"), List.of("HOME=/root"));
        assertThat(failsWith(FailureKind.PRECONDITION, "ETCD_SETTINGS", () -> EtcdSettings.ofUnit(host))
                        .why())
                .contains("cp1", "--data-dir");
    }

    @Test
    void aMemberOfAnotherNameOrWithoutAnAbsoluteFolderIsRefused() {
        runs(List.of("etcd", "--data-dir=/srv/etcd"), List.of("ETCD_NAME=etcd7", PEER));
        assertThat(failsWith(FailureKind.PRECONDITION, "ETCD_SETTINGS", () -> EtcdSettings.ofUnit(host))
                        .next())
                .contains("inventory");

        runs(List.of("etcd", "--data-dir=default.etcd"), List.of("ETCD_NAME=cp1", PEER));
        assertThat(failsWith(FailureKind.PRECONDITION, "ETCD_SETTINGS", () -> EtcdSettings.ofUnit(host))
                        .why())
                .contains("default.etcd");
    }

    @Test
    void clientsAreServedAtTheFirstUrlWithTls() {
        assertThat(url("http://127.0.0.1:2379,https://10.0.0.1:4001")).isEqualTo(new ClientUrl("10.0.0.1", 4001));
        assertThat(url("https://0.0.0.0:2379")).isEqualTo(new ClientUrl("127.0.0.1", 2379));
        assertThat(url("https://[fd00::1]")).isEqualTo(new ClientUrl("fd00::1", 2379));
        assertThat(failsWith(FailureKind.PRECONDITION, "ETCD_SETTINGS", () -> url("http://10.0.0.1:2379"))
                        .why())
                .contains("http://10.0.0.1:2379", "https://");
    }

    private ClientUrl url(String urls) {
        return ClientUrl.of(new EtcdSettings(host.node(), Map.of("--listen-client-urls", urls)));
    }

    private void runs(List<String> argv, List<String> environment) {
        host.says(PID, "4711");
        host.says("cat /proc/4711/cmdline", String.join("\0", argv) + "\0");
        host.says("cat /proc/4711/environ", String.join("\0", environment) + "\0");
    }
}
