package dev.belay.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** As {@link CrashTest}, at ten points of different kinds, with a worker process of its own and a real SIGKILL. */
class KilledProcessTest {

    private static final List<String> POINTS = List.of(
            "after lease belay-<run>",
            "before store twin/<run>/v1.34.4/etcd-snapshot.json",
            "after cp1: write /etc/apt/sources.list.d/kubernetes.list",
            "after cp1: kubeadm upgrade apply v1.34.4 --yes",
            "before cordon cp1",
            "after cp1: apt-mark unhold kubectl kubelet",
            "before w1: kubeadm upgrade node",
            "after evict shop/db-0",
            "before w1: systemctl restart kubelet",
            "after apply Namespace/belay-<run>-dns ServiceAccount/probe Pod/lookup-0 Pod/lookup-1");

    @TestFactory
    Stream<DynamicTest> aKilledProcessChangesNothing() throws Exception {
        End undisturbed = CrashTest.undisturbed();
        List<CrashPoint> points = CrashTest.points(undisturbed).stream()
                .filter(point -> POINTS.contains(point.toString()))
                .toList();
        assertThat(points).map(CrashPoint::toString).containsExactlyInAnyOrderElementsOf(POINTS);
        return CrashTest.climbs(climb -> WorkerProcess.start(climb)::kill, points, undisturbed);
    }
}
