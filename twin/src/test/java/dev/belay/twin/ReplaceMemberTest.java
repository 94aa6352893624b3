package dev.belay.twin;

import static dev.belay.activities.contract.Failing.failsWith;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.Done;
import dev.belay.activities.Ports;
import dev.belay.activities.etcd.EtcdMember;
import dev.belay.activities.host.FileAttributes;
import dev.belay.activities.host.Host;
import dev.belay.activities.steps.EtcdPicture;
import dev.belay.activities.steps.member.CheckDeadMember;
import dev.belay.activities.steps.member.ReplaceMember;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.FailureKind;
import dev.belay.model.run.StepState;
import dev.belay.twin.etcd.EtcdRing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A dead member of a simulated cluster gives its place to a new one. */
class ReplaceMemberTest {

    private static final String DATA = "/var/lib/etcd";
    private static final String BEFORE = DATA + ".before-belay-0badcafe";
    private static final String MANIFEST = "/etc/kubernetes/manifests/etcd.yaml";
    private static final String SHELF = "/etc/kubernetes/.belay-0badcafe-etcd.yaml";
    private static final Map<String, Object> CP2 = Map.of("node", "cp2");

    private final Steps steps = Steps.on(ClusterShape.standard(KubernetesVersion.parse("v1.33.13")));
    private final Ports ports = steps.ports();

    @Test
    void theNewMemberHasWhatTheOthersHaveAndTheOldDataAreKept() {
        EtcdMember dead = member("cp2");
        ports.kube().apply(configMap("before"));
        loseLog();

        Done<CheckDeadMember.Output> found = steps.run("check.deadMember", CP2);
        ports.kube().apply(configMap("meanwhile"));
        Done<ReplaceMember.Output> replaced = steps.run("etcd.replaceMember", CP2);

        assertThat(found.output().member()).isEqualTo(dead.id());
        assertThat(found.output().others()).containsExactly("cp1", "cp3");
        assertThat(replaced.output().member()).isEqualTo(member("cp2").id()).isNotEqualTo(dead.id());
        assertThat(replaced.output().before()).isEqualTo(BEFORE);
        assertThat(problems()).isEmpty();
        assertThat(ports.kube().apiServer(new NodeName("cp2")).ready()).isTrue();
        assertThat(ports.kube().configMap("default", "before")).isPresent();
        assertThat(ports.kube().configMap("default", "meanwhile")).isPresent();
        assertThat(cp2().read(BEFORE + "/member/snap/db")).isPresent();
        assertThat(cp2().read(SHELF)).isEmpty();
        assertThat(new String(cp2().read(MANIFEST).orElseThrow(), StandardCharsets.UTF_8))
                .contains("    - --initial-cluster-state=existing\n")
                .contains("    - --initial-cluster=cp1=https://");
        assertThat(etcdEffects())
                .containsExactly(
                        "etcd remove cp2", "etcd add learner " + dead.peerUrls().get(0), "etcd promote cp2");
    }

    @Test
    void whatIsDoneIsNotDoneAgain() {
        loseLog();
        steps.run("etcd.replaceMember", CP2);
        int effects = etcdEffects().size();

        assertThat(steps.run("etcd.replaceMember", CP2).state()).isEqualTo(StepState.ALREADY_DONE);

        assertThat(etcdEffects()).hasSize(effects);
    }

    @Test
    void whatTheDeadOneLeftGoesWhenItIsSignedOff() {
        loseLog();
        steps.run("etcd.replaceMember", CP2);

        steps.run("restore.signOff", "cp2", Map.of("run", Steps.RUN));

        assertThat(cp2().list(List.of(BEFORE))).isEmpty();
        assertThat(problems()).isEmpty();
    }

    @Test
    void aMemberThatAnswersIsNotDead() {
        assertThat(failsWith(FailureKind.PRECONDITION, "MEMBER_ALIVE", () -> steps.run("check.deadMember", CP2))
                        .why())
                .contains("etcd member cp2 answers: version 3.5.35");
    }

    @Test
    void aMemberThatCameBackBeforeItsTurnKeepsItsPlace() {
        ring(ring -> ring.stop(ring.member("cp2").orElseThrow()));
        steps.run("check.deadMember", CP2);
        ring(ring -> ring.start(ring.member("cp2").orElseThrow(), "3.5.35"));
        settle();

        assertThat(steps.run("etcd.replaceMember", CP2).state()).isEqualTo(StepState.ALREADY_DONE);

        assertThat(etcdEffects()).isEmpty();
    }

    @Test
    void noMemberIsReplacedWhileAnotherIsUnwell() {
        loseLog();
        ring(ring -> ring.space().fill(ring.member("cp3").orElseThrow()));

        assertThat(failsWith(FailureKind.PRECONDITION, "ETCD_UNHEALTHY", () -> steps.run("check.deadMember", CP2))
                        .why())
                .contains("NOSPACE of cp3");
        failsWith(FailureKind.PRECONDITION, "ETCD_UNHEALTHY", () -> steps.run("etcd.replaceMember", CP2));

        assertThat(cp2().read(SHELF)).isEmpty();
        assertThat(etcdEffects()).isEmpty();
    }

