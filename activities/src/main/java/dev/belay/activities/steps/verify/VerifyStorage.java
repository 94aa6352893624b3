package dev.belay.activities.steps.verify;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.Undoable;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.Nothing;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Claims a volume of the default StorageClass, writes to it from a pod, and removes both. SKIPPED where there is no default class. The claim has a
 * consumer: with WaitForFirstConsumer nothing would be bound without. A class that retains its volumes keeps this one too, Released.
 */
public final class VerifyStorage extends DeclaredStep<Nothing, VerifyStorage.Output>
        implements Undoable<Nothing, VerifyStorage.Output> {

    private static final Duration LIMIT = Duration.ofMinutes(5);

    public record Output(
            @Doc("The class that was used; empty when skipped")
            String storageClass) {}

    public VerifyStorage() {
        super(
                "verify.storage",
                "Claims a volume of the default StorageClass, writes to it, and removes it",
                Nothing.class,
                Output.class,
                Traits.cluster("7m", "15s").effect("probe volume claimed"));
    }

    @Override
    public Done<Output> run(Nothing input, StepContext context) {
        Optional<String> storageClass = context.kube().defaultStorageClass();
        if (storageClass.isEmpty()) {
            return Done.skipped(new Output(""), "there is no default StorageClass");
        }
        ProbePods probes = new ProbePods(context);
        probes.add(claim(probes.namespace()));
        probes.addPod("writer", writer(probes.namespace()));
        probes.prove(
                LIMIT, "VOLUME_NOT_WRITTEN", "look at the events of the claim and the provisioner's log, then retry");
        return Done.done(new Output(storageClass.get()), "a volume of class " + storageClass.get() + " was written");
    }

    @Override
    public String undo(Nothing input, @Nullable Output output, StepContext context) {
        return new ProbePods(context).undo();
    }

    private static String claim(String namespace) {
        return """
                apiVersion: v1
                kind: PersistentVolumeClaim
                metadata: {name: probe, namespace: %s}
                spec:
                  accessModes: [ReadWriteOnce]
                  resources: {requests: {storage: 16Mi}}
                """.formatted(namespace);
    }

    private static String writer(String namespace) {
        return """
                apiVersion: v1
                kind: Pod
                metadata: {name: writer, namespace: %s, labels: {app: belay-probe}}
                spec:
                  serviceAccountName: probe
                  automountServiceAccountToken: false
                  restartPolicy: Never
                  terminationGracePeriodSeconds: 0
                  volumes: [{name: probe, persistentVolumeClaim: {claimName: probe}}]
                  containers:
                    - name: probe
                      image: %s
                      command: [sh, -c, 'echo kept > /probe/file && sync && test "$(cat /probe/file)" = kept']
                      volumeMounts: [{name: probe, mountPath: /probe}]
                """.formatted(namespace, ProbePods.IMAGE);
    }
}
