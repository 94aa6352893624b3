package dev.belay.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.model.run.RunStatus;
import dev.belay.worker.SmallClimb.WorkerStart;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The worker is lost before and after every effect of a climb in turn: each time the end is the same, and what must happen once happens once. */
class CrashTest {

    private static final int SIDE_BY_SIDE = 2;
    private static final List<String> ONCE = List.of("kubeadm upgrade", "apt-get install", "evict ");
    private static final WorkerStart IN_THIS_PROCESS =
            climb -> RehearsedWorker.start(climb.server(), climb.cluster(), climb::hear)::kill;

    @TestFactory
    Stream<DynamicTest> aLostWorkerChangesNothing() throws Exception {
        End undisturbed = undisturbed();
        return climbs(IN_THIS_PROCESS, points(undisturbed), undisturbed);
    }

    static End undisturbed() throws Exception {
        End undisturbed = SmallClimb.climb(IN_THIS_PROCESS, CrashPoint.NOWHERE);
        assertThat(undisturbed.status()).isEqualTo(RunStatus.COMPLETED);
        return undisturbed;
    }

    static Stream<DynamicTest> climbs(WorkerStart worker, List<CrashPoint> points, End undisturbed) {
        ExecutorService climbers = Executors.newFixedThreadPool(SIDE_BY_SIDE);
        List<DynamicTest> tests = new ArrayList<>();
        for (CrashPoint point : points) {
            Future<End> end = climbers.submit(() -> SmallClimb.climb(worker, point));
            tests.add(DynamicTest.dynamicTest(point.toString(), () -> same(of(end), undisturbed)));
        }
        climbers.shutdown();
        return tests.stream();
    }

    private static End of(Future<End> end) throws Throwable {
        try {
            return end.get();
        } catch (ExecutionException e) {
            throw e.getCause();
        }
    }

    static List<CrashPoint> points(End undisturbed) {
        Map<String, Integer> seen = new HashMap<>();
        List<CrashPoint> points = new ArrayList<>();
        for (String effect : undisturbed.effects()) {
            String what = CrashPoint.plain(effect);
            int occurrence = seen.merge(what, 1, Integer::sum);
            points.add(new CrashPoint(what, occurrence, true));
            points.add(new CrashPoint(what, occurrence, false));
        }
        return points;
    }

    static void same(End end, End undisturbed) {
        assertThat(end.workers()).as("a worker was lost, and another came").isEqualTo(2);
        assertThat(end.status()).isEqualTo(undisturbed.status());
        assertThat(end.record()).containsExactlyInAnyOrderEntriesOf(undisturbed.record());
        assertThat(end.world()).containsExactlyInAnyOrderEntriesOf(undisturbed.world());
        assertThat(once(end)).doesNotHaveDuplicates();
        assertThat(once(end))
                .map(CrashTest::withoutPodSuffix)
                .containsExactlyInAnyOrderElementsOf(once(undisturbed).stream()
                        .map(CrashTest::withoutPodSuffix)
                        .toList());
    }

    /** Pods of one owner are alike: which of them stands where depends on when the worker was lost. */
    private static String withoutPodSuffix(String effect) {
        return effect.startsWith("evict ") ? effect.replaceFirst("-[a-z0-9]{5}$", "") : effect;
    }

    private static List<String> once(End end) {
        return end.effects().stream()
                .filter(CrashPoint::isChange)
                .map(CrashPoint::plain)
                .filter(effect -> ONCE.stream().anyMatch(effect::contains))
                .toList();
    }
}
