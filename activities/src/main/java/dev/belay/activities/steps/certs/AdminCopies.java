package dev.belay.activities.steps.certs;

import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.host.FileEntry;
import dev.belay.activities.host.Host;
import dev.belay.activities.steps.ControlPlanes;
import dev.belay.activities.steps.Findings;
import dev.belay.model.inventory.Cluster.AdminCopy;
import dev.belay.model.run.FailureKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Copies of {@code admin.conf} that the inventory names, as those that people keep in their homes. They follow the first control plane's, keep
 * their mode and owner, and must be of this cluster already: a path that is mistaken overwrites nothing.
 */
record AdminCopies(StepContext context) {

    /** Those that were replaced, {@code node:path}; none from any but the first control plane. */
    List<String> replace() {
        if (context.inventory().adminCopies().isEmpty()
                || !ControlPlanes.of(context).get(0).equals(context.node())) {
            return List.of();
        }
        byte[] admin = context.host()
                .read(PkiFiles.ADMIN)
                .orElseThrow(() -> StepFailure.of(
                        FailureKind.PRECONDITION,
                        "CERTIFICATE_MISSING",
                        context.node() + ": there is no " + PkiFiles.ADMIN,
                        "make it again with `kubeadm init phase kubeconfig admin`"));
        Findings findings = new Findings();
        List<String> replaced = new ArrayList<>();
        for (AdminCopy copy : context.inventory().adminCopies()) {
            findings.look(() -> {
                if (replaced(context.hosts().on(copy.node()), copy, admin)) {
                    replaced.add(copy.node() + ":" + copy.path());
                }
            });
        }
        findings.judge();
        return replaced;
    }

    private static boolean replaced(Host host, AdminCopy copy, byte[] admin) {
        List<FileEntry> entries = host.list(List.of(copy.path()));
        byte[] old = host.read(copy.path()).orElse(new byte[0]);
        if (entries.size() != 1 || !entries.get(0).link().isEmpty() || !isOfSameCluster(old, admin)) {
            throw StepFailure.of(
                    FailureKind.PRECONDITION,
                    "ADMIN_COPY",
                    host.node() + ": " + copy.path() + " is no file with a kubeconfig of this cluster",
                    "correct kubernetes.adminCopies in the inventory, or put a copy of admin.conf there first");
        }
        if (Arrays.equals(old, admin)) {
            return false;
        }
        host.write(copy.path(), admin, entries.get(0).attributes());
        return true;
    }

    private static boolean isOfSameCluster(byte[] copy, byte[] admin) {
        try {
            KubeconfigIdentity own = KubeconfigIdentity.of(admin);
            return !own.authorities().isEmpty()
                    && own.authorities().equals(KubeconfigIdentity.of(copy).authorities());
        } catch (KubeconfigIdentity.Unreadable e) {
            return false;
        }
    }
}