    @Test
    void withoutQuorumNobodyIsAsked() {
        loseLog();
        ports.hosts().on(new NodeName("cp3")).move(MANIFEST, "/root/etcd.yaml");
        settle();

        failsWith(FailureKind.TRANSIENT, "ETCD_NO_QUORUM", () -> steps.run("check.deadMember", CP2));
        failsWith(FailureKind.TRANSIENT, "ETCD_NO_QUORUM", () -> steps.run("etcd.replaceMember", CP2));
    }

    @Test
    void aNodeThatIsNoControlPlaneIsNamedWithThoseThatAre() {
        assertThat(failsWith(
                                FailureKind.PERMANENT,
                                "BAD_INPUT",
                                () -> steps.run("check.deadMember", Map.of("node", "w1; reboot")))
                        .why())
                .contains("[cp1, cp2, cp3]", "\"w1; reboot\"");
    }

    @Test
    void aMemberWhoseManifestIsNotAsKubeadmWritesItIsLeftAlone() {
        loseLog();
        rewrite("    - --name=cp2\n", "    - --name=second\n");
        assertThat(failsWith(FailureKind.PRECONDITION, "MANIFEST_UNKNOWN", () -> steps.run("check.deadMember", CP2))
                        .why())
                .contains("--name=second");

        rewrite("    - --name=second\n", "    - --name=cp2\n    - --wal-dir=/wal\n");
        assertThat(failsWith(FailureKind.PRECONDITION, "MANIFEST_UNKNOWN", () -> steps.run("check.deadMember", CP2))
                        .why())
                .contains("--wal-dir=/wal");
    }

    @Test
    void aPlaceThatAnotherRunMadeIsTaken() {
        EtcdMember dead = member("cp2");
        loseLog();
        ports.etcd().remove(dead);
        ports.etcd().addLearner(dead.peerUrls());

        Done<CheckDeadMember.Output> found = steps.run("check.deadMember", CP2);
        steps.run("etcd.replaceMember", CP2);

        assertThat(found.output().member()).isEmpty();
        assertThat(problems()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "move /etc/kubernetes/manifests/etcd.yaml, true", "move /etc/kubernetes/manifests/etcd.yaml, false",
        "mkdir, true", "mkdir, false",
        "mv -T -n /var/lib/etcd , true", "mv -T -n /var/lib/etcd , false",
        "mv -T -n /var/lib/etcd.belay, true", "mv -T -n /var/lib/etcd.belay, false",
        "etcd remove, true", "etcd remove, false",
        "etcd add learner, true", "etcd add learner, false",
        "write /etc/kubernetes/manifests/etcd.yaml, true", "write /etc/kubernetes/manifests/etcd.yaml, false",
        "etcd promote, true", "etcd promote, false",
        "remove /etc/kubernetes/.belay, true", "remove /etc/kubernetes/.belay, false"
    })
    void aWorkerThatIsLostAtAnyChangeLeavesWhatTheNextOneFinishes(String change, boolean before) {
        loseLog();
        List<String> effects = steps.effectsOfLosing(change, before, "etcd.replaceMember", CP2);

        assertThat(problems()).isEmpty();
        assertThat(cp2().read(BEFORE + "/member/snap/db")).isPresent();
        assertThat(cp2().read(SHELF)).isEmpty();
        assertThat(ports.kube().apiServer(new NodeName("cp2")).ready()).isTrue();
        assertThat(effects).filteredOn(effect -> effect.contains("etcd remove")).hasSize(1);
    }

    /** The member ends, and cannot begin again on what is left. */
    private void loseLog() {
        cp2().move(MANIFEST, "/root/etcd.yaml");
        settle();
        steps.cluster().world().machine(new NodeName("cp2")).files().removeTree(DATA + "/member/wal");
        cp2().move("/root/etcd.yaml", MANIFEST);
        settle();
    }

    private void rewrite(String from, String to) {
        String text = new String(cp2().read(MANIFEST).orElseThrow(), StandardCharsets.UTF_8);
        cp2().write(MANIFEST, text.replace(from, to).getBytes(StandardCharsets.UTF_8), FileAttributes.ROOT_ONLY);
    }

    private void ring(Consumer<EtcdRing> change) {
        synchronized (steps.cluster().world()) {
            change.accept(steps.cluster().world().etcd());
        }
    }

    private void settle() {
        ports.clock().sleep(Duration.ofMinutes(1));
    }

    private Host cp2() {
        return ports.hosts().on(new NodeName("cp2"));
    }

    private EtcdMember member(String name) {
        return ports.etcd().members().stream()
                .filter(member -> member.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private List<String> problems() {
        return EtcdPicture.take(ports.etcd())
                .problems(List.of(new NodeName("cp1"), new NodeName("cp2"), new NodeName("cp3")));
    }

    private List<String> etcdEffects() {
        return steps.cluster().effects().list().stream()
                .map(String::valueOf)
                .filter(effect -> effect.contains(": etcd ") || effect.startsWith("etcd "))
                .map(effect -> effect.substring(effect.indexOf("etcd ")))
                .toList();
    }

    private static String configMap(String name) {
        return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s, namespace: default}\ndata: {value: %s}\n"
                .formatted(name, name);
    }
}
