package dev.belay.activities.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.fake.FakeHost;
import dev.belay.activities.fake.FakeWorld;
import dev.belay.activities.host.CommandOutput;
import dev.belay.activities.host.JobOutcome;
import dev.belay.activities.steps.packages.InstallPackages;
import dev.belay.model.run.Failure;
import dev.belay.model.run.FailureKind;
import dev.belay.model.run.StepState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PackagesTest {

    private static final String SOURCE = "/etc/apt/sources.list.d/k.list";
    private static final String OLD =
            "# kubernetes\ndeb [signed-by=/etc/apt/keyrings/k.gpg] http://repo/core:/stable:/v1.33/deb/ /\ndeb http://other/ x main\n";
    private static final String INSTALL =
            "apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold kubeadm=1.34.4-1.1";

    private final FakeWorld world = new FakeWorld();
    private final FakeHost host = world.host("cp1");
    private final Map<String, String> installed =
            new TreeMap<>(Map.of("kubeadm", "1.33.13-1.1", "kubelet", "1.33.13-1.1", "kubectl", "1.33.13-1.1"));
    private final TreeSet<String> held = new TreeSet<>(List.of("kubeadm", "kubelet"));
    private final List<String> offered = new ArrayList<>(List.of("1.33.13-1.1"));

    @BeforeEach
    void machine() {
        host.file(SOURCE, OLD);
        for (String name : List.of("kubeadm", "kubelet", "kubectl")) {
            host.answers.put("dpkg-query -W -f ${Version} " + name, () -> version(name));
            host.answers.put("apt-cache madison " + name, () -> new CommandOutput(0, madison(name), ""));
        }
        host.answers.put("apt-mark showhold", () -> new CommandOutput(0, String.join("\n", held) + "\n", ""));
        host.answers.put("kubeadm version -o short", () -> {
            String bare = installed.get("kubeadm");
            return new CommandOutput(0, "v" + bare.substring(0, bare.indexOf('-')) + "\n", "");
        });
        marks("hold", held::add);
        marks("unhold", held::remove);
        host.job("apt-get update -q", () -> offered.add("1.34.4-1.1"));
        host.job(INSTALL, () -> installed.put("kubeadm", "1.34.4-1.1"));
    }

    private void marks(String word, Consumer<String> change) {
        for (String names : List.of(
                "kubeadm", "kubectl", "kubelet", "kubeadm kubelet", "kubeadm kubectl", "kubeadm kubectl kubelet")) {
            host.answers.put("apt-mark " + word + " " + names, () -> {
                List.of(names.split(" ", -1)).forEach(change);
                return new CommandOutput(0, "", "");
            });
        }
    }

    private CommandOutput version(String name) {
        String version = installed.get(name);
        return version == null ? new CommandOutput(1, "", "no packages found") : new CommandOutput(0, version, "");
    }

    private String madison(String name) {
        StringBuilder lines = new StringBuilder();
        offered.forEach(version ->
                lines.append("   ").append(name).append(" | ").append(version).append(" | http://repo  Packages\n"));
        return lines.toString();
    }

    private Done<InstallPackages.Output> install(boolean hold) {
        return new InstallPackages()
                .run(new InstallPackages.Input(List.of("kubeadm"), hold, false), world.on("cp1", "packages.install"));
    }

    private static final InstallPackages.Input KUBEADM = new InstallPackages.Input(List.of("kubeadm"), true, false);

    private String undo() {
        return new InstallPackages().undo(KUBEADM, null, back(".undo"));
    }

    /** As the engine calls it: under a step id of its own. */
    private StepContext back(String how) {
        StepContext done = world.on("cp1", "packages.install");
        return new StepContext(
                done.call().back(how, 0, null),
                done.inventory(),
                done.hosts(),
                done.etcd(),
                done.kube(),
                done.evidence(),
                done.clock(),
                done.heartbeat());
    }

    private Failure failure() {
        return catchThrowableOfType(StepFailure.class, () -> install(true)).failure();
    }

    @Test
    void turnsTheSourceReleasesInstallsAndHoldsInThisOrder() {
        Done<InstallPackages.Output> done = install(true);

        assertThat(done.state()).isEqualTo(StepState.DONE);
        assertThat(world.effects)
                .containsExactly(
                        "cp1: write " + SOURCE,
                        "cp1: apt-get update -q",
                        "cp1: apt-mark unhold kubeadm",
                        "cp1: " + INSTALL,
                        "cp1: apt-mark hold kubeadm kubectl");
        assertThat(held).containsExactly("kubeadm", "kubectl", "kubelet");
        assertThat(host.text(SOURCE))
                .isEqualTo(
                        "# kubernetes\ndeb [signed-by=/etc/apt/keyrings/k.gpg] http://repo/core:/stable:/v1.34/deb/ /\ndeb http://other/ x main\n");
        assertThat(host.started.get(1).key()).isEqualTo("0123abcd/v1.34.4/cp1/it/0/install-1");
        assertThat(host.started.get(1).env()).containsEntry("DEBIAN_FRONTEND", "noninteractive");
    }

    @Test
    void turnsAStanzaPutsItBackAndFindsItDone() {
        String stanza =
                "# ours\nTypes: deb\nURIs: http://repo/core:/stable:/v1.33/deb/\nSuites: /\nSigned-By: /own.gpg\n";
        world.sourceFile = "/etc/apt/sources.list.d/k.sources";
        host.file(world.sourceFile, stanza);

        assertThat(install(true).state()).isEqualTo(StepState.DONE);
        assertThat(host.text(world.sourceFile)).isEqualTo(stanza.replace("v1.33", "v1.34"));
        install(true);
        assertThat(world.effects).as("written once").containsOnlyOnce("cp1: write " + world.sourceFile);

        assertThat(undo()).contains("put back");
        assertThat(host.text(world.sourceFile)).isEqualTo(stanza);
    }

    @Test
    void stopsBeforeAnythingWhenTheSourceIsNotWhatItsNameSays() {
        world.sourceFile = "/etc/apt/sources.list.d/k.sources";
        host.file(world.sourceFile, OLD);

        Failure failure = failure();

        assertThat(failure.code()).isEqualTo("SOURCE_UNREADABLE");
        assertThat(failure.kind()).isEqualTo(FailureKind.PRECONDITION);
        assertThat(failure.why()).contains(world.sourceFile, "line 2", "one-line source");
        assertThat(world.effects).isEmpty();
    }

    @Test
    void aCommentInAnotherEncodingSurvives() {
        byte[] latin = ("# gr\u00fc\u00dfe\n" + OLD).getBytes(StandardCharsets.ISO_8859_1);
        host.files.put(SOURCE, latin);

        install(true);

        assertThat(host.files.get(SOURCE)).startsWith("# gr\u00fc\u00dfe\n".getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void holdsOnlyWhatWasHeldWhenAskedTo() {
        install(false);

        assertThat(held).containsExactly("kubeadm", "kubelet");
    }

    @Test
    void changesNothingWhereEverythingIsSo() {
        installed.put("kubeadm", "1.34.4-1.2");
        held.add("kubectl");

        assertThat(install(true).state()).isEqualTo(StepState.ALREADY_DONE);
        assertThat(world.effects).isEmpty();
        assertThat(undo()).contains("nothing was changed");
    }

    @Test
    void goesOnAfterAnAttemptThatDiedBetweenInstallAndHold() {
        host.answers.put("apt-mark hold kubeadm kubectl", () -> {
            throw StepFailure.of(FailureKind.TRANSIENT, "CONNECTION_LOST", "lost", "");
        });
        assertThat(failure().kind()).isEqualTo(FailureKind.TRANSIENT);
        marks("hold", held::add);

        Done<InstallPackages.Output> second = install(true);

        assertThat(second.state()).as("this run did it, so it can undo it").isEqualTo(StepState.DONE);
        assertThat(held).containsExactly("kubeadm", "kubectl", "kubelet");
        assertThat(host.started).as("each job once").hasSize(2);
    }

    @Test
    void putsBackSourceAndHoldsAndSaysThatVersionsStay() {
        install(true);
        world.effects.clear();

        String said = undo();

        assertThat(host.text(SOURCE)).isEqualTo(OLD);
        assertThat(held).containsExactly("kubeadm", "kubelet");
        assertThat(installed).containsEntry("kubeadm", "1.34.4-1.1");
        assertThat(said).contains("put back").contains("versions stay").contains("never takes a package down");
        assertThat(world.effects)
                .containsExactly("cp1: write " + SOURCE, "cp1: apt-get update -q", "cp1: apt-mark unhold kubectl");
        assertThat(undo()).contains("is as it was found");
    }

    @Test
    void takesPackagesDownWhenARungOfTheLadderAsksForIt() {
        install(true);
        world.effects.clear();
        String down =
                INSTALL.replace(" kubeadm=", " --allow-downgrades kubeadm=").replace("1.34.4", "1.33.13");
        host.job(down, () -> installed.put("kubeadm", "1.33.13-1.1"));

        String said = new InstallPackages().reverse(KUBEADM, null, back(".reverse"));

        assertThat(installed).containsEntry("kubeadm", "1.33.13-1.1");
        assertThat(host.text(SOURCE)).isEqualTo(OLD);
        assertThat(held).containsExactly("kubeadm", "kubelet");
        assertThat(said).startsWith("kubeadm v1.33.13, as before; " + SOURCE + " is as it was found");
        assertThat(world.effects).contains("cp1: " + down).doesNotContain("cp1: " + INSTALL);
    }

    @Test
    void doesNotPutBackASourceThatSomebodyElseHasChangedSince() {
        install(true);
        host.file(SOURCE, "deb http://new/ /\n");

        assertThat(undo()).contains("changed by somebody else");
        assertThat(host.text(SOURCE)).isEqualTo("deb http://new/ /\n");
    }

    @Test
    void removesASourceThatWasNotThere() {
        host.files.remove(SOURCE);
        install(true);
        assertThat(host.files).containsKey(SOURCE);

        undo();

        assertThat(host.files).doesNotContainKey(SOURCE);
    }

    @Test
    void triesAgainWhileSomebodyHoldsTheLockAndEachTryIsAJobOfItsOwn() {
        Deque<JobOutcome> ends = new ArrayDeque<>(List.of(
                FakeHost.ended(100, "E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 7 (apt)"),
                FakeHost.lost()));
        host.jobs.put(INSTALL, job -> {
            if (!ends.isEmpty()) {
                return ends.poll();
            }
            installed.put("kubeadm", "1.34.4-1.1");
            return FakeHost.ended(0, "");
        });

        assertThat(install(true).state()).isEqualTo(StepState.DONE);
        assertThat(host.started)
                .extracting(job -> job.key().substring(job.key().lastIndexOf('/') + 1))
                .containsExactly("update-1", "install-1", "install-2", "install-3");
    }

    @Test
    void holdsAgainWhatItReleasedWhenTheInstallationFails() {
        host.jobs.put(
                INSTALL, job -> FakeHost.ended(100, "E: Unable to correct problems, you have held broken packages."));

        Failure failure = failure();

        assertThat(failure.code()).isEqualTo("PACKAGE_CONFLICT");
        assertThat(failure.kind()).isEqualTo(FailureKind.PRECONDITION);
        assertThat(held).containsExactly("kubeadm", "kubelet");
    }

    @Test
    void namesWhatTheRepositoryHasInstead() {
        host.job("apt-get update -q", () -> offered.add("1.34.3-1.1"));

        Failure failure = failure();

        assertThat(failure.code()).isEqualTo("PACKAGE_NOT_FOUND");
        assertThat(failure.why()).contains("kubeadm=1.34.4-1.1 is not offered").contains("1.33.13-1.1, 1.34.3-1.1");
        assertThat(world.effects).doesNotContain("cp1: apt-mark unhold kubeadm");
    }

    @Test
    void tellsAnExpiredKeyFromAnUnreachableRepository() {
        host.jobs.put(
                "apt-get update -q",
                job -> FakeHost.ended(100, "W: GPG error: http://repo: EXPKEYSIG 234654DA9A296436\nE: not signed"));
        assertThat(failure().code()).isEqualTo("REPOSITORY_KEY");

        world.redo = 1;
        AtomicInteger tries = new AtomicInteger();
        host.jobs.put("apt-get update -q", job -> {
            tries.incrementAndGet();
            return FakeHost.ended(0, "W: Failed to fetch http://repo/Release  Temporary failure resolving 'repo'");
        });
        assertThat(failure().code()).isEqualTo("REPOSITORY_UNREACHABLE");
        assertThat(tries).hasValue(3);
    }

    @Test
    void neverTakesAPackageDown() {
        installed.put("kubeadm", "1.35.0-1.1");

        assertThat(failure().code()).isEqualTo("PACKAGE_NEWER");
        assertThat(world.effects).isEmpty();
    }

    @Test
    void believesNoExitCodeWithoutLooking() {
        host.job(INSTALL, () -> {});

        assertThat(failure().code()).isEqualTo("PACKAGE_NOT_VERIFIED");
    }

    @Test
    void aPersonsRetryFollowsWhatTheOneBeforeBegan() {
        host.jobs.put(INSTALL, job -> FakeHost.ended(1, "dpkg: error processing package kubeadm"));
        assertThat(failure().code()).isEqualTo("PACKAGE_FAILED");
        host.job(INSTALL, () -> installed.put("kubeadm", "1.34.4-1.1"));
        assertThat(failure().code()).as("the same key never runs twice").isEqualTo("PACKAGE_FAILED");

        world.redo = 1;

        assertThat(install(true).state()).isEqualTo(StepState.DONE);
        assertThat(host.started)
                .extracting(job -> job.key().replaceAll(".*/it/", ""))
                .containsExactly("0/update-1", "0/install-1", "1/install-1");
    }
}
