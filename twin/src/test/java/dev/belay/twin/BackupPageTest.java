package dev.belay.twin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.Done;
import dev.belay.activities.steps.backup.BackupEtcd;
import dev.belay.activities.steps.backup.BackupPage;
import dev.belay.model.kubernetes.KubernetesVersion;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The page that says how to restore a cluster by hand, of a simulated one. */
class BackupPageTest {

    private static final Pattern BLOCK = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);

    private final Steps steps = Steps.on(ClusterShape.standard(KubernetesVersion.parse("v1.33.13")));
    private String snapshot = "";

    @BeforeEach
    void keep() {
        Done<BackupEtcd.Output> taken = steps.run("backup.etcd", Map.of());
        snapshot = taken.output().sha256();
        steps.run("backup.files", Map.of());
    }

    @Test
    void everyMemberIsRestoredUnderItsOwnNameFromTheSnapshotThatIsNamed() {
        steps.run("backup.drill", Map.of("snapshot", "twin/" + Steps.RUN + "/v1.34.4/etcd-snapshot.db"));

        String page = page();

        assertThat(lines(page, "'etcdutl' 'snapshot' 'restore'"))
                .hasSize(3)
                .allMatch(line -> line.contains("'--bump-revision=1000000000' '--mark-compacted'")
                        && line.contains("'--initial-cluster-token=by-hand-" + Steps.RUN + "'"));
        for (String member : List.of("cp1", "cp2", "cp3")) {
            assertThat(lines(page, "'--name=" + member + "'"))
                    .singleElement()
                    .asString()
                    .contains("--initial-cluster=cp1=https://", ",cp2=https://", ",cp3=https://");
        }
        assertThat(page).contains(snapshot + "  etcd-snapshot.db", "restored on ", "as the live etcd had them");
    }

    @Test
    void whatWritesStopsBeforeEtcdAndEtcdStartsBeforeWhatWrites() {
        assertThat(page().lines().filter(line -> line.startsWith("## ")).map(line -> line.substring(3, 5)))
                .containsExactly("1.", "2.", "3.", "4.", "5.", "6.", "7.", "8.", "9.");
        assertThat(page())
                .containsSubsequence(
                        "## 2. Stop what writes",
                        "kube-apiserver.yaml' '/etc/kubernetes/by-hand/'",
                        "## 3. Only then stop etcd",
                        "etcd.yaml' '/etc/kubernetes/by-hand/'",
                        "## 4. New data",
                        "## 5. Packages",
                        "'kubeadm=1.33.13-1.1'",
                        "## 6. Start etcd",
                        "'etc/kubernetes/manifests/etcd.yaml'",
                        "## 7. Start the rest",
                        "'etc/kubernetes/manifests/kube-apiserver.yaml'",
                        "## 8. Packages and kubelet of every worker",
                        "w1: ");
    }

    /** pgrep knows a program's name by its first fifteen letters only, and its whole command line by -f. */
    @Test
    void processesWithLongNamesAreWaitedForToo() {
        assertThat(lines(page(), "while pgrep -f '^kube-controller-manager( |$)'"))
                .hasSize(3);
        assertThat(page()).doesNotContain("pgrep -x");
    }

    @Test
    void aSnapshotThatWasNotTriedIsCalledSo() {
        assertThat(page()).contains("**never**");
    }

    @Test
    void aShellReadsEveryBlockAndNoSecretIsInIt() throws IOException, InterruptedException {
        String page = page();

        List<String> blocks = new ArrayList<>();
        Matcher block = BLOCK.matcher(page);
        while (block.find()) {
            blocks.add(block.group(1));
        }
        assertThat(blocks).hasSizeGreaterThan(20);
        for (String each : blocks) {
            assertThat(parses(each)).as(each).isTrue();
        }
        assertThat(page).doesNotContain("PRIVATE KEY", "client-key-data");
    }

    private String page() {
        Done<BackupPage.Output> written = steps.run("backup.page", Map.of());
        byte[] content = steps.ports().evidence().read(written.output().path()).orElseThrow();
        return new String(content, StandardCharsets.UTF_8);
    }

    private static List<String> lines(String page, String part) {
        return Arrays.stream(page.split("\n", -1))
                .filter(line -> line.contains(part))
                .toList();
    }

    private static boolean parses(String script) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("sh", "-n").redirectErrorStream(true).start();
        try (OutputStream in = shell.getOutputStream()) {
            in.write(script.getBytes(StandardCharsets.UTF_8));
        }
        return shell.waitFor() == 0;
    }
}
