package dev.belay.bench;

import java.util.Arrays;

/** {@code bench/run.sh <program> [arguments]}. */
public final class Main {

    private Main() {}

    public static void main(String[] args) throws Exception {
        String program = args.length == 0 ? "" : args[0];
        String[] rest = args.length == 0 ? args : Arrays.copyOfRange(args, 1, args.length);
        switch (program) {
            case "steps" -> StepOverhead.measure(rest);
            case "hosts" -> HostFanOut.measure(rest);
            case "failover" -> Failover.measure(rest);
            case "events" -> ClimbEvents.measure(rest);
            case "makespan" -> Makespan.measure(rest);
            case "snapshot" -> SnapshotSave.measure(rest);
            case "files" -> FileSync.measure(rest);
            case SnapshotSave.ONCE -> SnapshotSave.once(rest);
            case HostFanOut.ONCE -> HostFanOut.once(rest);
            case Failover.WORKER -> FailoverWorker.work(rest);
            default ->
                throw new IllegalArgumentException(
                        "programs: steps, hosts, failover, events, makespan, snapshot, files");
        }
        System.exit(0);
    }
}
