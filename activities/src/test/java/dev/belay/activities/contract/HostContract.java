package dev.belay.activities.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.activities.StepFailure;
import dev.belay.activities.host.Command;
import dev.belay.activities.host.CommandOutput;
import dev.belay.activities.host.Hosts;
import dev.belay.activities.host.Job;
import dev.belay.activities.host.JobOutcome;
import dev.belay.activities.steps.Pem;
import dev.belay.activities.steps.StaticPodProcesses;
import dev.belay.activities.steps.StaticPods;
import dev.belay.model.inventory.Cluster.Packages;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.FailureKind;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every {@link Hosts} must do, the real one and the twin. The node runs Debian with kubeadm, kubelet and kubectl installed and held.
 * Only commands of the host vocabulary are used, and nothing that harms a live node: {@code apt-get update -q} is the job that ends
 * well, an {@code apt-get install} of a version that does not exist the one that does not.
 */
public abstract class HostContract extends HostFilesContract {

    private static final Job UPDATE =
            new Job("", List.of("apt-get", "update", "-q"), Map.of("DEBIAN_FRONTEND", "noninteractive"), minutes(5));

    /** A key no job on this node ever had. */
    protected abstract String newKey();

    /** Where the node's packages come from. */
    protected abstract Packages packages();

    /** Breaks the connection to the node now; it can be made again at once. */
    protected abstract void cutConnection();

    @Test
    public void aCommandThatSucceedsSaysSoAndNothingElse() {
        assertThat(host().run(Command.of("true"))).isEqualTo(new CommandOutput(0, "", ""));
    }

    @Test
    public void aRootCommandRunsAsRoot() {
        assertThat(host().run(Command.root("id", "-u"))).isEqualTo(new CommandOutput(0, "0\n", ""));
    }

    @Test
    public void argumentsArriveAsTheyAre() {
        CommandOutput version = host().run(Command.of("dpkg-query", "-W", "-f", "${Version}", "kubeadm"));

        assertThat(version.exit()).isZero();
        assertThat(version.out()).matches("1\\.\\d+\\.\\d+-[0-9.]+");
    }

    @Test
    public void anExitCodeIsAnAnswerAndNotAFailure() {
        CommandOutput none = host().run(Command.of("dpkg-query", "-W", "-f", "${Version}", "no-such-package-at-all"));

        assertThat(none.exit()).isEqualTo(1);
        assertThat(none.out()).isEmpty();
        assertThat(none.err()).contains("no-such-package-at-all");
    }

    @Test
    public void heldPackagesAreListedOneALine() {
        assertThat(host().run(Command.of("apt-mark", "showhold")).out().lines())
                .contains("kubeadm", "kubectl", "kubelet");
    }

