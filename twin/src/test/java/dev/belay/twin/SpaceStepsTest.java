package dev.belay.twin;

import static dev.belay.activities.contract.Failing.failsWith;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.activities.Done;
import dev.belay.activities.Ports;
import dev.belay.activities.etcd.MemberStatus;
import dev.belay.activities.steps.EtcdPicture;
import dev.belay.activities.steps.space.InspectEtcd;
import dev.belay.model.kubernetes.KubernetesVersion;
import dev.belay.model.run.FailureKind;
import dev.belay.model.run.StepState;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Room made in the etcd of a simulated cluster, step by step. */
class SpaceStepsTest {

    private static final Map<String, Object> MARGIN = Map.of("margin", 100);

    private final Steps steps = Steps.on(ClusterShape.standard(KubernetesVersion.parse("v1.33.13")));
    private final Ports ports = steps.ports();

    @Test
    void aFullEtcdTakesWritesAgainAndItsLeaderIsRewrittenLast() {
        fill();
        assertThat(((InspectEtcd.Output) steps.run("etcd.inspect", Map.of()).output()).nospace())
                .isTrue();
        assertThat(EtcdPicture.take(ports.etcd()).leader().orElseThrow().name()).isEqualTo("cp1");

        steps.run("etcd.compact", MARGIN);
        Done<?> defragmented = steps.run("etcd.defragment", Map.of());
        Done<?> disarmed = steps.run("etcd.disarm", Map.of());

        assertThat(etcdEffects())
                .extracting(effect -> effect.replaceAll("compact \\d+", "compact N"))
                .containsExactly(
                        "etcd compact N",
                        "etcd defragment cp2",
                        "etcd defragment cp3",
                        "etcd move leader to cp2",
                        "etcd defragment cp1",
                        "etcd disarm cp1",
                        "etcd disarm cp2",
                        "etcd disarm cp3");
        assertThat(defragmented.why()).contains("cp2 2048 MiB to 14 MiB");
        assertThat(disarmed.why()).isEqualTo("NOSPACE is ended for cp1, cp2, cp3");
        ports.kube().apply("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: written, namespace: default}\n");
    }

    @Test
    void anAlarmIsNotEndedWhileAFileIsStillFull() {
        fill();
        steps.run("etcd.compact", MARGIN);

        assertThat(failsWith(FailureKind.PRECONDITION, "ETCD_STILL_FULL", () -> steps.run("etcd.disarm", Map.of()))
                        .why())
                .contains("the database of cp1 has 2147483648 bytes, its quota is 2147483648");

        assertThat(etcdEffects()).noneMatch(effect -> effect.contains("disarm"));
    }

    @Test
    void noMemberIsRewrittenWhileAnotherIsDown() {
        fill();
        ring(world -> world.etcd().stop(world.etcd().member("cp3").orElseThrow()));

        failsWith(FailureKind.PRECONDITION, "ETCD_UNHEALTHY", () -> steps.run("etcd.defragment", Map.of()));
        failsWith(FailureKind.PRECONDITION, "ETCD_UNHEALTHY", () -> steps.run("etcd.compact", MARGIN));

        assertThat(etcdEffects()).isEmpty();
    }

    @Test
    void whatIsDoneIsNotDoneAgain() {
        fill();
        List.of("etcd.compact", "etcd.defragment", "etcd.disarm").forEach(this::run);
        int effects = etcdEffects().size();

        assertThat(List.of("etcd.compact", "etcd.defragment", "etcd.disarm"))
                .allSatisfy(uses -> assertThat(run(uses).state()).isEqualTo(StepState.ALREADY_DONE));

        assertThat(etcdEffects()).hasSize(effects);
    }

    @Test
    void aMarginOfNothingIsRefused() {
        assertThat(failsWith(
                                FailureKind.PERMANENT,
                                "MARGIN_TOO_SMALL",
                                () -> steps.run("etcd.compact", Map.of("margin", 0)))
                        .next())
                .contains("at least 1");
    }

    @Test
    void leadershipGoesToTheMemberThatIsNamedAndToNobodyElse() {
        steps.run("etcd.moveLeader", Map.of("to", "cp3"));

        assertThat(EtcdPicture.take(ports.etcd()).leader().orElseThrow().name()).isEqualTo("cp3");
        assertThat(failsWith(
                                FailureKind.PERMANENT,
                                "ETCD_MEMBER_UNKNOWN",
                                () -> steps.run("etcd.moveLeader", Map.of("to", "w1")))
                        .why())
                .contains("there are [cp1, cp2, cp3]");
        assertThat(ports.etcd().members().stream().map(ports.etcd()::status).map(MemberStatus::raftTerm))
                .containsOnly(3L);
    }

    private Done<?> run(String uses) {
        return steps.run(uses, uses.equals("etcd.compact") ? MARGIN : Map.of());
    }

    private void fill() {
        ring(world -> world.etcd().members().forEach(world.etcd().space()::fill));
    }

    private void ring(Consumer<World> change) {
        synchronized (steps.cluster().world()) {
            change.accept(steps.cluster().world());
        }
    }

    private List<String> etcdEffects() {
        return steps.cluster().effects().list().stream()
                .map(String::valueOf)
                .filter(effect -> effect.contains("etcd "))
                .map(effect -> effect.substring(effect.indexOf("etcd ")))
                .toList();
    }
}
