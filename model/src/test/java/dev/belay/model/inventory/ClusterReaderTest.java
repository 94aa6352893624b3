package dev.belay.model.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.model.inventory.Cluster.Bastion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.kubernetes.NodeRole;
import dev.belay.model.plan.Acceptance;
import dev.belay.model.plan.CanonicalJson;
import dev.belay.model.runbook.InvalidDocument;
import dev.belay.model.runbook.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterReaderTest {
    static final String GOOD = """
            apiVersion: belay.dev/v1
            kind: Cluster
            metadata: {name: lab}
            site: berlin
            kubernetes: {kubeconfig: 'file:${LAB_HOME}/admin.conf'}
            ssh:
              user: ops
              key: file:/home/ops/.ssh/id_ed25519
              knownHosts: file:${LAB_HOME}/known_hosts
            hosts:
              - {node: w1, role: worker, address: w1.example.org, zone: a}
              - {node: cp1, role: controlPlane, address: 172.30.0.11}
            packages:
              repository: http://172.30.0.1:5080/core:/stable:/v{minor}/deb/
              keyring: /etc/apt/keyrings/kubernetes-apt-keyring.gpg
              sourceFile: /etc/apt/sources.list.d/kubernetes.list
              revision: '1.1'
            backups: {directory: 'file:${LAB_HOME}/backups'}
            kubeadm:
              ignorePreflightErrors:
                - {name: Swap, reason: the machine has swap, owner: lab}
            accept:
              - {rule: etcd-too-old-for-hop, reason: the fix was carried back, owner: jo}
            """;

    @Test
    void readsAnInventoryWithItsDefaults() {
        Cluster cluster = read(GOOD);

        assertThat(cluster.name()).isEqualTo("lab");
        assertThat(cluster.site()).isEqualTo("berlin");
        assertThat(cluster.kubeconfig()).isEqualTo(new Reference("file:${LAB_HOME}/admin.conf"));
        assertThat(cluster.ssh().bastion()).isNull();
        assertThat(cluster.ssh().passphrase()).isNull();
        assertThat(cluster.hosts().get(0))
                .isEqualTo(new Cluster.HostEntry(
                        new NodeName("cp1"), NodeRole.CONTROL_PLANE, "172.30.0.11", 22, "", null));
        assertThat(cluster.packages().repositoryOf("1.34"))
                .hasToString("http://172.30.0.1:5080/core:/stable:/v1.34/deb/");
        assertThat(cluster.ignorePreflightErrors()).extracting("name").containsExactly("Swap");
        assertThat(cluster.acceptance("etcd-too-old-for-hop"))
                .contains(new Acceptance("etcd-too-old-for-hop", "the fix was carried back", "jo"));
        assertThat(cluster.acceptance("etcd-members")).isEmpty();
    }

    @Test
    void putsControlPlanesFirstAndKeepsTheFilesOrderOtherwise() {
        String more = GOOD.replace(
                "hosts:\n",
                "hosts:\n  - {node: w9, role: worker, address: w9}\n  - {node: cp9, role: controlPlane, address: cp9}\n");

        assertThat(read(more).hosts())
                .extracting(host -> host.node().value())
                .containsExactly("cp9", "cp1", "w9", "w1");
    }

    @Test
    void readsAJumpHostAndWhatAHostHasOfItsOwn() {
        String more = GOOD.replace("  user: ops\n", "  user: ops\n  bastion: {address: jump.example.org, user: hop}\n")
                .replace("172.30.0.11}", "'fd00::11', port: 2222, user: admin}");

        Cluster cluster = read(more);

        assertThat(cluster.ssh().bastion()).isEqualTo(new Bastion("jump.example.org", 22, "hop", null));
        assertThat(cluster.hosts().get(0).port()).isEqualTo(2222);
        assertThat(cluster.hosts().get(0).user()).isEqualTo("admin");
    }

    @Test
    void takesAnAgentForTheKeys() {
        Reference agent = new Reference("agent:${SSH_AUTH_SOCK}");
        String more = GOOD.replace(
                "key: file:/home/ops/.ssh/id_ed25519",
                "key: agent:${SSH_AUTH_SOCK}\n  bastion: {address: jump.example.org, user: hop, key: 'agent:/run/agent'}");

        Cluster cluster = read(more);

        assertThat(cluster.ssh().key()).isEqualTo(agent);
        assertThat(cluster.ssh().bastion().key()).isEqualTo(new Reference("agent:/run/agent"));
    }

    @Test
    void knowsWhereCopiesOfTheAdminsKubeconfigAre() {
        String copies = ", adminCopies: [{node: cp1, path: /home/ops/.kube/config}]}";

        assertThat(read(GOOD.replace("admin.conf'}", "admin.conf'" + copies)).adminCopies())
                .containsExactly(new Cluster.AdminCopy(new NodeName("cp1"), "/home/ops/.kube/config"));
        assertThat(read(GOOD).adminCopies()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{node: cp7, path: /home/ops/.kube/config}|none of the hosts",
                "{node: cp1, path: /etc/kubernetes/admin.conf}|kubeadm itself keeps",
                "{node: cp1, path: config}|absolute path",
                "{node: cp1}|path",
                "/home/ops/.kube/config|an object with node and path"
            })
    void aCopyThatCannotBeIsNamed(String copy, String says) {
        assertThatThrownBy(() -> read(GOOD.replace("admin.conf'}", "admin.conf', adminCopies: [" + copy + "]}")))
                .isInstanceOf(InvalidDocument.class)
                .hasMessageContaining(says);
    }

    @Test
    void needsNoKubeadmSection() {
        assertThat(read(GOOD.substring(0, GOOD.indexOf("kubeadm:"))).ignorePreflightErrors())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"lab.yaml", "lab-small.yaml"})
    void readsTheInventoriesThatAreShipped(String name) throws IOException {
        Path file = Path.of("..", "clusters", name);

        Cluster cluster = ClusterReader.read(name, Files.readAllBytes(file));

        assertThat(cluster.hosts(NodeRole.CONTROL_PLANE)).isNotEmpty();
        assertThat(cluster.hosts(NodeRole.WORKER)).isNotEmpty();
    }

    @Test
    void hasOneDigestHoweverItIsWritten() {
        String otherwise = GOOD.replace("metadata: {name: lab}", "metadata:\n  # a comment\n  name: \"lab\"");

        assertThat(CanonicalJson.digest(read(otherwise))).isEqualTo(CanonicalJson.digest(read(GOOD)));
        assertThat(CanonicalJson.digest(read(GOOD.replace("zone: a", "zone: b"))))
                .isNotEqualTo(CanonicalJson.digest(read(GOOD)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "site: berlin|site: berlin\\ncolour: red|unknown-key|5:1|colour",
                "zone: a|zoen: a|unknown-key|11:55|did you mean \"zone\"",
                "site: berlin\\n||missing-key|1:1|site",
                "belay.dev/v1|belay.dev/v2|value|1:13|belay.dev/v1",
                "kind: Cluster|kind: Runbook|value|2:7|Cluster",
                "name: lab|name: Lab!|value|3:18|lower-case",
                "name: lab|name: 'lab\\n; rm -rf /'|value|3:18|lower-case",
                "site: berlin|site: belay|value|4:7|workflows",
                "site: berlin|site: 'a b'|value|4:7|letters",
                "node: w1|node: W1|value|11:12|lower-case",
                "node: w1|node: '$(reboot)'|value|11:12|lower-case",
                "node: w1|node: cp1|duplicate|12:12|line 11",
                "w1.example.org|172.30.0.11|duplicate|12:46|second time",
                "role: worker|role: master|value|11:22|controlPlane",
                "role: controlPlane|role: worker|no-control-plane|11:3|controlPlane",
                "w1.example.org|'-oProxyCommand=reboot'|value|11:39|host name",
                "w1.example.org|'w1; rm -rf /'|value|11:39|host name",
                "w1.example.org|'172.30.0.999'|value|11:39|IP address",
                "w1.example.org|\"w1\\x0aw2\"|value|11:39|host name",
                "zone: a|port: 0|value|11:61|65535",
                "zone: a|port: 65536|value|11:61|65535",
                "zone: a|port: ssh|type|11:61|whole number",
                "zone: a|zone: 1|type|11:61|in quotes",
                "zone: a|user: 'root; id'|value|11:61|login name",
                "file:/home/ops/.ssh/id_ed25519|/home/ops/.ssh/id_ed25519|literal-secret|8:8|reference",
                "file:/home/ops/.ssh/id_ed25519|file:id_ed25519|relative-path|8:8|absolute",
                "file:/home/ops/.ssh/id_ed25519|\"file:\"|reference|8:8|reference",
                "file:/home/ops/.ssh/id_ed25519|env:A B|reference|8:8|reference",
                "file:/home/ops/.ssh/id_ed25519|exec:./run key|reference|8:8|reference",
                "'file:${LAB_HOME}/backups'|env:BACKUPS|reference|18:22|file:/path",
                "v{minor}|v1.34|value|14:15|{minor}",
                "http://172.30|ftp://172.30|value|14:15|http",
                "http://172.30.0.1|http://user:secret@172.30.0.1|literal-secret|14:15|password",
                "/deb/|/deb/ /\\n# x|value|14:15|http",
                "keyring: /etc|keyring: etc|value|15:12|absolute",
                "keyring: /etc|keyring: /etc/../etc|value|15:12|absolute",
                "kubernetes.list|kubernetes.txt|value|16:15|.list",
                "kubernetes.list|kubernetes.sources.save|value|16:15|.sources",
                "kubernetes.list|'kube rnetes.list'|value|16:15|.list",
                "revision: '1.1'|revision: 1.1|type|17:13|in quotes",
                "name: Swap|name: all|ignore-all|21:14|each check",
                "name: Swap|name: ALL|ignore-all|21:14|each check",
                "name: Swap|name: 'Swap,Mem'|value|21:14|one kubeadm check",
                ", owner: lab||missing-key|21:7|owner",
                "reason: the machine has swap|reason: ' '|value|21:28|one line",
                "id_ed25519|id_ed25519\\n  passphrase: 'agent:${SSH_AUTH_SOCK}'|reference|9:15|passphrase",
                "key: file:/home/ops/.ssh/id_ed25519|key: agent:socket|reference|8:8|SSH_AUTH_SOCK",
                "{kubeconfig: 'file:|{kubeconfig: 'agent:|reference|5:26|kubeconfig",
                "rule: etcd-too-old-for-hop|rule: etcd-members|value|23:12|etcd-too-old-for-hop",
                "rule: etcd-too-old-for-hop|rule: '*'|value|23:12|etcd-too-old-for-hop",
                "rule: etcd-too-old-for-hop, ||missing-key|23:5|rule",
                ", owner: jo||missing-key|23:5|owner",
                "owner: jo}|owner: jo}\\n  - {rule: etcd-too-old-for-hop, reason: b, owner: c}|duplicate|24:12|second time",
                "- {rule: etcd|- word\\n  - {rule: etcd|type|23:5|rule, reason and owner"
            })
    void refusesAndNamesThePlace(String part, String replacement, String rule, String place, String word) {
        String bad =
                GOOD.replace(part.replace("\\n", "\n"), replacement == null ? "" : replacement.replace("\\n", "\n"));

        assertThat(problems(bad)).anySatisfy(problem -> {
            assertThat(problem.rule()).isEqualTo(rule);
            assertThat(problem.file()).isEqualTo("lab.yaml");
            assertThat(problem.line() + ":" + problem.column()).isEqualTo(place);
            assertThat(problem.message()).contains(word);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"hosts: []", "hosts: {}", "hosts: all", "hosts:"})
    void refusesAnInventoryWithoutHosts(String hosts) {
        String bad = GOOD.replaceAll("(?s)hosts:\n.*packages:", hosts + "\npackages:");

        assertThat(problems(bad)).singleElement().satisfies(problem -> {
            assertThat(problem.line()).isEqualTo(10);
            assertThat(problem.message()).contains("hosts");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"hunter2", "-----BEGIN OPENSSH PRIVATE KEY-----", "s3cret with spaces"})
    void neverRepeatsASecretThatStandsWhereAReferenceShould(String secret) {
        String bad = GOOD.replace("  user: ops\n", "  user: ops\n  passphrase: '" + secret + "'\n");

        List<Problem> problems = problems(bad);

        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.rule()).isEqualTo("literal-secret");
            assertThat(problem.message()).contains("env:NAME").doesNotContain(secret);
        });
    }

    @Test
    void neverRepeatsThePasswordOfARepository() {
        String bad = GOOD.replace("http://172.30.0.1", "http://user:hunter2@172.30.0.1");

        assertThat(problems(bad)).singleElement().satisfies(problem -> assertThat(problem.message())
                .contains("no user or password")
                .doesNotContain("hunter2"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:/etc/key",
                "file:${LAB_HOME}/ssh/my key",
                "file:${KEY_FILE}",
                "env:SSH_KEY",
                "exec:pass show belay/key",
                "exec:/usr/bin/vault read -field=key secret/belay"
            })
    void readsEveryKindOfReference(String reference) {
        String other = GOOD.replace("key: file:/home/ops/.ssh/id_ed25519", "key: '" + reference + "'");

        assertThat(read(other).ssh().key()).isEqualTo(new Reference(reference));
    }

    @Test
    void readsABucketWithItsKeysRetentionAndTheKeyForPrivateKeys() {
        Cluster.Backups backups = read(GOOD.replace(
                        "{directory: 'file:${LAB_HOME}/backups'}", """
                  store: {url: 'https://minio.example.org:9000/backups/lab', accessKey: 'env:S3_KEY', secretKey: 'file:/run/s3'}
                  retention: {count: 5, age: 720h}
                  key: file:/run/backup.key
                """.indent(2).replaceFirst("^", "\n")))
                .backups();

        assertThat(backups)
                .isEqualTo(new Cluster.Backups(
                        null,
                        new Cluster.Store(
                                "https://minio.example.org:9000/backups/lab",
                                "",
                                new Reference("env:S3_KEY"),
                                new Reference("file:/run/s3")),
                        new Cluster.Retention(5, Duration.ofDays(30)),
                        new Reference("file:/run/backup.key")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|either \"directory\" or \"store\"",
                "{directory: 'file:/b', store: {url: 'https://a/bucket', accessKey: 'env:A', secretKey: 'env:B'}}|not both",
                "{directory: 'file:/b', retention: {count: 0}}|a whole number from 1",
                "{directory: 'file:/b', retention: {age: 30d}}|a duration",
                "{directory: 'file:/b', retention: {days: 30}}|\"days\" is not a key of retention",
                "{directory: 'file:/b', key: hunter2}|a secret itself never stands here",
                "{store: {url: 'https://me:hunter2@a/bucket', accessKey: 'env:A', secretKey: 'env:B'}}|no user or password",
                "{store: {url: 'ftp://a/bucket', accessKey: 'env:A', secretKey: 'env:B'}}|an address such as",
                "{store: {url: 'https://a', accessKey: 'env:A', secretKey: 'env:B'}}|an address such as",
                "{store: {url: 'https://a/bucket/../x', accessKey: 'env:A', secretKey: 'env:B'}}|an address such as",
                "{store: {url: 'https://a/bucket', accessKey: 'env:A'}}|must have \"secretKey\""
            })
    void refusesBackupsThatCannotBe(String backups, String message) {
        assertThat(problems(GOOD.replace("{directory: 'file:${LAB_HOME}/backups'}", backups)))
                .singleElement()
                .satisfies(problem ->
                        assertThat(problem.message()).contains(message).doesNotContain("hunter2"));
    }

    @Test
    void saysEverythingThatIsWrongAtOnce() {
        String bad = GOOD.replace("name: lab", "name: LAB")
                .replace("user: ops", "user: 'o p s'")
                .replace("role: worker", "role: minion")
                .replace("revision: '1.1'", "revision: ''")
                .replace("name: Swap", "name: all");

        assertThat(problems(bad))
                .extracting(Problem::rule)
                .containsExactlyInAnyOrder("value", "value", "value", "value", "ignore-all");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "lab", "- a", "a: &x 1", "{", "\u0000", "!!java.io.File [x]"})
    void refusesWhatIsNoInventoryAtAll(String text) {
        assertThat(problems(text)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "w1.example.org",
                "w1",
                "/etc/apt/keyrings/kubernetes-apt-keyring.gpg",
                "/etc/apt/sources.list.d/kubernetes.list",
                "http://172.30.0.1:5080/core:/stable:/v{minor}/deb/",
                "file:/home/ops/.ssh/id_ed25519",
                "ops",
                "Swap"
            })
    void refusesTextWithoutEnd(String value) {
        String endless = (value.startsWith("http") ? "http://a" : "") + "/a".repeat(200_000);

        assertThat(problems(GOOD.replace(value, endless)))
                .isNotEmpty()
                .allSatisfy(problem -> assertThat(problem.message().length()).isLessThan(500));
    }

    @Test
    void readsThousandsOfHosts() {
        StringBuilder hosts = new StringBuilder("hosts:\n");
        for (int i = 0; i < 5000; i++) {
            hosts.append("  - {node: x")
                    .append(i)
                    .append(", role: worker, address: 10.0.")
                    .append(i / 250)
                    .append('.');
            hosts.append(i % 250).append("}\n");
        }

        assertThat(read(GOOD.replace("hosts:\n", hosts)).hosts()).hasSize(5002);
    }

    static Cluster read(String text) {
        return ClusterReader.read("lab.yaml", text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<Problem> problems(String text) {
        InvalidDocument invalid = catchThrowableOfType(InvalidDocument.class, () -> read(text));
        assertThat(invalid).isNotNull();
        return invalid.problems();
    }
}