    @Test
    public void anUnknownProgramExitsWith127AsRootToo() {
        assertThat(host().run(Command.of("no-such-program")).exit()).isEqualTo(127);
        assertThat(host().run(Command.root("no-such-program")).exit()).isEqualTo(127);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"; touch /tmp/belay-was-here", "$(id)", "`id`", "a\nb", "it's \"quoted\"", "é ü 漢", "", "*"})
    public void aHostileArgumentIsOneArgument(String hostile) {
        CommandOutput none = host().run(Command.root("dpkg-query", "-W", "-f", "${Version}", "no-such" + hostile));

        assertThat(none.exit()).isNotZero();
        assertThat(none.out()).isEmpty();
        assertThat(host().list(List.of("/tmp/belay-was-here"))).isEmpty();
    }

    @Test
    public void aNodeThatIsNotInTheInventoryIsNamed() {
        assertThatThrownBy(() -> hosts().on(new NodeName("nobody-knows-me")))
                .isInstanceOfSatisfying(StepFailure.class, thrown -> {
                    assertThat(thrown.failure().kind()).isEqualTo(FailureKind.PERMANENT);
                    assertThat(thrown.failure().why()).contains("nobody-knows-me", "inventory");
                });
    }

    @Test
    public void theIndexOfAPackageRepositoryIsFetchedAsTheHostReachesIt() {
        String installed = host().run(Command.of("dpkg-query", "-W", "-f", "${Version}", "kubeadm"))
                .out()
                .strip();
        String minor = installed.substring(0, installed.indexOf('.', 2));
        URI repository = packages().repositoryOf(minor);

        assertThat(host().fetch(repository.resolve("Packages")).map(page -> new String(page, StandardCharsets.UTF_8)))
                .hasValueSatisfying(index -> assertThat(index.split("\\n\\n", -1))
                        .filteredOn(paragraph -> paragraph.contains("Version: " + installed))
                        .extracting(paragraph -> paragraph.lines().findFirst().orElse(""))
                        .contains("Package: kubeadm", "Package: kubelet", "Package: kubectl"));
        assertThat(host().fetch(repository.resolve("no-such-page"))).isEmpty();
    }

    @Test
    public void aServerThatIsNotThereGivesNoPage() {
        Failing.failsWith(
                FailureKind.TRANSIENT, "FETCH_FAILED", () -> host().fetch(URI.create("http://127.0.0.1:9/x")));
    }

    @Test
    public void aLostConnectionIsMadeAgainForTheNextCommand() {
        assertThat(host().run(Command.of("true")).ok()).isTrue();

        cutConnection();

        assertThat(host().run(Command.of("true")).ok()).isTrue();
    }

    @Test
    public void aTlsServerPresentsTheCertificateOfItsFile() throws CertificateException {
        assertThat(host().presented("127.0.0.1", 6443).get(0)).isEqualTo(certificate("apiserver.crt"));
        assertThat(host().presented("127.0.0.1", 2379).get(0))
                .as("also one that asks for the client's")
                .isEqualTo(certificate("etcd/server.crt"));
    }

    @Test
    public void whereNobodyListensThereIsNoHandshake() {
        Failing.failsWith(FailureKind.TRANSIENT, "TLS_FAILED", () -> host().presented("127.0.0.1", 9));
    }

    @Test
    public void eachStaticPodHasOneContainerWithAProcessAndALinkToItsLog() {
        StaticPodProcesses processes = StaticPodProcesses.of(host());

        for (String component : StaticPods.of(host()).byComponent().keySet()) {
            assertThat(processes.running(component)).as(component).hasValueSatisfying(running -> {
                assertThat(running.container()).matches("[0-9a-f]{64}");
                assertThat(running.since())
                        .isBefore(Instant.ofEpochSecond(Long.parseLong(host().run(Command.of("date", "+%s"))
                                        .out()
                                        .strip())
                                + 1));
            });
            assertThat(processes.gone(component)).isFalse();
        }
        assertThat(processes.running("no-such-pod")).isEmpty();
        assertThat(processes.gone("no-such-pod")).isTrue();
    }

    private X509Certificate certificate(String file) throws CertificateException {
        return Pem.certificates(host().read("/etc/kubernetes/pki/" + file).orElseThrow())
                .get(0);
    }

    @Test
    public void aJobRunsOnceForItsKey() {
        Job job = update(newKey());
        assertThat(host().hasJob(job.key())).isFalse();

        JobOutcome first = host().job(job, () -> {});
        JobOutcome second = host().job(job, () -> {});

        assertThat(first).matches(JobOutcome::ok).matches(outcome -> !outcome.rejoined());
        assertThat(first.sha256()).isEqualTo(sha256(text(first.output())));
        assertThat(second).isEqualTo(new JobOutcome(true, 0, first.output(), first.sha256(), true));
        assertThat(host().hasJob(job.key())).isTrue();
    }

    @Test
    public void aJobThatFailsKeepsItsExitCodeAndWords() {
        Job job = new Job(
                newKey(),
                List.of("apt-get", "install", "-y", "-q", "--no-install-recommends", "kubeadm=0.0.1-0"),
                Map.of("DEBIAN_FRONTEND", "noninteractive"),
                minutes(5));

        JobOutcome outcome = host().job(job, () -> {});

        assertThat(outcome.known()).isTrue();
        assertThat(outcome.exit()).isEqualTo(100);
        assertThat(outcome.output()).contains("0.0.1-0");
    }

    @Test
    public void aKeyIsNotReusedForAnotherCommand() {
        Job job = update(newKey());
        host().job(job, () -> {});

        assertThatThrownBy(() ->
                        host().job(new Job(job.key(), List.of("apt-get", "check"), Map.of(), minutes(1)), () -> {}))
                .isInstanceOfSatisfying(StepFailure.class, thrown -> {
                    assertThat(thrown.failure().kind()).isEqualTo(FailureKind.PERMANENT);
                    assertThat(thrown.failure().code()).isEqualTo("JOB_MISMATCH");
                });
    }

    @Test
    public void aJobIsFollowedAcrossALostConnection() {
        List<String> beats = new ArrayList<>();
        Runnable cuttingOnce = () -> {
            if (beats.isEmpty()) {
                cutConnection();
            }
            beats.add("beat");
        };

        JobOutcome outcome = host().job(update(newKey()), cuttingOnce);

        assertThat(outcome.ok()).isTrue();
        assertThat(outcome.sha256()).isEqualTo(sha256(text(outcome.output())));
        assertThat(beats).isNotEmpty();
    }

    @Test
    public void aCallerThatMustStopGetsAwayAndTheJobIsFoundAgain() {
        Job job = update(newKey());
        Runnable mustStop = () -> {
            throw new IllegalStateException("the worker shuts down");
        };

        assertThatThrownBy(() -> host().job(job, mustStop)).hasMessage("the worker shuts down");

        assertThat(host().job(job, () -> {}).ok()).isTrue();
    }

    @Test
    public void clocksAgreeToAboutASecond() {
        assertThat(host().clockSkew().abs()).isLessThan(Duration.ofSeconds(3));
    }

    private static Job update(String key) {
        return new Job(key, UPDATE.argv(), UPDATE.env(), UPDATE.limit());
    }

    private static Duration minutes(int count) {
        return Duration.ofMinutes(count);
    }
}
