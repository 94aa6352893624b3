package dev.belay.lab.ssh;

import static dev.belay.activities.contract.Failing.failsWith;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.belay.activities.etcd.jetcd.ClientUrl;
import dev.belay.activities.etcd.jetcd.JetcdCluster;
import dev.belay.activities.host.ssh.LocalForward;
import dev.belay.activities.host.ssh.SshHosts;
import dev.belay.activities.host.ssh.SshTiming;
import dev.belay.activities.steps.EtcdPicture;
import dev.belay.activities.steps.EtcdSettings;
import dev.belay.activities.steps.etcd.EtcdProgram;
import dev.belay.lab.etcd.EtcdPrograms;
import dev.belay.lab.etcd.RealEtcd;
import dev.belay.model.inventory.Cluster;
import dev.belay.model.inventory.Cluster.HostEntry;
import dev.belay.model.inventory.Reference;
import dev.belay.model.kubernetes.EtcdVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.kubernetes.NodeRole;
import dev.belay.model.run.FailureKind;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three processes of the etcd that Debian packages, each behind an sshd of its own, reached as hosts of an external etcd are. Only systemd is
 * not there: a script in its place says which process is the unit's.
 */
class ExternalEtcdOnLocalSshdTest {

    @TempDir
    Path folder;

    private final List<LocalSshd> servers = new ArrayList<>();
    private final List<LocalForward> forwards = new ArrayList<>();
    private RealEtcd etcd;
    private SshHosts hosts;

    @BeforeEach
    void startThree() throws Exception {
        LocalSshd.assumeRoot();
        assumeTrue(
                EtcdPrograms.onPath().isPresent(), "no etcd on PATH; Debian has it as etcd-server, with etcd-client");
        Path data = Files.createDirectories(folder.resolve("data"));
        etcd = RealEtcd.running(EtcdPrograms.onPath().orElseThrow(), data);
        for (String name : RealEtcd.NAMES) {
            Path own = Files.createDirectories(folder.resolve(name));
            Path programs = Files.createDirectories(own.resolve("programs"));
            systemctl(programs.resolve("systemctl"), etcd.pid(name));
            servers.add(LocalSshd.start(own, "SetEnv PATH=" + programs + ":" + System.getenv("PATH")));
        }
        hosts = LocalSshd.hosts(inventory(), SshTiming.DEFAULT);
    }

    @AfterEach
    void end() throws Exception {
        forwards.forEach(LocalForward::close);
        if (hosts != null) {
            hosts.close();
        }
        for (LocalSshd server : servers) {
            server.close();
        }
        if (etcd != null) {
            etcd.close();
        }
    }

    @Test
    void membersAreReachedWhereTheirProcessesListenAndAgree() {
        try (JetcdCluster cluster = new JetcdCluster(names(), node -> etcd.credentials(), this::dial)) {
            EtcdPicture picture = EtcdPicture.take(cluster);

            assertThat(picture.problems(names())).isEmpty();
            assertThat(picture.hashes()).hasSize(RealEtcd.NAMES.size());
            for (NodeName node : names()) {
                EtcdSettings settings = EtcdSettings.ofUnit(hosts.on(node));
                assertThat(settings.flag("--data-dir"))
                        .contains(folder.resolve("data").resolve(node.value()).toString());
                assertThat(ClientUrl.of(settings).port())
                        .isEqualTo(etcd.address(node).getPort());
                assertThat(picture.members())
                        .filteredOn(member -> member.name().equals(node.value()))
                        .singleElement()
                        .matches(member -> member.peerUrls()
                                .equals(List.of(settings.flag("--initial-advertise-peer-urls")
                                        .orElseThrow())));
            }
        }
    }

    @Test
    void aProcessThatIsGoneIsSaidToBe() {
        NodeName gone = names().get(1);
        etcd.stop(gone.value());

        assertThat(failsWith(FailureKind.TRANSIENT, "COMMAND_FAILED", () -> EtcdSettings.ofUnit(hosts.on(gone)))
                        .why())
                .contains(gone.value(), "/proc/");
    }

    /** Debian 12 has etcd 3.4, whose snapshots no program restores with a revision that goes on. */
    @Test
    void theToolsOnPathAreFoundAndSayWhatTheyCannot() {
        try (JetcdCluster cluster = new JetcdCluster(names(), node -> etcd.credentials(), this::dial)) {
            EtcdVersion version =
                    EtcdVersion.parse(cluster.status(cluster.members().get(0)).version());

            EtcdProgram program = EtcdProgram.find(hosts.on(names().get(0)), version);

            assertThat(program.isOfMinor(version)).isTrue();
            assertThat(program.canBump()).isEqualTo(version.compareTo(EtcdVersion.parse("3.5.10")) >= 0);
        }
    }

    private InetSocketAddress dial(NodeName node) {
        ClientUrl url = ClientUrl.of(EtcdSettings.ofUnit(hosts.on(node)));
        LocalForward forward = hosts.forward(node, url.host(), url.port());
        forwards.add(forward);
        return forward.address();
    }

    private static List<NodeName> names() {
        return RealEtcd.NAMES.stream().map(NodeName::new).toList();
    }

    /** One login for all of them, and one file of what their host keys are. */
    private Cluster inventory() throws Exception {
        LocalSshd first = servers.get(0);
        StringBuilder known = new StringBuilder();
        List<HostEntry> entries = new ArrayList<>();
        for (int at = 0; at < servers.size(); at++) {
            LocalSshd server = servers.get(at);
            Files.writeString(
                    server.file("authorized_keys"),
                    Files.readString(first.file("login.pub")),
                    StandardOpenOption.APPEND);
            known.append(Files.readString(server.file("known_hosts")));
            entries.add(new HostEntry(names().get(at), NodeRole.ETCD, "127.0.0.1", server.port(), "", null));
        }
        Path all = Files.writeString(folder.resolve("known_hosts"), known);
        Cluster one = first.inventory(first.reference("login"), null, new Reference("file:" + all), null);
        return new Cluster(
                one.name(),
                one.site(),
                one.kubeconfig(),
                one.ssh(),
                entries,
                one.packages(),
                one.backups(),
                List.of(),
                List.of());
    }

    private static void systemctl(Path script, long pid) throws Exception {
        Files.writeString(script, "#!/bin/sh\n[ \"$1\" = show ] && echo " + pid + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
