package dev.belay.lab.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.belay.activities.StepFailure;
import dev.belay.activities.host.Command;
import dev.belay.activities.host.CommandOutput;
import dev.belay.activities.host.FileEntry;
import dev.belay.activities.host.Host;
import dev.belay.activities.host.Job;
import dev.belay.activities.host.JobOutcome;
import dev.belay.activities.host.ssh.SshHosts;
import dev.belay.lab.LabCluster;
import dev.belay.model.run.FailureKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of jobs when everything around them breaks; on a node of a real cluster, because they need its systemd. */
@Tag("lab-cluster")
@Timeout(120)
class JobsOnLabTest {

    private static SshHosts hosts;
    private static ScratchFolder scratch;

    @BeforeAll
    static void connect() {
        hosts = LabCluster.hosts();
        scratch = new ScratchFolder(host());
    }

    @AfterAll
    static void leaveNoTrace() {
        if (hosts != null) {
            scratch.close();
            hosts.close();
        }
    }

    @Test
    void aJobOutlivesTheSigkillOfItsCallerAndRunsOnce() throws Exception {
        String key = scratch.newKey();
        String count = scratch.path() + "/runs-killed";
        List<String> argv = counting(count, 6);
        Process caller = JobInAnotherProcess.start(key, argv);
        await(count);

        caller.destroyForcibly().waitFor();
        JobOutcome outcome = host().job(JobInAnotherProcess.job(key, argv), () -> {});

        assertThat(outcome).matches(JobOutcome::rejoined).matches(JobOutcome::known);
        assertThat(outcome.exit()).isEqualTo(7);
        assertThat(outcome.output()).isEqualTo("tick 1\ntick 2\ntick 3\ntick 4\ntick 5\ntick 6\n");
        assertThat(host().read(count)).hasValue("run\n".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void theLogIsWholeHoweverOftenTheConnectionIsCut() {
        Job job = job("for i in $(seq 2000); do echo line $i; sleep 0.002; done");

        JobOutcome outcome = host().job(job, () -> hosts.cut(LabCluster.node()));

        assertThat(outcome.ok()).isTrue();
        assertThat(outcome.output())
                .isEqualTo(IntStream.rangeClosed(1, 2000)
                        .mapToObj(i -> "line " + i + "\n")
                        .reduce("", String::concat));
        assertThat(outcome.sha256()).isEqualTo(outputOnHost(job).sha256());
    }

    @Test
    void aCallerThatMustStopLeavesTheJobRunning() throws Exception {
        String count = scratch.path() + "/runs-left";
        Job job = new Job(scratch.newKey(), counting(count, 4), Map.of(), Duration.ofMinutes(1));
        Runnable stopWhenItRuns = () -> {
            if (host().read(count).isPresent()) {
                throw new IllegalStateException("the worker shuts down");
            }
        };

        assertThatThrownBy(() -> host().job(job, stopWhenItRuns)).hasMessage("the worker shuts down");
        JobOutcome outcome = host().job(job, () -> {});

        assertThat(outcome.rejoined()).isTrue();
        assertThat(outcome.exit()).isEqualTo(7);
        assertThat(host().read(count)).hasValue("run\n".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void callersOfOneKeyAtOnceShareOneExecution() {
        String count = scratch.path() + "/runs-shared";
        Job job = new Job(scratch.newKey(), counting(count, 2), Map.of(), Duration.ofMinutes(1));

        List<CompletableFuture<JobOutcome>> callers = IntStream.range(0, 4)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> host().job(job, () -> {})))
                .toList();

        assertThat(callers)
                .extracting(CompletableFuture::join)
                .allSatisfy(outcome -> assertThat(outcome.output()).isEqualTo("tick 1\ntick 2\n"))
                .filteredOn(outcome -> !outcome.rejoined())
                .hasSize(1);
        assertThat(host().read(count)).hasValue("run\n".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aSecondJobWaitsForTheFirstAndThenLetsItsStepLookAgain() throws Exception {
        String count = scratch.path() + "/runs-first";
        Job first = new Job(scratch.newKey(), counting(count, 8), Map.of(), Duration.ofMinutes(1));
        Job second = job("echo second");
        CompletableFuture<JobOutcome> running = CompletableFuture.supplyAsync(() -> host().job(first, () -> {}));
        await(count);

        Throwable busy = catchThrowable(() -> host().job(second, () -> {}));

        assertThat(busy).isInstanceOfSatisfying(StepFailure.class, thrown -> {
            assertThat(thrown.failure().kind()).isEqualTo(FailureKind.TRANSIENT);
            assertThat(thrown.failure().code()).isEqualTo("HOST_BUSY");
        });
        assertThat(running.get(30, TimeUnit.SECONDS).exit()).isEqualTo(7);
        assertThat(host().job(second, () -> {}).output()).isEqualTo("second\n");
    }

    @Test
    void aJobThatRunsTooLongIsToldToStopByTheHost() {
        Job job = new Job(
                scratch.newKey(),
                List.of("sh", "-c", "trap 'echo told; exit 9' TERM; sleep 100 & wait"),
                Map.of(),
                Duration.ofSeconds(2));

        JobOutcome outcome = host().job(job, () -> {});

        assertThat(outcome.known()).isTrue();
        assertThat(outcome.exit()).isEqualTo(9);
        assertThat(outcome.output()).startsWith("told\n").contains("longer than it may");
    }

    @Test
    void aJobStoppedFromOutsideIsNotKnown() throws Exception {
        JobOutcome outcome = whileRunning("stopped", 50, unit -> run("systemctl", "stop", unit));

        assertThat(outcome.known()).isFalse();
        assertThat(outcome.exit()).isEqualTo(-1);
        assertThat(outcome.output()).contains("ended from outside");
    }

    @Test
    void aJobWhoseWholeUnitWasKilledIsNotKnown() throws Exception {
        JobOutcome outcome = whileRunning("killed", 50, unit -> run("systemctl", "kill", "-s", "KILL", unit));

        assertThat(outcome.known()).isFalse();
    }

    @Test
    void aJobSurvivesTheReloadsThatPackagesDo() throws Exception {
        JobOutcome outcome = whileRunning("reloaded", 10, unit -> {
            run("systemctl", "daemon-reload");
            run("systemctl", "daemon-reexec");
        });

        assertThat(outcome.known()).isTrue();
        assertThat(outcome.exit()).isEqualTo(7);
        assertThat(outcome.output())
                .startsWith("tick 1\n")
                .endsWith("tick 10\n")
                .hasLineCount(10);
    }

    @Test
    void aJobInterruptedByARebootIsNotKnownAndNotRunAgain() {
        Job job = job("echo once");
        host().job(job, () -> {});
        String folder = folderOf(job);
        run("sh", "-c", "cd " + folder + " && rm rc acked && sed -i '2s/.*/another-boot/' started");

        JobOutcome outcome = host().job(job, () -> {});

        assertThat(outcome).isEqualTo(new JobOutcome(false, -1, "once\n", outcome.sha256(), true));
    }

    @Test
    void wordsAndSettingsReachTheCommandUnchanged() {
        List<String> words = List.of("it's", "", "a\nb", "$(id)", "`id`", "; false", "é漢", "%i $$ \\x");
        Job job = new Job(
                scratch.newKey(),
                java.util.stream.Stream.concat(
                                java.util.stream.Stream.of("sh", "-c", "printf '%s|' \"$BELAY\" \"$@\"", "sh"),
                                words.stream())
                        .toList(),
                Map.of("BELAY", "it's; $HOME\n"),
                Duration.ofMinutes(1));

        assertThat(host().job(job, () -> {}).output()).isEqualTo("it's; $HOME\n|" + String.join("|", words) + "|");
    }

    @Test
    void onlyTheEndOfALongOutputIsKeptAndTheHashIsOfAllOfIt() {
        Job job = job("seq 100000");

        JobOutcome outcome = host().job(job, () -> {});

        assertThat(outcome.output()).hasSize(64 * 1024).endsWith("99999\n100000\n");
        assertThat(outcome.sha256()).isEqualTo(outputOnHost(job).sha256());
    }

    @Test
    void keysThatLookAlikeAreDifferentJobs() {
        Job plain = new Job(scratch.newKey() + "/a b", List.of("echo", "1"), Map.of(), Duration.ofMinutes(1));
        Job quoted = new Job(plain.key().replace(" ", "\n"), List.of("echo", "2"), Map.of(), Duration.ofMinutes(1));

        assertThat(host().job(plain, () -> {}).output()).isEqualTo("1\n");
        assertThat(host().job(quoted, () -> {}).output()).isEqualTo("2\n");
    }

    private static JobOutcome whileRunning(String name, int seconds, java.util.function.Consumer<String> blow)
            throws Exception {
        String count = scratch.path() + "/while-" + name;
        Job job = new Job(scratch.newKey(), counting(count, seconds), Map.of(), Duration.ofMinutes(1));
        CompletableFuture<JobOutcome> running = CompletableFuture.supplyAsync(() -> host().job(job, () -> {}));
        await(count);

        String folder = folderOf(job);
        String unit = folder.substring(folder.lastIndexOf('/') + 1) + ".service";
        while (!host().run(Command.of("systemctl", "is-active", unit)).ok()) {
            Thread.onSpinWait();
        }
        blow.accept(unit);
        return running.get(60, TimeUnit.SECONDS);
    }

    private static List<String> counting(String file, int ticks) {
        String script = "echo run >> \"$1\"; for i in $(seq " + ticks + "); do echo tick $i; sleep 1; done; exit 7";
        return List.of("sh", "-c", script, "sh", file);
    }

    private static Job job(String script) {
        return new Job(scratch.newKey(), List.of("sh", "-c", script), Map.of(), Duration.ofMinutes(1));
    }

    /** Each look is a command on the node, so this is not a tight loop. */
    private static void await(String file) {
        while (host().read(file).isEmpty()) {
            Thread.onSpinWait();
        }
    }

    private static FileEntry outputOnHost(Job job) {
        return host().list(List.of(folderOf(job) + "/out")).get(0);
    }

    private static String folderOf(Job job) {
        String last = job.key().substring(job.key().lastIndexOf('/') + 1);
        return host().run(Command.root("sh", "-c", "ls -d /var/lib/belay/jobs/belay-*" + last + "*"))
                .out()
                .trim();
    }

    private static void run(String... argv) {
        assertThat(host().run(Command.root(argv))).isEqualTo(new CommandOutput(0, "", ""));
    }

    private static Host host() {
        return hosts.on(LabCluster.node());
    }
}
