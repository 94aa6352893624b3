package dev.belay.activities.steps.node;

import dev.belay.activities.kube.KubePod;
import java.util.ArrayList;
import java.util.List;

/**
 * The pods of a node, by what a drain does with them.
 *
 * @param evict to be evicted, or on their way out already
 * @param bare without a controller: they would be lost, so a person moves them
 * @param local with an emptyDir, whose content an eviction loses
 * @param stay mirror pods and pods of DaemonSets
 */
record DrainPlan(List<KubePod> evict, List<KubePod> bare, List<KubePod> local, List<KubePod> stay) {

    static DrainPlan of(List<KubePod> pods) {
        DrainPlan plan = new DrainPlan(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        pods.forEach(plan::add);
        return plan;
    }

    private void add(KubePod pod) {
        if (pod.mirror() || (pod.ownedBy("DaemonSet") && !pod.finished())) {
            stay.add(pod);
            return;
        }
        boolean leaving = pod.finished() || pod.terminating();
        if (pod.owner().isEmpty() && !leaving) {
            bare.add(pod);
            return;
        }
        if (pod.emptyDir() && !leaving) {
            local.add(pod);
        }
        evict.add(pod);
    }
}
